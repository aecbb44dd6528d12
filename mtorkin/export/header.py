"""What an exported file says of itself: what it is, how to cite it, who made it, and its literature."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from mtorkin._resources import parameters_dir
from mtorkin.language import Mechanism
from mtorkin.model import Model
from mtorkin.protocol import Protocol
from mtorkin.sbml import Header, History, Relation, Remark
from mtorkin.sbml.identifiers import identifiers

__all__ = ["address_of", "header", "sources"]

# as in CITATION.cff, which an installed mtorkin does not have; a test compares them
TITLE = "mtorkin: a rule-based kinetic model of mTOR signalling"
AUTHORS, VERSION, RELEASED = "The mtorkin authors", "0.1.0", "2026-11-25"

# a key in square brackets, alone or in a list: [Kim2002, Oshiro2004]
_BRACKETS = re.compile(r"\[([^\[\]]+)\]")
_KEY = re.compile(r"\b[A-Z][A-Za-z]+(?:19|20)\d\d[a-z]?\b")
_ENTRY = re.compile(r"^@\w+\{(\w+),\n(.*?)^\}", re.MULTILINE | re.DOTALL)


def header(model: Model, protocol: Protocol | None) -> Header:
    """Return the title, notes, annotations and history of a model under a protocol, or at rest."""
    about = {row.database: row.uri for row in identifiers("mtorkin")}
    described = sources(model.network.mechanisms)
    return Header(
        title=f"mTOR signalling in {model.context} cells",
        notes=_notes(model, protocol),
        relations=(
            Relation("bqbiol:isVersionOf", (about["go"], about["reactome"])),
            Relation("bqbiol:hasTaxon", (about["taxonomy"],)),
            Relation("bqmodel:isDescribedBy", tuple(described.values())),
        ),
        history=History(AUTHORS, f"{RELEASED}T00:00:00Z"),
        mechanisms={m.name: _of_mechanism(m) for m in model.network.mechanisms},
        parameters={p.id: _of_parameter(model, p.id) for p in model.network.parameters},
    )


def _of_mechanism(mechanism: Mechanism) -> Remark:
    """A mechanism's own text, a paragraph each, and the papers that it cites."""
    paragraphs = mechanism.about.strip().split("\n\n")
    return Remark(tuple(" ".join(p.split()) for p in paragraphs), tuple(sources([mechanism]).values()))


def _of_parameter(model: Model, id: str) -> Remark:
    """Where a value is from; a value that is not the table's (a context, a fit) has no source there."""
    if (row := model.table.rows.get(id)) is None:
        return Remark()
    if model.values[id] != row.nominalValue:
        return Remark((f"Changed: the table of parameters has {row.nominalValue:g} {row.unit}.",))
    where = f"{row.source}, {row.locator}" if row.locator else row.source
    said = f"{row.evidence}: {where}" if where else row.evidence
    said = f"{said}; {row.note}" if row.note else said
    known = _addresses()
    return Remark((said,), tuple(known[key] for key in _KEY.findall(row.source) if key in known))


def sources(mechanisms: Iterable[Mechanism]) -> dict[str, str]:
    """Return the literature that some mechanisms cite: address by key, in the order of citation.

    The address is that of the record in PubMed, else of the DOI; a source with neither is left out.
    """
    known = _addresses()
    cited = (k for m in mechanisms for listed in _BRACKETS.findall(m.about) for k in _KEY.findall(listed))
    return {key: known[key] for key in dict.fromkeys(cited) if key in known}


def address_of(key: str) -> str:
    """Return the address of a source by its key; "" where it has none."""
    return _addresses().get(key, "")


@lru_cache(maxsize=1)
def _addresses() -> dict[str, str]:
    """Address by key of every entry of references.bib that has a PubMed id or a DOI."""
    text = (parameters_dir() / "references.bib").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for key, body in _ENTRY.findall(text):
        for field, database in (("pmid", "pubmed"), ("doi", "doi")):
            if (value := re.search(rf"\b{field}\s*=\s*\{{([^{{}}]+)\}}", body)) is not None:
                found[key] = f"https://identifiers.org/{database}/{value[1].strip()}"
                break
    return found


def _notes(model: Model, protocol: Protocol | None) -> str:
    network = model.network
    begins = "the steady state of fed cells" if protocol is None else _in_words(protocol)
    paragraphs = (
        f"A kinetic model of mTOR signalling in {model.context} cells: {len(network.species)} "
        f"species and {len(network.reactions)} reactions, generated from rules by mtorkin {VERSION}.",
        "Concentrations are nM (amounts nmol, in a cell of 1 litre under a medium of 1000), times "
        "are min. A species whose id has '__with__' is the part of a pool that bears a mark: it "
        "is counted in the pool, and carried along by the pool's reactions, which name it or the "
        "pool as a modifier. The quantities with rules whose names are those of blots, such as "
        "S6K_pT389, are the observables.",
        f"Time 0: {begins}.",
        "Most parameters are assumed or chosen by hand; the notes of each say where it is from. Groups "
        "are mechanisms, each with its text and papers; layouts, if any, are pictures of parts. The papers "
        "in this file's annotation are those that the mechanisms cite.",
        f"To cite it: {AUTHORS}, {TITLE}, version {VERSION} ({RELEASED[:4]}), and the papers behind "
        "the parameters you rely on.",
        "The software is under the MIT licence; this file is dedicated to the public domain (CC0 1.0).",
    )
    return "\n".join(paragraphs)


def _in_words(protocol: Protocol) -> str:
    parts = []
    for period in protocol.periods:
        when = f"from {period.start:g} min" if isinstance(period.start, float) else "cells at rest"
        what = ", ".join(f"{name} {value:g}" for name, value in period.inputs)
        parts.append(f"{when}{': ' if what else ''}{what}")
    return "; ".join(parts) + " (inputs that are not named stay as they are)"
