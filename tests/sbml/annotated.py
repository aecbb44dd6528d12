"""What the annotations of a file with every drug say, read from its text.

`python tests/sbml/annotated.py` writes `expected_identifiers.tsv` anew.
"""

from __future__ import annotations

import csv
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import NamedTuple

import mtorkin as mk
from mtorkin.export.sbml import sbml_string
from mtorkin.mechanisms.catalogue import CATALOGUE

NS = "{http://www.sbml.org/sbml/level3/version1/core}"
GROUPS = "{http://www.sbml.org/sbml/level3/version1/groups/version1}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
RESOLVER = "https://identifiers.org/"
HERE = Path(__file__).resolve().parent
TABLE = HERE / "expected_identifiers.tsv"
PAPERS = ("doi", "pubmed")


class Record(NamedTuple):
    """One line of `records.tsv`."""

    record: str
    name: str
    also: str
    source: str


@cache
def records() -> dict[str, Record]:
    """The table of records, by `database/id`."""
    lines = (HERE / "records.tsv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.reader((x for x in lines if x[0] != "#"), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert tuple(rows[0]) == Record._fields
    found = [Record(*row) for row in rows[1:]]
    assert len({r.record for r in found}) == len(found)
    return {r.record: r for r in found}


@cache
def root() -> ET.Element:
    """The model with every drug, as SBML."""
    drugs = [d.name for d in CATALOGUE if d.litres is None]
    return ET.fromstring(sbml_string(mk.build(drugs=drugs)))


def uris(element: ET.Element) -> list[str]:
    """The addresses that an element's annotation points to, in order."""
    return [e.attrib[RDF + "resource"] for e in element.iter(RDF + "li") if RDF + "resource" in e.attrib]


def said_of_everything() -> str:
    """A line a species, mechanism and drug dose: id, what it is said to be, where its records were read."""
    lines = ["id\tsaid\tsource"]
    for element in root().iter():
        kind = element.tag.rpartition("}")[2]
        id = element.attrib.get("id") or element.attrib.get(GROUPS + "id")
        if kind not in {"species", "parameter", "group", "compartment"} or id is None:
            continue
        said = [
            (relation.tag.rpartition("}")[2], uri.removeprefix(RESOLVER))
            for about in element.iter(RDF + "Description")
            for relation in about
            for uri in uris(relation)
        ]
        if said or kind == "species":
            sources = dict.fromkeys(s for _, record in said for s in _sources(record))
            lines.append("\t".join([id, "; ".join(map(" ".join, said)), "; ".join(sources)]))
    return "\n".join(lines) + "\n"


def _sources(record: str) -> list[str]:
    if record.partition("/")[0] in PAPERS:
        return ["references.bib"]
    return records()[record].source.split("; ") if record in records() else ["not checked"]


if __name__ == "__main__":
    TABLE.write_text(said_of_everything(), encoding="utf-8", newline="\n")
