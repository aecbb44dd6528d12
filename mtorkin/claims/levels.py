"""Measures of levels: at some times of some runs, against a control."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from mtorkin.claims.recording import Evidence, change, ratio
from mtorkin.claims.statement import START, Criterion
from mtorkin.language.expression import Expr, Leaf, leaves
from mtorkin.network import Network

__all__ = [
    "falls",
    "fold",
    "highest",
    "level",
    "lowest",
    "percent",
    "points",
    "relative_fold",
    "rises",
    "share_above",
    "shared_species",
]


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
    return ratio(level(c, seen), control)


def points(c: Criterion, seen: Evidence) -> float:
    """Readout in % of its start, minus the same in another run [percentage points]."""
    return 100 * (change(seen.recorded[c.runs[0]], c.readout, c.at[0]) - _other_change(c, seen))


def relative_fold(c: Criterion, seen: Evidence) -> float:
    """Readout over its start, over the same in another run."""
    return ratio(change(seen.recorded[c.runs[0]], c.readout, c.at[0]), _other_change(c, seen))


def falls(c: Criterion, seen: Evidence) -> float:
    """Smallest fall from one time or run to the next, in points of % of the start or control."""
    return _all_or_nan(min, [before - after for before, after in pairwise(_sequence(c, seen))])


def rises(c: Criterion, seen: Evidence) -> float:
    """Smallest rise from one time or run to the next, in points of % of the start or control."""
    return _all_or_nan(min, [after - before for before, after in pairwise(_sequence(c, seen))])


def shared_species(c: Criterion, seen: Evidence) -> float:
    """Number of species that two observables, totals of two molecules, both count."""
    if seen.network is None or c.against is None:
        return math.nan
    one, other = (_counted(seen.network, id) for id in (c.readout.id, c.against.id))
    return float(len(one & other)) if one and other else math.nan


def lowest(c: Criterion, seen: Evidence) -> float:
    """Smallest, over all runs and times, of the readout in % of its control."""
    return _all_or_nan(min, _sequence(c, seen))


def highest(c: Criterion, seen: Evidence) -> float:
    """Largest, over all runs and times, of the readout in % of its control."""
    return _all_or_nan(max, _sequence(c, seen))


def share_above(c: Criterion, seen: Evidence) -> float:
    """Share of the runs [%] in which the readout is above `to` % of its control."""
    found = _sequence(c, seen)
    return _all_or_nan(lambda values: 100 * sum(value > c.to for value in values) / len(values), found)


def _other_change(c: Criterion, seen: Evidence) -> float:
    return change(seen.recorded[c.of], c.readout, c.of_at)


def _all_or_nan(choose: Callable[[list[float]], float], values: list[float]) -> float:
    return math.nan if any(map(math.isnan, values)) else choose(values)


def _sequence(c: Criterion, seen: Evidence) -> list[float]:
    found = []
    for run in c.runs:
        for at in c.at:
            control = (run, 0.0) if c.of == START else (c.of, c.of_at)
            base = seen.recorded[control[0]].at(c.readout, control[1])
            found.append(100 * ratio(seen.recorded[run].at(c.readout, at), base))
    return found


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
