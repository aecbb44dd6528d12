"""Carries out runs: what several claims ask of the same cells is simulated once, within one call.

Pure: results are keyed by treatments, which are values, and passed along; nothing is kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from mtorkin.arrays import Array
from mtorkin.claims.measures import Recording
from mtorkin.claims.statement import START, Cells, Claim, Treatment
from mtorkin.engines import Engine, Stopped
from mtorkin.errors import MtorkinError, SimulationError
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Interval, Period, Protocol, intervals
from mtorkin.steady import constants_in, dosed, rest

__all__ = ["Outcome", "Progress", "changed", "conduct", "wanted_times"]

RTOL, ATOL = 1e-4, 1e-6  # criteria are about whole percents

Outcome = Recording | MtorkinError
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class _Laboratory:
    """What one call works with, and the steady states that it has found."""

    model: Model
    engine: Engine
    rested: dict[tuple[Cells, Interval], Array] = field(default_factory=dict)


def conduct(
    model: Model,
    wanted: Mapping[Treatment, Iterable[float]],
    engine: Engine,
    progress: Progress | None = None,
) -> dict[Treatment, Outcome]:
    """Return a recording of each treatment at its times [min], or the error that it ended in."""
    laboratory = _Laboratory(model, engine)
    outcomes: dict[Treatment, Outcome] = {}
    for done, (treatment, times) in enumerate(wanted.items(), start=1):
        try:
            outcomes[treatment] = _record(laboratory, treatment, sorted({0.0, *times}))
        except MtorkinError as error:
            outcomes[treatment] = error
        if progress is not None:
            progress(done, len(wanted))
    return outcomes


def wanted_times(claims: Iterable[Claim]) -> dict[Treatment, set[float]]:
    """Return the times [min] at which the criteria of some claims look at each treatment."""
    wanted: dict[Treatment, set[float]] = {}
    for claim in claims:
        for c in claim.criteria:
            looked = [(name, at) for name in c.runs for at in c.at]
            if c.of != START:
                looked.append((c.of, c.of_at))
            for name, at in looked:
                run = claim.runs[name]
                times = wanted.setdefault(run.treatment, {0.0})
                times.add(at)
                if run.every:
                    times.update(np.arange(0.0, run.until + 1e-9, run.every).tolist())
    return wanted


def changed(model: Model, cells: Cells) -> Model:
    """Return the model of some cells. Raises DeclarationError for an unknown name."""
    model = model.scaled(**dict(cells.scale)).mutated(*cells.mutants)
    multiplied = {id: factor * model.values.get(id, math.nan) for id, factor in cells.factor}
    return model.with_values(**multiplied).with_values(**dict(cells.set))


def _record(lab: _Laboratory, treatment: Treatment, times: list[float]) -> Recording:
    model = changed(lab.model, treatment.cells)
    first, *pieces = intervals(_protocol(treatment), model.network)
    if treatment.origin is None:
        y, seen = _at_rest(lab, model, treatment.cells, first), _observed(model, first)
    else:
        y, seen = _taken_over(lab, treatment.origin, treatment.origin_at)
    rows = [seen(y)]
    for piece in pieces:
        if piece.start >= times[-1]:
            break
        inside = [t for t in times if piece.start < t <= piece.end]
        end = min(piece.end, times[-1])
        path = _follow(lab, model, piece, dosed(model, y, piece), sorted({*inside, end}))
        watch = _observed(model, piece)
        rows += [watch(state) for state in path[1 : len(inside) + 1]]
        y = path[-1]
    table = np.array(rows)
    names = [o.id for o in model.network.observables]
    return Recording(np.array(times), {n: table[:, i] for i, n in enumerate(names)}, model.values)


def _protocol(treatment: Treatment) -> Protocol:
    return Protocol(Period(UNTIL_STEADY, **dict(treatment.medium)), *treatment.periods)


def _at_rest(lab: _Laboratory, model: Model, cells: Cells, interval: Interval) -> Array:
    key = (cells, interval)
    if key not in lab.rested:
        lab.rested[key] = rest(model, interval)[0]
    return lab.rested[key]


def _taken_over(
    lab: _Laboratory, origin: Treatment, at: float
) -> tuple[Array, Callable[[Array], list[float]]]:
    """State in which a treatment is at a time, and how it is seen there."""
    if origin.origin is not None:
        raise SimulationError("a run can follow on one that began at rest, not on one that itself follows")
    model = changed(lab.model, origin.cells)
    pieces = intervals(_protocol(origin), model.network)
    y = _at_rest(lab, model, origin.cells, pieces[0])
    last = pieces[0]
    for piece in pieces[1:]:
        if piece.start >= at:
            break
        y = _follow(lab, model, piece, dosed(model, y, piece), [min(piece.end, at)])[-1]
        last = piece
    return y, _observed(model, last)


def _follow(lab: _Laboratory, model: Model, piece: Interval, y: Array, times: list[float]) -> Array:
    relative = np.array([0.0, *(t - piece.start for t in times)])
    try:
        return lab.engine(model.equations, constants_in(model, piece), y, relative, RTOL, ATOL)
    except Stopped as error:
        when = piece.start + error.time
        raise SimulationError(f"the run {piece} stopped at {when:g} min: {error.why}") from error


def _observed(model: Model, piece: Interval) -> Callable[[Array], list[float]]:
    constants = constants_in(model, piece)
    return lambda y: model.equations.observed(y.tolist(), constants)
