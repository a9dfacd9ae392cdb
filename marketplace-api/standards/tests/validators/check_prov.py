"""Reads PROV-JSON documents with the package `prov`: parses each strictly, writes it again, and compares.

Prints one JSON object: for each file whether it is good, and why not.
"""

import json
import sys
import warnings

from prov.model import ProvDocument


def check(path):
    with warnings.catch_warnings():
        # The package warns where a document is not quite one; here that is a fault.
        warnings.simplefilter("error")
        with open(path, encoding="utf-8") as file:
            document = ProvDocument.deserialize(file, format="json")
        again = ProvDocument.deserialize(content=document.serialize(format="json"), format="json")
    if document != again:
        return "it does not survive a round trip"
    if not list(document.get_records()):
        return "it says nothing"
    # PROV-N has stricter names than JSON, and RDF wants IRIs.
    document.get_provn()
    declared = {record.identifier for record in document.get_records() if record.identifier}
    for record in document.get_records():
        if record.is_relation():
            for name, value in record.formal_attributes:
                if "time" not in str(name).lower() and value is not None and value not in declared:
                    return f"{record.get_provn()} names {value}, which nothing describes"
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
