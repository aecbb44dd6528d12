"""A model under a protocol: the time axis is cut where inputs change, and an engine runs each piece.

A simulation is a pure function of its arguments: nothing is carried over from one to the next.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines import Engine, Stopped, Stretch, engine_named
from mtorkin.errors import DeclarationError, SimulationError
from mtorkin.model import Model
from mtorkin.protocol import Interval, Protocol, intervals
from mtorkin.settle import absent, fastest
from mtorkin.steady import constants_in, declared_state, dosed, no_value, observed_in, rest
from mtorkin.trajectory import Trajectory

__all__ = ["checked_times", "simulate", "simulate_from"]

NEGATIVE = 10.0  # how many atol rounding may leave below 0


@dataclass(frozen=True)
class _Solver:
    run: Engine
    rtol: float
    atol: float

    def __str__(self) -> str:
        return f"rtol={self.rtol:g}, atol={self.atol:g} nM"


def _solver(engine: str, rtol: float, atol: float) -> _Solver:
    return _Solver(engine_named(engine), _positive("rtol", rtol), _positive("atol", atol))


def simulate(
    model: Model,
    protocol: Protocol,
    times: Sequence[float] | Array,
    engine: str = "scipy",
    rtol: float = 1e-6,
    atol: float = 1e-9,
) -> Trajectory:
    """Return concentrations [nM] and observables of a model under a protocol at `times` [min].

    A value at 0, or where a later period starts, is the one before what happens there acts.
    Without a first period `UNTIL_STEADY` the cells begin as the network declares them; with no
    period at all they have the inputs of fed cells. `rtol` [1] and `atol` [nM] say how accurate the
    result is meant to be.

    Raises DeclarationError for times that are not numbers from 0 up in increasing order, tolerances
    that are not positive, an unknown engine or input; SimulationError where a steady state or an
    integration fails, with period, time, species and tolerances.
    """
    _solver(engine, rtol, atol)  # refused before the cells are brought to rest, which takes longer
    checked_times(times)
    pieces = intervals(protocol, model.network)
    steady = pieces[0].end == 0.0
    start = rest(model, pieces[0])[0] if steady else declared_state(model)
    return simulate_from(model, protocol, times, start, engine, rtol, atol)


def simulate_from(
    model: Model,
    protocol: Protocol,
    times: Sequence[float] | Array,
    start: Array,
    engine: str = "scipy",
    rtol: float = 1e-6,
    atol: float = 1e-9,
) -> Trajectory:
    """Return the same as `simulate` for cells that are at `start` [nM], shape (species,), at time 0.

    A first period `UNTIL_STEADY` says under which inputs they have been until then. Raises as
    `simulate`.
    """
    solver = _solver(engine, rtol, atol)
    when = checked_times(times)
    pieces = intervals(protocol, model.network)
    network = model.network
    steady = pieces[0].end == 0.0
    y = start
    seen = pieces[0] if steady else intervals(Protocol(), network)[0]
    species = np.empty((len(when), len(y)))
    observed = np.empty((len(when), len(network.observables)))
    if when[0] == 0.0:
        species[0], observed[0] = y, observed_in(model, y[None], seen)
    for piece in pieces[1:] if steady else pieces:
        asked = (when > piece.start) & (when <= piece.end)
        if asked.any() or when[-1] > piece.end:
            grid = np.concatenate([[piece.start], when[asked]])
            if when[-1] > piece.end != grid[-1]:
                grid = np.append(grid, piece.end)
            rows = _through(model, solver, piece, dosed(model, y, piece), grid)
            y, rows = rows[-1], rows[1 : asked.sum() + 1]
            species[asked], observed[asked] = rows, observed_in(model, rows, piece)
    ids = tuple(o.id for o in network.observables)
    return Trajectory(when, model.equations.species, species, ids, observed, pieces)


def _through(model: Model, solver: _Solver, piece: Interval, y: Array, grid: Array) -> Array:
    """Return concentrations [nM] at the times of `grid` [min] in one piece, from `y` at its start."""
    constants = constants_in(model, piece)
    try:
        never = absent(model.equations, constants, y)
        rows = solver.run(
            Stretch(model.equations, constants, y, grid - piece.start, solver.rtol, solver.atol)
        )
    except Stopped as error:
        raise SimulationError(
            f"integration stopped at {piece.start + error.time:g} min in the period {piece}: "
            f"{error.why}; {fastest(model.equations, constants, error.y)}; {solver}. "
            "Look for a parameter or dose that is out of range, or loosen the tolerances"
        ) from error
    except ArithmeticError as error:
        raise no_value(model, y[None], piece, error) from error
    rows[:, never] = 0.0
    _check(model, solver, piece, rows, grid)
    return rows


def _check(model: Model, solver: _Solver, piece: Interval, rows: Array, grid: Array) -> None:
    bad = ~(rows >= -NEGATIVE * solver.atol)  # so that what is not a number is bad, too
    if bad.any():
        i, j = np.argwhere(bad)[0]
        raise SimulationError(
            f"{model.equations.species[j]} is {rows[i, j]:g} nM at {grid[i]:g} min in the period "
            f"{piece}; {solver}. A concentration below 0 means that tolerances are too loose, or "
            "that a rate does not vanish with what it consumes"
        )


def checked_times(times: Sequence[float] | Array) -> Array:
    """Return times [min] as an array of its own, shape (times,).

    Raises DeclarationError where they are none, not numbers, negative, or not increasing.
    """
    try:
        when = np.array(times, dtype=float)
    except (TypeError, ValueError):
        raise DeclarationError(f"times are {times!r}; give a list of minutes from 0 up") from None
    if when.ndim != 1 or not len(when):
        raise DeclarationError(
            f"times have shape {when.shape}; give a list of at least one time, minutes from 0 up"
        )
    for i, t in enumerate(when.tolist()):
        if not math.isfinite(t) or t < 0:
            raise DeclarationError(f"times[{i}] is {t:g}; times are finite minutes from 0 up")
        if i and t <= when[i - 1]:
            raise DeclarationError(
                f"times[{i}] is {t:g} min, not after times[{i - 1}] ({when[i - 1]:g} min); "
                "sort the times and give each once"
            )
    return when


def _positive(name: str, value: float) -> float:
    if not (math.isfinite(value) and value > 0):
        raise DeclarationError(f"{name} is {value}; a tolerance is a positive number")
    return value
