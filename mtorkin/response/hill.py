"""A Hill curve through doses and responses, with intervals, or the reason why there is none.

``response = start + (end - start) * dose^h / (EC50^h + dose^h)``: `start` without drug, `end` at a
saturating dose. Of the two, `top` is the higher one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.special import expit

from mtorkin.arrays import Array
from mtorkin.response.points import checked_points, half_dose, means_of, turned_back

__all__ = ["HillFit", "fit_hill", "hill"]

PARAMETERS = 4
FLAT = 0.05  # change over all doses, as a share of the largest response, below which there is no EC50
ALPHA = 0.05
BEYOND = 3.0  # decades beyond the doses where an EC50 is looked for
SLOPES = (-1.3, 1.3)  # log10 of the Hill coefficient: 0.05 to 20
PLATEAUS = (-10.0, 11.0)  # of the range of the responses
LOOSE = 1e-9  # smallest over largest singular value, below which the doses determine nothing
TURNS, BIPHASIC = 0.1, 0.5  # share of the range by which a response turns back: said, or refused
GOOD = 0.8  # R squared from which scatter, not shape, is why a response turns back
NO_INTERVALS: Mapping[str, tuple[float, float]] = MappingProxyType(
    dict.fromkeys(("top", "bottom", "ec50", "hill"), (math.nan, math.nan))
)


@dataclass(frozen=True, eq=False)
class HillFit:
    """The Hill curve through some responses; `top` and `bottom` in their unit, `ec50` in the doses'.

    `hill` is above 0; `rises` says whether the response rises with the dose. `intervals` are 95 %
    confidence intervals by name. `extrapolated`: the EC50 lies outside the doses above 0.
    `interpolated` is the dose half way between the response at the lowest dose and the one farthest
    from it, by interpolation, without a curve. `rmse` [the responses' unit] is the root mean square
    residual, `r_squared` the share of the variance that the curve explains, `n` the number of
    responses. Where there is no EC50 all numbers of the curve are NaN and `reason` says why; `notes`
    say what to be wary of.
    """

    top: float
    bottom: float
    ec50: float
    hill: float
    intervals: Mapping[str, tuple[float, float]]
    rises: bool
    extrapolated: bool
    interpolated: float
    rmse: float
    r_squared: float
    n: int
    reason: str = ""
    notes: tuple[str, ...] = ()

    def __call__(self, doses: Sequence[float] | Array) -> Array:
        """Return the responses of the curve at some doses, shape (doses,); NaN where there is none."""
        ends = (self.bottom, self.top) if self.rises else (self.top, self.bottom)
        return hill(doses, *ends, self.ec50, self.hill)


def hill(doses: Sequence[float] | Array, start: float, end: float, ec50: float, slope: float) -> Array:
    """Return responses [that of start and end], shape (doses,), to doses [unit of ec50] from 0 up."""
    with np.errstate(divide="ignore"):
        x = slope * (np.log(np.asarray(doses, dtype=float)) - math.log(ec50))
    curve: Array = start + (end - start) * expit(x)
    return curve


def fit_hill(doses: Sequence[float] | Array, response: Sequence[float] | Array) -> HillFit:
    """Return the Hill curve through responses to doses, both of shape (points,).

    Least squares in log dose. A dose may be 0 (no drug) and may be given several times (replicates).
    The intervals are those of a nonlinear regression: covariance at the optimum, Student's t with
    points - 4 degrees of freedom, for EC50 and Hill coefficient on the log scale. With measured
    replicates they say what the scatter leaves open. The output of a model has no scatter: there
    they only say how well the shape of a Hill curve fits, nothing about biology.

    There is no EC50, with a reason, where the response is flat (changes by less than 5 %, or by
    no more than its scatter: F-test at 5 %), where it falls and rises again, and where there are
    fewer than 4 different doses. Raises DeclarationError for points that are not finite numbers,
    negative doses, lengths that differ.
    """
    x, y = checked_points(doses, response)
    levels, means = means_of(x, y)
    positive = levels[levels > 0]
    interpolated = half_dose(levels, means)
    if len(levels) < PARAMETERS:
        return _none(y, interpolated, f"{len(levels)} different doses; the four numbers of a curve need 4")
    size = float(np.ptp(means))
    if size <= FLAT * float(np.abs(means).max()):
        change = 100 * size / float(np.abs(means).max()) if size else 0.0
        return _none(y, math.nan, f"flat: it changes by {change:.2g} % over the doses")
    found, cost = _optimum(x, (y - y.min()) / size, positive)
    rss, total = cost * size**2, float(np.sum((y - y.mean()) ** 2))
    r_squared, back = 1 - rss / total, turned_back(means)
    biphasic = back > BIPHASIC and r_squared < GOOD
    # replicates tell scatter from shape; without them what turns back is taken for shape
    if (p := _chance(rss, total, len(y))) > ALPHA and (len(y) > len(levels) or not biphasic):
        return _none(y, math.nan, f"no change with dose beyond the scatter (F-test, p = {p:.2g})")
    if biphasic:
        return _none(y, math.nan, f"biphasic: it turns back by {100 * back:.0f} % of its range")
    return _described(x, y, found, rss, r_squared, interpolated, back)


def _none(y: Array, interpolated: float, reason: str) -> HillFit:
    nan = math.nan
    return HillFit(nan, nan, nan, nan, NO_INTERVALS, False, False, interpolated, nan, nan, len(y), reason)


def _curve(theta: Array, x: Array) -> Array:
    """`theta`: start, end, log10 of EC50, log10 of the Hill coefficient."""
    return hill(x, theta[0], theta[1], 10 ** theta[2], 10 ** theta[3])


def _optimum(x: Array, y: Array, positive: Array) -> tuple[Array, float]:
    """Return the best of some starts, shape (4,), and its sum of squares; `y` spans 0 to 1."""
    from scipy.optimize import least_squares  # here: it is slow to load, and few commands need it

    low, high = np.log10(positive[0]), np.log10(positive[-1])
    bounds = ([PLATEAUS[0]] * 2 + [low - BEYOND, SLOPES[0]], [PLATEAUS[1]] * 2 + [high + BEYOND, SLOPES[1]])
    first, last = y[x == x.min()].mean(), y[x == x.max()].mean()
    best, cost = np.zeros(PARAMETERS), math.inf
    for middle in np.quantile(np.log10(positive), (0.2, 0.5, 0.8)):
        for slope in (-0.2, 0.3):
            start = np.array([first, last, middle, slope])
            found = least_squares(
                lambda theta: _curve(theta, x) - y,
                start,
                jac="3-point",
                bounds=bounds,
                xtol=1e-12,
                ftol=1e-12,
            )
            if 2 * found.cost < cost:
                best, cost = found.x, 2 * found.cost
    return best, float(cost)


def _chance(rss: float, total: float, n: int) -> float:
    """p of the F-test of the curve against no change; 0 where there is no degree of freedom for it."""
    if n <= PARAMETERS or rss <= 0:
        return 0.0
    f = (total - rss) / (PARAMETERS - 1) / (rss / (n - PARAMETERS))
    from scipy import stats  # here: it is slow to load, and few commands need it

    return float(stats.f.sf(f, PARAMETERS - 1, n - PARAMETERS))


def _described(
    x: Array, y: Array, theta: Array, rss: float, r_squared: float, interpolated: float, back: float
) -> HillFit:
    """Put a curve into numbers that have units and names."""
    size, low = float(np.ptp(means_of(x, y)[1])), float(y.min())
    errors, notes = _errors(x, theta, rss / size**2)
    ends = low + size * theta[:2]
    spans = [(low + size * (t - e), low + size * (t + e)) for t, e in zip(theta[:2], errors, strict=False)]
    rises = bool(ends[1] > ends[0])
    above, below = (1, 0) if rises else (0, 1)
    span = {"top": spans[above], "bottom": spans[below]}
    for i, name in ((2, "ec50"), (3, "hill")):
        span[name] = (_power(theta[i] - errors[i]), _power(theta[i] + errors[i]))
    ec50, positive = _power(theta[2]), x[x > 0]
    outside = not float(positive.min()) <= ec50 <= float(positive.max())
    if outside:
        notes += ("the EC50 lies outside the doses and is extrapolated",)
    if back > TURNS:
        notes += (f"it turns back by {100 * back:.0f} % of its range, which a Hill curve does not",)
    if min(abs(theta[3] - bound) for bound in SLOPES) < 1e-3:
        notes += ("the Hill coefficient is at the limit of the search (0.05 to 20)",)
    return HillFit(
        top=float(ends[above]),
        bottom=float(ends[below]),
        ec50=ec50,
        hill=_power(theta[3]),
        intervals=MappingProxyType(span),
        rises=rises,
        extrapolated=outside,
        interpolated=interpolated,
        rmse=math.sqrt(rss / len(y)),
        r_squared=r_squared,
        n=len(y),
        notes=notes,
    )


def _errors(x: Array, theta: Array, rss: float) -> tuple[Array, tuple[str, ...]]:
    """Half widths of 95 % intervals of `theta`, shape (4,), and why there are none."""
    none = np.full(PARAMETERS, math.nan)
    free = len(x) - PARAMETERS
    if free < 1:
        return none, ("no intervals: four points leave no degree of freedom",)
    jacobian = np.empty((len(x), PARAMETERS))
    for i in range(PARAMETERS):
        step = np.zeros(PARAMETERS)
        step[i] = 1e-5
        jacobian[:, i] = (_curve(theta + step, x) - _curve(theta - step, x)) / 2e-5
    _, size, v = np.linalg.svd(jacobian, full_matrices=False)
    if size[-1] < LOOSE * size[0]:
        return none, ("no intervals: the doses do not determine all four numbers",)
    variance = np.sum((v.T / size) ** 2, axis=1) * rss / free
    from scipy import stats  # here: it is slow to load, and few commands need it

    return stats.t.ppf(1 - ALPHA / 2, free) * np.sqrt(variance), ()


def _power(exponent: float) -> float:
    """10 to a power, 0 or infinity where that is no number a computer holds."""
    if math.isnan(exponent):
        return math.nan
    return math.inf if exponent > 300 else 0.0 if exponent < -300 else float(10**exponent)
