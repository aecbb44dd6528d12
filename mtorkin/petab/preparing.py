"""What a PEtab problem needs simulated: a model for every period, and what its constants stand for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mtorkin.arrays import Array
from mtorkin.foreign.model import Foreign
from mtorkin.foreign.reading import made
from mtorkin.foreign.refusal import NotRead
from mtorkin.petab.formulas import names_in
from mtorkin.petab.problem import Integers, Period, PetabProblem, Reference, Simulation

__all__ = ["Prepared", "Stage", "prepared"]


@dataclass(frozen=True, eq=False)
class Stage:
    """A period from `start` until `end`: its model, and the measurements `rows` that it explains.

    Constants are what `refers` says, or set from what is there just before (`sets`), or `held` from
    the stage before; `resets` are species, by place. `times` are those of rows that are finite, `ends`
    whether some rows are at rest; `row_time` places rows in `times`, after them where at rest.
    """

    start: float
    end: float
    model: Foreign
    refers: Mapping[str, Reference]
    sets: tuple[tuple[str, Reference], ...]
    held: tuple[str, ...]
    resets: tuple[tuple[int, Reference], ...]
    rows: Integers
    times: Array
    row_time: Integers
    ends: bool


@dataclass(frozen=True, eq=False)
class Prepared:
    """One simulation: its stages, and the one of rest `before` them."""

    before: Stage | None
    stages: tuple[Stage, ...]

    def names(self) -> Iterator[str]:
        """Yield the names that constants and states depend on."""
        for stage in (self.before, *self.stages):
            if stage is not None:
                set_here = [r for _, r in (*stage.sets, *stage.resets)]
                for reference in (*stage.refers.values(), *set_here):
                    yield from names_in(reference)


@lru_cache(maxsize=8)
def prepared(problem: PetabProblem) -> tuple[Prepared, ...]:
    """Return what a problem needs simulated (a pure function of it, remembered for the last few).

    Raises NotRead where a condition sets what cannot be set.
    """
    models: dict[object, Foreign] = {}
    return tuple(_prepare(problem, simulation, models) for simulation in problem.simulations)


def _prepare(problem: PetabProblem, simulation: Simulation, models: dict[object, Foreign]) -> Prepared:
    times = problem.measurements.time[simulation.rows]
    starts = [p.start for p in simulation.periods]
    of_row = np.searchsorted(starts, times, side="right") - 1
    last = int(of_row.max())
    sizes: dict[str, float] = {}
    before, stages = None, []
    if simulation.before is not None:
        none = np.array([], dtype=np.int64)
        before = _stage(problem, simulation, simulation.before, math.inf, none, sizes, models, True)
    for k, period in enumerate(simulation.periods[: last + 1]):
        end = starts[k + 1] if k < last else math.inf
        rows = simulation.rows[of_row == k]
        first = k == 0 and before is None
        stages.append(_stage(problem, simulation, period, end, rows, sizes, models, first))
    return Prepared(before, tuple(stages))


def _stage(
    problem: PetabProblem,
    simulation: Simulation,
    period: Period,
    end: float,
    rows: Integers,
    sizes: dict[str, float],
    models: dict[object, Foreign],
    first: bool,
) -> Stage:
    """One period; `sizes` of compartments, which are updated, go on from the one before where held."""
    compartments = problem.document.compartments
    kept = {id: sizes[id] for id in period.held if id in sizes}
    new = {id: _size(problem, id, ref) for id, ref in period.sets.items() if id in compartments}
    sizes.clear()
    sizes.update(kept | new)
    model = _model(problem, frozenset({*period.sets, *period.held} - compartments.keys()), sizes, models)
    if not first:
        _check_events(simulation, period, model)
    place = {id: i for i, id in enumerate(model.species)}
    later = {} if first else period.sets
    held = () if first else tuple(id for id in period.held if id in model.values)
    times = problem.measurements.time[rows]
    finite = np.unique(times[np.isfinite(times)])
    return Stage(
        period.start,
        end,
        model,
        _refers(problem, model, period.sets if first else {}, {*later, *held}, first),
        tuple((id, ref) for id, ref in later.items() if id in model.values),
        held,
        tuple((place[id], ref) for id, ref in later.items() if id in place),
        rows,
        finite,
        np.where(np.isfinite(times), np.searchsorted(finite, times), len(finite)),
        bool(np.isinf(times).any()),
    )


def _model(
    problem: PetabProblem,
    changed: frozenset[str],
    sizes: Mapping[str, float],
    models: dict[object, Foreign],
) -> Foreign:
    own = {id for id in problem.parameters if id in problem.document.quantities}
    overridden = frozenset({*changed, *own} - sizes.keys())
    key = (overridden, tuple(sorted(sizes.items())))
    if key not in models:
        models[key] = made(problem.document, overridden, dict(sizes))
    return models[key]


def _size(problem: PetabProblem, id: str, reference: Reference) -> float:
    value = reference
    if isinstance(reference, str):
        parameter = problem.parameters[reference]
        if parameter.estimated:
            raise NotRead(f"{problem.source}: the volume of {id} is estimated, which is not supported")
        value = parameter.nominal
    if not (isinstance(value, float) and value > 0):
        what = f"{value:g}, not positive" if isinstance(value, float) else "a formula; give a number"
        raise NotRead(f"{problem.source}: the volume of {id} is {what}")
    return value


def _check_events(simulation: Simulation, period: Period, model: Foreign) -> None:
    """Refuse a change of what events set, or of what decides when they do, in the middle of a run."""
    by_events = {id for h in model.happenings for id, _ in h.sets} - set(model.species)
    on_events = model.fixed_by_time() if model.happenings else frozenset()
    for id in period.sets:
        if id in by_events or id in on_events:
            raise NotRead(
                f"{model.source}: {simulation.name} sets {id} at {period.start:g}, and an event of the model "
                "sets it too or depends on it; that is supported from the first period only"
            )


def _refers(
    problem: PetabProblem,
    model: Foreign,
    sets: Mapping[str, Reference],
    skipped: set[str],
    first: bool,
) -> dict[str, Reference]:
    found: dict[str, Reference] = {}
    for id, value in model.values.items():
        if id in skipped:
            continue
        own = id.removesuffix("__start") if id not in problem.document.quantities else id
        begins = own != id and own in problem.document.quantities
        if begins and not first:
            found[id] = 0.0  # the state goes on, and its start is not asked for
        elif own in sets:
            found[id] = sets[own]
        elif own in problem.parameters:
            found[id] = own
        else:
            found[id] = value
    for id, reference in found.items():
        if isinstance(reference, float) and math.isnan(reference):
            raise NotRead(f"{problem.source}: {id} has no value, in the model or in a table")
    return found
