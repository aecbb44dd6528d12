"""The descent of one start: fides, a trust region that is reflected at the bounds.

Steps are taken in the plane of gradient and Newton step, which moves little in directions of which
nothing is known, or in the whole space, which follows narrow valleys. The Hessian is the one that is
given (a Gauss-Newton or Fisher information matrix), until the trust region has not changed for 20
steps: then residuals are too large for it, and fides goes on with a BFGS one. A point that has no value
is a step refused.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from mtorkin.arrays import Array
from mtorkin.errors import DeclarationError

__all__ = ["Ended", "Point", "descend", "imported"]

GAIN = 1e-9  # of the function in one step, less than which ends the descent
INSIDE = 1e-6  # of the box, from its faces, where a descent begins


@dataclass(frozen=True, eq=False)
class Point:
    """A function at a place: `value`, `gradient`, `hessian` (an approximation that is not negative)."""

    x: Array
    value: float
    gradient: Array
    hessian: Array


@dataclass(frozen=True, eq=False)
class Ended:
    """Where a descent ended, whether by itself, and why."""

    point: Point
    converged: bool
    message: str


def imported() -> Any:
    """The package fides, which is slow to import. Raises DeclarationError where it is not installed."""
    try:
        import fides
    except ImportError:
        raise DeclarationError("fits of PEtab problems need fides: pip install 'mtorkin[petab]'") from None
    return fides


def descend(
    evaluate: Callable[[Array], Point | None],
    begin: Point,
    low: Array,
    high: Array,
    steps: int,
    whole: bool = True,
) -> Ended:
    """Return the lowest point of a descent from `begin`; `evaluate` is None where there is no value.

    `whole`: each step is chosen in the whole space, not in a plane.
    """
    fides = imported()
    best = begin
    nothing = np.full(len(low), np.nan), np.full((len(low), len(low)), np.nan)

    def function(x: Array) -> tuple[float, Array, Array]:
        nonlocal best
        if not np.all(np.isfinite(x)):  # of a Hessian that is nearly singular
            return np.nan, *nothing
        there = begin if np.array_equal(x, begin.x) else evaluate(np.array(x))
        if there is None:
            return np.nan, *nothing  # fides takes a shorter step
        if there.value < best.value:
            best = there
        return there.value, there.gradient, there.hessian

    options = {"maxiter": steps, "fatol": GAIN, "frtol": 0.0}
    optimizer = fides.Optimizer(
        function,
        high,
        low,
        verbose=logging.CRITICAL,
        options={**options, "subspace_solver": "full" if whole else "2D"},
        hessian_update=fides.HybridFixed(),
    )
    room = INSIDE * (high - low)
    try:
        with np.errstate(all="ignore"):
            optimizer.minimize(np.clip(begin.x, low + room, high - room))
    except (RuntimeError, ValueError, np.linalg.LinAlgError) as error:  # it went where there are no numbers
        return Ended(best, False, str(error).strip())
    finally:
        _silenced(optimizer)
    return Ended(best, optimizer.exitflag > 0, MESSAGES.get(optimizer.exitflag.name, optimizer.exitflag.name))


def _silenced(optimizer: Any) -> None:
    """Close the handler of an optimizer's logger: each has a logger of its own, which is never collected."""
    for handler in tuple(optimizer.logger.handlers if optimizer.logger else ()):
        optimizer.logger.removeHandler(handler)
        handler.close()


MESSAGES = {
    "FTOL": f"a step gained less than {GAIN:g}",
    "XTOL": "no step, however small, gains",
    "GTOL": "the gradient is zero",
    "DELTA_TOO_SMALL": "no step, however small, gains",
    "MAXITER": "still improving after the last step allowed",
}
