"""Checks AAS environments (.json) and packages (.aasx) with `aas_test_engines`, including the submodel templates
that it knows (Contact Information). Prints one JSON object: for each file whether it is good, and why not.
"""

import json
import sys

from aas_test_engines import file as engine


def failures(result):
    found = [] if result.ok() else [result.message]
    for part in result.sub_results:
        found += failures(part)
    return found


def messages(result):
    return [result.message] + [message for part in result.sub_results for message in messages(part)]


def check(path):
    if path.endswith(".aasx"):
        with open(path, "rb") as package:
            result = engine.check_aasx_file(package)
    else:
        with open(path, encoding="utf-8") as environment:
            result = engine.check_json_file(environment)
    if not result.ok():
        return "; ".join(failures(result))
    said = messages(result)
    if not any("ContactInformations" in message for message in said):
        return "the submodel Contact Information was not checked"
    if path.endswith(".aasx") and not any("data.json" in message for message in said):
        return "the package's environment was not checked"
    return None


def main():
    verdicts = {}
    for path in sys.argv[1:]:
        try:
            why = check(path)
        except Exception as error:  # whatever the package raises is a verdict
            why = f"{type(error).__name__}: {error}"
        verdicts[path] = {"good": why is None, "why": why}
    print(json.dumps(verdicts))


main()
