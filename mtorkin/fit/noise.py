"""How blots scatter: log-normal (a factor) or normal (an amount), one noise level an antibody.

Both are written in a coordinate in which noise is added. With v the value of a lane, w the mean value
of its blot and antibody, A the level and q the shape of what the model predicts there,

    log-normal:  y = ln v     eta = A + ln q      y = eta + e,  e ~ Normal(0, sigma)
    normal:      y = v / w    eta = A q           y = eta + e,  e ~ Normal(0, sigma)

so that sigma has no unit in either: 0.2 is a factor of e^0.2, or a fifth of the mean band of the blot.
Dividing by w makes one sigma fit blots of different exposure, and the unit of the values drop out; w is
taken as known. Both predictions are straight in A, which `nuisance` relies on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtorkin.errors import DeclarationError

__all__ = ["LogNormal", "Noise", "Normal"]

Floats = NDArray[np.float64]

FLOOR = 0.05


@dataclass(frozen=True)
class _Level:
    """What both kinds of noise have.

    `sigma` fixes the noise of every antibody; None solves one level for each, never below `floor`,
    which keeps an antibody with few lanes from promising a precision that no blot has. `corrected`
    pays back what the scales took (see `likelihood`); without it noise levels are those of maximum
    likelihood, as other tools have them, and intervals are too narrow. Raises DeclarationError for a
    level that is not a positive number.
    """

    sigma: float | None = None
    floor: float = FLOOR
    corrected: bool = True

    def __post_init__(self) -> None:
        for name, value in (("sigma", self.sigma), ("floor", self.floor)):
            if value is not None and not (math.isfinite(value) and value > 0):
                raise DeclarationError(
                    f"{name} = {value}: a noise level is a positive number"
                    + (", or None to find one for each antibody" if name == "sigma" else "")
                )


@dataclass(frozen=True)
class LogNormal(_Level):
    """Noise is a factor: ×/÷ e^sigma as often on a strong band as on a weak one."""

    def coordinate(self, values: Floats, width: Floats) -> Floats:
        """y of values (lanes,); `width` is not needed."""
        y: Floats = np.log(values)
        return y

    def log_density(self, values: Floats, width: Floats) -> Floats:
        """ln |dv / dy| (lanes,): what turns a density of y into one of v."""
        y: Floats = np.log(values)
        return y

    def predicted(self, level: Floats, shape: Floats) -> Floats:
        """eta (lanes,)."""
        eta: Floats = level + np.log(shape)
        return eta

    def by_level(self, level: Floats, shape: Floats) -> Floats:
        """d eta / dA (lanes,)."""
        return np.ones_like(shape)

    def by_shape(self, level: Floats, shape: Floats) -> tuple[Floats, Floats, float]:
        """d eta / dq, d2 eta / dq2 (lanes,), and d2 eta / dA dq."""
        once: Floats = 1 / shape
        return once, -(once**2), 0.0

    def scale(self, level: Floats, width: Floats) -> Floats:
        """Value per shape (groups,) at levels A (groups,)."""
        scale: Floats = np.exp(level)
        return scale


@dataclass(frozen=True)
class Normal(_Level):
    """Noise is an amount: as large on a weak band as on a strong one of the same blot."""

    def coordinate(self, values: Floats, width: Floats) -> Floats:
        """y of values (lanes,); `width` (lanes,) is the mean value of the blot and antibody."""
        y: Floats = values / width
        return y

    def log_density(self, values: Floats, width: Floats) -> Floats:
        """ln |dv / dy| (lanes,): what turns a density of y into one of v."""
        w: Floats = np.log(width)
        return w

    def predicted(self, level: Floats, shape: Floats) -> Floats:
        """eta (lanes,)."""
        return level * shape

    def by_level(self, level: Floats, shape: Floats) -> Floats:
        """d eta / dA (lanes,)."""
        return shape

    def by_shape(self, level: Floats, shape: Floats) -> tuple[Floats, Floats, float]:
        """d eta / dq, d2 eta / dq2 (lanes,), and d2 eta / dA dq."""
        return level, np.zeros_like(shape), 1.0

    def scale(self, level: Floats, width: Floats) -> Floats:
        """Value per shape (groups,) at levels A (groups,); `width` (groups,)."""
        return level * width


Noise = LogNormal | Normal
