"""Loads Croissant documents with `mlcroissant`, and the rows of those that have their file beside them.

Prints one JSON object: for each document whether it is good, why not, its name, and its rows if they were read.
"""

import json
import logging
import math
import pathlib
import sys

import mlcroissant
from absl import logging as absl_logging

absl_logging.set_verbosity(absl_logging.ERROR)
logging.disable(logging.WARNING)


def plain(value):
    if isinstance(value, bytes):
        return value.decode()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def check(path):
    dataset = mlcroissant.Dataset(jsonld=path)
    metadata = dataset.metadata
    verdict = {
        "good": True,
        "why": None,
        "name": metadata.name,
        "warnings": sorted(metadata.ctx.issues.warnings),
        "fields": [field.name for records in metadata.record_sets for field in records.fields],
    }
    files = list(metadata.file_objects) + list(metadata.file_sets)
    if metadata.record_sets and all((pathlib.Path(path).parent / file.name).exists() for file in files):
        rows = dataset.records("rows")
        verdict["rows"] = [{name: plain(value) for name, value in row.items()} for row in rows]
    return verdict


def main():
    verdicts = {}
    for path in sys.argv[1:]:
        try:
            verdicts[path] = check(path)
        except Exception as error:  # whatever the package raises is a verdict
            verdicts[path] = {"good": False, "why": f"{type(error).__name__}: {error}"}
    print(json.dumps(verdicts))


main()
