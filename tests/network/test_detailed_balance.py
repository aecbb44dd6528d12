"""Binding alone is an equilibrium: no cycle of bindings does work, in the full expansion and with ledgers.

With every reaction that spends energy taken out, an assignment of free energies must exist at which
each binding runs as fast as its reverse (Wegscheider's condition). Such energies are found by least
squares over all reversible pairs of the explicit network; what is left over is what a cycle gains.

One simplification is outside of this, on purpose: a complex that falls apart sets free all that it
holds (PRAS40, DEPTOR, Protor, Rag) in one step, and it never forms with them in one step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from mtorkin.build import build
from mtorkin.entities import Ledger, Pool
from mtorkin.equations import equations
from mtorkin.language import Bind, Mechanism
from mtorkin.mechanisms import ALL
from mtorkin.network import Network, assemble

BINDING = ("mtorc1", "mtorc2", "deptor", "rapamycin", "amino_acids")
# what makes the binding partners; without these rules nothing would be there to bind
MAKERS = {"mTOR matures with Tel2", "rapamycin enters", "rapamycin leaves", "amino acids activate Rag"}


HELD = ("PRAS40 sits", "DEPTOR joins", "Protor joins", "Rag holds")


@cache
def binding_only(*without: str) -> tuple[Mechanism, ...]:
    kept = []
    for mechanism in ALL:
        rules = tuple(
            r
            for r in mechanism.rules
            if not r.name.startswith(without)
            and (r.name in MAKERS or (isinstance(r, Bind) and mechanism.name in BINDING))
        )
        if rules:
            kept.append(replace(mechanism, rules=rules, observables=(), mutations=(), contributions=()))
    return tuple(kept)


def constants_of(network: Network, **changed: float) -> dict[str, float]:
    values = {**build().values, **{i.id: i.default for i in network.inputs}, **changed}
    return {c: values[c] for c in equations(network).constants}


def pairs(network: Network) -> list[tuple[int, int]]:
    """Positions of each binding and its reverse: the same species, the other way round."""
    ways = {(frozenset(r.reactants), frozenset(r.products)): j for j, r in enumerate(network.reactions)}
    found = [(j, ways.get((right, left))) for (left, right), j in ways.items() if len(left) == 2]
    return [(j, back) for j, back in found if back is not None]


def energies(network: Network, constants: Mapping[str, float]) -> tuple[dict[str, float], float]:
    """Logarithms of concentrations at which all pairs balance, and the largest gain of a cycle."""
    e = equations(network)
    rate = e.rates([1.0] * len(e.species), e.constants_of(dict(constants)))
    rows, gains = [], []
    for j, back in pairs(network):
        row = np.zeros(len(e.species))
        for side, sign in ((network.reactions[j].products, 1), (network.reactions[j].reactants, -1)):
            for species, n in side:
                row[e.species.index(species)] += sign * n
        rows.append(row)
        gains.append(np.log(rate[j] / rate[back]))
    solution, *_ = np.linalg.lstsq(np.array(rows), np.array(gains), rcond=None)
    return dict(zip(e.species, solution, strict=True)), float(np.abs(np.array(rows) @ solution - gains).max())


@pytest.fixture(scope="module")
def explicit() -> Network:
    return assemble(binding_only(), expand_marks=True)


def test_every_binding_has_its_reverse(explicit: Network) -> None:
    bindings = [r for r in explicit.reactions if len(r.reactants) == 2]
    assert len(pairs(explicit)) == len(bindings) > 100


def test_no_cycle_of_bindings_does_work(explicit: Network) -> None:
    assert energies(explicit, constants_of(explicit))[1] < 1e-9


def test_couplings_close_the_cycles_whatever_their_strength(explicit: Network) -> None:
    for changed in ({"alpha_mLST8": 7.0}, {"alpha_rapamycin": 0.2}, {"koff_mTORC2": 1.0, "kon_mLST8": 3.0}):
        assert energies(explicit, constants_of(explicit, **changed))[1] < 1e-9


def test_the_two_association_rates_to_FRB_must_agree_for_the_cycle_to_close(explicit: Network) -> None:
    """mTOR and mTORC1 share koff but not kon, so that a claim can take away one; equal by value only."""
    unequal = constants_of(explicit, kon_FRB_FKBP12_mTOR=0.24)
    assert energies(explicit, unequal)[1] > 0.1
    values = build().values
    for fkbp in ("FKBP12", "FKBP51"):
        assert values[f"kon_FRB_{fkbp}_mTOR"] == values[f"kon_FRB_{fkbp}_mTORC1"]


def test_only_what_a_complex_holds_when_it_falls_apart_has_no_way_back(explicit: Network) -> None:
    paired = {j for pair in pairs(explicit) for j in pair}
    alone = [r for j, r in enumerate(explicit.reactions) if j not in paired and "_reversed__" in r.id]
    assert alone
    for reaction in alone:
        assert reaction.id.startswith(("Raptor_joins_mTOR_reversed", "Rictor_joins_mTOR_reversed"))
        assert len(reaction.products) > 2, reaction.id


def test_at_equilibrium_nothing_moves_in_pools_and_ledgers() -> None:
    """The sums over the explicit equilibrium are an equilibrium of pools and ledgers, term by term."""
    mechanisms = binding_only(*HELD)
    explicit, ledgers = assemble(mechanisms, expand_marks=True), assemble(mechanisms)
    logs, gain = energies(explicit, constants_of(explicit))
    assert gain < 1e-9
    amounts = {s: np.exp(log) for s, log in logs.items()}
    e = equations(ledgers)
    y = np.zeros(len(e.species))
    for i, s in enumerate(ledgers.species):
        pool = s.entity if isinstance(s.entity, Pool) else s.entity.pool
        asked = dict(pool.by_site) | (s.entity.by_site if isinstance(s.entity, Ledger) else {})
        for x in explicit.species:
            entity = x.entity
            assert isinstance(entity, Pool)
            fits = entity.molecule.name == pool.molecule.name and asked.items() <= entity.by_site.items()
            # maturation is no binding: nothing nascent is there
            if fits and "fold_nascent" not in x.id:
                y[i] += amounts[x.id]
    p = e.constants_of(constants_of(ledgers, k_rapamycin_uptake=0.0, k_Rag_on=0.0))
    flows = np.abs(e.stoichiometry) @ np.abs(np.array(e.rates(y.tolist(), p)))
    assert flows.max() > 0.01
    assert np.abs(e.rhs(y, p)).max() < 1e-9 * flows.max()
