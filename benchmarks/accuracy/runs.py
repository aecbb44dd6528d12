"""One network run by each engine, at the tolerances of steps, and how far off it is.

The engines of the package ask their integrators for more than the user asked for, each by a factor of
its own. Here rtol and atol = rtol / 1000 nM go to the integrators as they are, so that the same is
asked of all. The reference is scipy's BDF with a result meant to be good to 1e-10 (steps at 5e-12).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mtorkin.arrays import Array
from mtorkin.engines import Stopped, Stretch, roadrunner, scipy
from mtorkin.engines.native import single
from mtorkin.engines.native.library import load
from mtorkin.engines.native.tables import tables
from mtorkin.engines.native.task import Plan, carry_out
from mtorkin.equations import Equations
from mtorkin.model import Model
from mtorkin.protocol import Protocol, intervals
from mtorkin.steady import constants_in, dosed, rest

RTOLS = (1e-4, 1e-6, 1e-8)
EXACT = 1e-10
MOST_STEPS = 100_000
Integrate = Callable[[Stretch], Array]


@dataclass(frozen=True, eq=False)
class Piece:
    """From `start` [min] on, constants are these; `dose` changes the state before. `times` are minutes."""

    start: float
    constants: list[float]
    dose: Callable[[Array], Array]
    times: Array


@contextmanager
def steps_as_asked() -> Iterator[None]:
    """Let tolerances reach the integrators of native and roadrunner as they are."""
    engines = (single, roadrunner)
    before = [(e.SAFETY_RTOL, e.SAFETY_ATOL) for e in engines]
    for e in engines:
        e.SAFETY_RTOL = e.SAFETY_ATOL = 1.0
    try:
        yield
    finally:
        for e, (rtol, atol) in zip(engines, before, strict=True):
            e.SAFETY_RTOL, e.SAFETY_ATOL = rtol, atol


def pieces_of(model: Model, protocol: Protocol, times: tuple[float, ...]) -> tuple[Array, list[Piece]]:
    """Return the steady state [nM] that a protocol begins with, shape (species,), and what follows."""
    fed, *later = intervals(protocol, model.network)
    when, found = np.array(times), []
    for interval in later:
        if interval.start >= when[-1]:
            break
        end = min(interval.end, float(when[-1]))
        inside = when[(when > interval.start) & (when < end)]
        found.append(
            Piece(
                interval.start,
                constants_in(model, interval),
                lambda y, i=interval: dosed(model, y, i),
                np.array([interval.start, *inside, end]),
            )
        )
    return rest(model, fed)[0], found


def through(
    integrate: Integrate, equations: Equations, start: Array, pieces: list[Piece], rtol: float
) -> Array | None:
    """Return the state [nM] at all times of all pieces, shape (times, species); None where it stops."""
    y, rows = start, []
    for piece in pieces:
        asked = Stretch(
            equations, piece.constants, piece.dose(y), piece.times - piece.start, rtol, rtol / 1000
        )
        try:
            seen = integrate(asked)[1:]
        except (Stopped, ArithmeticError):
            return None
        y = seen[-1]
        rows.append(seen)
    return np.concatenate(rows)


def lanes(
    equations: Equations,
    sets: Array,
    start: Array,
    times: Array,
    rtol: float,
    **changes: int,
) -> tuple[Array, npt.NDArray[np.int64]]:
    """Return all sets (sets, constants) side by side from one state, (sets, times, species), and counts.

    Those that fail are nan. `changes` are of the plan.
    """
    none = np.zeros(1, dtype=np.int32)
    plan = Plan(
        *(np.zeros(1), times[-1:], np.empty((1, 0)), times, np.array([len(times)], dtype=np.int32)),
        *(none, (), rtol, rtol / 1000, MOST_STEPS),
    )
    found = carry_out(
        load().many, tables(equations), replace(plan, **changes), sets, np.tile(start, (len(sets), 1))
    )
    assert found.species is not None
    found.species[found.status != 1] = np.nan
    return found.species, found.counts


def off(seen: Array | None, exact: Array | None, rtol: float) -> float:
    """Return the root mean square of the error in units of rtol |y| + atol (nan where there is none)."""
    if seen is None or exact is None:
        return float("nan")
    return float(np.sqrt(np.mean(((seen - exact) / (rtol * np.abs(exact) + rtol / 1000)) ** 2)))


ENGINES: dict[str, Integrate] = {"native": single.integrate, "CVODE": roadrunner.integrate}
REFERENCE: Integrate = scipy.integrate
