"""Pools and ledgers against the explicit network: how far apart, for which quantity.

*Open loop*: both expansions see the same Rheb, PIP3, Akt, S6K and kinase activities, taken from the
closed loop and constant between the times looked at. What remains is what the ledgers themselves do.
*Closed loop*: each expansion feeds back on itself, as in the model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from mtorkin import activities
from mtorkin.arrays import Array
from mtorkin.build import build
from mtorkin.entities import Entity, Pool
from mtorkin.language import Assignment, Mechanism, Observable
from mtorkin.network import Network, assemble
from tests.oracles import scenarios
from tests.oracles.scenarios import Scenario, Stretch
from tests.oracles.subnetwork import (
    DYNAMIC,
    ENERGY,
    STARVED,
    Selection,
    core,
    driven,
    driven_expr,
    select,
)

CUT = frozenset(
    {
        "Akt_active",
        "S6K_active",
        "mTORC1_activity_PRAS40",
        "mTORC1_activity_S6K",
        "mTORC2_activity_any",
        "mTORC1_kinase_on",
        "mTORC1_lysosomal_share",
        "mTORC2_kinase_on",
        "mTORC2_PIP3",
    }
)
TOTALS = {"Rheb(nucleotide=GTP)": "Rheb_GTP"}
ACTIVITIES: tuple[Assignment, ...] = (
    activities.mTORC1_on_S6K,
    activities.mTORC1_on_T37_46,
    activities.mTORC1_on_S65,
    activities.mTORC1_on_PRAS40,
    activities.mTORC2_active,
    activities.mTORC2_on_Akt,
)
LABELS = {
    "mTORC1_activity_S6K": "mTORC1 acting on S6K",
    "mTORC1_activity_T37_46": "mTORC1 acting on 4E-BP1 T37/46",
    "mTORC1_activity_S65": "mTORC1 acting on 4E-BP1 S65",
    "mTORC1_activity_PRAS40": "mTORC1 acting on PRAS40",
    "mTORC2_activity_any": "mTORC2 as a kinase",
    "mTORC2_activity_Akt": "mTORC2 acting on Akt",
    "mTOR_pS2481_in_mTORC1": "S2481 in mTORC1",
    "mTOR_pS2481_in_mTORC2": "S2481 in mTORC2",
    "TSC2_active": "TSC2 acting on Rheb (closed loop only)",
}
# what the tests allow [% of the largest value on the trajectory]; what is measured is in the docs
BOUNDS = {
    "mTORC1_activity_S6K": 0.1,
    "mTORC1_activity_T37_46": 0.1,
    "mTORC1_activity_S65": 0.1,
    "mTORC1_activity_PRAS40": 0.1,
    "mTORC2_activity_any": 0.02,
    "mTORC2_activity_Akt": 0.02,
    "mTOR_pS2481_in_mTORC1": 6.0,
    "mTOR_pS2481_in_mTORC2": 0.8,
    "TSC2_active": 0.2,
}
OTHERS = 0.3  # what any other observable may take over from these through the feedbacks
# everything whose rate or formula multiplies the means of two groups of marks
PRODUCTS = tuple(BOUNDS)
TRIALS: tuple[tuple[Selection, Scenario], ...] = (
    *((DYNAMIC, s) for s in scenarios.SCENARIOS),
    (STARVED, scenarios.SCENARIOS[-1]),
    (ENERGY, scenarios.NO_GLUCOSE),
)
OPEN_RTOL, CLOSED_RTOL = 1e-8, 1e-6
NOTHING = 1e-4  # nM, or 1: a quantity that stays below is not measured in percent of itself


@dataclass(frozen=True, eq=False)
class Pair:
    """The two expansions of the same rules, each made when it is first asked for."""

    mechanisms: tuple[Mechanism, ...]

    @cached_property
    def ledgers(self) -> Network:
        """Pools and ledgers, as in the model."""
        return assemble(self.mechanisms)

    @cached_property
    def explicit(self) -> Network:
        """Every mark as a structural site."""
        return assemble(self.mechanisms, expand_marks=True)


def error(a: Array, b: Array) -> float:
    """Largest difference [%] of the largest value on the trajectory."""
    return 100 * float(np.abs(a - b).max()) / max(float(np.abs(b).max()), NOTHING)


# -- closed loop --------------------------------------------------------------------------------------


@cache
def values() -> dict[str, float]:
    """The numbers of the generic cell."""
    return dict(build().values)


@cache
def closed(selection: Selection) -> Pair:
    """Both expansions of a selection of the whole model."""
    return Pair(select(selection))


@cache
def _fed(network: Network, inputs: tuple[tuple[str, float], ...], rtol: float) -> Array:
    return scenarios.settled(network, values(), dict(inputs), rtol)


def closed_runs(selection: Selection, scenario: Scenario) -> tuple[dict[str, Array], ...]:
    """What is seen of ledgers and of the explicit network, by id of assignment and observable."""
    pair = closed(selection)
    return _watched(pair.ledgers, scenario), _watched(pair.explicit, scenario)


@cache
def _watched(network: Network, scenario: Scenario) -> dict[str, Array]:
    fed = _fed(network, (), CLOSED_RTOL)
    states = scenarios.run(network, values(), scenario, fed, CLOSED_RTOL)
    parts = []
    for i, time in enumerate(scenario.times):
        past = [s.inputs for s in scenario.stretches if s.start < time]
        inputs = {k: v for known in past for k, v in known.items()}
        parts.append(scenarios.seen(network, values(), states[i : i + 1], inputs))
    return {id: np.concatenate([p[id] for p in parts]) for id in parts[0]}


# -- open loop -------------------------------------------------------------------------------------------


@cache
def opened(selection: Selection) -> Pair:
    """Both expansions of the driven core, with the activities as observables."""
    measured = [Observable(a.id, driven_expr(a.expr, CUT, TOTALS), a.meaning) for a in ACTIVITIES]
    seen = Mechanism.of("measured", "", rules=[], observables=measured)
    return Pair((*driven(core(select(selection)), CUT, TOTALS), seen))


def drive(selection: Selection, scenario: Scenario) -> tuple[dict[str, float], Scenario]:
    """Inputs of fed cells, and the scenario with the drive of the closed loop in every interval."""
    seen = _watched(closed(selection).ledgers, scenario)
    names = {f"drive_{id}": seen[id] for id in (*CUT, *TOTALS.values()) if id in seen}
    starts = {s.start: s.inputs for s in scenario.stretches}
    stretches = [
        Stretch(t, {**starts.get(t, {}), **{k: float(v[i + 1]) for k, v in names.items()}})
        for i, t in enumerate(scenario.times[:-1])
    ]
    fed = {k: float(v[0]) for k, v in names.items()}
    return fed, Scenario(scenario.name, tuple(stretches), scenario.times)


@cache
def open_states(selection: Selection, scenario: Scenario) -> tuple[Array, Array]:
    """States of the driven core with ledgers and expanded, shape (times, species) each."""
    pair = opened(selection)
    fed, driven_scenario = drive(selection, scenario)
    inputs = tuple(sorted(fed.items()))
    ours, theirs = (
        scenarios.run(n, values(), driven_scenario, _fed(n, inputs, OPEN_RTOL), OPEN_RTOL)
        for n in (pair.ledgers, pair.explicit)
    )
    return ours, theirs


def open_runs(selection: Selection, scenario: Scenario) -> tuple[dict[str, Array], ...]:
    """What is seen of both, at the drive of the interval that ends there."""
    pair = opened(selection)
    fed, driven_scenario = drive(selection, scenario)
    inputs = [fed, *(s.inputs for s in driven_scenario.stretches)]
    runs = []
    for network, states in zip((pair.ledgers, pair.explicit), open_states(selection, scenario), strict=True):
        parts = [
            scenarios.seen(network, values(), states[i : i + 1], known) for i, known in enumerate(inputs)
        ]
        runs.append({id: np.concatenate([p[id] for p in parts]) for id in parts[0]})
    return tuple(runs)


# -- what each ledger ought to be ----------------------------------------------------------------------------


def projection(pair: Pair) -> Array:
    """Which explicit species make up each pool or ledger, shape (ledgers' species, explicit)."""
    rows = []
    for s in pair.ledgers.species:
        pool, asked = _pool(s.entity), dict(_pool(s.entity).by_site)
        if not isinstance(s.entity, Pool):
            asked |= s.entity.by_site
        rows.append(
            [
                float(
                    _pool(x.entity).molecule.name == pool.molecule.name
                    and asked.items() <= _pool(x.entity).by_site.items()
                )
                for x in pair.explicit.species
            ]
        )
    return np.array(rows)


def _pool(entity: Entity) -> Pool:
    return entity if isinstance(entity, Pool) else entity.pool


def exact_rows(network: Network) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Species, or sums of them, that involve no product of means: a label and their indices.

    S2481 does; S1261, carried jointly with it, does not once S2481 is summed over.
    """
    joint: dict[str, list[int]] = {}
    for i, s in enumerate(network.species):
        if isinstance(s.entity, Pool) or "S2481" not in s.entity.by_site:
            yield s.id, (i,)
        elif s.entity.by_site["S1261"] == "p":
            joint.setdefault(f"S1261 on {s.entity.pool.id}", []).append(i)
    for label, rows in joint.items():
        yield label, tuple(rows)


def follows(id: str) -> bool:
    """Whether something is a sum of, or another name for, what is in ``PRODUCTS``."""
    return id in {*PRODUCTS, "mTOR_pS2481"} or id.startswith(("mTORC1_for_", "mTORC2_for_", "share_"))
