"""Experiments as stretches of constant inputs, and a plain integrator for networks of any size.

On purpose none of the package's own engines: those are tested elsewhere, and this one can take a
network that has no parameter table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp
from scipy.sparse import csc_matrix

from mtorkin.arrays import Array
from mtorkin.equations import Equations, equations
from mtorkin.language.expression import evaluate
from mtorkin.network import Network

FOUR_WEEKS = 40_000.0  # min

Values = Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Stretch:
    """From ``start`` [min] on, some inputs and doses have other values."""

    start: float
    inputs: Values


@dataclass(frozen=True, eq=False)
class Scenario:
    """What is done to fed cells at rest, and when they are looked at [min]."""

    name: str
    stretches: tuple[Stretch, ...]
    times: tuple[float, ...]


HOUR = (0, 2, 5, 10, 20, 30, 60, 120)
DAY = (*HOUR, 240, 480, 720, 960, 1200, 1440)
BACK = (*HOUR, 122, 125, 130, 140, 150, 180, 240)
SCENARIOS = (
    Scenario(
        "insulin 100 nM after 16 h without",
        (Stretch(-960, {"insulin": 0.02}), Stretch(0, {"insulin": 100.0})),
        (-960, -900, -480, *HOUR, 240),
    ),
    Scenario("rapamycin 100 nM, 24 h", (Stretch(0, {"rapamycin": 100.0}),), DAY),
    Scenario("rapamycin 0.3 nM, 24 h", (Stretch(0, {"rapamycin": 0.3}),), DAY),
    Scenario(
        "amino acids away for 2 h and back",
        (Stretch(0, {"amino_acids": 0.0}), Stretch(120, {"amino_acids": 1.0})),
        BACK,
    ),
)
NO_GLUCOSE = Scenario(
    "glucose away for 2 h and back",
    (Stretch(0, {"glucose": 0.0}), Stretch(120, {"glucose": 1.0})),
    BACK,
)


def settled(network: Network, values: Values, inputs: Values, rtol: float) -> Array:
    """State [nM] of fed cells at rest: four weeks from what cells are made of."""
    y = np.array([evaluate(s.initial, values) for s in network.species])
    p = _constants(network, values, inputs)
    return _integrate(equations(network), y, p, [FOUR_WEEKS], rtol)[-1]


def run(network: Network, values: Values, scenario: Scenario, fed: Array, rtol: float) -> Array:
    """States [nM] at the scenario's times from the fed state, shape (times, species)."""
    doses = {s.dose: j for j, s in enumerate(network.species) if s.dose}
    times, y, inputs = scenario.times, fed.copy(), dict[str, float]()
    rows = {times[0]: y}
    ends = [*(s.start for s in scenario.stretches[1:]), times[-1]]
    for stretch, end in zip(scenario.stretches, ends, strict=True):
        for id, value in stretch.inputs.items():
            if id in doses:
                y[doses[id]] = value
            else:
                inputs[id] = value
        wanted = sorted({t for t in times if stretch.start < t <= end} | {end})
        p = _constants(network, values, inputs)
        states = _integrate(equations(network), y, p, [t - stretch.start for t in wanted], rtol)
        rows |= dict(zip(wanted, states, strict=True))
        y = states[-1].copy()
    return np.array([rows[t] for t in times])


def seen(network: Network, values: Values, states: Array, inputs: Values) -> dict[str, Array]:
    """Assignments and observables at some states, by id; ``inputs`` other than the defaults."""
    e, p = equations(network), _constants(network, values, inputs)
    names = [x.id for x in (*network.assignments, *network.observables)]
    rows = [[*e.assigned(y.tolist(), p), *e.observed(y.tolist(), p)] for y in states]
    return dict(zip(names, np.array(rows).T, strict=True))


def _constants(network: Network, values: Values, inputs: Values) -> list[float]:
    fed = {i.id: i.default for i in network.inputs}
    return equations(network).constants_of({**values, **fed, **inputs})


def _integrate(e: Equations, y: Array, p: list[float], times: list[float], rtol: float) -> Array:
    done = solve_ivp(
        lambda t, x: e.rhs(x, p),
        (0.0, times[-1]),
        y,
        method="BDF",
        t_eval=times,
        # sparse for the sake of SuperLU: a threaded LAPACK is slow where cores are shared
        jac=lambda t, x: csc_matrix(e.jacobian(x, p)),
        rtol=rtol,
        atol=rtol / 100,
    )
    assert done.success, done.message
    return np.array(done.y.T)
