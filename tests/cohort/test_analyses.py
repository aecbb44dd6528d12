"""Ranks, panels, clones and lethality against what is known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.optimize import brentq

from mtorkin.cohort import (
    auc,
    bliss_excess,
    clones,
    cross_validated_auc,
    fit_logistic,
    lethality_score,
    panel_gain,
    spearman,
    viability,
)
from mtorkin.errors import DeclarationError

DAYS = np.arange(0.0, 14 * 1440.0 + 1, 60.0)


def test_auc_is_the_chance_that_a_positive_is_higher() -> None:
    classes = [True, True, False, False]
    assert auc([4, 3, 2, 1], classes) == 1
    assert auc([1, 2, 3, 4], classes) == 0
    assert auc([1, 1, 1, 1], classes) == 0.5
    assert auc([3, 1, 2, 1], classes) == pytest.approx((1 + 1 + 0 + 0.5) / 4)
    assert math.isnan(auc([1, 2], [True, True]))


def test_spearman_is_that_of_scipy_with_ties() -> None:
    random = np.random.default_rng(1)
    one, other = random.integers(0, 5, 40), random.normal(size=40)
    assert spearman(one, other) == pytest.approx(stats.spearmanr(one, other).statistic)
    assert spearman([1, 2, 3], [1, 10, 100]) == pytest.approx(1)
    assert math.isnan(spearman([1, 1, 1], [1, 2, 3]))
    with pytest.raises(DeclarationError, match="pairs"):
        spearman([1, 2], [1, 2, 3])


def test_a_perfect_marker_has_1_and_a_useless_one_a_half() -> None:
    random = np.random.default_rng(2)
    respond = np.repeat([True, False], 60)
    perfect = np.where(respond, 1.0, -1.0) + 0.1 * random.normal(size=120)
    assert cross_validated_auc(perfect[:, None], respond) == 1
    assert cross_validated_auc(-perfect[:, None], respond) == 1  # the fit finds the sign
    useless = [cross_validated_auc(random.normal(size=(120, 1)), respond, seed=i) for i in range(20)]
    assert np.mean(useless) == pytest.approx(0.5, abs=0.06)
    assert math.isnan(cross_validated_auc(perfect[:, None], np.arange(120) == 0))


def test_the_fit_is_at_the_minimum_of_the_penalised_likelihood() -> None:
    random = np.random.default_rng(3)
    x = random.normal(size=(80, 2))
    y = random.random(80) < 1 / (1 + np.exp(-(0.5 + x @ [1.0, -2.0])))
    w = fit_logistic(x, y, penalty=1.0)
    p = 1 / (1 + np.exp(-(w[0] + x @ w[1:])))
    assert np.sum(p - y) == pytest.approx(0, abs=1e-3)
    assert x.T @ (p - y) + w[1:] == pytest.approx(0, abs=1e-3)


def test_a_panel_of_two_halves_is_better_than_each() -> None:
    random = np.random.default_rng(4)
    markers = pd.DataFrame(random.normal(size=(200, 2)), columns=["a", "b"])
    found = panel_gain(markers, markers["a"] + markers["b"] > 0)
    assert found.panel > 0.95
    assert found.gain == pytest.approx(found.panel - max(dict(found.single).values()))
    assert found.gain > 0.05


def test_take_over_is_logistic() -> None:
    grow, die, f = 5e-4, -1e-4, 0.01
    seen = clones(
        DAYS,
        {"wild": np.full(DAYS.shape, die), "mutant": np.full(DAYS.shape, grow)},
        {"wild": 1 - f, "mutant": f},
    )
    logistic = 1 / (1 + (1 - f) / f * np.exp(-(grow - die) * DAYS))
    assert seen.fraction("mutant") == pytest.approx(logistic)
    total = (1 - f) * np.exp(die * DAYS) + f * np.exp(grow * DAYS)
    assert np.exp(seen.log_total) == pytest.approx(total)
    # it shrinks first, and grows back
    back = brentq(lambda t: (1 - f) * math.exp(die * t) + f * math.exp(grow * t) - 1, 1e3, 2e4)
    assert seen.progression(1.0) == pytest.approx(back, rel=1e-3)
    assert math.isnan(seen.progression(1e9))


def test_alternating_drugs_hold_what_one_drug_lets_through() -> None:
    first = (DAYS // 1440) % 2 == 0  # a day of one drug, a day of the other
    alternate = {"wild": np.full(DAYS.shape, -2e-4), "mutant": np.where(first, 5e-4, -6e-4)}
    alone = {"wild": np.full(DAYS.shape, -2e-4), "mutant": np.full(DAYS.shape, 5e-4)}
    start = {"wild": 0.99, "mutant": 0.01}
    assert math.isnan(clones(DAYS, alternate, start).progression(1.0))
    assert clones(DAYS, alone, start).progression(1.0) < DAYS[-1]


def test_clones_are_checked() -> None:
    rates = {"a": np.zeros(3), "b": np.zeros(3)}
    with pytest.raises(DeclarationError, match="the same two or more"):
        clones([0, 1, 2], rates, {"a": 1.0})
    with pytest.raises(DeclarationError, match="share of b at the start is 0"):
        clones([0, 1, 2], rates, {"a": 1.0, "b": 0})
    with pytest.raises(DeclarationError, match="times must increase"):
        clones([0, 2, 2], rates, {"a": 1.0, "b": 1.0})


def test_independent_kills_are_not_lethal_together() -> None:
    times = np.linspace(0, 4320, 73)
    untreated, a, b = 6e-4, 2e-4, 3e-4
    alone = [viability(times, np.full(73, untreated - kill), untreated) for kill in (a, b)]
    both = viability(times, np.full(73, untreated - a - b), untreated)
    assert alone[0] == pytest.approx(math.exp(-a * 4320))
    assert lethality_score(*alone, both) == pytest.approx(0, abs=1e-12)
    assert bliss_excess(*alone, both) == pytest.approx(0, abs=1e-12)
    more = viability(times, np.full(73, untreated - a - b - 3e-4), untreated)
    assert lethality_score(*alone, more) == pytest.approx(3e-4 * 4320)
    assert math.isnan(lethality_score(1, 1, 0))
