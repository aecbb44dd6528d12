"""Writes sbml/QUALITY.md: ``python docs/reference/make_sbml_quality.py`` (a few seconds).

It checks `sbml/mtorkin.xml` as it stands, so run it after `make sbml`.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mtorkin.export.check import sbml_messages
from mtorkin.files import write_text
from mtorkin.sbml.identifiers import read_identifiers

SBML = Path(__file__).resolve().parents[2] / "sbml"
NS = "{http://www.sbml.org/sbml/level3/version1/core}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
KINDS = ("compartment", "species", "parameter", "reaction", "modifierSpeciesReference")
LIBSBML = (
    "general consistency, identifiers, mathematics, units (strict), SBO terms, overdetermination, "
    "modelling practice, and model history"
)


def page() -> str:
    """Return the page as Markdown."""
    text = (SBML / "mtorkin.xml").read_text(encoding="utf-8")
    root = ET.fromstring(text)
    return "\n\n".join((_head(text), _counts(root), _sources(root), _limits())) + "\n"


def _head(text: str) -> str:
    messages = sbml_messages(text)
    result = "no message" if not messages else f"{len(messages)} messages, the first: {messages[0]}"
    return (
        "# The quality of mtorkin.xml\n\n"
        "Written by `docs/reference/make_sbml_quality.py`; a test says when it is due.\n\n"
        "| check | result |\n| --- | --- |\n"
        f"| libSBML: {LIBSBML} | {result} |\n"
        f"| size | {len(text.encode()) / 1e6:.2f} MB |\n\n"
        "Tests ask for the same of every kind of cells, every named protocol and drugs on request "
        "(`tests/export/test_clean.py`), for a clean import into COPASI "
        "(`tests/export/test_committed.py`; left out of the count is its warning that it lacks a list of "
        "the databases, which it gives of every annotation until the list is downloaded), "
        "and for the same numbers in libRoadRunner and COPASI as "
        "in our own engines (`tests/export/test_agreement.py`)."
    )


def _counts(root: ET.Element) -> str:
    rows = []
    for kind in KINDS:
        found = list(root.iter(NS + kind))
        numbers = (
            sum("sboTerm" in e.attrib for e in found),
            sum(e.find(NS + "annotation") is not None for e in found),
            sum("name" in e.attrib for e in found),
            sum(e.find(NS + "notes") is not None for e in found),
        )
        rows.append([kind, str(len(found)), *map(str, numbers)])
    return "## What is said of what\n\n" + _table(
        ["element", "number", "with SBO term", "with annotation", "with name", "with notes"], rows
    )


def _sources(root: ET.Element) -> str:
    relations = Counter(
        (relation.tag.rpartition("}")[2], uri.removeprefix("https://identifiers.org/").partition("/")[0])
        for relation, uri in _said(root)
    )
    records = Counter(
        uri.removeprefix("https://identifiers.org/").partition("/")[0] for uri in {u for _, u in _said(root)}
    )
    rows = [[f"`{r}`", database, str(n)] for (r, database), n in sorted(relations.items())]
    verified = sum(row.verified == "yes" for row in read_identifiers())
    return (
        "## MIRIAM annotations\n\n"
        + _table(["qualifier", "database", "times"], rows)
        + "\n\nDifferent records: "
        + ", ".join(f"{n} in {database}" for database, n in sorted(records.items()))
        + f". Of the {len(read_identifiers())} rows of `mtorkin/sbml/identifiers.tsv`, {verified} were read "
        "beside their label in a copy of the database. The model has a taxon, a creator, dates, a licence "
        "and the papers that its mechanisms cite."
    )


def _limits() -> str:
    return (
        "## What is left out\n\n"
        "- Parameters other than doses and abundances have no annotation: a rate constant has no record. "
        "Its notes say what it is; where its value is from is in `parameters/`, not in the file.\n"
        "- Drugs without a record in ChEBI that could be checked have none (PP30, WAY-600, WYE-687, "
        "WYE-354, CC-223), nor have `cycling` (a share of cells), Ragulator (five subunits) and the "
        "nominal tool compounds.\n"
        "- A reaction has a term and a name, and no papers of its own: those of all mechanisms are at "
        "the model.\n"
        "- Reactants, products, rate laws, rules and events have no SBO terms."
    )


def _said(root: ET.Element) -> Iterator[tuple[ET.Element, str]]:
    for about in root.iter(RDF + "Description"):
        for relation in about:
            for item in relation.iter(RDF + "li"):
                if uri := item.get(RDF + "resource"):
                    yield relation, uri


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


if __name__ == "__main__":
    write_text(SBML / "QUALITY.md", page())
