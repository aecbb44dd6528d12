"""What two drugs do together beyond what they should: Bliss, HSA, Loewe, Chou and Talalay.

Effects are numbers from 0 (none) to 1 (all). *Bliss*: the drugs act independently, each on what the
other leaves. *HSA* (highest single agent): the better drug alone. *Loewe*: the drugs are doses of
each other; ``a / A + b / B = 1`` where A and B alone do what the two do together. The sum itself is
the combination index of Chou and Talalay (for drugs that exclude each other), below 1 for synergy.
Loewe and the index need both drugs to reach the effect alone; where one does not, they do not exist.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mtorkin.arrays import Array

__all__ = ["LEAST", "EffectCurve", "bliss", "combination_index", "grid_between", "hsa", "loewe"]

TURNS = 0.1  # share of its largest effect that a drug may lose at higher doses and still be monotone
LEAST = 0.01  # an effect below it is none: its dose is ill determined
FINE = 200  # points between two doses of a curve

DoseFor = Callable[[float], float]


@dataclass(frozen=True, eq=False)
class EffectCurve:
    """A single drug: increasing `doses` above 0 and `effects` [1], both of shape (points,).

    In between it is interpolated in log dose, monotonely between neighbours (PCHIP); below the
    lowest dose the effect is proportional to the dose.
    """

    doses: Array
    effects: Array

    @property
    def most(self) -> float:
        """The largest effect [1] of the drug at its doses."""
        return max(0.0, float(self.effects.max()))

    @property
    def turns(self) -> float:
        """The dose above which the drug does less again, by over a tenth of its effect; or infinity."""
        highest = int(self.effects.argmax())
        lost = self.effects[highest] - self.effects[highest:].min()
        return float(self.doses[highest]) if lost > TURNS * self.most > 0 else math.inf

    def dose_for(self, effect: float) -> float:
        """Return the lowest dose with an effect above 0 [1]; NaN where the drug does not reach it."""
        if not 0 < effect <= self.most:
            return math.nan
        if effect <= self.effects[0]:
            return float(self.doses[0] * effect / self.effects[0])
        x, reached = self._fine
        i = int(np.searchsorted(reached, effect))
        if i == 0 or i == len(x):
            return float(np.exp(x[min(i, len(x) - 1)]))
        share = (effect - reached[i - 1]) / (reached[i] - reached[i - 1])
        return float(np.exp(x[i - 1] + share * (x[i] - x[i - 1])))

    @property
    def _fine(self) -> tuple[Array, Array]:
        """Log doses, and the largest effect up to each."""
        x = np.log(self.doses)
        if len(x) == 1:
            return x, self.effects
        parts = [np.linspace(a, b, FINE, endpoint=False) for a, b in pairwise(x.tolist())]
        fine = np.append(np.concatenate(parts), x[-1])
        from scipy.interpolate import PchipInterpolator  # here: it is slow to load, and few commands need it

        return fine, np.maximum.accumulate(PchipInterpolator(x, self.effects)(fine))


def bliss(effect_a: Array, effect_b: Array) -> Array:
    """Return the effect [1] of drugs that act independently, by the effects of each."""
    expected: Array = effect_a + effect_b - effect_a * effect_b
    return expected


def hsa(effect_a: Array, effect_b: Array) -> Array:
    """Return the effect [1] of the better drug, by the effects of each."""
    expected: Array = np.maximum(effect_a, effect_b)
    return expected


def combination_index(a: float, b: float, effect: float, dose_a: DoseFor, dose_b: DoseFor) -> float:
    """Return ``a / A + b / B`` [1] for doses that have an effect [1] together.

    `dose_a` and `dose_b` return the doses A and B that have it alone. NaN where the effect is below
    1 %, or one of two drugs given does not reach it.
    """
    if effect < LEAST:
        return math.nan
    return sum(dose / alone(effect) for dose, alone in ((a, dose_a), (b, dose_b)) if dose)


def loewe(a: float, b: float, most: float, dose_a: DoseFor, dose_b: DoseFor) -> float:
    """Return the effect [1] that doses would have if the drugs were doses of each other.

    `most` is the largest effect that both reach. NaN where the two would do more than that, or
    less than 1 %.
    """

    def beyond(effect: float) -> float:
        return combination_index(a, b, effect, dose_a, dose_b) - 1

    if most <= LEAST or not (beyond(LEAST) >= 0 >= beyond(most)):
        return math.nan
    from scipy.optimize import brentq  # here: it is slow to load, and few commands need it

    return float(brentq(beyond, LEAST, most, xtol=1e-9))


def grid_between(doses: Sequence[float], reach: float, step: float) -> list[float]:
    """Return doses above 0 and others between and around them, at most `step` decades apart.

    They go on to `reach` times the highest and down to a third of the lowest.
    """
    low, high = min(doses), max(doses)
    corners = [*sorted({low / 3, *doses}), *([high * reach] if reach > 1 else [])]
    found: list[float] = []
    for a, b in pairwise(corners):
        count = max(1, math.ceil(math.log10(b / a) / step - 1e-9))
        found += [a * (b / a) ** (i / count) for i in range(count)]
    return [*found, corners[-1]]
