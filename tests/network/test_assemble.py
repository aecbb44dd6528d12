"""The network as a whole: deterministic, independent of order, exact ledgers, matter kept."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache

import numpy as np
import pytest
import toy

from mtorkin.entities import Ledger, content
from mtorkin.equations import equations
from mtorkin.language import Mechanism
from mtorkin.language.expression import leaves
from mtorkin.language.infix import infix
from mtorkin.language.rule import Make, Remove
from mtorkin.mechanisms import ALL
from mtorkin.network import Network, assemble


def whole_text(network: Network) -> str:
    """Everything a network says, formulas included."""
    lines = [str(network)]
    lines += [f"{s.id} {s.label} {s.compartment} {infix(s.initial)} {s.dose}" for s in network.species]
    lines += [f"{r.id} {r.label} {r.mechanism} {r.modifiers} {infix(r.rate)}" for r in network.reactions]
    lines += [f"{a.id} [{a.unit}] = {infix(a.expr)}" for a in network.assignments]
    lines += [f"{o.id} [{o.unit}] = {infix(o.expr)}" for o in network.observables]
    lines += [f"{p.id} {p.unit} {p.meaning}" for p in (*network.parameters, *network.inputs)]
    return "\n".join(lines)


@cache
def core() -> Network:
    return assemble(ALL)


@cache
def small() -> Network:
    return assemble(toy.ALL)


def at_random(network: Network, seed: int = 1) -> tuple[dict[str, float], dict[str, float]]:
    """A state and constants by id, the same whatever the order of the network."""
    numbers = random.Random(seed)
    constants = sorted(x.id for x in (*network.parameters, *network.inputs))
    state = {s: numbers.uniform(0.5, 2.0) for s in sorted(s.id for s in network.species)}
    return state, {c: numbers.uniform(0.2, 0.9) for c in constants}


def rhs_by_id(network: Network) -> dict[str, float]:
    state, constants = at_random(network)
    e = equations(network)
    y = np.array([state[s] for s in e.species])
    return dict(zip(e.species, e.rhs(y, e.constants_of(constants)), strict=True))


@pytest.mark.parametrize("mechanisms", [ALL, toy.ALL], ids=["core", "toy"])
def test_the_same_mechanisms_give_the_same_text(mechanisms: tuple[Mechanism, ...]) -> None:
    assert whole_text(assemble(mechanisms)) == whole_text(assemble(mechanisms))


def ids_of(network: Network, kind: str) -> list[str]:
    """Sorted ids. A share that several activities use is named after the first of them that is met."""
    return sorted(re.sub(r"^share_.*?__", "share__", x.id) for x in getattr(network, kind))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_mechanisms_changes_order_only(seed: int) -> None:
    shuffled = list(ALL)
    random.Random(seed).shuffle(shuffled)
    other = assemble(shuffled)
    for kind in ("species", "assignments", "observables", "parameters", "inputs"):
        assert ids_of(other, kind) == ids_of(core(), kind)
    assert {c.name for c in other.conserved} == {c.name for c in core().conserved}
    assert {r.id for r in other.reactions} == {r.id for r in core().reactions}
    ours, theirs = rhs_by_id(core()), rhs_by_id(other)
    assert theirs == pytest.approx(ours, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("network", [core, small], ids=["core", "toy"])
def test_every_conservation_law_is_found_and_none_else(network: object) -> None:
    n: Network = network()  # type: ignore[operator]
    e = equations(n)
    rank = np.linalg.matrix_rank(e.stoichiometry.toarray())
    assert len(n.conserved) == len(n.species) - rank
    assert np.linalg.matrix_rank(e.conserved) == len(n.conserved)
    assert np.abs(e.conserved @ e.stoichiometry.toarray()).max() < 1e-9


def test_what_is_conserved_and_what_turns_over_in_the_core() -> None:
    names = {c.name for c in core().conserved}
    assert {"Akt", "FKBP12", "rapamycin", "mLST8", "PRAS40", "Rag", "S6K", "eIF4E"} <= names
    assert not {"mTOR", "Raptor", "Rictor", "Sin1", "IRS", "DEPTOR", "wortmannin"} & names


@pytest.mark.parametrize("network", [core, small], ids=["core", "toy"])
def test_matter_is_kept_by_every_reaction_that_is_not_synthesis_or_decay(network: object) -> None:
    n: Network = network()  # type: ignore[operator]
    of = {s.id: content(s.entity) for s in n.species}
    lossy = {(m.name, r.name) for m in n.mechanisms for r in m.rules if isinstance(r, Make | Remove)}
    for reaction in n.reactions:
        name = reaction.label.split(":")[0].removesuffix(" (carried along)")
        if (reaction.mechanism, name) in lossy:
            continue
        balance: Counter[str] = Counter()
        for sign, side in ((-1, reaction.reactants), (1, reaction.products)):
            for species, amount in side:
                for part, count in of[species].items():
                    balance[part] += sign * amount * count
        assert not any(balance.values()), reaction.label


@pytest.mark.parametrize("network", [core, small], ids=["core", "toy"])
def test_a_ledger_never_outgrows_its_pool(network: object) -> None:
    """Where a group's ledgers add up to the pool, they cannot rise against it: d(pool - sum)/dt >= 0."""
    n: Network = network()  # type: ignore[operator]
    e = equations(n)
    constants = at_random(n)[1]
    groups: dict[tuple[str, int], list[str]] = {}
    for s in n.species:
        if isinstance(s.entity, Ledger):
            groups.setdefault((s.entity.pool.id, s.entity.group), []).append(s.id)
    assert groups
    for seed in range(3):
        full = dict(at_random(n, seed)[0])
        for (pool, _), members in groups.items():
            total = sum(full[m] for m in members)
            for m in members:
                full[m] *= full[pool] / total
        change = dict(
            zip(
                e.species,
                e.rhs(np.array([full[s] for s in e.species]), e.constants_of(constants)),
                strict=True,
            )
        )
        for (pool, _), members in groups.items():
            assert change[pool] - sum(change[m] for m in members) > -1e-9, pool


@pytest.mark.parametrize("network", [core, small], ids=["core", "toy"])
def test_an_empty_species_is_not_consumed(network: object) -> None:
    """Every rate that consumes a species vanishes with it, so nothing turns negative."""
    n: Network = network()  # type: ignore[operator]
    e = equations(n)
    state, constants = at_random(n)
    rates_at = e.rates
    p = e.constants_of(constants)
    position = {s: i for i, s in enumerate(e.species)}
    ledgers = {
        s.id: [x.id for x in n.species if isinstance(x.entity, Ledger) and x.entity.pool.id == s.id]
        for s in n.species
    }
    for s in n.species:
        y = np.array([state[x] for x in e.species])
        y[[position[x] for x in (s.id, *ledgers[s.id])]] = 0.0  # an empty pool bears no marks
        rates = rates_at(y.tolist(), p)
        consumed = [rates[j] for j, r in enumerate(n.reactions) if s.id in dict(r.reactants)]
        assert np.abs(consumed).max(initial=0.0) < 1e-12, s.id


def test_species_that_a_period_may_dose() -> None:
    assert {s.dose: s.id for s in core().species if s.dose} == {
        "rapamycin": "rapamycin_medium",
        "temsirolimus": "temsirolimus_medium",
        "wortmannin": "wortmannin",
    }


def test_assignments_come_after_what_they_use() -> None:
    seen: set[str] = set()
    names = {a.id for a in core().assignments}
    for a in core().assignments:
        assert {x.id for x in leaves(a.expr)} & names <= seen, a.id
        seen.add(a.id)


def test_ids_are_valid_in_sbml() -> None:
    n = core()
    kinds = (n.species, n.reactions, n.assignments, n.observables, n.parameters, n.inputs)
    for x in (x for kind in kinds for x in kind):
        assert x.id.isidentifier() and x.id.isascii(), x.id
