"""How many steady states cells have: found from many starts that are possible for these cells."""

from __future__ import annotations

import numpy as np

from mtorkin.arrays import Array
from mtorkin.claims.recording import Evidence
from mtorkin.claims.statement import Criterion
from mtorkin.engines import Stopped, Stretch
from mtorkin.engines.quick import integrate
from mtorkin.errors import SimulationError
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Interval, Period, Protocol, intervals
from mtorkin.settle import settle
from mtorkin.steady import constants_in, declared_state, dosed

__all__ = ["distinct_states", "random_starts"]

SPREAD = 1.5  # of the rates in the disturbed cells, natural logarithm
TRIES = 3  # draws for a start
RTOL, ATOL = 1e-2, 1e-3  # a start need not be exact
NEGATIVE = 1e-2  # nM: what the tolerance may leave below 0
SAME = 1e-3  # as a share of each concentration
SMALL = 1e-3  # nM: below it, differences are not counted as a share of what is there


def distinct_states(c: Criterion, seen: Evidence) -> float:
    """Number of different steady states that cells at rest reach from `starts` random concentrations."""
    recorded = seen.recorded[c.runs[0]]
    model = recorded.cells
    if model is None:
        return float("nan")
    interval = intervals(Protocol(Period(UNTIL_STEADY, **recorded.medium)), model.network)[0]
    constants = constants_in(model, interval)
    found: list[Array] = []
    for start in random_starts(model, interval, c.starts, c.seed):
        y = settle(model.equations, constants, start).y
        if all(np.max(np.abs(y - other) / (np.abs(other) + SMALL)) > SAME for other in found):
            found.append(y)
    return float(len(found))


def random_starts(model: Model, interval: Interval, n: int, seed: int) -> list[Array]:
    """Return `n` concentrations [nM], each of shape (species,), with the totals that `model` conserves.

    Numbers drawn one by one would put more of a mark on a molecule than there is of it. So cells
    whose rate constants are random factors off (log-normal) are left alone for a random time,
    minutes to weeks: what they come to keeps every total, since totals do not depend on rates.
    """
    random = np.random.default_rng(seed)
    equations, constants = model.equations, np.array(constants_in(model, interval))
    units = {p.id: p.unit for p in model.network.parameters}
    rates = [units.get(id, "") not in ("", "min") and "min" in units[id] for id in equations.constants]
    y0 = dosed(model, declared_state(model), interval)
    found: list[Array] = []
    for _ in range(TRIES * n):
        factors = np.where(rates, np.exp(SPREAD * random.standard_normal(len(constants))), 1.0)
        until = 10.0 ** random.uniform(0.5, 4.5)
        try:
            times = np.array([0.0, until])
            run = integrate(Stretch(equations, (constants * factors).tolist(), y0, times, RTOL, ATOL))
        except Stopped:
            continue  # another draw; such cells are not ours
        if run[-1].min() < -NEGATIVE:  # of more on a molecule than there is of it
            continue
        found.append(np.maximum(run[-1], 0.0))
        if len(found) == n:
            return found
    raise SimulationError(f"only {len(found)} of {n} random starts could be reached in {TRIES * n} tries")
