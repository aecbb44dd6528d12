"""Blots that were normalised: to a control lane, a time, a condition or the mean."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mtorkin.errors import TableError
from mtorkin.fit import (
    Blots,
    fit,
    make_problem,
)
from mtorkin.fit.normalisation import ratios

from .made_blots import FREE, blots, made

pytestmark = pytest.mark.usefixtures("faked")


@pytest.mark.parametrize("how", ["control 1", "time 0", "condition insulin@0", "condition insulin", "mean"])
def test_a_normalised_blot_says_what_the_raw_one_says(how: str, model: Any, plain: Blots) -> None:
    table = made(7)
    raw = fit(model, blots(plain, table), FREE, starts=1, progress=False)
    at_zero = table["value"].where(table["time"] == 0)
    by = table.assign(at=at_zero if how.split()[-1] != "insulin" and how != "mean" else table["value"])
    reference = by.groupby(["blot", "target"])["at"].transform("mean")
    divided = table.assign(value=table["value"] / reference, normalised=how)
    found = fit(model, blots(plain, divided), FREE, starts=1, progress=False)
    for name in FREE:
        assert found.best[name] == pytest.approx(raw.best[name], rel=1e-3)
    assert found.noise["sigma"].to_numpy() == pytest.approx(raw.noise["sigma"].to_numpy(), rel=1e-3)
    both = ratios(found.data)
    for column in ("value_ratio", "model_ratio"):
        some = both if how in ("mean", "condition insulin") else both[both["time"] == 0]
        assert some.groupby(["blot", "target"])[column].mean().to_numpy() == pytest.approx(1)


def test_a_control_lane_that_was_left_out_is_put_in(model: Any, plain: Blots) -> None:
    table = made(7)
    whole = table.assign(
        value=table["value"] / table.groupby(["blot", "target"])["value"].transform("first"),
        normalised="control insulin@0",
    )
    without = whole[whole["time"] > 0].reset_index(drop=True)
    one, two = (make_problem(model, blots(plain, each), FREE) for each in (whole, without))
    x = np.log([0.1, 0.2, 2.5])
    assert len(two.lanes) == 36
    assert two.objective(x) == pytest.approx(one.objective(x), rel=1e-12)
    assert sum("was put in as a lane of value 1" in note for note in two.notes) == 6
    for words, message in (
        ("control 9", r"its reference '9' is not in the table; add its lane \(value 1\), or write"),
        ("condition insuln@0", "did you mean 'insulin'"),
        ("contrl 1", "did you mean 'control'"),
        ("time zero", "'zero' is not a number of minutes"),
        ("control 2", "which is .* and not 1; leave `normalised` empty"),
    ):
        with pytest.raises(TableError, match=message):
            make_problem(model, blots(plain, without.assign(normalised=words)), FREE)


def test_the_noise_of_a_control_lane_is_counted_once() -> None:
    """The normal density of ratios to one lane, with its covariance 1 + 11', is our likelihood."""
    from scipy.stats import multivariate_normal

    from mtorkin.fit.lanes import blot_data
    from mtorkin.fit.likelihood import negative_log_likelihood

    random = np.random.default_rng(1)
    logs, readouts, one = random.normal(size=7), random.normal(size=7), np.zeros(7, dtype=np.int64)
    data = blot_data(np.exp(logs - logs[0]), one, one)
    differences = (logs - logs[0] - readouts + readouts[0])[1:]
    covariance = 0.3**2 * (np.eye(6) + 1)
    exact = -multivariate_normal(np.zeros(6), covariance).logpdf(differences) + (logs - logs[0]).sum()
    assert negative_log_likelihood(data, readouts, np.array([0.3])) == pytest.approx(exact, rel=1e-12)
