"""What is solved against brute force, and derivatives against differences, for every kind of lane."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import ndtr

from mtorkin.fit.lanes import BlotData, Floats, Priors, blot_data
from mtorkin.fit.likelihood import (
    constants,
    gradient,
    joint_negative_log_likelihood,
    negative_log_likelihood,
    negative_log_posterior,
    project_jacobian,
    residuals,
    solve_sigmas,
)
from mtorkin.fit.noise import LogNormal, Noise, Normal
from mtorkin.fit.nuisance import solve

PLAIN = LogNormal()
NO_PRIORS = Priors(np.full(2, np.nan), np.full(2, np.nan))
NOISES = (LogNormal(), Normal())
KINDS = [(noise, offset, limits) for noise in NOISES for offset in (False, True) for limits in (False, True)]


def made_up(
    seed: int,
    noise: Noise = PLAIN,
    offset: bool = False,
    limits: bool = False,
) -> tuple[BlotData, Floats]:
    """Three blots of two antibodies, seven lanes each, with noise; and log readouts."""
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(6), 7)
    log_readouts = random.normal(size=42)
    # every other antibody has a background of its blots, of about a third of a band
    back = np.where(group >= 3, 0.5, 0.0) if offset else 0.0
    scale = np.exp(random.normal(size=6) * 3)[group]
    sigma = np.array([0.1, 0.3])[group // 3]
    values = scale * (np.exp(log_readouts) + back) * np.exp(sigma * random.normal(size=42))
    censored = np.zeros(42, dtype=np.int64)
    if limits:
        for g in (0, 3, 4):
            lanes = np.flatnonzero(group == g)
            order = lanes[np.argsort(values[lanes])]
            censored[order[:2]], values[order[:2]] = -1, values[order[1]] * 1.1
            censored[order[-1]], values[order[-1]] = 1, values[order[-1]] * 0.8
    has = np.array([False] * 3 + [offset] * 3)
    return blot_data(values, group, group // 3, censored, has, noise), log_readouts


def written_out(
    data: BlotData, log_readouts: Floats, scales: Floats, backgrounds: Floats, sigmas: Floats
) -> Floats:
    """The negative log-density of each lane, as it is in books; limits as probabilities."""
    band = scales[data.group] * np.exp(log_readouts) + backgrounds[data.group]
    if isinstance(data.noise, LogNormal):
        sigma, unit = sigmas[data.antibody], data.values
        z = np.log(data.values / band) / sigma
    else:
        sigma, unit = sigmas[data.antibody] * data.width[data.group], 1.0
        z = (data.values - band) / sigma
    found = np.exp(-(z**2) / 2) / (np.sqrt(2 * np.pi) * sigma * unit)
    found = np.where(data.censored == -1, ndtr(z), found)
    found = np.where(data.censored == 1, 1 - ndtr(z), found)
    return -np.log(np.maximum(found, 1e-300))


def solved_scales(data: BlotData, log_readouts: Floats, sigmas: Floats) -> tuple[Floats, Floats]:
    """Scale (value per readout) and background (value) of each group."""
    found = solve(data, log_readouts, sigmas)
    whole = data.noise.scale(found.level, data.width)
    return whole * (1 - found.share) / found.mean, whole * found.share


@pytest.mark.parametrize(("noise", "offset", "limits"), KINDS)
def test_scales_and_backgrounds_are_those_of_brute_force(noise: Noise, offset: bool, limits: bool) -> None:
    """A general minimiser from many points finds nothing better, and the same at its best."""
    data, log_readouts = made_up(1, noise, offset, limits)
    sigmas = np.array([0.15, 0.3])
    scales, backgrounds = solved_scales(data, log_readouts, sigmas)
    here = written_out(data, log_readouts, scales, backgrounds, sigmas)
    assert here.sum() == pytest.approx(joint_negative_log_likelihood(data, log_readouts, sigmas), rel=1e-12)
    unit = data.width / data.sums(np.exp(log_readouts)) * 7

    for g in (0, 2, 4):
        lanes = data.group == g

        def cost(x: Floats, g: int = g, lanes: Floats = lanes) -> float:
            s, b = scales.copy(), backgrounds.copy()
            s[g] = x[0] * unit[g]
            b[g] = x[1] * data.width[g] if data.offset[g] else 0.0
            return float(written_out(data, log_readouts, s, b, sigmas)[lanes].sum())

        best = math.inf
        for start in ([1.0, 0.01], [0.3, 0.6]):
            found = minimize(cost, start, method="L-BFGS-B", bounds=[(1e-9, None), (0, None)])
            found = minimize(
                cost,
                found.x,
                method="Nelder-Mead",
                bounds=[(1e-9, None), (0, None)],
                options={"xatol": 1e-12, "fatol": 1e-13, "maxiter": 400},
            )
            best = min(best, found.fun)
        assert here[lanes].sum() == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize(("noise", "offset", "limits"), KINDS)
def test_noise_levels_are_those_of_brute_force(noise: Noise, offset: bool, limits: bool) -> None:
    data, log_readouts = made_up(2, noise, offset, limits)
    sigmas = solve_sigmas(data, log_readouts)
    for a in range(2):

        def cost(x: Floats, a: int = a) -> float:
            other = sigmas.copy()
            other[a] = math.exp(x[0])
            return negative_log_likelihood(data, log_readouts, other)

        found = minimize(cost, [np.log(0.5)], method="Nelder-Mead", options={"xatol": 1e-11, "fatol": 1e-14})
        assert sigmas[a] == pytest.approx(math.exp(found.x[0]), rel=1e-6)
        assert negative_log_likelihood(data, log_readouts, sigmas) <= found.fun + 1e-12


def test_a_scale_is_integrated_out() -> None:
    """The likelihood is the integral of the density over the logarithm of every scale."""
    data, log_readouts = made_up(3)
    sigmas = np.array([0.2, 0.35])
    scales, backgrounds = solved_scales(data, log_readouts, sigmas)
    at, total = data.sums(written_out(data, log_readouts, scales, backgrounds, sigmas)), 0.0
    for g in range(6):

        def density(shift: float, g: int = g, at: Floats = at) -> float:
            moved = scales.copy()
            moved[g] *= math.exp(shift)
            lanes = data.group == g
            return math.exp(-written_out(data, log_readouts, moved, backgrounds, sigmas)[lanes].sum() + at[g])

        total += at[g] - math.log(quad(density, -2, 2, epsabs=0, epsrel=1e-11)[0])
    assert negative_log_likelihood(data, log_readouts, sigmas) == pytest.approx(total, rel=1e-10)


def test_noise_is_not_too_small_for_the_scales() -> None:
    """Over made-up blots of three lanes the corrected variance is right and the other a third short."""
    group, random = np.repeat(np.arange(300), 3), np.random.default_rng(4)
    values = np.exp(0.2 * random.normal(size=900) + 5)
    for corrected, expected in ((True, 0.2), (False, 0.2 * math.sqrt(2 / 3))):
        data = blot_data(values, group, np.zeros(900, dtype=np.int64), noise=LogNormal(corrected=corrected))
        assert solve_sigmas(data, np.zeros(900))[0] == pytest.approx(expected, rel=0.05)


def test_sigma_at_the_floor_is_the_constrained_minimum_and_a_fixed_one_stays() -> None:
    data, log_readouts = made_up(0, LogNormal(floor=0.25))
    sigmas = solve_sigmas(data, log_readouts)
    assert sigmas[0] == 0.25
    assert sigmas[1] > 0.25
    for larger in (0.26, 0.5):
        other = np.array([larger, sigmas[1]])
        assert negative_log_likelihood(data, log_readouts, other) > negative_log_likelihood(
            data, log_readouts, sigmas
        )
    fixed, _ = made_up(0, LogNormal(sigma=0.4))
    assert list(solve_sigmas(fixed, log_readouts)) == [0.4, 0.4]


@pytest.mark.parametrize("noise", NOISES)
def test_half_the_sum_of_squares_is_the_negative_log_posterior(noise: Noise) -> None:
    data, log_readouts = made_up(1, noise, True, True)
    sigmas = np.array([0.2, 0.3])
    priors = Priors(np.array([0.5, np.nan]), np.array([2.0, np.nan]))
    log_parameters = np.array([1.5, 7.0])
    r = residuals(data, log_readouts, sigmas, priors, log_parameters)
    assert len(r) == 43
    assert 0.5 * r @ r + constants(data, sigmas) == pytest.approx(
        negative_log_likelihood(data, log_readouts, sigmas) + 0.5 * ((1.5 - 0.5) / 2) ** 2
    )


@given(st.floats(1e-6, 1e6), st.integers(0, 5), st.sampled_from(NOISES))
@settings(max_examples=12, deadline=None)
def test_a_factor_on_one_blot_changes_nothing_but_its_scale(factor: float, group: int, noise: Noise) -> None:
    """So a blot may be divided by a control lane or its mean beforehand: the answer is the same."""
    data, log_readouts = made_up(1, noise, True, True)
    values = data.values * np.where(data.group == group, factor, 1.0)
    other = blot_data(values, data.group, data.antibody, data.censored, data.offset, noise)
    sigmas = solve_sigmas(data, log_readouts)
    assert solve_sigmas(other, log_readouts) == pytest.approx(sigmas, rel=1e-6)
    lanes = ((data.group == group) & data.seen).sum()
    one, two = (negative_log_likelihood(each, log_readouts, sigmas) for each in (data, other))
    assert two - one == pytest.approx(lanes * math.log(factor), abs=1e-6)
    before, after = (solved_scales(each, log_readouts, sigmas) for each in (data, other))
    assert after[0][group] == pytest.approx(before[0][group] * factor, rel=1e-6)


@pytest.mark.parametrize(("noise", "offset", "limits"), KINDS)
def test_the_gradient_is_exact(noise: Noise, offset: bool, limits: bool) -> None:
    """With everything solved anew at each point of a central difference."""
    data, _ = made_up(3, noise, offset, limits)
    base, slopes = made_up(3)[1], np.random.default_rng(6).normal(size=(42, 2)) / 3
    priors = Priors(np.array([0.0, np.nan]), np.array([0.7, np.nan]))

    def readouts(x: Floats) -> Floats:
        return base + slopes @ x + np.sin(slopes) @ x**2

    def objective(x: Floats) -> float:
        sigmas = solve_sigmas(data, readouts(x))
        return negative_log_posterior(data, readouts(x), sigmas, priors, x)

    x = np.array([0.3, -0.2])
    here, at = slopes + np.sin(slopes) * 2 * x, readouts(x)
    exact = gradient(data, at, here, solve_sigmas(data, at), priors, x)
    assert np.abs(exact).min() > 0.1
    for j, step in enumerate(1e-4 * np.eye(2)):
        difference = (
            8 * (objective(x + step) - objective(x - step))
            - objective(x + 2 * step)
            + objective(x - 2 * step)
        ) / 12e-4
        assert exact[j] == pytest.approx(difference, rel=1e-7, abs=1e-7)


def test_the_jacobian_of_plain_lanes_is_that_of_the_residuals() -> None:
    data, _ = made_up(2)
    slopes, sigmas, x = (
        np.random.default_rng(5).normal(size=(42, 2)),
        np.array([0.2, 0.3]),
        np.array([0.3, -0.2]),
    )

    def r(x: Floats) -> Floats:
        return residuals(data, slopes @ x + np.sin(slopes) @ x**2, sigmas, NO_PRIORS, x)

    here = slopes + np.sin(slopes) * 2 * x
    exact = project_jacobian(data, slopes @ x + np.sin(slopes) @ x**2, here, sigmas, NO_PRIORS)
    for j, step in enumerate(1e-6 * np.eye(2)):
        assert exact[:, j] == pytest.approx((r(x + step) - r(x - step)) / 2e-6, abs=1e-7)


def test_nothing_but_background_is_allowed_and_has_no_slope() -> None:
    """Bands that fall where the readout rises: the model is flat there, and says so."""
    rises = np.linspace(0, 1, 6)
    data = blot_data(np.exp(-rises), np.zeros(6, int), np.zeros(6, int), offset=np.array([True]))
    found = solve(data, rises, np.ones(1))
    assert found.share[0] == 1
    assert project_jacobian(data, rises, np.ones((6, 2)), np.ones(1), NO_PRIORS) == pytest.approx(0)
    without = blot_data(np.exp(rises), np.zeros(6, int), np.zeros(6, int), offset=np.array([True]))
    assert solve(without, rises, np.ones(1)).share[0] < 1e-12


def test_a_readout_that_is_not_finite_is_infinitely_bad() -> None:
    data, log_readouts = made_up(0)
    log_readouts[3] = np.nan
    sigmas = np.array([0.2, 0.3])
    assert negative_log_likelihood(data, log_readouts, sigmas) == np.inf
    assert negative_log_posterior(data, log_readouts, sigmas, NO_PRIORS, np.zeros(2)) == np.inf
