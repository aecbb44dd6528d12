"""Where a model of others comes to rest, and how that place moves with its constants.

Models of others have any unit of time and amount, so that nothing here is compared with a number of
minutes or nM: a run goes on tenfold until Newton's method, which keeps what no reaction changes,
leads from it to a place next to it. The derivative follows from the implicit function theorem. Where
places at rest are not alone, the run itself goes on until it is still, and its derivatives with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import scipy.linalg

from mtorkin.arrays import Array
from mtorkin.engines.blas import single_threaded
from mtorkin.engines.quick import jacobian
from mtorkin.equations import Equations
from mtorkin.errors import SimulationError
from mtorkin.foreign.conditions import TIME
from mtorkin.foreign.course import course, pieces_of
from mtorkin.foreign.model import Foreign
from mtorkin.settle import closure_of

__all__ = ["at_rest"]

RUNS = tuple(10.0**k for k in range(1, 15))  # in the file's unit of time
STEPS = 20
DONE = 1e-10  # a step of Newton's method, as a share of each state
ROUNDING = 1e-5  # steps that do not shrink and are smaller than this are rounding
NEAR = 1e-2  # how far from a run its rest may be, as a share of each state
STILL = 1e-9  # a change over nine tenths of a run that counts as none
SINGULAR = 1e-13  # of the largest singular value: below it, rounding
NEGLIGIBLE = 1e-10  # of the largest state: below it, differences are not counted as shares


@single_threaded
def at_rest(
    model: Foreign,
    numbers: Mapping[str, float],
    start: Array,
    by: Sequence[str] = (),
    slopes: Array | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-9,
) -> tuple[Array, Array, Array]:
    """Return where a model comes to rest from `start`, the derivatives of that, and the inputs there.

    Shapes (species,), (directions, species), (inputs,). `by` and `slopes` as in `course`. All
    conditions on the time are past. Raises SimulationError where it does not come to rest, or events
    or the time itself act on it.
    """
    if model.happenings:
        raise SimulationError(f"{model.source}: a model with events is not brought to rest")
    if TIME.id in model.species:
        raise SimulationError(f"{model.source}: what depends on the time itself does not come to rest")
    pieces = pieces_of(model, numbers, 1.0 + max(model.breaks(numbers), default=0.0))
    inputs = pieces.inputs[-1]
    constants = np.array([numbers.get(c, 0.0) for c in model.equations.constants])
    constants[len(constants) - len(inputs) :] = inputs
    p = constants.tolist()
    weights = _totals(model.equations, p)
    y = start
    for until in (t for t in RUNS if t > pieces.begin[-1]):
        found = course(model, numbers, np.array([until / 10, until]), start, rtol=rtol, atol=atol)
        before, y = found.states
        place = _newton(model.equations, p, weights, start, y)
        if place is not None and _distance(y, place) < NEAR and _is_alone(model.equations, p, weights, place):
            return place, _moved(model, p, weights, place, by, slopes), inputs
        if _distance(before, y) < max(STILL, 10 * rtol):
            break
    else:
        raise SimulationError(f"{model.source}: does not come to rest within {RUNS[-1]:g}")
    if not by or _is_alone(model.equations, p, weights, y):
        return y, _moved(model, p, weights, y, by, slopes), inputs
    followed = course(model, numbers, np.array([until]), start, by, slopes, rtol, atol).slopes
    assert followed is not None
    return y, followed[0], inputs


def _totals(equations: Equations, p: list[float]) -> Array:
    """Weights of what no reaction with a rate changes, shape (totals, species)."""
    try:
        return closure_of(equations, p).weights
    except (ArithmeticError, ValueError):  # a rate without a value at the place that is looked at
        found: Array = scipy.linalg.null_space(equations.stoichiometry.toarray().T).T
        return found


def _distance(a: Array, b: Array) -> float:
    floor = NEGLIGIBLE * max(float(np.max(np.abs(b), initial=0.0)), 1e-300)
    return float(np.max(np.abs(a - b) / (np.abs(b) + floor), initial=0.0))


def _newton(equations: Equations, p: list[float], weights: Array, start: Array, y: Array) -> Array | None:
    totals = weights @ start
    last = np.inf
    for _ in range(STEPS):
        try:
            matrix, right = jacobian(equations, y, p), -equations.rhs(y, p)
        except (ArithmeticError, ValueError):
            return None
        step = _solve(matrix, weights, right[:, None], (totals - weights @ y)[:, None])
        if step is None:
            return None
        after = y + step[:, 0]
        size = _distance(after, y)
        if not np.isfinite(size) or size > 10 * max(last, 1.0):
            return None
        y = after
        if size < DONE or (size >= last and size < ROUNDING):
            lowest = -NEGLIGIBLE * float(np.max(np.abs(y), initial=0.0))
            return (
                np.maximum(y, 0.0)
                if np.all(start >= 0) and y.min() >= lowest
                else (y if y.min() >= lowest else None)
            )
        last = size
    return None


def _solve(matrix: Array, weights: Array, right: Array, totals: Array) -> Array | None:
    """Least squares of rows brought to one size; exact where the totals make it so."""
    whole, both = np.vstack([matrix, weights]), np.vstack([right, totals])
    if not (np.all(np.isfinite(whole)) and np.all(np.isfinite(both))):
        return None
    rows = np.abs(whole).max(axis=1)
    rows[rows == 0.0] = 1.0
    found: Array = np.linalg.lstsq(whole / rows[:, None], both / rows[:, None], rcond=1e-15)[0]
    return found


def _is_alone(equations: Equations, p: list[float], weights: Array, y: Array) -> bool:
    """Whether no other place next to this one is at rest with the same totals.

    Where some are, as where rules rather than reactions keep a total, only the course tells which.
    """
    whole = np.vstack([jacobian(equations, y, p), weights])
    if not np.all(np.isfinite(whole)):
        return False
    floor = NEGLIGIBLE * max(float(np.max(np.abs(y), initial=0.0)), 1e-300)
    whole = whole * (np.abs(y) + floor)
    rows = np.abs(whole).max(axis=1)
    found = np.linalg.svd(whole[rows > 0] / rows[rows > 0, None], compute_uv=False)
    return len(found) >= len(y) and bool(len(y) == 0 or found[len(y) - 1] > SINGULAR * found[0])


def _moved(
    model: Foreign, p: list[float], weights: Array, y: Array, by: Sequence[str], slopes: Array | None
) -> Array:
    if not by:
        return np.zeros((0, len(y)))
    start = np.zeros((len(by), len(y))) if slopes is None else slopes
    place = {id: i for i, id in enumerate(model.equations.constants)}
    all_slopes = model.equations.parameter_derivatives(y, p)
    columns = [all_slopes[:, place[id]] if id else np.zeros(len(y)) for id in by]
    found = _solve(jacobian(model.equations, y, p), weights, -np.stack(columns, axis=1), weights @ start.T)
    if found is None:
        raise SimulationError(f"{model.source}: the place of rest has no derivative")
    return found.T
