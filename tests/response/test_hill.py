"""Hill curves: what was put in comes out, and nothing where there is nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mtorkin.errors import DeclarationError
from mtorkin.response import fit_hill
from mtorkin.response.hill import hill
from mtorkin.response.points import dose_at

DOSES = np.array([0.0, *np.geomspace(0.01, 100, 13)])


@pytest.mark.parametrize(("start", "end", "rises"), [(100.0, 12.0, False), (3.0, 21.0, True)])
def test_an_exact_curve_is_found(start: float, end: float, rises: bool) -> None:
    found = fit_hill(DOSES, hill(DOSES, start, end, 0.7, 1.4))
    assert (found.top, found.bottom) == pytest.approx((max(start, end), min(start, end)), rel=1e-5)
    assert (found.ec50, found.hill) == pytest.approx((0.7, 1.4), rel=1e-5)
    assert found.rises is rises and not found.extrapolated and not found.reason
    assert found(DOSES) == pytest.approx(hill(DOSES, start, end, 0.7, 1.4), rel=1e-4)
    # steps of a third of a decade, and the last dose is not quite the plateau
    assert found.interpolated == pytest.approx(0.7, rel=0.03)
    assert found.intervals["ec50"] == pytest.approx((0.7, 0.7), rel=1e-4)


def test_the_unit_of_doses_and_responses_does_not_matter() -> None:
    rng = np.random.default_rng(1)
    y = hill(DOSES, 100, 12, 0.7, 1.4) + rng.normal(0, 3, len(DOSES))
    one, other = fit_hill(DOSES, y), fit_hill(1e-3 * DOSES, 1e6 * y)
    assert other.ec50 == pytest.approx(1e-3 * one.ec50, rel=1e-4)
    assert other.intervals["ec50"] == pytest.approx([1e-3 * e for e in one.intervals["ec50"]], rel=1e-3)
    assert other.intervals["top"] == pytest.approx([1e6 * e for e in one.intervals["top"]], rel=1e-3)


def test_intervals_cover_what_they_should() -> None:
    rng = np.random.default_rng(7)
    x = np.repeat(np.geomspace(0.01, 100, 9), 3)
    covered = 0
    for _ in range(120):
        low, high = fit_hill(x, hill(x, 100, 10, 1.0, 1.0) + rng.normal(0, 5, len(x))).intervals["ec50"]
        covered += low < 1.0 < high
    assert 106 <= covered <= 120  # 95 % of 120 is 114; beyond three standard errors on the low side


def test_a_flat_response_has_no_ec50() -> None:
    found = fit_hill(DOSES, np.full(len(DOSES), 40.0) + 1e-9 * DOSES)
    assert math.isnan(found.ec50) and math.isnan(found.interpolated) and "flat" in found.reason
    assert all(math.isnan(end) for pair in found.intervals.values() for end in pair)
    zero = fit_hill(DOSES, np.zeros(len(DOSES)))
    assert "flat" in zero.reason


def test_scatter_without_dose_dependence_has_no_ec50() -> None:
    scatter = np.random.default_rng(3).normal(100, 15, 3 * len(DOSES))
    found = fit_hill(np.repeat(DOSES, 3), scatter)
    assert math.isnan(found.ec50) and "F-test" in found.reason


def test_a_response_that_turns_back_is_refused_or_noted() -> None:
    up = hill(DOSES, 0, 100, 0.1, 2)
    found = fit_hill(DOSES, 100 + up - hill(DOSES, 0, 90, 10, 2))
    assert math.isnan(found.ec50) and "biphasic" in found.reason
    noted = fit_hill(DOSES, 100 + up - hill(DOSES, 0, 25, 10, 2))
    assert math.isfinite(noted.ec50) and "turns back" in noted.notes[0]


def test_an_ec50_beyond_the_doses_is_flagged() -> None:
    low = DOSES[DOSES < 0.4]
    found = fit_hill(low, hill(low, 100, 0, 0.7, 1.4))
    assert found.extrapolated and found.ec50 == pytest.approx(0.7, rel=0.02)
    assert "extrapolated" in found.notes[0]


def test_too_few_doses_are_a_reason_and_four_leave_no_interval() -> None:
    assert "3 different doses" in fit_hill([0, 1, 1, 10], [9, 5, 5, 1]).reason
    four = fit_hill([0, 0.5, 1, 10], hill([0, 0.5, 1, 10], 9, 1, 1, 1))
    assert math.isfinite(four.ec50) and math.isnan(four.intervals["ec50"][0])
    assert "no degree of freedom" in four.notes[0]


@pytest.mark.parametrize(
    ("doses", "response", "told"),
    [
        ([0, 1, 2], [1, 2], "3 doses and 2 responses"),
        ([-1, 0, 1], [1, 2, 3], "logarithm"),
        ([0, 0, 0], [1, 2, 3], "above 0"),
        ([0, 1, 2], [1, math.nan, 3], r"response\[1\] is nan"),
        ([], [], "shape"),
        (["a"], [1], "not numbers"),
    ],
)
def test_bad_points_are_told(doses: list[float], response: list[float], told: str) -> None:
    with pytest.raises(DeclarationError, match=told):
        fit_hill(doses, response)


def test_interpolation_is_in_log_dose() -> None:
    doses, response = np.array([0.0, 1.0, 100.0]), np.array([100.0, 100.0, 0.0])
    assert dose_at(doses, response, 50) == pytest.approx(10)
    assert math.isnan(dose_at(doses, response, -1))
    # between no drug and the first dose there is no log dose
    assert math.isnan(dose_at(np.array([0.0, 1.0]), np.array([100.0, 0.0]), 50))
