"""Checks DCAT-AP documents, JSON-LD or Turtle, with the official SHACL shapes: `check_dcat.py SHAPES FILE...`.

Documents of the same name that differ in their ending only must say the same. Prints one JSON object: for each
file whether it is good, and why not.
"""

import json
import pathlib
import re
import sys

import pyshacl
import rdflib
from rdflib.compare import isomorphic

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
# RFC 3987, as far as it forbids characters: rdflib would only warn.
FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|\\^`]")


def graph(path):
    found = rdflib.Graph()
    found.parse(path, format="turtle" if path.endswith(".ttl") else "json-ld")
    return found


def check(found, shapes):
    if not list(found.subjects(rdflib.RDF.type, DCAT.Dataset)):
        return "there is no dcat:Dataset in it"
    for triple in found:
        for term in triple:
            if isinstance(term, rdflib.URIRef) and (FORBIDDEN.search(term) or ":" not in term):
                return f"<{term}> is no IRI"
            if isinstance(term, rdflib.Literal) and term.ill_typed:
                return f"{term!r} is not of its type"
    conforms, _, text = pyshacl.validate(found, shacl_graph=shapes, advanced=False, inference="none")
    return None if conforms else text


def main():
    shapes = rdflib.Graph().parse(sys.argv[1], format="turtle")
    verdicts, seen = {}, {}
    for path in sys.argv[2:]:
        try:
            found = graph(path)
            why = check(found, shapes)
            twin = seen.setdefault(pathlib.Path(path).stem, found)
            if why is None and not isomorphic(found, twin):
                why = "it differs from its other form"
        except Exception as error:  # whatever the package raises is a verdict
            why = f"{type(error).__name__}: {error}"
        verdicts[path] = {"good": why is None, "why": why}
    print(json.dumps(verdicts))


main()
