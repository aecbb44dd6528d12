"""The best scale and background of each blot and antibody, given readouts and noise levels.

A band is scale × readout + background. With u = readout / its mean over the group and the share t of
the mean band that is background, this is A q (log-normal: e^A q) with

    q = (1 - t) u + t = u + t (1 - u),    0 <= t <= 1,

so that level A and share t stand for scale and background, and t = 1, nothing but background, is a
point like any other. A and t minimise the cost of the group's lanes (see `losses`).

Given t, the prediction is straight in A and every cost is convex, so A is the one root of a rising
function: in closed form where no lane is censored (the mean of ln v - ln q, or sum(q y) / sum(q^2)),
otherwise by Newton's method inside a bracket. Measured lanes bound the curvature from below by
h = sum (d eta / dA)^2 / sigma^2, so the root is within |slope| / h of where they put it.

The share is a search in one dimension: `GRID` finds the deepest valley, Newton's method inside a
bracket its bottom, with the slope and curvature of the profile over A,

    p'(t) = F_t,    p''(t) = F_tt - F_At^2 / F_AA.

Derivatives by parameters need none of A and t: at the minimum F_A = F_t = 0, or the bound holds
(envelope theorem); see `likelihood.project_jacobian`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mtorkin.fit.lanes import BlotData, Flags, Floats
from mtorkin.fit.losses import losses
from mtorkin.fit.noise import Normal

__all__ = ["Solved", "solve"]

# close to 0 by decades: readouts that start from nothing are changed by the smallest background
GRID = np.concatenate(
    [[0.0], np.logspace(-7, -1, 13), np.linspace(0.2, 0.9, 8), 1 - np.logspace(-1.5, -4, 6), [1.0]]
)
MOST = 100
CLOSE = 1e-13
NOTHING = 1e-12


@dataclass(frozen=True, eq=False)
class Solved:
    """Level and share (groups,), shape q and prediction eta (lanes,), and `relative` u (lanes,).

    `free_level` and `free_share` (groups,) are false where a number was not solved or is at its bound.
    `mean` (groups,) is the mean readout of the group, in the readout's unit.
    """

    level: Floats
    share: Floats
    shape: Floats
    eta: Floats
    relative: Floats
    mean: Floats
    free_level: Flags
    free_share: Flags


def solve(data: BlotData, log_readouts: Floats, sigmas: Floats) -> Solved:
    """Best levels and shares at natural-log readouts (lanes,) and noise levels (antibodies,)."""
    readouts = np.exp(log_readouts)
    mean = data.sums(readouts) / data.sums(np.ones_like(readouts))
    relative, sigma = readouts / mean[data.group], sigmas[data.antibody]
    share = np.zeros(data.groups)
    if data.offset.any():
        lanes, some, numbers = data.with_offset
        share[numbers] = _shares(some, relative[lanes], sigma[lanes])
    shape = relative + share[data.group] * (1 - relative)
    level = _levels(data, shape, sigma)
    return Solved(
        level=level,
        share=share,
        shape=shape,
        eta=data.noise.predicted(level[data.group], shape),
        relative=relative,
        mean=mean,
        free_level=level > NOTHING if isinstance(data.noise, Normal) else np.ones(data.groups, np.bool_),
        free_share=data.offset & (share > 0) & (share < 1),
    )


def _levels(data: BlotData, shape: Floats, sigma: Floats) -> Floats:
    """The best levels at given shapes q (lanes,) and noise (lanes,)."""
    nothing = np.zeros_like(shape)
    by = data.noise.by_level(nothing, shape)
    left = data.coordinate - data.noise.predicted(nothing, shape)
    weight = np.where(data.seen, by / sigma**2, 0.0)
    least = data.sums(weight * by)
    level: Floats = data.sums(weight * left) / least
    if not data.any_censored:
        return level

    def slopes(level: Floats) -> tuple[Floats, Floats]:
        _, first, second = losses((left - by * level[data.group]) / sigma, data.censored)
        return data.sums(-first * by / sigma), data.sums(second * (by / sigma) ** 2)

    slope, curvature = slopes(level)
    low = np.where(slope > 0, level - slope / least, level)
    high = np.where(slope < 0, level - slope / least, level)
    if isinstance(data.noise, Normal):  # a band is not negative
        low = np.maximum(low, 0.0)
    for _ in range(MOST):
        moved = level - slope / curvature
        moved = np.where((moved < low) | (moved > high), (low + high) / 2, moved)
        gone, level = np.abs(moved - level), moved
        if np.all(gone <= CLOSE * (1 + np.abs(level))):
            break
        slope, curvature = slopes(level)
        low, high = np.where(slope < 0, level, low), np.where(slope > 0, level, high)
    return level


def _shares(data: BlotData, relative: Floats, sigma: Floats) -> Floats:
    """The best shares (groups,) of groups that all have an offset."""
    tried, count = np.repeat(GRID, data.groups), len(GRID)
    found = _along(data.copies(count), np.tile(relative, count), np.tile(sigma, count), tried)
    costs, slopes, curvatures = (each.reshape(count, data.groups) for each in found)
    deepest, at = np.argmin(costs, axis=0), np.arange(data.groups)
    slope, curvature = slopes[deepest, at], curvatures[deepest, at]
    share: Floats = GRID[deepest]
    low = np.where(slope > 0, GRID[np.maximum(deepest - 1, 0)], share)
    high = np.where(slope < 0, GRID[np.minimum(deepest + 1, len(GRID) - 1)], share)
    for _ in range(MOST):
        # a step that leaves the bracket, or that a hollow curve suggests, halves the bracket instead
        moved = share - slope / np.where(curvature > 0, curvature, np.inf)
        middle = (low + high) / 2
        moved = np.where((curvature > 0) & (moved >= low) & (moved <= high), moved, middle)
        gone, share = np.abs(moved - share), moved
        if np.all(gone <= CLOSE * share):
            break
        _, slope, curvature = _along(data, relative, sigma, share)
        low, high = np.where(slope < 0, share, low), np.where(slope > 0, share, high)
    return share


def _along(data: BlotData, relative: Floats, sigma: Floats, share: Floats) -> tuple[Floats, Floats, Floats]:
    """The cost of each group at given shares, levels solved, and its derivatives by the share (groups,)."""
    noise, group = data.noise, data.group
    shape = relative + share[group] * (1 - relative)
    level = _levels(data, shape, sigma)[group]
    z = (data.coordinate - noise.predicted(level, shape)) / sigma
    cost, first, second = losses(z, data.censored)
    once, twice, cross = noise.by_shape(level, shape)
    by_share, by_level = once * (1 - relative) / sigma, noise.by_level(level, shape) / sigma
    f_tt = data.sums(second * by_share**2 - first * twice * (1 - relative) ** 2 / sigma)
    f_at = data.sums(second * by_share * by_level - first * cross * (1 - relative) / sigma)
    f_aa = data.sums(second * by_level**2)
    return data.sums(cost), data.sums(-first * by_share), f_tt - f_at**2 / f_aa
