"""Numbers of cells from rates of growth and death: viability, lethality, clones that take over.

Cells grow exponentially, ``dN/dt = (growth - death) N``, with rates that a simulation gives; they do
not compete, so that a clone's fate does not depend on the others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtorkin.arrays import Array
from mtorkin.errors import DeclarationError

__all__ = ["Clones", "bliss_excess", "clones", "lethality_score", "log_growth", "viability"]


def log_growth(times: Sequence[float] | Array, net: Sequence[float] | Array) -> Array:
    """Return ln N(t)/N(0), shape (times,), of cells whose net rate [1/min] is `net` at `times` [min].

    Trapezoids between times. Raises DeclarationError for shapes that differ or times that do not
    increase.
    """
    when, rate = np.asarray(times, dtype=float), np.asarray(net, dtype=float)
    if when.ndim != 1 or when.shape != rate.shape or len(when) < 2:
        raise DeclarationError(
            f"a rate is needed at each of at least two times: shapes {when.shape}, {rate.shape}"
        )
    if not np.all(np.diff(when) > 0):
        raise DeclarationError("times must increase; sort them and give each once")
    from scipy.integrate import cumulative_trapezoid  # here: it is slow to load, and few commands need it

    found: Array = cumulative_trapezoid(rate, when, initial=0.0)
    return found


def viability(
    times: Sequence[float] | Array, net: Sequence[float] | Array, untreated: float | Array
) -> float:
    """Return the number of treated over that of untreated cells at the last time (1: no effect).

    `net` is growth less death [1/min] at `times` [min]; `untreated` the same of untreated cells, one
    number or one a time. Raises as `log_growth`.
    """
    control = np.broadcast_to(np.asarray(untreated, dtype=float), np.shape(net))
    return float(math.exp(log_growth(times, np.asarray(net, dtype=float) - control)[-1]))


def lethality_score(a: float, b: float, both: float) -> float:
    """Return ln(S_A S_B / S_AB) of viabilities (no unit).

    0 for kills that are independent, 1 and more for what is called synthetic lethality. Not a
    number where a viability is 0 or below.
    """
    return math.log(a * b / both) if min(a, b, both) > 0 else math.nan


def bliss_excess(a: float, b: float, both: float) -> float:
    """Return S_A S_B - S_AB of viabilities: the share of cells killed beyond independence."""
    return a * b - both


@dataclass(frozen=True, eq=False)
class Clones:
    """Clones over `times` [min]: `log_sizes`, shape (clones, times), of ln(cells), all cells 1 at 0."""

    names: tuple[str, ...]
    times: Array
    log_sizes: Array

    @property
    def log_total(self) -> Array:
        """ln of all cells over those at 0, shape (times,)."""
        total: Array = np.logaddexp.reduce(self.log_sizes, axis=0)
        return total

    @property
    def fractions(self) -> Array:
        """Share of each clone, shape (clones, times)."""
        shares: Array = np.exp(self.log_sizes - self.log_total)
        return shares

    def fraction(self, name: str) -> Array:
        """Return the share of a clone, shape (times,)."""
        share: Array = self.fractions[self.names.index(name)]
        return share

    def progression(self, fold: float) -> float:
        """Return the time [min] at which all cells are `fold` times those at 0, interpolated.

        Not a number where that is not reached. The last crossing upwards counts, so that a tumour
        that shrinks first progresses when it has grown back.
        """
        above = self.log_total - math.log(fold)
        up = np.flatnonzero((above[1:] >= 0) & (above[:-1] < 0))
        if not len(up) or above[-1] < 0:
            return math.nan
        i = int(up[-1])
        part = -above[i] / (above[i + 1] - above[i])
        return float(self.times[i] + part * (self.times[i + 1] - self.times[i]))


def clones(
    times: Sequence[float] | Array, net: Mapping[str, Sequence[float] | Array], start: Mapping[str, float]
) -> Clones:
    """Return clones that grow side by side, each with its own net rate [1/min] under one schedule.

    `net` gives each clone's growth less death at `times` [min], as its simulation under the
    schedule (drugs that alternate, for example) gives it; `start` the share of each clone at 0,
    which is scaled to 1 in all. Raises DeclarationError where names differ, a share is not above 0,
    or as `log_growth`.
    """
    if set(net) != set(start) or len(net) < 2:
        raise DeclarationError(
            f"rates are of {', '.join(net) or 'no clone'}, shares of {', '.join(start) or 'no clone'}; "
            "give both for the same two or more clones"
        )
    for name, share in start.items():
        if not 0 < share < math.inf:
            raise DeclarationError(f"the share of {name} at the start is {share!r}; it must be above 0")
    names, whole = tuple(net), sum(start.values())
    sizes = [math.log(start[name] / whole) + log_growth(times, net[name]) for name in names]
    return Clones(names, np.asarray(times, dtype=float), np.array(sizes))
