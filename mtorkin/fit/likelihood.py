"""How well readouts agree with blots; scales, backgrounds and noise levels are solved, not searched.

Everything here is arrays in, arrays out; nothing simulates. For lane i with readout m_i, of group g
(one blot, one antibody) and antibody a,

    y_i = eta(s_g m_i + b_g) + e_i,    e_i ~ Normal(0, sigma_a),

where y and eta are logarithms for log-normal noise and values over the mean of the blot for normal
noise (`noise`), s is a scale, b a background where one is asked for, and a censored lane says only on
which side of its value the band is (`losses`). The best s and b are found in `nuisance`.

**Noise, and what the scales took.** With Q_a = the squares at the best scales of n_a measured lanes,
maximum likelihood gives sigma_a^2 = Q_a / n_a, which is too small: the scales followed the noise.
Instead, scales are integrated out. For log-normal noise and an even prior on ln s this is exact,

    integral prod_i Normal(ln v_i; ln s + ln m_i, sigma) d ln s
        = (2 pi sigma^2)^(-(n_g - 1) / 2) n_g^(-1/2) exp(-Q_g / 2 sigma^2),

that is, one power of sigma goes with each scale. The same holds for backgrounds, for normal noise and
for censored lanes to first order: the curvature by ln s is n_g / sigma^2 there too, up to factors that
hardly depend on the parameters, and these are left out. So with nu_a = n_a - the numbers solved for a,

    -ln L = Q / 2 sigma^2 + sum_a nu_a ln sigma_a + constants,      sigma_a^2 = Q_a / nu_a.

Two other ways lead to the same: an even prior on ln sigma, integrated out, leaves (nu / 2) ln Q, the
function of the parameters that is left here with sigma at its best; and it is the exact likelihood of
the ratios that are left when each group is divided by a control lane, or the mean of any of its lanes
(`normalisation`). The floor on sigma is a constraint: the cost falls towards sigma_a from both sides.

**Least squares.** With sigma fixed, half the sum of squares of `residuals` (lanes, then priors) is the
negative log-posterior up to `constants`. With sigma solved it is no longer a sum of squares;
`optimise` alternates least squares at fixed sigma with `solve_sigmas`. Each lowers the same number.

**Derivatives.** At the best scales and backgrounds the residuals r are orthogonal to the directions T
in which these move them, or a bound holds. So J = (1 - T T^+) dr/dp at fixed scales gives the exact
gradient J' r, without derivatives of what was solved (envelope theorem), and J'J is the information
left once scales are unknown. For log-normal noise without offsets J is also the exact derivative of r
(each column loses its mean over every group); otherwise a term that vanishes with r is missing, as
Kaufman proposed for separable least squares (BIT 1975, doi:10.1007/BF01932995; not read here).

References: hierarchical optimisation of scales and noise was described for ODE models by Loos,
Krause and Hasenauer, Bioinformatics 2018 (PMC6289139; abstract read).
"""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq

from mtorkin.fit.lanes import BlotData, Floats, Priors
from mtorkin.fit.losses import HALF_LOG_2PI, losses, residual_and_slope
from mtorkin.fit.nuisance import Solved, solve

__all__ = [
    "constants",
    "gradient",
    "joint_negative_log_likelihood",
    "lane_residuals",
    "negative_log_likelihood",
    "negative_log_posterior",
    "project_jacobian",
    "residuals",
    "solve_sigmas",
]

CEILING = 10.0  # of a noise level: censored lanes that contradict each other ask for any


def lane_residuals(data: BlotData, solved: Solved, sigmas: Floats) -> Floats:
    """r (lanes,): distance from the prediction in noise levels; see `losses` for censored lanes."""
    z = (data.coordinate - solved.eta) / sigmas[data.antibody]
    return residual_and_slope(z, data.censored)[0]


def residuals(
    data: BlotData, log_readouts: Floats, sigmas: Floats, priors: Priors, log_parameters: Floats
) -> Floats:
    """What least squares minimises (lanes + priors,): residuals of lanes, then of priors."""
    blots = lane_residuals(data, solve(data, log_readouts, sigmas), sigmas)
    return np.concatenate([blots, priors.residuals(log_parameters)])


def project_jacobian(
    data: BlotData, log_readouts: Floats, slopes: Floats, sigmas: Floats, priors: Priors
) -> Floats:
    """J of `residuals` (lanes + priors, parameters), less what the scales and backgrounds take up.

    `slopes` is d ln m / d ln p (lanes, parameters).
    """
    solved, sigma, noise, group = (
        solve(data, log_readouts, sigmas),
        sigmas[data.antibody],
        data.noise,
        data.group,
    )
    level, share = solved.level[group], solved.share[group]
    z = (data.coordinate - solved.eta) / sigma
    factor = -residual_and_slope(z, data.censored)[1] / sigma
    by_shape = factor * noise.by_shape(level, solved.shape)[0]
    found = (by_shape * (1 - share) * solved.relative)[:, None] * slopes
    taken = factor * noise.by_level(level, solved.shape) * solved.free_level[group]
    found = _without(data, taken, found)
    if solved.free_share.any():
        other = by_shape * (1 - solved.relative) * solved.free_share[group]
        found = _without(data, _without(data, taken, other[:, None])[:, 0], found)
    return np.concatenate([found, priors.jacobian()])


def solve_sigmas(data: BlotData, log_readouts: Floats) -> Floats:
    """Best noise level of each antibody (antibodies,), natural-log units or shares of the mean band.

    In closed form where no lane of the antibody is censored; otherwise the root of the slope by
    ln sigma, with scales solved anew at each. The fixed level where the caller gave one.
    """
    if data.noise.sigma is not None:
        return np.full(data.antibodies, data.noise.sigma)
    best = np.empty(data.antibodies)
    for number, (lanes, part) in enumerate(data.parts):
        here = log_readouts[lanes]
        if part.any_censored:
            best[number] = _with_censored(part, here)
            continue
        left = part.coordinate - solve(part, here, np.ones(1)).eta
        best[number] = max(math.sqrt(float(left @ left) / float(part.freedom[0])), data.noise.floor)
    return np.minimum(best, CEILING)


def constants(data: BlotData, sigmas: Floats) -> float:
    """Negative log-posterior less half the sum of squares of `residuals` (no unit).

    The normalisation of the priors, which depends on nothing that is fitted, is left out.
    """
    width = data.width[data.group]
    lanes = (data.noise.log_density(data.values, width) + HALF_LOG_2PI)[data.seen].sum()
    value = float(data.freedom @ np.log(sigmas)) + float(lanes)
    if data.noise.corrected:
        value += 0.5 * float(np.log(data.counts).sum()) - HALF_LOG_2PI * float(data.solved.sum())
    return value


def negative_log_likelihood(data: BlotData, log_readouts: Floats, sigmas: Floats) -> float:
    """Negative log-likelihood of the lanes, scales solved (no unit); inf where not finite."""
    if not np.all(np.isfinite(log_readouts)):
        return math.inf
    left = lane_residuals(data, solve(data, log_readouts, sigmas), sigmas)
    value = 0.5 * float(left @ left) + constants(data, sigmas)
    return value if math.isfinite(value) else math.inf


def joint_negative_log_likelihood(data: BlotData, log_readouts: Floats, sigmas: Floats) -> float:
    """The same before anything is integrated out: the density of the lanes at the best scales.

    This is what other tools compute where scales and noise levels are parameters (PEtab's nllh).
    """
    sigma = np.log(sigmas) @ np.bincount(data.antibody[data.seen], minlength=data.antibodies)
    width = data.width[data.group]
    lanes = (data.noise.log_density(data.values, width) + HALF_LOG_2PI)[data.seen].sum()
    left = lane_residuals(data, solve(data, log_readouts, sigmas), sigmas)
    return 0.5 * float(left @ left) + float(sigma) + float(lanes)


def negative_log_posterior(
    data: BlotData, log_readouts: Floats, sigmas: Floats, priors: Priors, log_parameters: Floats
) -> float:
    """Negative log-likelihood plus half the squared prior residuals; inf where not finite."""
    deviations = priors.residuals(log_parameters)
    likelihood = negative_log_likelihood(data, log_readouts, sigmas)
    return likelihood + 0.5 * float(deviations @ deviations)


def gradient(
    data: BlotData,
    log_readouts: Floats,
    slopes: Floats,
    sigmas: Floats,
    priors: Priors,
    log_parameters: Floats,
) -> Floats:
    """Derivatives of the negative log-posterior by log-parameters (parameters,), exact.

    At fixed `sigmas`, and as well where these are the best ones, since then nothing changes with them.
    """
    r = residuals(data, log_readouts, sigmas, priors, log_parameters)
    return project_jacobian(data, log_readouts, slopes, sigmas, priors).T @ r


def _with_censored(part: BlotData, log_readouts: Floats) -> float:
    """The noise level of one antibody that has censored lanes."""

    def slope(log_sigma: float) -> float:
        sigmas = np.array([math.exp(log_sigma)])
        z = (part.coordinate - solve(part, log_readouts, sigmas).eta) / sigmas[0]
        return float(part.freedom[0]) - float(losses(z, part.censored)[1] @ z)

    low, high = math.log(part.noise.floor), math.log(CEILING)
    if slope(low) >= 0:
        return part.noise.floor
    if slope(high) <= 0:
        return CEILING
    return math.exp(float(brentq(slope, low, high, xtol=1e-13, rtol=1e-14)))


def _without(data: BlotData, direction: Floats, columns: Floats) -> Floats:
    """Columns (lanes, columns) less, in every group, their part along a direction (lanes,)."""
    length = np.sqrt(data.sums(direction**2))[data.group]
    unit = np.where(length > 0, direction / np.where(length > 0, length, 1.0), 0.0)
    along = data.members @ (unit[:, None] * columns)
    left: Floats = columns - unit[:, None] * along[data.group]
    return left
