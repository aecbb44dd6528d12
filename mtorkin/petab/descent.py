"""A bounded trust-region Newton method for a function with a positive semidefinite Hessian.

Each step solves the trust-region problem exactly in the space of the parameters that are free to
move: those not at a bound towards which the function falls. A step that would cross a bound ends
there, and the rest of it is solved anew with that parameter held. A point that has no value is a
step refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mtorkin.arrays import Array

__all__ = ["Ended", "Point", "descend"]

RADIUS, LARGEST, SMALLEST = 1.0, 1e3, 1e-9  # in units of the parameters, which are logarithms
GAIN = 1e-6  # of the function in one step, less than which counts as none
PATIENCE = 5  # steps in a row that gain nothing
Mask = npt.NDArray[np.bool_]


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


def descend(
    evaluate: Callable[[Array], Point | None], begin: Point, low: Array, high: Array, steps: int
) -> Ended:
    """Return the minimum that a descent from `begin` leads to; `evaluate` is None where it has no value."""
    point, radius, idle = begin, RADIUS, 0
    for _ in range(steps):
        step, predicted = _step(point, low, high, radius)
        if predicted <= 1e-3 * GAIN:
            return Ended(point, True, "no step promises a gain")
        there = evaluate(np.clip(point.x + step, low, high))
        gain = -np.inf if there is None else point.value - there.value
        ratio = gain / predicted
        if ratio < 0.25:
            radius = 0.25 * min(float(np.linalg.norm(step)), radius)
        elif ratio > 0.75 and np.linalg.norm(step) > 0.8 * radius:
            radius = min(2 * radius, LARGEST)
        if there is not None and gain > 0 and ratio > 1e-4:
            point = there
            idle = idle + 1 if gain < GAIN else 0
            if idle == PATIENCE:
                return Ended(point, True, f"{PATIENCE} steps gained less than {GAIN:g} each")
        if radius < SMALLEST:
            return Ended(point, True, "no step, however small, gains")
    return Ended(point, False, f"still improving after {steps} steps")


def _step(point: Point, low: Array, high: Array, radius: float) -> tuple[Array, float]:
    """The step that the quadratic model asks for, and what it promises."""
    x, g, h = point.x, point.gradient, point.hessian
    step = np.zeros(len(x))
    free: Mask = ~(((x <= low) & (g > 0)) | ((x >= high) & (g < 0)))
    for _ in range(len(x)):
        if not free.any():
            break
        left = radius**2 - float(step[~free] @ step[~free])
        if left <= 0:
            break
        rest = g[free] + h[np.ix_(free, ~free)] @ step[~free]
        step[free] = _subproblem(h[np.ix_(free, free)], rest, float(np.sqrt(left)))
        there = x + step
        crossed = free & ((there < low) | (there > high))
        if not crossed.any():
            break
        # the one that meets its bound first ends there
        room = np.where(step > 0, high - x, low - x)
        share = np.where(crossed, room / np.where(step == 0, 1.0, step), np.inf)
        first = int(np.argmin(share))
        step[first] = room[first]
        free[first] = False
    step = np.clip(x + step, low, high) - x
    return step, -float(g @ step + 0.5 * step @ h @ step)


def _subproblem(h: Array, g: Array, radius: float) -> Array:
    """The minimum of g s + s h s / 2 within a radius, by eigenvectors."""
    values, vectors = np.linalg.eigh(h)
    values = np.maximum(values, 1e-12 * max(float(values[-1]), 1e-300))
    along = vectors.T @ g

    def length(shift: float) -> float:
        return float(np.linalg.norm(along / (values + shift)))

    if length(0.0) <= radius:
        return np.asarray(-vectors @ (along / values))
    lower, upper = 0.0, float(np.linalg.norm(along)) / radius
    for _ in range(60):
        middle = 0.5 * (lower + upper) if lower == 0 else float(np.sqrt(lower * upper))
        lower, upper = (middle, upper) if length(middle) > radius else (lower, middle)
        if upper - lower < 1e-3 * upper:
            break
    return np.asarray(-vectors @ (along / (values + upper)))
