"""Every identifier that a file shows is one of the table or of a molecule, and every protein has one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import mtorkin as mk
import mtorkin.molecules as declared
from mtorkin.export.header import AUTHORS, RELEASED, TITLE, VERSION, _addresses, sources
from mtorkin.export.sbml import sbml_string
from mtorkin.language import Molecule, Parameter
from mtorkin.mechanisms.catalogue import CATALOGUE
from mtorkin.sbml.identifiers import known_in, parts_of, read_identifiers
from sbml.annotated import NS, RDF, TABLE, root, said_of_everything, uris

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_is_sound() -> None:
    rows = read_identifiers()
    keys = [(r.name, r.database, r.id) for r in rows]
    assert len(set(keys)) == len(keys)
    for row in rows:
        assert row.label and row.source
    assert [r.name for r in rows if r.verified != "yes"] == []


def test_table_and_molecules_agree() -> None:
    molecules = [m for m in vars(declared).values() if isinstance(m, Molecule) and m.uniprot]
    listed = {r.name: [] for r in read_identifiers()} | {m.name: [] for m in molecules}  # type: ignore[var-annotated]
    for row in read_identifiers():
        if row.database == "uniprot":
            listed[row.name].append(row.id)
    for molecule in molecules:
        assert tuple(listed[molecule.name]) == molecule.uniprot, molecule.name


def test_every_identifier_in_the_file_is_known() -> None:
    allowed = {row.uri for row in read_identifiers()}
    allowed |= {
        f"https://identifiers.org/uniprot/{u}"
        for m in vars(declared).values()
        if isinstance(m, Molecule)
        for u in m.uniprot
    }
    model = root().find(NS + "model")
    assert model is not None
    own = model.find(NS + "annotation")
    assert own is not None
    papers = set(uris(own)) - allowed
    assert papers == set(
        sources(mk.build(drugs=[d.name for d in CATALOGUE if d.litres is None]).network.mechanisms).values()
    )
    described = {uri for p in root().iter(NS + "parameter") for uri in uris(p)} - allowed
    assert described <= set(_addresses().values())
    assert set(uris(root())) - papers - described <= allowed


def test_every_molecule_has_an_identifier() -> None:
    network = mk.build().network
    known = known_in(network)
    assert [s.id for s in network.species if not all(parts_of(s, known))] == []
    assert [s.attrib["id"] for s in root().iter(NS + "species") if not uris(s)] == []


def test_every_drug_and_every_protein_without_states_has_an_identifier() -> None:
    known = {row.name for row in read_identifiers()}
    assert {d.name for d in CATALOGUE if d.litres is None} <= known
    levels = {p.id for p in vars(declared).values() if isinstance(p, Parameter)}
    assert {id.removesuffix("_abundance") for id in levels} <= known
    annotated = {p.attrib["id"] for p in root().iter(NS + "parameter") if uris(p)}
    assert levels | {d.name for d in CATALOGUE if d.litres is None} <= annotated | species_names()


def species_names() -> set[str]:
    """Drugs that are species, by the name of their dose."""
    return {s.attrib["id"].removesuffix("_medium") for s in root().iter(NS + "species")}


@pytest.mark.parametrize(
    ("species", "said"),
    [
        ("PIP__head_PIP3", [("is", "chebi/CHEBI:16618")]),
        ("Sin1", [("is", "uniprot/Q9BPZ7")]),
        ("temsirolimus_medium", [("is", "chebi/CHEBI:79699")]),
        (
            "Akt__T308_p__S473_u",
            [("isVersionOf", f"uniprot/{id}") for id in ("P31749", "P31751", "Q9Y243")],
        ),
        ("cycling__state_resting", [("hasProperty", "go/GO:0044838")]),
        ("FKBP38__partner_Rheb", [("hasPart", "uniprot/Q14318"), ("hasPart", "uniprot/Q15382")]),
        (
            "mTOR_pocket__ATP_site_wortmannin",
            [("hasPart", "uniprot/P42345"), ("hasPart", "chebi/CHEBI:52289")],
        ),
        ("Sestrin12", [("hasVersion", "uniprot/Q9Y6P5"), ("hasVersion", "uniprot/P58004")]),
        ("Rag__state_active", [("hasPart", "uniprot/Q7L523"), ("hasPart", "uniprot/Q9HB90")]),
        ("FKBP12_rapamycin", [("hasPart", "uniprot/P62942"), ("hasPart", "chebi/CHEBI:9168")]),
        (
            "mTORC1__FRB_free__at_cytosol__with__PRAS40_PRAS40",
            [
                ("isVersionOf", "go/GO:0031931"),
                ("hasPart", "uniprot/P42345"),
                ("hasPart", "uniprot/Q8N122"),
                ("hasPart", "uniprot/Q96B36"),
            ],
        ),
    ],
)
def test_what_is_said_of_a_species(species: str, said: list[tuple[str, str]]) -> None:
    element = next(e for e in root().iter(NS + "species") if e.attrib["id"] == species)
    about = next(element.iter(RDF + "Description"))
    assert about.attrib[RDF + "about"] == "#" + element.attrib["metaid"]
    found = [
        (relation.tag.rpartition("}")[2], uri.removeprefix("https://identifiers.org/"))
        for relation in about
        for uri in uris(relation)
    ]
    assert found == said


def test_the_history_is_that_of_the_citation_file() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    for line in (
        f'title: "{TITLE}"',
        f"version: {VERSION}",
        f'date-released: "{RELEASED}"',
        f"name: {AUTHORS}",
    ):
        assert line in citation
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
    assert f"## [{VERSION}] - {RELEASED}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_libsbml_reads_the_history() -> None:
    import libsbml

    model = libsbml.readSBMLFromString(sbml_string(mk.build())).getModel()
    history = model.getModelHistory()
    creator = history.getCreator(0)
    assert f"{creator.getGivenName()} {creator.getFamilyName()}" == AUTHORS
    assert history.getCreatedDate().getDateAsString().startswith(RELEASED)
    assert "taxonomy/9606" in {
        model.getCVTerm(i).getResourceURI(0).removeprefix("https://identifiers.org/")
        for i in range(model.getNumCVTerms())
    }


def test_species_are_what_the_committed_table_says() -> None:
    """A change of what anything is said to be shows as a line of the table (`annotated.py` writes it).

    That its records are the right ones is held by `test_records.py`.
    """
    assert TABLE.read_text(encoding="utf-8") == said_of_everything(), "look at what changed in the table"
