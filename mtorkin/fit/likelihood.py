"""How well readouts agree with blots: log-normal noise, scales and noise levels in closed form.

Everything here is arrays in, arrays out; nothing simulates. For lane i, with value v_i, model
readout m_i, scale group g(i) (one blot, one antibody) and antibody a(i),

    ln v_i = ln s_g(i) + ln m_i + e_i,    e_i ~ Normal(0, sigma_a(i)),

so the negative log-likelihood is

    sum_i [ (ln v_i - ln m_i - ln s_g)^2 / (2 sigma_a^2) + ln sigma_a + ln v_i + ln(2 pi) / 2 ].

Given m it is minimal at ln s_g = the mean of ln v_i - ln m_i over the group, whatever sigma is,
because all lanes of a group share one antibody. Given the residuals it is minimal at sigma_a^2 =
their mean square over the antibody; it falls towards that value from both sides, so a floor on
sigma is the minimum under the constraint.

Least squares. With sigma fixed, half the sum of squares of `residuals` (lanes over sigma, then
priors) is the negative log-posterior up to `constants`, which depends on sigma and not on the
parameters. With sigma profiled that is no longer a sum of squares; `optimise` then alternates
least squares at fixed sigma with the closed form for sigma. Each step lowers the same negative
log-posterior, so the alternation ends at a minimum of it in both.

An offset per blot and antibody would enter as ln(m_i + o_g): `solve_scales` is the one place that
turns log readouts into predictions.

References: hierarchical optimisation of scales and noise was described for ODE models by Loos,
Krause and Hasenauer, Bioinformatics 2018 (PMC6289139; abstract read).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BlotData",
    "Priors",
    "constants",
    "log_residuals",
    "negative_log_likelihood",
    "negative_log_posterior",
    "project_jacobian",
    "residuals",
    "solve_scales",
    "solve_sigmas",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HALF_LOG_2PI = 0.5 * float(np.log(2 * np.pi))
SIGMA_FLOOR = 0.05


@dataclass(frozen=True, eq=False)
class BlotData:
    """Values to explain: `log_values` (lanes,), `group` and `antibody` indices (lanes,).

    Group g is one blot seen with one antibody, and `antibody` numbers the noise levels. All
    lanes of a group must have the same antibody. No unit.
    """

    log_values: Floats
    group: Ints
    antibody: Ints

    @property
    def groups(self) -> int:
        """How many scales there are (no unit)."""
        return int(self.group.max()) + 1

    @property
    def antibodies(self) -> int:
        """How many noise levels there are (no unit)."""
        return int(self.antibody.max()) + 1


@dataclass(frozen=True, eq=False)
class Priors:
    """Normal priors of natural-log parameters: `mean`, `sd` (parameters,); NaN where none."""

    mean: Floats
    sd: Floats

    def residuals(self, log_parameters: Floats) -> Floats:
        """(ln p - mean) / sd, one for each parameter with a prior (priors,)."""
        has = self.has
        deviations: Floats = (log_parameters[has] - self.mean[has]) / self.sd[has]
        return deviations

    def jacobian(self) -> Floats:
        """Derivatives of `residuals` by the log-parameters (priors, parameters)."""
        rows: Floats = np.diag(1 / self.sd)[self.has]
        return rows

    @property
    def has(self) -> NDArray[np.bool_]:
        """Which parameters have a prior (parameters,)."""
        given: NDArray[np.bool_] = np.isfinite(self.mean) & np.isfinite(self.sd)
        return given


def solve_scales(data: BlotData, log_readouts: Floats) -> Floats:
    """Natural logs of the best scales (groups,): mean over the group of ln v - ln m."""
    return _group_means(data, data.log_values - log_readouts)


def log_residuals(data: BlotData, log_readouts: Floats) -> Floats:
    """ln v - ln s - ln m at the best scales (lanes,); 0.1 is about 10 % off."""
    difference = data.log_values - log_readouts
    left: Floats = difference - _group_means(data, difference)[data.group]
    return left


def solve_sigmas(data: BlotData, left: Floats, floor: float = SIGMA_FLOOR) -> Floats:
    """Best noise level of each antibody (antibodies,), in natural-log units.

    `left` are the log residuals (lanes,). The floor keeps an antibody with few lanes from
    promising a precision that no blot has.
    """
    squares = np.bincount(data.antibody, weights=left**2, minlength=data.antibodies)
    lanes = np.bincount(data.antibody, minlength=data.antibodies)
    best: Floats = np.maximum(np.sqrt(squares / lanes), floor)
    return best


def residuals(
    data: BlotData, log_readouts: Floats, sigmas: Floats, priors: Priors, log_parameters: Floats
) -> Floats:
    """What least squares minimises (lanes + priors,): residuals over noise, then priors."""
    blots = log_residuals(data, log_readouts) / sigmas[data.antibody]
    return np.concatenate([blots, priors.residuals(log_parameters)])


def project_jacobian(data: BlotData, log_readout_jacobian: Floats, sigmas: Floats, priors: Priors) -> Floats:
    """Jacobian of `residuals` (lanes + priors, parameters).

    `log_readout_jacobian` is d ln m / d ln p (lanes, parameters). The best scales follow the
    readouts, so each column loses its mean over every group.
    """
    columns = [
        (_group_means(data, column)[data.group] - column) / sigmas[data.antibody]
        for column in log_readout_jacobian.T
    ]
    return np.concatenate([np.stack(columns, axis=1), priors.jacobian()])


def constants(data: BlotData, sigmas: Floats) -> float:
    """Negative log-posterior less half the sum of squares of `residuals` (no unit).

    The normalisation of the priors, which depends on nothing that is fitted, is left out.
    """
    per_lane = np.log(sigmas)[data.antibody] + data.log_values + HALF_LOG_2PI
    return float(per_lane.sum())


def negative_log_likelihood(data: BlotData, log_readouts: Floats, sigmas: Floats) -> float:
    """Negative log-likelihood of the lanes at the best scales (no unit); inf where not finite."""
    left = log_residuals(data, log_readouts) / sigmas[data.antibody]
    value = 0.5 * float(left @ left) + constants(data, sigmas)
    return value if np.isfinite(value) else float("inf")


def negative_log_posterior(
    data: BlotData, log_readouts: Floats, sigmas: Floats, priors: Priors, log_parameters: Floats
) -> float:
    """Negative log-likelihood plus half the squared prior residuals; inf where not finite."""
    deviations = priors.residuals(log_parameters)
    likelihood = negative_log_likelihood(data, log_readouts, sigmas)
    return likelihood + 0.5 * float(deviations @ deviations)


def _group_means(data: BlotData, per_lane: Floats) -> Floats:
    sums = np.bincount(data.group, weights=per_lane, minlength=data.groups)
    means: Floats = sums / np.bincount(data.group, minlength=data.groups)
    return means
