"""The closed forms against brute force, and least squares against the likelihood."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import lognorm

from mtorkin.fit.likelihood import (
    BlotData,
    Priors,
    constants,
    log_residuals,
    negative_log_likelihood,
    negative_log_posterior,
    project_jacobian,
    residuals,
    solve_scales,
    solve_sigmas,
)

NO_PRIORS = Priors(np.full(2, np.nan), np.full(2, np.nan))


def made_up(seed: int) -> tuple[BlotData, np.ndarray]:
    """Three blots of two antibodies, five lanes each, with noise; and log readouts."""
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(6), 5)
    antibody = group // 3
    log_readouts = random.normal(size=30)
    log_values = log_readouts + random.normal(size=6)[group] * 3
    log_values = log_values + random.normal(size=30) * np.array([0.1, 0.4])[antibody]
    return BlotData(log_values, group, antibody), log_readouts


def written_out(
    data: BlotData, log_readouts: np.ndarray, log_scales: np.ndarray, sigmas: np.ndarray
) -> float:
    """The negative log-likelihood as a log-normal density, from scipy."""
    sigma = sigmas[data.antibody]
    median = np.exp(log_scales[data.group] + log_readouts)
    return -float(lognorm.logpdf(np.exp(data.log_values), s=sigma, scale=median).sum())


@pytest.mark.parametrize("seed", range(3))
def test_scales_and_sigmas_are_those_of_brute_force(seed: int) -> None:
    data, log_readouts = made_up(seed)

    def objective(x: np.ndarray) -> float:
        return written_out(data, log_readouts, x[:6], np.exp(x[6:]))

    start = np.concatenate([np.zeros(6), np.log([1.0, 1.0])])
    found = minimize(objective, start, method="L-BFGS-B", options={"ftol": 1e-14, "gtol": 1e-9})
    scales = solve_scales(data, log_readouts)
    sigmas = solve_sigmas(data, log_residuals(data, log_readouts))
    assert scales == pytest.approx(found.x[:6], abs=1e-5)
    assert sigmas == pytest.approx(np.exp(found.x[6:]), rel=1e-4)
    assert negative_log_likelihood(data, log_readouts, sigmas) == pytest.approx(found.fun, abs=1e-8)


def test_sigma_at_the_floor_is_the_constrained_minimum() -> None:
    data, log_readouts = made_up(0)
    left = log_residuals(data, log_readouts)
    sigmas = solve_sigmas(data, left, floor=0.25)
    assert sigmas[0] == 0.25
    assert sigmas[1] > 0.25
    for larger in (0.26, 0.5):
        other = np.array([larger, sigmas[1]])
        assert negative_log_likelihood(data, log_readouts, other) > negative_log_likelihood(
            data, log_readouts, sigmas
        )


@pytest.mark.parametrize("seed", range(3))
def test_half_the_sum_of_squares_is_the_negative_log_posterior(seed: int) -> None:
    data, log_readouts = made_up(seed)
    sigmas = np.array([0.2, 0.3])
    priors = Priors(np.array([0.5, np.nan]), np.array([2.0, np.nan]))
    log_parameters = np.array([1.5, 7.0])
    r = residuals(data, log_readouts, sigmas, priors, log_parameters)
    assert len(r) == 31
    by_squares = 0.5 * r @ r + constants(data, sigmas)
    prior = 0.5 * ((1.5 - 0.5) / 2) ** 2
    scales = solve_scales(data, log_readouts)
    assert by_squares == pytest.approx(written_out(data, log_readouts, scales, sigmas) + prior)
    assert by_squares == pytest.approx(
        negative_log_posterior(data, log_readouts, sigmas, priors, log_parameters)
    )


@given(st.floats(1e-6, 1e6), st.integers(0, 5))
@settings(max_examples=25)
def test_a_scale_on_one_blot_changes_nothing_but_its_scale(factor: float, group: int) -> None:
    data, log_readouts = made_up(1)
    shift = np.where(data.group == group, np.log(factor), 0.0)
    other = BlotData(data.log_values + shift, data.group, data.antibody)
    assert log_residuals(other, log_readouts) == pytest.approx(log_residuals(data, log_readouts), abs=1e-9)
    difference = solve_scales(other, log_readouts) - solve_scales(data, log_readouts)
    assert difference[group] == pytest.approx(np.log(factor), abs=1e-9)


def test_jacobian_follows_the_scales() -> None:
    data, _ = made_up(2)
    random = np.random.default_rng(5)
    slopes = random.normal(size=(30, 2))
    sigmas = np.array([0.2, 0.3])
    priors = Priors(np.array([0.0, np.nan]), np.array([0.7, np.nan]))

    def r(x: np.ndarray) -> np.ndarray:
        return residuals(data, slopes @ x + np.sin(slopes) @ x**2, sigmas, priors, x)

    x = np.array([0.3, -0.2])
    analytic = project_jacobian(data, slopes + np.sin(slopes) * 2 * x, sigmas, priors)
    step = 1e-6
    for j in range(2):
        up, down = x.copy(), x.copy()
        up[j] += step
        down[j] -= step
        assert analytic[:, j] == pytest.approx((r(up) - r(down)) / (2 * step), abs=1e-7)


def test_gradient_is_that_of_brute_force_over_scales_and_noise() -> None:
    """No term is missing for what is solved: envelope theorem."""
    data, _ = made_up(3)
    slopes = np.random.default_rng(6).normal(size=(30, 2))

    def brute(x: np.ndarray) -> float:
        def objective(nuisance: np.ndarray) -> float:
            return written_out(data, slopes @ x, nuisance[:6], np.exp(nuisance[6:]))

        options = {"ftol": 1e-15, "gtol": 1e-9, "maxiter": 500}
        start = np.concatenate([np.zeros(6), np.zeros(2)])
        return float(minimize(objective, start, method="L-BFGS-B", options=options).fun)

    x = np.array([0.3, -0.2])
    sigmas = solve_sigmas(data, log_residuals(data, slopes @ x))
    r = residuals(data, slopes @ x, sigmas, NO_PRIORS, x)
    gradient = project_jacobian(data, slopes, sigmas, NO_PRIORS).T @ r
    for j, step in enumerate(1e-3 * np.eye(2)):
        assert gradient[j] == pytest.approx((brute(x + step) - brute(x - step)) / 2e-3, abs=1e-3)


def test_a_readout_that_is_not_finite_is_infinitely_bad() -> None:
    data, log_readouts = made_up(0)
    log_readouts[3] = np.nan
    sigmas = np.array([0.2, 0.3])
    assert negative_log_likelihood(data, log_readouts, sigmas) == np.inf
    assert negative_log_posterior(data, log_readouts, sigmas, NO_PRIORS, np.zeros(2)) == np.inf
