"""Measures of numbers of cells, from the rates of growth and death that runs give.

The net rate is the observable `growth_rate` less `death_rate` [1/min]; cells at rest keep theirs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mtorkin.arrays import Array
from mtorkin.claims.recording import Evidence, Recording, ratio
from mtorkin.claims.statement import START, Criterion, Readout
from mtorkin.cohort.populations import Clones, clones, log_growth
from mtorkin.cohort.populations import bliss_excess as excess
from mtorkin.cohort.populations import lethality_score as score

__all__ = [
    "bliss_excess",
    "lethality_score",
    "progression",
    "progression_ratio",
    "takeover",
    "viability",
    "viability_time",
]

NET = Readout("growth_rate", minus="death_rate")


def viability(c: Criterion, seen: Evidence) -> float:
    """Cells at `at`, in % of those of the control: another run, or the same cells left untreated."""
    return 100 * _survival(c, seen, c.runs[0])


def viability_time(c: Criterion, seen: Evidence) -> float:
    """Time [min] at which cells are down to `to` % of those of the control."""
    times, net = _against_control(c, seen, c.runs[0])
    below = np.flatnonzero(log_growth(times, net) <= math.log(c.to / 100))
    if not len(below) or c.to >= 100:
        return math.nan
    i = int(below[0])
    low, high = log_growth(times, net)[[i, i - 1]]
    part = (high - math.log(c.to / 100)) / (high - low)
    return float(times[i - 1] + part * (times[i] - times[i - 1]))


def lethality_score(c: Criterion, seen: Evidence) -> float:
    """ln(S_A S_B / S_AB) of the viabilities at `at` of three runs: A, B and both, over the control."""
    a, b, both = (_survival(c, seen, run) for run in c.runs)
    return score(a, b, both)


def bliss_excess(c: Criterion, seen: Evidence) -> float:
    """S_A S_B - S_AB of those viabilities."""
    a, b, both = (_survival(c, seen, run) for run in c.runs)
    return excess(a, b, both)


def takeover(c: Criterion, seen: Evidence) -> float:
    """Share [%] at `at` of the last clone (a run each), of which there is a `share` [1] at 0."""
    grown = _clones(c, seen, c.runs, c.at[0])
    return float(100 * grown.fractions[-1, -1])


def progression(c: Criterion, seen: Evidence) -> float:
    """Time [min] at which all clones together are `to` % of the cells at 0."""
    return _clones(c, seen, c.runs, c.at[0]).progression(c.to / 100)


def progression_ratio(c: Criterion, seen: Evidence) -> float:
    """That time, over the same of the clones `of`, under another schedule."""
    other = _clones(c, seen, c.others, c.of_at).progression(c.to / 100)
    return ratio(progression(c, seen), other)


def _survival(c: Criterion, seen: Evidence, run: str) -> float:
    times, net = _against_control(c, seen, run)
    return float(math.exp(log_growth(times, net)[-1]))


def _against_control(c: Criterion, seen: Evidence, run: str) -> tuple[Array, Array]:
    """Times [min] from 0 to `at`, and the net rate [1/min] less that of the control."""
    times = _grid(seen, [run] if c.of == START else [run, c.of], c.at[0])
    net = _net(seen.recorded[run], times)
    if c.of == START:
        return times, net - seen.recorded[run].at(NET, 0.0)
    return times, net - _net(seen.recorded[c.of], times)


def _clones(c: Criterion, seen: Evidence, runs: Sequence[str], until: float) -> Clones:
    times = _grid(seen, runs, until)
    first, *more = runs
    start = {first: 1 - c.share * len(more), **dict.fromkeys(more, c.share)}
    return clones(times, {run: _net(seen.recorded[run], times) for run in runs}, start)


def _grid(seen: Evidence, runs: Sequence[str], until: float) -> Array:
    times = np.unique(np.concatenate([seen.recorded[run].times for run in runs] + [np.array([0.0, until])]))
    return times[times <= until]


def _net(recorded: Recording, times: Array) -> Array:
    return np.interp(times, recorded.times, recorded.course(NET))
