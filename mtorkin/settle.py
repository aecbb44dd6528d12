"""Where equations come to rest: Newton's method on the closed system, with a run before it.

Newton's method solves ``f(y) = 0`` with the totals that are conserved. Its answer counts only if no
concentration is negative, no small deviation grows, and the run was seen to come nearer to it.
Otherwise the run goes on, ten times longer each time (docs/decisions/0005-steady-states.md). The
run is of one engine (native where that is built, else scipy), so that all begin with the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import scipy.linalg

from mtorkin.arrays import Array
from mtorkin.engines import Stopped, Stretch
from mtorkin.engines.blas import single_threaded
from mtorkin.engines.quick import integrate, jacobian
from mtorkin.equations import Equations
from mtorkin.errors import SimulationError

__all__ = ["Rest", "settle"]

LADDER = (1e3, 1e4, 1e5, 1e6)  # min of run before each attempt; the last is two years
SAMPLES = 61
RTOL, ATOL = 1e-2, 1e-5  # of the run; Newton's method makes the answer exact
NEAR = 1e-2  # distance at which a run counts as arrived, as a share of each concentration
SMALL = 1e-6  # nM: below it, differences are not counted as a share of what is there
STEPS = 15
DONE = 1e-10  # a step of Newton's method, as a share of each concentration
BALANCED = 1e-9  # net rate as a share of what flows through a species
SLOW = 1e-6  # nM/min: a flow below it is rounding beside the others, and so is what it leaves
NEGATIVE = 1e-10  # nM: what rounding may leave below 0
GROWING = 1e-7  # 1/min: an eigenvalue above it grows, below it is rounding
SWING = 1e-3  # peak to trough as a share of the mean, from where it is an oscillation
STILL = 1e-7  # change over half a run, as a share, of what does not move


@dataclass(frozen=True, eq=False)
class Rest:
    """Concentrations at rest [nM], the largest net rate as a share of the flux [1], the run [min]."""

    y: Array
    residual: float
    minutes: float


@dataclass(frozen=True, eq=False)
class Closure:
    """Linear totals that stay as they are.

    `weights` (totals, species), `dependent` (totals,) one species for each total, whose equation
    the total can replace, `free` (species, species - totals) the directions that change no total.
    """

    weights: Array
    dependent: Array
    free: Array


def settle(equations: Equations, p: Sequence[float], y0: Array) -> Rest:
    """Return where `equations` with constants `p` come to rest from `y0` [nM], shape (species,).

    A pure function, remembered for the last few, since many experiments begin with the same rest.
    Raises SimulationError where they oscillate, drift, or cannot be integrated, and says what does;
    ArithmeticError where a formula has no value.
    """
    return _settled(equations, tuple(p), y0.tobytes())


@lru_cache(maxsize=64)
def _settled(equations: Equations, p: tuple[float, ...], start: bytes) -> Rest:
    found = _descend(equations, p, np.frombuffer(start))
    found.y.flags.writeable = False
    return found


@single_threaded
def _descend(equations: Equations, p: Sequence[float], y0: Array) -> Rest:
    """Run, try, and run on."""
    closure = closure_of(equations, p)
    y, minutes = y0, 0.0
    for until in LADDER:
        grid = np.linspace(0.0, until - minutes, SAMPLES)
        run = _run(equations, p, y, grid, minutes)
        y, minutes = run[-1], until
        found = newton(equations, p, closure, y0, y)
        if found is None:
            period = _cycles(equations, p, run, grid)
        elif (growth := growth_rate(equations, p, closure, found)).real > GROWING:
            period = _swings(equations, p, y, growth)
        elif _approached(run, found):
            return Rest(found, imbalance(equations, p, found), minutes)
        else:
            continue
        if period:
            raise _oscillating(equations, run, period)
    half = run[SAMPLES // 2]
    if _distance(half, y) < STILL and imbalance(equations, p, y) < BALANCED:
        y = np.where(absent(equations, p, y0), 0.0, np.maximum(y, 0.0))
        return Rest(y, imbalance(equations, p, y), minutes)
    raise _restless(equations, p, half, y, minutes)


def closure_of(equations: Equations, p: Sequence[float]) -> Closure:
    """Return the totals that no reaction with a rate other than 0 changes (no unit).

    Constants that are 0 switch reactions off, and then more is conserved than the network declares.
    """
    somewhere = np.linspace(1.0, 2.0, len(equations.species)).tolist()  # away from any 0
    alive = np.array(equations.rates(somewhere, p)) != 0.0
    return _closure(equations, alive.tobytes())


@lru_cache(maxsize=32)
def _closure(equations: Equations, alive: bytes) -> Closure:
    changes = equations.stoichiometry.toarray()[:, np.frombuffer(alive, dtype=bool)]
    declared = equations.conserved
    declared = declared / np.linalg.norm(declared, axis=1, keepdims=True)
    rank = int(np.linalg.matrix_rank(changes)) if changes.size else 0
    if len(changes) - rank > len(declared):
        kept = scipy.linalg.null_space(changes.T).T  # here: it takes six times as long as the rank
        inside = scipy.linalg.orth(declared.T) if len(declared) else np.zeros((kept.shape[1], 0))
        rest = kept - kept @ inside @ inside.T
        _, size, more = scipy.linalg.svd(rest, full_matrices=False)
        declared = np.vstack([declared, more[size > 1e-8]])
    if not len(declared):
        return Closure(declared, np.zeros(0, dtype=int), np.eye(len(equations.species)))
    *_, order = scipy.linalg.qr(declared, mode="economic", pivoting=True)
    return Closure(declared, order[: len(declared)], scipy.linalg.null_space(declared))


def absent(equations: Equations, p: Sequence[float], y0: Array) -> npt.NDArray[np.bool_]:
    """Return which species nothing can make from `y0` [nM], such as a drug that is not given.

    Shape (species,), booleans. They are 0 for ever; solvers leave rounding there.
    """
    makes = equations.stoichiometry.maximum(0.0)
    present: npt.NDArray[np.bool_] = y0 != 0.0
    while True:
        somewhere = np.where(present, np.linspace(1.0, 2.0, len(y0)), 0.0).tolist()
        made = makes @ np.abs(equations.rates(somewhere, p)) > 0.0
        if not np.any(made & ~present):
            return ~present
        present |= made


def newton(
    equations: Equations, p: Sequence[float], closure: Closure, y0: Array, start: Array
) -> Array | None:
    """Return the steady state with the totals of `y0` that full steps from `start` lead to [nM].

    None where they lead nowhere, or to a negative concentration. Only full steps, since an answer
    far from the run would not be where the run goes.
    """
    y, before = start, np.inf
    for _ in range(STEPS):
        step = _step(equations, p, closure, y0, y)
        size = float(np.max(np.abs(step) / (np.abs(y) + SMALL)))
        if not np.isfinite(size) or size > 2 * before:
            return None
        y = y + step
        if size < DONE:
            break
        before = max(size, 1e-6)  # rounding decides what is below
    else:
        return None
    if y.min() < -NEGATIVE:
        return None
    y = np.where(absent(equations, p, y0), 0.0, np.maximum(y, 0.0))  # no rounding where nothing is
    return y if imbalance(equations, p, y) <= BALANCED else None


def _step(equations: Equations, p: Sequence[float], closure: Closure, y0: Array, y: Array) -> Array:
    matrix, right = jacobian(equations, y, p), -equations.rhs(y, p)
    matrix[closure.dependent] = closure.weights
    right[closure.dependent] = closure.weights @ (y0 - y)
    rows = np.abs(matrix).max(axis=1)
    rows[rows == 0.0] = 1.0
    matrix, right = matrix / rows[:, None], right / rows
    if not np.all(np.isfinite(matrix)):
        return np.full(len(y), np.nan)
    try:
        return np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:  # what no reaction touches has a row of zeros, and may stay
        nearest: Array = np.linalg.lstsq(matrix, right, rcond=None)[0]
        return nearest


def growth_rate(equations: Equations, p: Sequence[float], closure: Closure, y: Array) -> complex:
    """Return the eigenvalue [1/min] with the largest real part of deviations that keep the totals."""
    reduced = closure.free.T @ jacobian(equations, y, p) @ closure.free
    if not reduced.size:
        return complex(-np.inf)
    values = np.linalg.eigvals(reduced)
    return complex(values[np.argmax(values.real)])


def imbalance(equations: Equations, p: Sequence[float], y: Array) -> float:
    """Return the largest net rate of change as a share of what flows in and out of a species [1]."""
    rates = np.array(equations.rates(y.tolist(), p))
    flow = np.asarray(abs(equations.stoichiometry) @ np.abs(rates))
    net = np.abs(equations.stoichiometry @ rates)
    return float(np.max(net / np.maximum(flow, SLOW), initial=0.0))


def _run(equations: Equations, p: Sequence[float], y: Array, grid: Array, minutes: float) -> Array:
    try:
        return integrate(Stretch(equations, p, y, grid, RTOL, ATOL))
    except Stopped as error:
        raise SimulationError(
            f"failed: the run towards it stopped after {minutes + error.time:g} min: {error.why}; "
            f"{fastest(equations, p, error.y)}"
        ) from error


def fastest(equations: Equations, p: Sequence[float], y: Array) -> str:
    """Return words on the species that is no number or changes fastest [nM/min]."""
    if not np.all(np.isfinite(y)):
        return f"{equations.species[int(np.argmin(np.isfinite(y)))]} is not a number"
    try:
        with np.errstate(all="ignore"):
            rate = equations.rhs(y, p)
            share = np.abs(rate) / (np.abs(y) + SMALL)
    except ArithmeticError as error:
        return f"{error} in a rate"
    if not np.all(np.isfinite(rate)):
        i = int(np.argmin(np.isfinite(rate)))
        return f"the rate of {equations.species[i]} is not a number where it is {y[i]:g} nM"
    i = int(np.argmax(share))
    return f"{equations.species[i]} changes fastest ({rate[i]:+.3g} nM/min at {y[i]:.3g} nM)"


def _distance(a: Array, b: Array) -> float:
    return float(np.max(np.abs(a - b) / (np.abs(b) + SMALL)))


def _approached(run: Array, found: Array) -> bool:
    first, last = _distance(run[SAMPLES // 2], found), _distance(run[-1], found)
    return last < max(first, NEAR)


def _swings(equations: Equations, p: Sequence[float], y: Array, growth: complex) -> float:
    """Return the period [min] of a lasting oscillation around an unstable steady state, or 0."""
    if not growth.imag:
        return 0.0
    grid = np.linspace(0.0, 30 * 2 * np.pi / abs(growth.imag), 1501)
    return _period(_run(equations, p, y, grid, 0.0), grid)


def _cycles(equations: Equations, p: Sequence[float], run: Array, grid: Array) -> float:
    """Return the period [min] of a lasting oscillation that a run shows, or 0."""
    if not _period(run[SAMPLES // 2 :], grid):
        return 0.0
    finer = np.linspace(0.0, 40 * (grid[1] - grid[0]), 2001)  # a run's samples may skip cycles
    return _period(_run(equations, p, run[-1], finer, 0.0), finer)


def _period(run: Array, grid: Array) -> float:
    """Return the period [min] of the species that swings most, or 0 where the swing does not last."""
    third = len(run) // 3
    early, late = run[:third], run[-third:]
    swings = [np.ptp(part, axis=0) / (part.mean(axis=0) + SMALL) for part in (early, late)]
    i = int(np.argmax(swings[1]))
    if swings[1][i] < SWING or swings[1][i] < 0.9 * swings[0][i]:
        return 0.0
    above = run[:, i] > (run[:, i].max() + run[:, i].min()) / 2
    up = np.flatnonzero(above[1:] & ~above[:-1])
    if len(up) < 4:
        return 0.0
    return float((up[-1] - up[0]) / (len(up) - 1) * (grid[1] - grid[0]))


def _oscillating(equations: Equations, run: Array, period: float) -> SimulationError:
    late = run[-SAMPLES // 3 :]
    i = int(np.argmax(np.ptp(late, axis=0) / (late.mean(axis=0) + SMALL)))
    return SimulationError(
        f"oscillating: {equations.species[i]} swings between {late[:, i].min():.3g} and "
        f"{late[:, i].max():.3g} nM with a period of about {period:.3g} min. Begin at a time instead "
        "of UNTIL_STEADY"
    )


def _restless(
    equations: Equations, p: Sequence[float], half: Array, y: Array, minutes: float
) -> SimulationError:
    moved = np.abs(y - half) / (np.abs(y) + SMALL)
    i = int(np.argmax(moved))
    if moved[i] < STILL:
        return SimulationError(
            f"failed: nothing moves after {minutes:g} min, yet rates do not balance; "
            f"{fastest(equations, p, y)}"
        )
    rate = equations.rhs(y, p)[i]
    return SimulationError(
        f"drifting: after {minutes:g} min {equations.species[i]} is {y[i]:.3g} nM and changes by "
        f"{rate:+.3g} nM/min. Look at what makes and removes it: with synthesis and no removal "
        "there is no steady state"
    )
