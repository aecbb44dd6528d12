"""Annotations in RDF, as MIRIAM asks: what a thing is in public databases, and who made the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mtorkin.entities import Ledger
from mtorkin.language.molecule import Molecule
from mtorkin.network import Species
from mtorkin.sbml.identifiers import Identifier, Known, parts_of
from mtorkin.sbml.xml import Tag, tag

__all__ = [
    "History",
    "Relation",
    "Remark",
    "annotated",
    "meta_id",
    "noted",
    "of_place",
    "of_quantity",
    "of_species",
]

XHTML = "http://www.w3.org/1999/xhtml"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TERMS = "http://purl.org/dc/terms/"
VCARD = "http://www.w3.org/2001/vcard-rdf/3.0#"
BIOLOGY = "http://biomodels.net/biology-qualifiers/"
MODEL = "http://biomodels.net/model-qualifiers/"


@dataclass(frozen=True)
class Relation:
    """A qualifier (``bqbiol:is``) and the addresses of what it points to."""

    qualifier: str
    uris: tuple[str, ...]


@dataclass(frozen=True)
class Remark:
    """What is to be said of a thing besides what the network knows: paragraphs and papers (addresses)."""

    paragraphs: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """Who made a file (an organisation of two words or more), and when (date and time of ISO 8601)."""

    creator: str
    created: str


def noted(paragraphs: Iterable[str]) -> list[Tag]:
    """Return notes of these paragraphs; [] where all are empty."""
    written = [tag("p", (), p) for p in paragraphs if p.strip()]
    return [tag("notes", [tag("body", written, xmlns=XHTML)])] if written else []


def meta_id(id: str) -> str:
    """Return the id by which RDF speaks of a thing."""
    return f"meta_{id}"


def annotated(id: str, relations: Iterable[Relation], history: History | None = None) -> list[Tag]:
    """Return the annotation of the thing with this id; [] where there is nothing to say."""
    said = [*_history(history), *(_said(r) for r in relations if r.uris)]
    if not said:
        return []
    about = tag("rdf:Description", said, rdf_about=f"#{meta_id(id)}")
    used = {child.name.partition(":")[0] for child in said}
    spaces = {
        "xmlns_rdf": RDF,
        "xmlns_dcterms": TERMS if history else None,
        "xmlns_vCard": VCARD if history else None,
        "xmlns_bqbiol": BIOLOGY if "bqbiol" in used else None,
        "xmlns_bqmodel": MODEL if "bqmodel" in used else None,
    }
    return [tag("annotation", [tag("rdf:RDF", [about], **spaces)])]


def of_species(species: Species, known: Known) -> tuple[Relation, ...]:
    """Return what a species is, or what it is made of.

    A complex has parts; a state of a protein is a version of what a record describes; a molecule
    without states is it. Several isoforms that are lumped are versions of the species. Cells in a
    state have the process that they are in as a property.
    """
    parts = parts_of(species, known)
    flat = [x for part in parts for x in part]
    entity = species.entity
    molecule = entity.pool.molecule if isinstance(entity, Ledger) else entity.molecule
    if len(parts) > 1:
        whole = _uris(x for x in known.get(molecule.name, ()) if x.database == "go")
        return (Relation("bqbiol:isVersionOf", whole), Relation("bqbiol:hasPart", _uris(flat)))
    for relation, qualifier in (("part", "bqbiol:hasPart"), ("property", "bqbiol:hasProperty")):
        if any(x.relation == relation for x in flat):
            return (Relation(qualifier, _uris(flat)),)
    return (Relation(_qualifier(species, molecule, flat), _uris(flat)),)


def _qualifier(species: Species, molecule: Molecule, flat: list[Identifier]) -> str:
    a_state = species.is_ledger or bool(molecule.sites)
    if a_state and not any(x.name == species.id for x in flat):
        return "bqbiol:isVersionOf"
    return "bqbiol:is" if len(flat) == 1 else "bqbiol:hasVersion"


def of_quantity(id: str, known: Known) -> tuple[Relation, ...]:
    """Return whose property a parameter is: that of what a dose or an abundance names."""
    return (Relation("bqbiol:isPropertyOf", _uris(known.get(id.removesuffix("_abundance"), ()))),)


def of_place(id: str, known: Known) -> tuple[Relation, ...]:
    """Return what a compartment is."""
    return (Relation("bqbiol:is", _uris(known.get(id, ()))),)


def _uris(found: Iterable[Identifier]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(x.uri for x in found))


def _said(relation: Relation) -> Tag:
    listed = [tag("rdf:li", rdf_resource=uri) for uri in relation.uris]
    return tag(relation.qualifier, [tag("rdf:Bag", listed)])


def _history(history: History | None) -> list[Tag]:
    if history is None:
        return []
    # Level 3 Version 1 knows no creator without a given and a family name, organisations included
    given, _, family = history.creator.partition(" ")
    names = [tag("vCard:Family", (), family), tag("vCard:Given", (), given)]
    parts = [
        tag("vCard:N", names, rdf_parseType="Resource"),
        tag("vCard:ORG", [tag("vCard:Orgname", (), history.creator)], rdf_parseType="Resource"),
    ]
    card = tag("rdf:li", parts, rdf_parseType="Resource")
    return [
        tag("dcterms:creator", [tag("rdf:Bag", [card])]),
        *(
            tag(what, [tag("dcterms:W3CDTF", (), history.created)], rdf_parseType="Resource")
            for what in ("dcterms:created", "dcterms:modified")
        ),
    ]
