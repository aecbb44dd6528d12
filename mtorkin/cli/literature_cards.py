"""What `mtorkin show` says of the literature and of treatments: claims, their sources, protocols."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from mtorkin._resources import parameters_dir
from mtorkin.claims.reading import read_claims
from mtorkin.claims.statement import Claim
from mtorkin.claims.wording import describe
from mtorkin.cli.cards import Card, Rows
from mtorkin.model import Model
from mtorkin.protocol import NAMED, Protocol

KINDS = {"M": "one model", "Co": "a cohort or population", "N": "a record, not judged"}
_ENTRY = re.compile(r"^@\w+\{(\w+),\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"(\w+)\s*=\s*\{((?:[^{}]|\{[^{}]*\})*)\}")


def claim_rows(_: Model) -> Rows:
    """Return a row a claim."""
    return [
        {"claim": c.id, "statement": c.statement, "criteria>": len(c.criteria), "kind": KINDS[c.kind]}
        for c in read_claims()
    ]


def source_rows(_: Model) -> Rows:
    """Return a row a source."""
    return [
        {
            "source": key,
            "year": each.get("year", ""),
            "title": _plain(each.get("title", "")),
            "checked": "yes" if each.get("note", "").startswith("verified") else "no",
        }
        for key, each in sources().items()
    ]


def names() -> list[str]:
    """Return the names of claims, sources and protocols."""
    return [*(claim.id for claim in read_claims()), *sources(), *NAMED]


def cards_of(name: str, model: Model) -> list[Card]:
    """Return the cards of a claim, a source or a protocol of this name."""
    found = [_claim(claim) for claim in read_claims() if claim.id == name]
    if name in NAMED:
        found.append(_protocol(name))
    if name in sources():
        found.append(_source(name, model))
    return found


@lru_cache(maxsize=1)
def sources() -> Mapping[str, Mapping[str, str]]:
    """Return the fields of the entries of references.bib, by key."""
    text = (parameters_dir() / "references.bib").read_text(encoding="utf-8")
    return {key: dict(_FIELD.findall(body)) for key, body in _ENTRY.findall(text)}


def in_words(protocol: Protocol) -> Rows:
    """Return a row a period: when it begins, and what is given from then on."""
    return [
        {
            "from": f"{period.start:g} min" if isinstance(period.start, float) else "at rest, before 0",
            "given": ", ".join(f"{name} {value:g}" for name, value in period.inputs)
            or "full medium, nothing",
        }
        for period in protocol.periods
    ]


def _claim(claim: Claim) -> Card:
    facts = {
        "experiment": claim.experiment,
        "tested in": KINDS[claim.kind],
        "essential": "yes" if claim.essential else "no",
        "sources that were read": ", ".join(claim.verified),
        "sources that were not": ", ".join(claim.unverified),
        "to test it": f"mtorkin claims --ids {claim.id}",
    }
    tables = {"Criteria": [{"criterion": describe(each)} for each in claim.criteria]}
    if claim.pending:
        tables["Cannot be tested yet"] = [{"part": part, "because": why} for part, why in claim.pending]
    shown = {title: rows for title, rows in tables.items() if rows}
    return Card("claim", claim.id, claim.statement, {k: v for k, v in facts.items() if v}, shown)


def _protocol(name: str) -> Card:
    named = NAMED[name]
    facts = {"until": f"{max(named.times) / 60:g} h", "to simulate it": f"mtorkin simulate {name}"}
    return Card("protocol", name, named.meaning, facts, {"Periods": in_words(named.protocol)})


def _source(key: str, model: Model) -> Card:
    entry = sources()[key]
    where = " ".join(entry.get(name, "") for name in ("journal", "year")).strip()
    facts = {
        "authors": _plain(entry.get("author", "")).replace(" and ", "; "),
        "in": _plain(where),
        "doi": entry.get("doi", ""),
        "PubMed": entry.get("pmid", ""),
        "checked": _plain(entry.get("note", "")),
    }
    table = model.parameters
    cited = table[[key in re.split(r"[;,\s]+", str(text)) for text in table["source"]]]
    tables = {
        "Numbers from it": [
            {
                "parameter": str(id),
                "value>": f"{row['value']:.4g}",
                "unit": row["unit"],
                "means": row["meaning"],
            }
            for id, row in cited.iterrows()
        ],
        "Claims that cite it": [
            {"claim": c.id, "statement": c.statement}
            for c in read_claims()
            if key in (*c.verified, *c.unverified)
        ],
    }
    shown = {title: rows for title, rows in tables.items() if rows}
    return Card("source", key, _plain(entry.get("title", "")), {k: v for k, v in facts.items() if v}, shown)


def _plain(text: str) -> str:
    return " ".join(text.replace("{", "").replace("}", "").split())
