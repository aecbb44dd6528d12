"""Doses and responses as points: checked, averaged, and interpolated in log dose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from mtorkin.arrays import Array
from mtorkin.errors import DeclarationError

__all__ = ["checked_doses", "checked_points", "dose_at", "half_dose", "means_of", "turned_back"]


def checked_doses(doses: Sequence[float] | Array, drug: str) -> tuple[float, ...]:
    """Return doses [the drug's unit] in increasing order, each once.

    Raises DeclarationError where they are none, no numbers, negative or infinite, or all 0.
    """
    given = _numbers(doses, f"doses of {drug}")
    if not (given > 0).any():
        raise DeclarationError(
            f"doses of {drug} are {given.tolist()}; give at least one above 0, "
            "such as numpy.geomspace(0.01, 1000, 16)"
        )
    _not_negative(given, f"doses of {drug}")
    return tuple(float(d) for d in np.unique(given))


def checked_points(doses: Sequence[float] | Array, response: Sequence[float] | Array) -> tuple[Array, Array]:
    """Return doses and responses in order of dose, two arrays of shape (points,).

    Raises DeclarationError where they are not finite numbers, doses are negative, lengths differ.
    """
    x, y = _numbers(doses, "doses"), _numbers(response, "response")
    if len(x) != len(y):
        raise DeclarationError(
            f"{len(x)} doses and {len(y)} responses; give each response its dose, replicates one by one"
        )
    _not_negative(x, "doses")
    if not (x > 0).any():
        raise DeclarationError("no dose is above 0; a dose-response needs some")
    order = np.argsort(x, kind="stable")
    return x[order], y[order]


def _numbers(values: Sequence[float] | Array, what: str) -> Array:
    try:
        found = np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise DeclarationError(f"{what}: {values!r} are not numbers") from None
    if found.ndim != 1 or not len(found):
        raise DeclarationError(f"{what} have shape {found.shape}; give a list of numbers")
    if not np.isfinite(found).all():
        i = int(np.flatnonzero(~np.isfinite(found))[0])
        raise DeclarationError(f"{what}[{i}] is {found[i]:g}; leave out what was not measured")
    return found


def _not_negative(doses: Array, what: str) -> None:
    if (doses < 0).any():
        i = int(np.flatnonzero(doses < 0)[0])
        raise DeclarationError(
            f"{what}[{i}] is {doses[i]:g}; a dose is a number from 0 up (not its logarithm)"
        )


def means_of(x: Array, y: Array) -> tuple[Array, Array]:
    """Return the different doses and the mean response at each, both of shape (doses,)."""
    levels, which = np.unique(x, return_inverse=True)
    means: Array = np.bincount(which, weights=y) / np.bincount(which)
    return levels, means


def turned_back(means: Array) -> float:
    """Return how far responses in order of dose go against their main direction [share of the range]."""
    size = float(np.ptp(means))
    up = float((means - np.minimum.accumulate(means)).max())
    down = float((np.maximum.accumulate(means) - means).max())
    return min(up, down) / size if size else 0.0


def half_dose(levels: Array, means: Array) -> float:
    """Return the dose half way from the response at the lowest dose to the one farthest from it.

    NaN where that is not between two doses above 0.
    """
    farthest = means[int(np.abs(means - means[0]).argmax())]
    return dose_at(levels, means, float((means[0] + farthest) / 2))


def dose_at(levels: Array, means: Array, response: float) -> float:
    """Return the lowest dose at which a response is passed, interpolated in log dose.

    `levels` are increasing doses, shape (doses,). NaN where it is not passed between two doses above 0.
    """
    if levels[0] > 0 and means[0] == response:
        return float(levels[0])
    for (low, before), (high, after) in pairwise(zip(levels.tolist(), means.tolist(), strict=True)):
        if before != after and min(before, after) <= response <= max(before, after):
            if low > 0:
                return float(low * (high / low) ** ((response - before) / (after - before)))
            return high if after == response else math.nan
    return math.nan
