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
GROUPS = "{http://www.sbml.org/sbml/level3/version1/groups/version1}"
LAYOUT = "{http://www.sbml.org/sbml/level3/version1/layout/version1}"
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
    parts = (_head(text), _checklist(root), _counts(root), _sources(root), _pictures(root), _limits())
    return "\n\n".join(parts) + "\n"


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


def _checklist(root: ET.Element) -> str:
    """What MIRIAM, CURE and BioModels ask for, each looked up in the file or named by its test."""
    model = root.find(NS + "model")
    assert model is not None
    own = {relation.tag.rpartition("}")[2] for relation, _ in _said(model)}
    species = list(root.iter(NS + "species"))
    annotated = sum(s.find(NS + "annotation") is not None for s in species)
    units = all("units" in p.attrib for p in root.iter(NS + "parameter"))
    rows = [
        ["MIRIAM: public format, valid", "SBML Level 3 Version 1; libSBML above"],
        ["MIRIAM: name, creator, dates", _there("creator" in _raw(root) and "name" in model.attrib)],
        ["MIRIAM: terms of distribution", _there("CC0" in "".join(model.itertext()))],
        ["MIRIAM: paper of the model", "no paper yet; the papers of its mechanisms are cited"],
        ["MIRIAM: results are reproduced", "`docs/reference/claims.md`, each sentence with its result"],
        ["MIRIAM: parts identified", f"{annotated} of {len(species)} species"],
        ["MIRIAM: taxon", _there("hasTaxon" in own)],
        ["CURE: credible: verified, validated", "two engines of our own, oracles, and `agreement.md`"],
        ["CURE: understandable: names, notes, pictures", "counts below"],
        ["CURE: reproducible: same bytes anywhere", "`tests/export/test_reproducible.py`"],
        ["CURE: extensible: groups by mechanism", f"{len(list(root.iter(GROUPS + 'group')))} groups"],
        ["FAIR: resolvable identifiers", "all by identifiers.org"],
        ["FAIR: archive with protocols and results", "`mtorkin export omex`"],
        ["BioModels: curation needs SBML, a paper, a figure reproduced", "all but the paper"],
        ["every parameter has a unit", _there(units)],
        ["SED-ML and OMEX: libSEDML, libCombine", "no message: `tests/bundle/test_omex.py`"],
        ["PEtab: its own checks, formats 1 and 2", "no message: `tests/petab_problems/test_export.py`"],
    ]
    return "## Checklist\n\n" + _table(["what is asked", "what there is"], rows)


def _there(is_there: bool) -> str:
    return "yes" if is_there else "**no**"


def _raw(root: ET.Element) -> str:
    return " ".join(e.tag.rpartition("}")[2] for e in root.iter())


def _pictures(root: ET.Element) -> str:
    rows = []
    for layout in root.iter(LAYOUT + "layout"):
        glyphs = [len(list(layout.iter(LAYOUT + f"{kind}Glyph"))) for kind in ("species", "reaction")]
        rows.append([layout.attrib[LAYOUT + "name"], *map(str, glyphs)])
    species = {g.get(LAYOUT + "species") for g in root.iter(LAYOUT + "speciesGlyph")} - {None}
    reactions = {g.get(LAYOUT + "reaction") for g in root.iter(LAYOUT + "reactionGlyph")}
    return (
        "## Pictures\n\n"
        + _table(["layout", "boxes", "reactions"], rows)
        + f"\n\nDrawn are {len(species)} species and {len(reactions)} reactions; a binding and its reversal "
        "are one line with arrows at both ends. The rest are the same steps on other forms of a complex."
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
        "beside their label outside this project; each row says where. `tests/sbml/records.tsv` has the "
        "records as the databases give them, and tests hold every species, abundance and dose against it. "
        "The model has a taxon, a creator, dates, a licence "
        "and the papers that its mechanisms cite."
    )


def _limits() -> str:
    return (
        "## What is left out\n\n"
        "- A rate constant has no record in a database; its notes say whether it is measured, derived, "
        "fitted or assumed, and its annotation has the paper where the table names one.\n"
        "- PP30 has no record of its own that could be checked, and has that of its kind (mTOR inhibitor). "
        "Nominal tool compounds have that of their kind and that of the compound they stand for. What is "
        "no substance (Wnt activity, stress, DNA damage, virus) has none.\n"
        "- Ragulator is the complex and its five subunits; RagA and RagC stand for RagB and RagD too.\n"
        "- A reaction has no papers of its own: those are at the group of its mechanism. Reactions that "
        "carry marks along with a pool have no process from GO.\n"
        "- FKBP12 meeting rapamycin and what happens to lipids, ROS and NAD have no process from GO that was "
        "checked.\n"
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
