"""The simulations of a PEtab problem: states and their derivatives by the estimated parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mtorkin.arrays import Array
from mtorkin.foreign.course import course, start_slopes
from mtorkin.foreign.model import Foreign
from mtorkin.foreign.reading import made
from mtorkin.foreign.refusal import NotRead
from mtorkin.foreign.rest import at_rest
from mtorkin.petab.problem import Condition, Integers, PetabProblem, Reference, Simulation

__all__ = ["Prepared", "Seen", "Tolerances", "prepared", "seen"]


@dataclass(frozen=True)
class Tolerances:
    """How accurate states are meant to be, relative and absolute in the units of the file."""

    rtol: float = 1e-7
    atol: float = 1e-11


@dataclass(frozen=True, eq=False)
class Prepared:
    """One simulation: a model and what its constants stand for, also `before` it; `rows` it explains.

    `resets` are species, by place, that the condition sets after the model came to rest.
    """

    model: Foreign
    refers: Mapping[str, Reference]
    before: Foreign | None
    refers_before: Mapping[str, Reference]
    resets: tuple[tuple[int, Reference], ...]
    rows: Integers
    times: Array
    row_time: Integers
    ends: bool


@dataclass(frozen=True, eq=False)
class Seen:
    """States (rows, species), inputs (rows, inputs), times (rows,), slopes (rows, parameters, species).

    `numbers` are the constants; `refers` what they stand for; rows as in `Prepared.rows`.
    """

    states: Array
    inputs: Array
    times: Array
    slopes: Array
    numbers: Mapping[str, float]


@lru_cache(maxsize=8)
def prepared(problem: PetabProblem) -> tuple[Prepared, ...]:
    """Return what a problem needs simulated (a pure function of it, remembered for the last few).

    Raises NotRead where a condition sets what cannot be set.
    """
    models: dict[object, Foreign] = {}
    return tuple(_prepare(problem, simulation, models) for simulation in problem.simulations)


def _prepare(problem: PetabProblem, simulation: Simulation, models: dict[object, Foreign]) -> Prepared:
    model = _model(problem, simulation.condition, models)
    before = None if simulation.before is None else _model(problem, simulation.before, models)
    if before is not None and before.sizes != model.sizes:
        raise NotRead(
            f"{problem.source}: condition {simulation.condition.id} changes a volume of a model at rest"
        )
    times = problem.measurements.time[simulation.rows]
    finite = np.unique(times[np.isfinite(times)])
    place = {id: i for i, id in enumerate(model.species)}
    sets = simulation.condition.sets
    resets = [(place[id], sets[id]) for id in sets if id in place] if before is not None else []
    return Prepared(
        model,
        _refers(problem, model, sets),
        before,
        {}
        if before is None or simulation.before is None
        else _refers(problem, before, simulation.before.sets),
        tuple(resets),
        simulation.rows,
        finite,
        np.where(np.isfinite(times), np.searchsorted(finite, times), len(finite)),
        bool(np.isinf(times).any()),
    )


def _model(problem: PetabProblem, condition: Condition, models: dict[object, Foreign]) -> Foreign:
    sizes = {
        id: _size(problem, id, ref)
        for id, ref in condition.sets.items()
        if id in problem.document.compartments
    }
    own = {id for id in problem.parameters if id in problem.document.quantities}
    overridden = frozenset(id for id in {*condition.sets, *own} if id not in sizes)
    key = (overridden, tuple(sorted(sizes.items())))
    if key not in models:
        models[key] = made(problem.document, overridden, sizes)
    return models[key]


def _size(problem: PetabProblem, id: str, reference: Reference) -> float:
    value = reference
    if isinstance(reference, str):
        parameter = problem.parameters[reference]
        if parameter.estimated:
            raise NotRead(f"{problem.source}: the volume of {id} is estimated, which is not supported")
        value = parameter.nominal
    if not (isinstance(value, float) and value > 0):
        raise NotRead(f"{problem.source}: the volume of {id} is {value}, not positive")
    return value


def _refers(problem: PetabProblem, model: Foreign, sets: Mapping[str, Reference]) -> dict[str, Reference]:
    found: dict[str, Reference] = {}
    for id, value in model.values.items():
        own = id.removesuffix("__start") if id not in problem.document.quantities else id
        if own in sets:
            found[id] = sets[own]
        elif own in problem.parameters:
            found[id] = own
        else:
            found[id] = value
    for id, reference in found.items():
        if isinstance(reference, float) and math.isnan(reference):
            raise NotRead(f"{problem.source}: {id} has no value, in the model or in a table")
    return found


def numbers_of(refers: Mapping[str, Reference], values: Mapping[str, float]) -> dict[str, float]:
    """Return constants by id, given the parameters of the table by id."""
    return {id: values[ref] if isinstance(ref, str) else ref for id, ref in refers.items()}


@dataclass(frozen=True, eq=False)
class _Directions:
    """Constants to differentiate by ("": the start only), whose parameter each is, slopes at the start."""

    by: tuple[str, ...]
    free: tuple[int, ...]
    slopes: Array


def seen(
    one: Prepared,
    values: Mapping[str, float],
    free: Mapping[str, int],
    tolerances: Tolerances,
    engine: str | None = None,
    rests: dict[object, tuple[Array, Array]] | None = None,
) -> Seen:
    """Return one simulation with parameters `values`, differentiated by those in `free` (id: place).

    `rests` remembers where models came to rest with these parameters, since many conditions begin
    there. Raises SimulationError.
    """
    numbers = numbers_of(one.refers, values)
    by = tuple(id for id, ref in one.refers.items() if isinstance(ref, str) and ref in free)
    own = tuple(free[str(one.refers[id])] for id in by)
    rtol, atol = tolerances.rtol, tolerances.atol
    if one.before is None:
        start = one.model.start(numbers)
        directions = _Directions(by, own, start_slopes(one.model, numbers, by))
    else:
        known = {} if rests is None else rests
        key = (one.before, tuple(one.refers_before.values()))
        if key not in known:
            known[key] = _rested(one, values, free, tolerances)
        start, slopes = _reset(one, values, free, *known[key])
        directions = _joined(by, own, slopes)
    states = np.empty((len(one.times) + one.ends, len(start)))
    inputs = np.empty((len(states), len(one.model.equations.network.inputs)))
    slopes = np.zeros((len(states), len(directions.by), len(start)))
    args = (one.model, numbers)
    if len(one.times):
        found = course(*args, one.times, start, directions.by, directions.slopes, rtol, atol, engine)
        states[: len(one.times)], inputs[: len(one.times)] = found.states, found.inputs
        if found.slopes is not None:
            slopes[: len(one.times)] = found.slopes
    if one.ends:
        states[-1], slopes[-1], inputs[-1] = at_rest(
            *args, start, directions.by, directions.slopes, rtol, atol
        )
    whole = np.zeros((len(states), len(free), len(start)))
    for i, e in enumerate(directions.free):
        whole[:, e] += slopes[:, i]
    at = one.row_time
    times = np.append(one.times, np.inf)[at]
    return Seen(states[at], inputs[at], times, whole[at], numbers)


def _rested(
    one: Prepared, values: Mapping[str, float], free: Mapping[str, int], tolerances: Tolerances
) -> tuple[Array, Array]:
    """The state at rest before a condition, and its slopes (parameters, species)."""
    assert one.before is not None
    numbers = numbers_of(one.refers_before, values)
    by = tuple(id for id, ref in one.refers_before.items() if isinstance(ref, str) and ref in free)
    start = one.before.start(numbers)
    begun = start_slopes(one.before, numbers, by)
    y, found, _ = at_rest(one.before, numbers, start, by, begun, tolerances.rtol, tolerances.atol)
    slopes = np.zeros((len(free), len(y)))
    for i, id in enumerate(by):
        slopes[free[str(one.refers_before[id])]] += found[i]
    return y, slopes


def _reset(
    one: Prepared, values: Mapping[str, float], free: Mapping[str, int], y: Array, slopes: Array
) -> tuple[Array, Array]:
    """The same after a condition has set its species."""
    y, slopes = y.copy(), slopes.copy()
    for i, reference in one.resets:
        y[i] = values[reference] if isinstance(reference, str) else reference
        slopes[:, i] = 0.0
        if isinstance(reference, str) and reference in free:
            slopes[free[reference], i] = 1.0
    return y, slopes


def _joined(by: tuple[str, ...], own: tuple[int, ...], slopes: Array) -> _Directions:
    """Directions of constants, of which the first of a parameter has its slopes at the start."""
    ids, free, begun = list(by), list(own), np.zeros((len(by), slopes.shape[1]))
    more = []
    for e, row in enumerate(slopes):
        if not row.any():
            continue
        if e in own:
            begun[own.index(e)] = row
        else:
            ids.append("")
            free.append(e)
            more.append(row)
    return _Directions(tuple(ids), tuple(free), np.vstack([begun, *more]) if more else begun)
