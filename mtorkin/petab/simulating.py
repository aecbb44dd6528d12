"""The simulations of a PEtab problem: states and their derivatives by the estimated parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mtorkin.arrays import Array
from mtorkin.errors import SimulationError
from mtorkin.foreign.conditions import TIME
from mtorkin.foreign.course import course, start_slopes
from mtorkin.foreign.model import Foreign
from mtorkin.foreign.rest import at_rest
from mtorkin.language.expression import evaluate, gradient
from mtorkin.petab.formulas import formula_in
from mtorkin.petab.preparing import Prepared, Stage
from mtorkin.petab.problem import Integers, Reference

__all__ = ["Run", "Seen", "Tolerances", "seen"]


@dataclass(frozen=True)
class Tolerances:
    """How accurate states are meant to be, relative and absolute in the units of the file."""

    rtol: float = 1e-7
    atol: float = 1e-11


@dataclass(frozen=True, eq=False)
class Seen:
    """What measurements `rows` see of one stage.

    States (rows, species), inputs (rows, inputs), times (rows,), slopes (rows, parameters, species).
    `numbers` are the constants of `model`, `weights` the derivatives by the parameters (parameters,) of
    those that have one.
    """

    model: Foreign
    rows: Integers
    states: Array
    inputs: Array
    times: Array
    slopes: Array
    numbers: Mapping[str, float]
    weights: Mapping[str, Array]


@dataclass(frozen=True, eq=False)
class _Now:
    """A model at a moment: `state` (species,), its `slopes` (parameters, species), `inputs` (inputs,).

    `numbers` and `weights` as in `Seen`.
    """

    model: Foreign
    time: float
    state: Array
    slopes: Array
    inputs: Array
    numbers: dict[str, float]
    weights: dict[str, Array]


@dataclass(frozen=True, eq=False)
class Run:
    """Parameters of the table by id, the places of those to differentiate by, and how to simulate.

    `rests` remembers where models come to rest with these parameters, since many experiments begin there.
    """

    values: Mapping[str, float]
    free: Mapping[str, int]
    tolerances: Tolerances
    engine: str | None = None
    rests: dict[object, _Now] = field(default_factory=dict, repr=False)


def seen(one: Prepared, run: Run) -> list[Seen]:
    """Return what the measurements of one simulation see. Raises SimulationError."""
    now = None if one.before is None else _rested(one.before, run)
    found = []
    for stage in one.stages:
        one_seen, now = _followed(stage, _entered(stage, now, run), run)
        found.append(one_seen)
    return found


def _value(reference: Reference, before: _Now | None, run: Run) -> tuple[float, Array]:
    """A number, and its derivatives (parameters,), where a model is as `before`."""
    slopes = np.zeros(len(run.free))
    if isinstance(reference, float):
        return reference, slopes
    if isinstance(reference, str):
        if reference in run.free:
            slopes[run.free[reference]] = 1.0
        return run.values[reference], slopes
    if before is None:
        expr, partial = reference, gradient(reference)
        known = {id: _value(id, None, run) for id in partial}
    else:
        formula = formula_in(before.model, reference)
        expr, partial = formula.expr, formula.slopes
        known = {id: _there(id, before, run) for id in partial}
    numbers = {id: value for id, (value, _) in known.items()}
    try:
        value = float(evaluate(expr, numbers))
        for id, (_, inner) in known.items():
            if inner.any():
                slopes += evaluate(partial[id], numbers) * inner
    except (ArithmeticError, ValueError) as error:
        raise SimulationError(f"the value that a condition sets is none: {error}") from error
    if not (math.isfinite(value) and np.all(np.isfinite(slopes))):
        raise SimulationError(f"the value that a condition sets is {value:g}, or its derivative has no value")
    return value, slopes


def _there(id: str, now: _Now, run: Run) -> tuple[float, Array]:
    """What a name has at a moment, and its derivatives (parameters,)."""
    none = np.zeros(len(run.free))
    if id == TIME.id:
        return now.time, none
    if id in now.model.species:
        place = now.model.species.index(id)
        return float(now.state[place]), now.slopes[:, place]
    inputs = [x.id for x in now.model.equations.network.inputs]
    if id in inputs:
        return float(now.inputs[inputs.index(id)]), none
    if id in now.numbers:
        return now.numbers[id], now.weights.get(id, none)
    return _value(id, None, run)


def _entered(stage: Stage, before: _Now | None, run: Run) -> _Now:
    """The model at the start of a stage, after what is set there."""
    model = stage.model
    before = None if before is None else replace(before, time=stage.start)
    numbers: dict[str, float] = {}
    weights: dict[str, Array] = {}
    for id, reference in (*stage.refers.items(), *stage.sets):
        if isinstance(reference, float):  # most of them
            numbers[id] = reference
            continue
        numbers[id], slope = _value(reference, before, run)
        if slope.any():
            weights[id] = slope
    if before is not None:
        numbers |= {id: before.numbers[id] for id in stage.held}
        weights |= {id: before.weights[id] for id in stage.held if id in before.weights}
    if before is None:
        state = model.start(numbers)
        slopes: Array = np.zeros((len(run.free), len(state)))
        begun = start_slopes(model, numbers, tuple(weights))
        for weight, row in zip(weights.values(), begun, strict=True):
            slopes += weight[:, None] * row
    else:
        state, slopes = before.state.copy(), before.slopes.copy()
        for place, reference in stage.resets:
            state[place], slopes[:, place] = _value(reference, before, run)
    inputs = np.zeros(len(model.equations.network.inputs))
    return _Now(model, stage.start, state, slopes, inputs, numbers, weights)


def _rested(stage: Stage, run: Run) -> _Now:
    """The model at rest before an experiment."""
    now = _entered(stage, None, run)
    key = (stage.model, tuple(now.numbers.items()), tuple(stage.refers.values()))
    if key not in run.rests:
        by, weights, begun = _directions(now)
        rtol, atol = run.tolerances.rtol, run.tolerances.atol
        y, found, inputs = at_rest(now.model, now.numbers, now.state, by, begun, rtol, atol)
        slopes = weights.T @ found if len(by) else np.zeros_like(now.slopes)
        run.rests[key] = _Now(now.model, math.inf, y, slopes, inputs, now.numbers, now.weights)
    return run.rests[key]


def _followed(stage: Stage, now: _Now, run: Run) -> tuple[Seen, _Now]:
    """What is seen of a stage, and the model at its end."""
    by, weights, begun = _directions(now)
    rtol, atol = run.tolerances.rtol, run.tolerances.atol
    asked = stage.times if math.isinf(stage.end) else np.append(stage.times, stage.end)
    states = np.empty((len(asked) + stage.ends, len(now.state)))
    inputs = np.empty((len(states), len(now.inputs)))
    slopes = np.zeros((len(states), len(by), len(now.state)))
    args = (now.model, now.numbers)
    if len(asked):
        found = course(*args, asked, now.state, by, begun, rtol, atol, run.engine, stage.start)
        states[: len(asked)], inputs[: len(asked)] = found.states, found.inputs
        if found.slopes is not None:
            slopes[: len(asked)] = found.slopes
    if stage.ends:
        states[-1], slopes[-1], inputs[-1] = at_rest(*args, now.state, by, begun, rtol, atol)
    whole = np.zeros((len(states), len(run.free), len(now.state)))
    for i, e in zip(*np.nonzero(weights), strict=True):
        whole[:, e] += weights[i, e] * slopes[:, i]
    at = stage.row_time
    times = np.append(stage.times, np.inf)[at]
    one = Seen(now.model, stage.rows, states[at], inputs[at], times, whole[at], now.numbers, now.weights)
    end = _Now(now.model, stage.end, states[-1], whole[-1], inputs[-1], now.numbers, now.weights)
    return one, end


def _directions(now: _Now) -> tuple[tuple[str, ...], Array, Array]:
    """Constants to differentiate by ("": the start only), their weights, and slopes at the start.

    Shapes (directions, parameters) and (directions, species). A constant that is a parameter itself
    takes along what that parameter did to the start; other parameters need a direction of their own.
    """
    ids, rows = list(now.weights), list(now.weights.values())
    carrier: dict[int, int] = {}
    for i, row in enumerate(rows):
        if np.count_nonzero(row) == 1 and row.max() == 1.0:
            carrier.setdefault(int(row.argmax()), i)
    begun = [np.zeros(len(now.state)) for _ in ids]
    for e, slope in enumerate(now.slopes):
        if not slope.any():
            continue
        if e in carrier:
            begun[carrier[e]] = slope
        else:
            ids.append("")
            rows.append(np.eye(len(now.slopes))[e])
            begun.append(slope)
    shape = (len(ids), len(now.slopes)), (len(ids), len(now.state))
    return tuple(ids), np.array(rows).reshape(shape[0]), np.array(begun).reshape(shape[1])
