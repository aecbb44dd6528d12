"""Tight runs that errors are measured from: the native engine at 1e-11, which each peer confirms.

A peer's own run at 1e-10 is compared with this one, so that no engine is judged by its own error
alone (column "at 1e-10" of the page).
"""

from __future__ import annotations

import numpy as np

from benchmarks.cases import GRADIENT_TIMES, TIMES, Case
from mtorkin.arrays import Array
from mtorkin.engines.native.following import Direction, follow
from mtorkin.engines.native.library import Call, load
from mtorkin.engines.native.tables import tables
from mtorkin.engines.native.task import Plan, carry_out

TIGHT = (1e-11, 1e-14)
MOST_STEPS = 200_000


def plan(times: Array, rtol: float, atol: float) -> Plan:
    """One period from 0 on, with tolerances of steps."""
    none, count = np.zeros(1, dtype=np.int32), np.array([len(times) - 1], dtype=np.int32)
    axis = (np.zeros(1), times[-1:], np.empty((1, 0)), times[1:], count, none, ())
    return Plan(*axis, rtol=rtol, atol=atol, most_steps=MOST_STEPS)


def simulated(made: Case, call: Call, p: Array, rtol: float, atol: float) -> Array:
    """Species [nM] (sets, times after 0, species); raises AssertionError where a set fails."""
    start = np.tile(made.y0, (len(p), 1))
    found = carry_out(call, tables(made.model.equations), plan(TIMES, rtol, atol), p, start)
    assert found.species is not None and np.all(found.status == 1), "a set failed"
    return found.species


def species(made: Case, sets: int) -> Array:
    """The tight run of the first sets."""
    return simulated(made, load().many, made.p[:sets], *TIGHT)


def at_gradient_times(made: Case) -> Array:
    """Made-up data: the second set, which the first is compared with (times after 0, species)."""
    rows = simulated(made, load().one, made.p[1:2], *TIGHT)[0]
    found: Array = rows[np.searchsorted(TIMES[1:], GRADIENT_TIMES[1:])]
    return found


def followed(made: Case, names: list[str], rtol: float, atol: float, controlled: bool) -> tuple[Array, Array]:
    """Species of the first set (times after 0, species) and p d/dp of them (.., parameters, species)."""
    equations = made.model.equations
    place = {id: i for i, id in enumerate(equations.constants)}
    directions = [Direction(constant=place[id], scale=float(made.p[0][place[id]])) for id in names]
    none = np.zeros((len(directions), len(made.y0)))
    axis = plan(GRADIENT_TIMES, rtol, atol)
    found, slopes = follow(equations, axis, made.p[0], made.y0, directions, none, controlled)
    assert found.species is not None and found.status[0] == 1, "the gradient failed"
    return found.species[0], slopes


def contracted(rows: Array, slopes: Array, data: Array, places: list[int]) -> Array:
    """p d/dp of half the sum of squares of what the channels are off their data (parameters,)."""
    off = rows[:, places] - data
    found: Array = np.einsum("tc,tpc->p", off, slopes[:, :, places])
    return found


def gradient(made: Case, names: list[str], channels: tuple[str, ...], data: Array) -> Array:
    """The tight gradient of the objective by the logarithms of parameters (parameters,)."""
    places = [made.model.equations.species.index(id) for id in channels]
    return contracted(*followed(made, names, 1e-10, 1e-13, True), data, places)


def strongest(made: Case, channels: tuple[str, ...], count: int) -> list[str]:
    """The parameters that move the channels most, those first."""
    equations = made.model.equations
    ids = [p.id for p in made.model.network.parameters]
    moving = [id for id in ids if made.p[0][equations.constants.index(id)] > 0]
    _, slopes = followed(made, moving, 1e-7, 1e-10, True)
    places = [equations.species.index(id) for id in channels]
    size = np.abs(slopes[:, :, places]).max(axis=(0, 2))
    return [moving[i] for i in np.argsort(-size, kind="stable")[:count]]
