"""Lists that `mtorkin show` knows: all mechanisms, all parameters, all protocols and so on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType

from mtorkin.build import contexts
from mtorkin.cli import cards, drug_cards, literature_cards, output
from mtorkin.cli.cards import Card, Rows
from mtorkin.context_tables import differences
from mtorkin.language.molecule import Molecule
from mtorkin.model import Model
from mtorkin.protocol import NAMED


def mechanism_rows(model: Model) -> Rows:
    """Return a row a mechanism: how much it has, and the first sentence of its prose."""
    made = Counter(r.mechanism for r in model.network.reactions)
    rows = []
    for m in model.network.mechanisms:
        head = " ".join(cards.about(m).strip().split("\n\n")[0].split())
        rows.append(
            {
                "mechanism": m.name,
                "rules>": len(m.rules),
                "reactions>": made[m.name],
                "observables>": len(m.observables),
                "what": head,
            }
        )
    return rows


def molecules(model: Model) -> dict[str, Molecule]:
    """Return the molecules of a model by name, in the order in which rules name them."""
    sides = (s for m in model.network.mechanisms for r in m.rules for s in (r.arrow.left, r.arrow.right))
    found = {p.molecule.name: p.molecule for side in sides for p in side.patterns}
    for species in model.network.species:
        molecule = cards.pool_of(species.entity).molecule
        found.setdefault(molecule.name, molecule)
    return found


def _molecules(model: Model) -> Rows:
    rows = []
    for name, m in molecules(model).items():
        sites = ", ".join(s.name for s in m.all_sites)
        amount = model.values.get(f"{name}_abundance")
        rows.append(
            {
                "molecule": name,
                "in a cell (nM)>": "" if amount is None else output.short(amount),
                "sites": sites,
                "UniProt": ", ".join(m.uniprot),
            }
        )
    return rows


def _parameters(model: Model) -> Rows:
    return cards.parameters(model.network.parameters, model)


def _observables(model: Model) -> Rows:
    return [{"observable": o.id, "unit": o.unit, "means": o.meaning} for o in model.network.observables]


def _quantities(model: Model) -> Rows:
    return [{"quantity": a.id, "unit": a.unit, "means": a.meaning} for a in model.network.assignments]


def _inputs(model: Model) -> Rows:
    return [
        {"input": str(id), "default>": f"{row['default']:g}", "unit": row["unit"], "means": row["meaning"]}
        for id, row in model.inputs.iterrows()
    ]


def _protocols(model: Model) -> Rows:
    return [
        {"protocol": n.name, "until (h)>": f"{max(n.times) / 60:g}", "means": n.meaning}
        for n in NAMED.values()
    ]


def _mutants(model: Model) -> Rows:
    return [
        {"mutant": m.name, "means": m.meaning, "multiplies": cards.factors(m.factors)}
        for m in model.network.mutations
    ]


def _contexts(model: Model) -> Rows:
    rows = []
    for name in contexts():
        found = differences(name)
        differs = ", ".join(map(str, found))
        rows.append({"context": name, "cells": found[0].system if found else "", "differs in": differs})
    return rows


def context_cards(name: str) -> list[Card]:
    """Return the card of a kind of cell: what it differs in, with where each number is from."""
    if name not in contexts():
        return []
    found = differences(name)
    rows = [
        {
            "parameter": d.parameter,
            "here>": output.short(d.value),
            "generic>": output.short(d.generic),
            "unit": d.unit,
            "source": d.source or "–",
            "note": d.note,
        }
        for d in found
    ]
    facts = {
        "cells": found[0].system if found else "what every table says that names no context",
        "to take it": f"--context {name}, or mtorkin.build(context={name!r})",
    }
    return [Card("context", name, "", facts, {"Differs in": rows} if rows else {})]


def _species(model: Model) -> Rows:
    return [{"species": s.id, "compartment": s.compartment, "means": s.label} for s in model.network.species]


def _reactions(model: Model) -> Rows:
    return [{"reaction": r.id, "mechanism": r.mechanism, "means": r.label} for r in model.network.reactions]


TOPICS: Mapping[str, Callable[[Model], Rows]] = MappingProxyType(
    {
        "mechanisms": mechanism_rows,
        "molecules": _molecules,
        "parameters": _parameters,
        "observables": _observables,
        "quantities": _quantities,
        "inputs": _inputs,
        "drugs": drug_cards.rows,
        "protocols": _protocols,
        "mutants": _mutants,
        "contexts": _contexts,
        "claims": literature_cards.claim_rows,
        "sources": literature_cards.source_rows,
        "species": _species,
        "reactions": _reactions,
    }
)


def one_line_cards(name: str, model: Model) -> list[Card]:
    """Return cards of things that have no card of their own and go by this name."""
    found = []
    for topic in ("observables", "inputs", "mutants", "species", "reactions"):
        for row in TOPICS[topic](model):
            kind, *facts = row
            if row[kind] == name:
                found.append(Card(kind, name, "", {f.removesuffix(">"): row[f] for f in facts}))
    for mechanism in model.network.mechanisms:
        for o in mechanism.observables:
            if o.id == name:  # as declared: the network's is a sum over species
                found[0].facts.update(formula=cards.formula(o.expr), mechanism=mechanism.name)
    for reaction in model.network.reactions:
        if reaction.id == name:
            found[-1].facts["rate"] = cards.formula(reaction.rate)
    return found
