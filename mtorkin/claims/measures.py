"""The closed list of measures: each takes a criterion and what was recorded, and gives a number.

A measure that cannot be taken (a control of 0, a level never reached) is not a number, so that no
criterion is met by it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from mtorkin.arrays import Array
from mtorkin.claims.statement import START, Criterion, Readout, Run
from mtorkin.errors import DeclarationError, nearest
from mtorkin.language.expression import Expr, Leaf, leaves
from mtorkin.network import Network

__all__ = ["MEASURES", "Evidence", "Measure", "Recording", "describe"]

UNITS = MappingProxyType({"half_time": "min", "half_effect_time": "min", "ec50": "nM", "points": "points"})


@dataclass(frozen=True, eq=False)
class Recording:
    """Observables of one run over `times` [min]; those at time 0 are of the state before anything acts.

    `values` are the parameters of the cells.
    """

    times: Array
    observables: Mapping[str, Array]
    values: Mapping[str, float]

    def course(self, readout: Readout) -> Array:
        """Return the readout at each time, shape (times,). Raises DeclarationError if there is none."""
        found = self._observable(readout.id)
        if readout.minus:
            found = found - self._observable(readout.minus)
        if readout.per:
            total = np.sum([self._observable(id) for id in readout.per], axis=0)
            found = np.divide(found, total, out=np.full_like(found, math.nan), where=total != 0)
        return found

    def at(self, readout: Readout, time: float) -> float:
        """Return the readout at a recorded time [min]. Raises KeyError where it was not recorded."""
        index = int(np.searchsorted(self.times, time))
        if index == len(self.times) or self.times[index] != time:
            raise KeyError(time)
        return float(self.course(readout)[index])

    def _observable(self, id: str) -> Array:
        if id not in self.observables:
            raise DeclarationError(f"no observable {id!r}{nearest(id, self.observables)}")
        return self.observables[id]


@dataclass(frozen=True, eq=False)
class Evidence:
    """The runs of a claim, what was recorded of each, by name, and the network."""

    runs: Mapping[str, Run]
    recorded: Mapping[str, Recording]
    network: Network | None = None


Measure = Callable[[Criterion, Evidence], float]


def level(c: Criterion, seen: Evidence) -> float:
    """Readout at the time, in its own unit."""
    return seen.recorded[c.runs[0]].at(c.readout, c.at[0])


def percent(c: Criterion, seen: Evidence) -> float:
    """Readout at the time, in % of the control: the start, or another run."""
    return 100 * fold(c, seen)


def fold(c: Criterion, seen: Evidence) -> float:
    """Readout at the time, over the control; `against` is another readout for the control."""
    if c.of == START:
        control = seen.recorded[c.runs[0]].at(c.against or c.readout, 0.0)
    else:
        control = seen.recorded[c.of].at(c.against or c.readout, c.of_at)
    return _ratio(level(c, seen), control)


def points(c: Criterion, seen: Evidence) -> float:
    """Readout in % of its start, minus the same in another run [percentage points]."""
    return 100 * (_change(seen, c.runs[0], c.readout, c.at[0]) - _other_change(c, seen))


def relative_fold(c: Criterion, seen: Evidence) -> float:
    """Readout over its start, over the same in another run."""
    return _ratio(_change(seen, c.runs[0], c.readout, c.at[0]), _other_change(c, seen))


def half_time(c: Criterion, seen: Evidence) -> float:
    """Time [min] at which the readout first falls to `to` % of its start, interpolated."""
    return _time_to(seen.recorded[c.runs[0]], c.readout, c.to)


def half_effect_time(c: Criterion, seen: Evidence) -> float:
    """Time [min] at which the readout has done half of its change until the end of the run."""
    recorded = seen.recorded[c.runs[0]]
    course = recorded.course(c.readout)
    change = np.abs(course - course[0])
    if not change[-1] > 0:
        return math.nan
    i = int(np.argmax(change >= change[-1] / 2))
    share = (change[-1] / 2 - change[i - 1]) / (change[i] - change[i - 1])
    return float(recorded.times[i - 1] + share * (recorded.times[i] - recorded.times[i - 1]))


def half_time_ratio(c: Criterion, seen: Evidence) -> float:
    """That time, over the same in another run."""
    return _ratio(half_time(c, seen), _time_to(seen.recorded[c.of], c.readout, c.to))


def half_time_over_rates(c: Criterion, seen: Evidence) -> float:
    """That time, over ln 2 / (the sum of these rate constants in the same cells)."""
    values = seen.recorded[c.runs[0]].values
    return half_time(c, seen) * sum(values[rate] for rate in c.rates) / math.log(2)


def falls(c: Criterion, seen: Evidence) -> float:
    """Smallest fall from one time or run to the next, in points of % of the start or control."""
    return min(before - after for before, after in pairwise(_sequence(c, seen)))


def rises(c: Criterion, seen: Evidence) -> float:
    """Smallest rise from one time or run to the next, in points of % of the start or control."""
    return min(after - before for before, after in pairwise(_sequence(c, seen)))


def ec50(c: Criterion, seen: Evidence) -> float:
    """Dose [nM] at which the readout is half its start, interpolated in log dose."""
    return _ec50(c, seen, c.at[0])


def ec50_ratio(c: Criterion, seen: Evidence) -> float:
    """EC50 at the first time, over that at the second."""
    return _ratio(_ec50(c, seen, c.at[0]), _ec50(c, seen, c.at[1]))


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


def shared_species(c: Criterion, seen: Evidence) -> float:
    """Number of species that two observables, totals of two molecules, both count."""
    if seen.network is None or c.against is None:
        return math.nan
    one, other = (_counted(seen.network, id) for id in (c.readout.id, c.against.id))
    return float(len(one & other)) if one and other else math.nan


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        measure.__name__: measure
        for measure in (
            level,
            percent,
            fold,
            points,
            relative_fold,
            half_time,
            half_effect_time,
            half_time_ratio,
            half_time_over_rates,
            falls,
            rises,
            ec50,
            ec50_ratio,
            correlation,
            shared_species,
        )
    }
)


def describe(c: Criterion) -> str:
    """Return a criterion in words, with its bounds (no unit)."""
    bounds = f"≥ {c.low:g}" if math.isfinite(c.low) else ""
    if math.isfinite(c.high):
        bounds = f"{c.low:g} to {c.high:g}" if bounds else f"≤ {c.high:g}"
    unit = UNITS.get(c.measure, "")
    return f"{c.words or _words(c)}: {bounds}{' ' if unit else ''}{unit}"


def _words(c: Criterion) -> str:
    runs = ", ".join(run.replace("_", " ") for run in c.runs)
    times = ", ".join(_time(at) for at in c.at) if any(c.at) else ""
    place = f"{runs} at {times}" if times else runs
    control = "the start" if c.of == START else c.of.replace("_", " ")
    if c.of != START and c.of_at:
        control += f" at {_time(c.of_at)}"
    against = f"{c.against} in {control}" if c.against else control
    match c.measure:
        case "level":
            return f"{c.readout}, {place}"
        case "percent":
            return f"{c.readout}, {place}, % of {against}"
        case "fold":
            return f"{c.readout}, {place}, over {against}"
        case "half_time":
            return f"{c.readout}, {runs}, time to {c.to:g} %"
        case "half_time_ratio":
            return f"{c.readout}, {runs}, time to {c.to:g} % over that in {control}"
        case "half_time_over_rates":
            return f"{c.readout}, {runs}, half-time over ln 2/({' + '.join(c.rates)})"
        case "correlation" | "shared_species":
            return f"{c.readout} and {c.against}, {runs}, {c.measure.replace('_', ' ')}"
        case _:
            return f"{c.readout}, {place}, {c.measure.replace('_', ' ')}"


def _time(minutes: float) -> str:
    return f"{minutes / 60:g} h" if minutes >= 120 else f"{minutes:g} min"


def _ratio(one: float, other: float) -> float:
    return one / other if other != 0 and math.isfinite(other) else math.nan


def _change(seen: Evidence, run: str, readout: Readout, at: float) -> float:
    recorded = seen.recorded[run]
    return _ratio(recorded.at(readout, at), recorded.at(readout, 0.0))


def _other_change(c: Criterion, seen: Evidence) -> float:
    return _change(seen, c.of, c.readout, c.of_at)


def _time_to(recorded: Recording, readout: Readout, to: float) -> float:
    course = recorded.course(readout)
    goal = course[0] * to / 100
    below = np.flatnonzero(course <= goal)
    if not len(below) or course[0] <= 0:
        return math.nan
    i = int(below[0])
    share = (course[i - 1] - goal) / (course[i - 1] - course[i])
    return float(recorded.times[i - 1] + share * (recorded.times[i] - recorded.times[i - 1]))


def _sequence(c: Criterion, seen: Evidence) -> list[float]:
    found = []
    for run in c.runs:
        for at in c.at:
            control = (run, 0.0) if c.of == START else (c.of, c.of_at)
            base = seen.recorded[control[0]].at(c.readout, control[1])
            found.append(100 * _ratio(seen.recorded[run].at(c.readout, at), base))
    return found


def _ec50(c: Criterion, seen: Evidence, at: float) -> float:
    pairs = sorted((_dose(seen.runs[run], c.dose), _change(seen, run, c.readout, at)) for run in c.runs)
    for (lower, above), (higher, below) in pairwise(pairs):
        if above > 0.5 >= below:
            share = (above - 0.5) / (above - below)
            return float(lower * (higher / lower) ** share)
    return math.nan


def _dose(run: Run, name: str) -> float:
    given = [value for period in run.treatment.periods for key, value in period.inputs if key == name]
    if not given or given[-1] <= 0:
        raise DeclarationError(f"run {run.name!r} gives no {name!r}, so it has no place in a dose-response")
    return given[-1]


def _counted(network: Network, observable: str) -> frozenset[str]:
    """Species that an observable counts, through assignments."""
    named = {a.id: a.expr for a in network.assignments}
    species = {s.id for s in network.species}
    todo: list[Expr] = [o.expr for o in network.observables if o.id == observable]
    found: set[str] = set()
    while todo:
        ids: Sequence[str] = [leaf.id for leaf in leaves(todo.pop()) if isinstance(leaf, Leaf)]
        found |= species & set(ids)
        todo += [named.pop(id) for id in ids if id in named]
    return frozenset(found)
