"""What becomes of a model of others: pieces between known times, by one of our engines.

States, and their derivatives by constants where those are asked for (natively only).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines import Stopped, Stretch, default_engine, engine_named
from mtorkin.engines.native.following import Direction, follow
from mtorkin.engines.native.library import load
from mtorkin.engines.native.single import MOST_STEPS, REASONS, tolerances
from mtorkin.engines.native.tables import tables
from mtorkin.engines.native.task import Plan, Status, carry_out
from mtorkin.errors import DeclarationError, SimulationError
from mtorkin.foreign.model import Foreign
from mtorkin.language.expression import evaluate, gradient

__all__ = ["Course", "Pieces", "course", "pieces_of", "start_slopes"]


@dataclass(frozen=True, eq=False)
class Pieces:
    """The time axis: `begin` and `end` of pieces, `inputs` (pieces, inputs), `doses` at each begin."""

    begin: Array
    end: Array
    inputs: Array
    doses: tuple[tuple[tuple[int, float], ...], ...]


@dataclass(frozen=True, eq=False)
class Course:
    """`states` (times, species), `inputs` (times, inputs), and `slopes` (times, directions, species).

    `slopes` are derivatives by the constants asked for, None where none were.
    """

    times: Array
    states: Array
    inputs: Array
    slopes: Array | None


def pieces_of(model: Foreign, numbers: Mapping[str, float], until: float, since: float = 0.0) -> Pieces:
    """Return the pieces of a run from `since` to `until`. Raises SimulationError for what clashes.

    What events set before `since` holds in inputs; species are taken to have had it.
    """
    try:
        # what happens at the beginning counts in a run of no length, too
        events = model.events(numbers, max(until, math.nextafter(since, math.inf)))
        cuts = {t for t in (*model.breaks(numbers), *(e[0] for e in events)) if since < t < until}
        begin = sorted({since, *cuts})
        end = [*begin[1:], max(until, begin[-1])]
        settings = [model.settings(numbers, a, b) for a, b in zip(begin, end, strict=True)]
    except (ArithmeticError, ValueError) as error:
        raise SimulationError(
            f"{model.source}: a time at which something happens has no value: {error}"
        ) from error
    names = [x.id for x in model.equations.network.inputs]
    row = {species: i for i, species in enumerate(model.species)}
    held = {id: numbers[id] for id in names if id in numbers}
    held |= {id: value for t, id, value in events if t < since and id in held}
    rows, doses = [], []
    for start, setting in zip(begin, settings, strict=True):
        now = {id: value for t, id, value in events if t == start}
        held |= {id: value for id, value in now.items() if id not in row}
        doses.append(tuple((row[id], value) for id, value in now.items() if id in row))
        rows.append([{**held, **setting}[id] for id in names])
    inputs = np.array(rows, dtype=float).reshape(len(begin), len(names))
    return Pieces(np.array(begin), np.array(end, dtype=float), inputs, tuple(doses))


def start_slopes(model: Foreign, numbers: Mapping[str, float], by: Sequence[str]) -> Array:
    """Return derivatives of the state at time 0, shape (directions, species)."""
    found = np.zeros((len(by), len(model.species)))
    place = {id: i for i, id in enumerate(by)}
    known = {**numbers, **model.settings(numbers, 0.0)}
    for j, expr in enumerate(model.initial):
        for id, slope in gradient(expr).items():
            if id in place:
                found[place[id], j] = evaluate(slope, known)
    return found


def course(
    model: Foreign,
    numbers: Mapping[str, float],
    times: Array,
    start: Array,
    by: Sequence[str] = (),
    slopes: Array | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    engine: str | None = None,
    since: float = 0.0,
) -> Course:
    """Follow a model from `start` (species,) at time `since` through `times`, which increase from there.

    A value at a time is the one before what happens there acts, at `since` the one after. `numbers` are all
    constants; `by` are constants by which it is differentiated, "" where only the start changes;
    `slopes` (directions, species) are the derivatives of `start`.

    Raises SimulationError; NotBuilt where derivatives are asked for and the native engine is not
    there; DeclarationError where they are not defined.
    """
    if moved := sorted(model.fixed_by_time() & set(by)):
        raise DeclarationError(
            f"{model.source}: no derivative by {moved[0]}, on which the time or the size of an event depends"
        )
    pieces = pieces_of(model, numbers, float(times[-1]), since)
    y0, s0 = start.copy(), np.zeros((len(by), len(start))) if slopes is None else slopes.copy()
    for i, value in pieces.doses[0]:
        y0[i], s0[:, i] = value, 0.0
    name = engine or default_engine()
    period = np.maximum(np.searchsorted(pieces.end, times, side="left"), 0)
    period[times == since] = 0
    inputs = pieces.inputs[np.minimum(period, len(pieces.end) - 1)]
    later = times > since
    states = np.tile(y0, (len(times), 1))
    all_slopes = np.tile(s0, (len(times), 1, 1)) if by else None
    if later.any():
        constants = np.array([numbers.get(c, 0.0) for c in model.equations.constants])
        if name == "native" or by:
            found, sensed = _native(model, pieces, constants, times[later], y0, by, s0, rtol, atol)
            states[later] = found
            if all_slopes is not None and sensed is not None:
                all_slopes[later] = sensed
        else:
            states[later] = _piecewise(model, pieces, constants, times[later], y0, name, rtol, atol)
    return Course(times, states, inputs, all_slopes)


def _native(
    model: Foreign,
    pieces: Pieces,
    constants: Array,
    times: Array,
    y0: Array,
    by: Sequence[str],
    s0: Array,
    rtol: float,
    atol: float,
) -> tuple[Array, Array | None]:
    load()
    given = [(), *pieces.doses[1:]]
    step_rtol, step_atol = tolerances(rtol, atol)
    plan = Plan(
        begin=pieces.begin,
        end=pieces.end,
        inputs=pieces.inputs,
        times=times,
        times_to=np.searchsorted(times, pieces.end, side="right").astype(np.int32),
        doses_to=np.cumsum([len(d) for d in given]).astype(np.int32),
        doses=tuple(dose for d in given for dose in d),
        rtol=step_rtol,
        atol=step_atol,
        most_steps=MOST_STEPS * len(pieces.begin),
    )
    if pieces.inputs.shape[1]:
        constants[len(constants) - pieces.inputs.shape[1] :] = pieces.inputs[0]
    slopes = None
    if by:
        place = {id: i for i, id in enumerate(model.equations.constants)}
        scales = np.array([(abs(constants[place[id]]) or 1.0) if id else 1.0 for id in by])
        directions = [
            Direction(constant=place.get(id), scale=float(s)) for id, s in zip(by, scales, strict=True)
        ]
        results, seen = follow(model.equations, plan, constants, y0, directions, s0 * scales[:, None], False)
        slopes = seen / scales[:, None]
    else:
        results = carry_out(load().one, tables(model.equations), plan, constants[None], y0[None])
    status = Status(int(results.status[0]))
    if status != Status.DONE:
        raise SimulationError(
            f"{model.source}: stopped at {float(results.stopped_at[0]):g}: {REASONS.get(status, status.name)}"
        )
    assert results.species is not None
    return results.species[0], slopes


def _piecewise(
    model: Foreign,
    pieces: Pieces,
    constants: Array,
    times: Array,
    y0: Array,
    engine: str,
    rtol: float,
    atol: float,
) -> Array:
    run = engine_named(engine)
    found = np.empty((len(times), len(y0)))
    y = y0.copy()
    count = pieces.inputs.shape[1]
    for k, (begin, end) in enumerate(zip(pieces.begin, pieces.end, strict=True)):
        for i, value in pieces.doses[k]:
            y[i] = value
        asked = (times > begin) & (times <= end)
        grid = np.concatenate([[begin], times[asked]])
        if grid[-1] < end:
            grid = np.append(grid, end)
        p = constants.copy()
        p[len(p) - count :] = pieces.inputs[k] if count else p[len(p) - count :]
        try:
            rows = run(Stretch(model.equations, p.tolist(), y, grid - begin, rtol, atol))
        except Stopped as error:
            raise SimulationError(
                f"{model.source}: stopped at {begin + error.time:g}: {error.why}"
            ) from error
        found[asked] = rows[1 : asked.sum() + 1]
        y = rows[-1].copy()
    return found
