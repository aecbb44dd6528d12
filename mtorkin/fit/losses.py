"""What a lane costs: half a square where its band was measured, a tail where only a limit is known.

With z = (y - eta) / sigma, the distance of a value (or limit) from its prediction in noise levels,

    measured:         z^2 / 2
    below detection:  -ln P(band <= limit) = -ln Phi(z)
    saturated:        -ln P(band >= limit) = -ln Phi(-z)

all convex in z. The last two are the terms of a Tobit model (Tobin, Econometrica 1958,
doi:10.2307/1907382; not read here, named for the idea). Each is half the square of a residual, so that
least squares minimises them: r = z, or r = sqrt(-2 ln Phi(±z)), which goes to ±z where the prediction is
on the wrong side of the limit and to 0 where it is on the right one.
"""

from __future__ import annotations

import numpy as np
from scipy.special import log_ndtr

from mtorkin.fit.lanes import Floats, Ints

__all__ = ["losses", "residual_and_slope"]

HALF_LOG_2PI = 0.5 * float(np.log(2 * np.pi))


def losses(z: Floats, censored: Ints) -> tuple[Floats, Floats, Floats]:
    """The cost of each lane, and its first and second derivative by z (lanes,)."""
    value, first, second = 0.5 * z**2, z.copy(), np.ones_like(z)
    lanes = censored != 0
    if lanes.any():
        sign = -censored[lanes].astype(np.float64)
        x = sign * z[lanes]
        log_p = log_ndtr(x)
        hazard = np.exp(-0.5 * x**2 - HALF_LOG_2PI - log_p)
        value[lanes] = -log_p
        first[lanes] = -sign * hazard
        second[lanes] = hazard * (x + hazard)
    return value, first, second


def residual_and_slope(z: Floats, censored: Ints) -> tuple[Floats, Floats]:
    """r of each lane, half the square of which is its cost, and dr/dz (lanes,)."""
    value, first, _ = losses(z, censored)
    lanes = censored != 0
    r, slope = z.copy(), np.ones_like(z)
    r[lanes] = np.sqrt(2 * value[lanes])
    some = lanes & (r != 0)
    slope[lanes] = 0.0
    slope[some] = first[some] / r[some]
    return r, slope
