"""From the points of a profile to an interval, a class, and words."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mtorkin.fit.lanes import Floats
from mtorkin.fit.walk import THRESHOLD, Walk

__all__ = ["Limits", "in_words", "limits", "rises"]

IDENTIFIABLE, ONE_SIDED, NOT = "identifiable", "one-sided", "not identifiable"
NO_LIMIT = {
    "threshold": "as far as it was followed",
    "bound": "as far as the bound of the table",
    "failed": "as far as anything could be simulated",
    "stopped": "as far as it was followed",
}


@dataclass(frozen=True)
class Limits:
    """The 95 % interval in natural logs, -inf or inf where a side has none, and where it is best."""

    lower: float
    upper: float
    best: float

    @property
    def kind(self) -> str:
        """The class: identifiable, one-sided or not identifiable."""
        open_sides = (self.lower == -math.inf) + (self.upper == math.inf)
        return (IDENTIFIABLE, ONE_SIDED, NOT)[open_sides]


def rises(values: Floats, objective: Floats) -> Floats:
    """-2 log L above its minimum (points,), for a profile at `values` (natural logs).

    The minimum is that of the parabola through the lowest point and its neighbours.
    """
    found: Floats = 2 * (objective - _minimum(values, objective)[1])
    return found


def limits(values: Floats, objective: Floats) -> Limits:
    """The interval of a profile: `objective` is -log L (points,) at `values` (natural logs).

    Between points the root of the rise is taken as straight, as it is for a parabola.
    """
    rise = np.sqrt(np.maximum(rises(values, objective), 0))
    bar, lowest = math.sqrt(THRESHOLD), int(np.argmin(objective))

    def crossing(places: range, towards: int) -> float:
        for i in places:
            if rise[i] > bar:
                inner = i + towards
                share = (bar - rise[inner]) / (rise[i] - rise[inner])
                return float(values[inner] + share * (values[i] - values[inner]))
        return -towards * math.inf

    return Limits(
        crossing(range(lowest - 1, -1, -1), 1),
        crossing(range(lowest + 1, len(values)), -1),
        _minimum(values, objective)[0],
    )


def _minimum(values: Floats, objective: Floats) -> tuple[float, float]:
    i = int(np.argmin(objective))
    at, low = float(values[i]), float(objective[i])
    if 0 < i < len(values) - 1:
        a, b, c = np.polyfit(values[i - 1 : i + 2] - at, objective[i - 1 : i + 2] - low, 2)
        shift = -b / (2 * a) if a > 0 else 0.0
        if values[i - 1] < at + shift < values[i + 1]:
            return at + float(shift), low + min(float(c + b * shift / 2), 0.0)
    return at, low


def in_words(walk: Walk, found: Limits, value: float, unit: str) -> str:
    """One sentence on what the blots say about a parameter, `value` at the fit, in its own unit."""
    pulled = not found.lower <= math.log(value) <= found.upper
    against = f"; its prior pulls it to {value:.3g}, against the blots" if pulled else ""
    return _sentence(walk, found, unit) + against


def _sentence(walk: Walk, found: Limits, unit: str) -> str:
    name, unit = walk.parameter, "" if unit == "1" else f" {unit}"
    low, high = math.exp(walk.points[0].log_value), math.exp(walk.points[-1].log_value)
    if found.kind == IDENTIFIABLE:
        fold = math.exp((found.upper - found.lower) / 2)
        return (
            f"{name} is identifiable: 95 % between {math.exp(found.lower):.3g} and "
            f"{math.exp(found.upper):.3g}{unit} (×/÷ {fold:.2g})"
        )
    if found.kind == ONE_SIDED and found.upper == math.inf:
        return (
            f"{name} is one-sided: at least {math.exp(found.lower):.3g}{unit}, no upper limit "
            f"({NO_LIMIT[walk.upper_end]}, {high:.3g})"
        )
    if found.kind == ONE_SIDED:
        return (
            f"{name} is one-sided: at most {math.exp(found.upper):.3g}{unit}, no lower limit "
            f"({NO_LIMIT[walk.lower_end]}, {low:.3g})"
        )
    return (
        f"{name} is not identifiable: anything from {low:.3g} to {high:.3g}{unit} describes these "
        "blots about as well, and its prior decides"
    )
