"""Measures of how a readout goes over time: half-times, order, areas, correlation."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from mtorkin.arrays import Array
from mtorkin.claims.recording import Evidence, Recording, ratio
from mtorkin.claims.statement import START, Criterion, Readout

__all__ = [
    "area",
    "correlation",
    "half_effect_order",
    "half_effect_time",
    "half_time",
    "half_time_over_rates",
    "half_time_ratio",
]


def half_time(c: Criterion, seen: Evidence) -> float:
    """Time [min] at which the readout first falls to `to` % of its start, interpolated."""
    return _time_to(seen.recorded[c.runs[0]], c.readout, c.to)


def half_time_ratio(c: Criterion, seen: Evidence) -> float:
    """That time, over the same in another run."""
    return ratio(half_time(c, seen), _time_to(seen.recorded[c.of], c.readout, c.to))


def half_time_over_rates(c: Criterion, seen: Evidence) -> float:
    """That time, over ln 2 / (the sum of these rate constants in the same cells)."""
    values = seen.recorded[c.runs[0]].values
    return half_time(c, seen) * sum(values[rate] for rate in c.rates) / math.log(2)


def half_effect_time(c: Criterion, seen: Evidence) -> float:
    """Time [min] at which the readout, up or down, has made `to` % of its change from 0 to `at`."""
    return _time_of_change(seen.recorded[c.runs[0]], c.readout, c.at[0], c.to)


def half_effect_order(c: Criterion, seen: Evidence) -> float:
    """Smallest ratio of the time of half effect of one of the `readouts` to that of the one before."""
    times = [_time_of_change(seen.recorded[c.runs[0]], each, c.at[0], c.to) for each in c.readouts]
    ratios = [ratio(later, earlier) for earlier, later in pairwise(times)]
    return min(ratios) if ratios and not any(map(math.isnan, ratios)) else math.nan


def area(c: Criterion, seen: Evidence) -> float:
    """Mean of the readout from 0 to `at`, in % of the start, or of the same mean in another run."""
    own = _mean(seen.recorded[c.runs[0]], c.readout, c.at[0])
    if c.of == START:
        return 100 * ratio(own, seen.recorded[c.runs[0]].at(c.readout, 0.0))
    return 100 * ratio(own, _mean(seen.recorded[c.of], c.against or c.readout, c.of_at))


def correlation(c: Criterion, seen: Evidence) -> float:
    """Pearson's correlation, over the recorded times, of the readout and another one."""
    recorded = seen.recorded[c.runs[0]]
    grid = np.arange(0.0, c.at[0] + 1e-9, seen.runs[c.runs[0]].every)
    rows = np.isin(recorded.times, grid)
    one = recorded.course(c.readout)[rows]
    other = recorded.course(c.against or c.readout)[rows]
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return math.nan
    return float(np.corrcoef(one, other)[0, 1])


def _time_to(recorded: Recording, readout: Readout, to: float) -> float:
    course = recorded.course(readout)
    if course[0] <= 0:
        return math.nan
    return _crossing(recorded.times, course, course[0] * to / 100)


def _time_of_change(recorded: Recording, readout: Readout, at: float, to: float) -> float:
    rows = recorded.times <= at
    made = recorded.course(readout)[rows]
    made = made - made[0]
    if made[-1] == 0:
        return math.nan
    return _crossing(recorded.times[rows], -made / made[-1], -to / 100)


def _crossing(times: Array, course: Array, goal: float) -> float:
    """First time at which a course that begins above the goal is at or below it, interpolated."""
    below = np.flatnonzero(course <= goal)
    if not len(below) or below[0] == 0:
        return math.nan
    i = int(below[0])
    part = (course[i - 1] - goal) / (course[i - 1] - course[i])
    return float(times[i - 1] + part * (times[i] - times[i - 1]))


def _mean(recorded: Recording, readout: Readout, until: float) -> float:
    course = recorded.course(readout)
    if len(recorded.times) == 1:  # at rest
        return float(course[0])
    rows = recorded.times <= until
    times = recorded.times[rows]
    if times[-1] <= 0:
        return math.nan
    from scipy.integrate import trapezoid  # here: it is slow to load, and few commands need it

    return float(trapezoid(course[rows], times) / times[-1])
