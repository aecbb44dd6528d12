"""Every variant of the likelihood, from a blot table to profiles and predictions, on the stand-in model."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mtorkin.errors import TableError
from mtorkin.fit import (
    Blots,
    FitResult,
    LogNormal,
    Normal,
    fit,
    identify,
    make_problem,
    predict,
    profile,
)
from mtorkin.plot.fit import plot_fit
from mtorkin.protocol import Protocol

from .conftest import TRUTH
from .made_blots import FREE, blots, limits, made
from .test_prediction import fake_many

pytestmark = pytest.mark.usefixtures("faked")
VARIANTS: dict[str, tuple[pd.DataFrame, dict[str, Any]]] = {
    "normal": (made(2, noise=0.05), {"noise": Normal()}),
    "offset": (made(3, back=0.5, noise=0.03), {"offset": ["Akt_pS473"]}),
    "limits": (limits(made(4)), {}),
    "all": (limits(made(5, back=0.5, noise=0.03)), {"noise": Normal(), "offset": ["Akt_pS473"]}),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_from_blots_to_profiles_and_predictions(
    name: str, model: Any, plain: Blots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table, options = VARIANTS[name]
    monkeypatch.setattr(import_module("mtorkin.fit.prediction"), "simulate_many", fake_many)
    result = fit(model, blots(plain, table), FREE, starts=2, progress=False, engine="native", **options)
    assert result.converged
    # what is reported is what was solved: the objective is at a minimum in every parameter
    x = np.log(list(result.best.values()))
    problem = make_problem(model, blots(plain, table), FREE, "native", **options)
    assert problem.objective(x) == pytest.approx(result.objective, abs=1e-6)
    assert np.abs(problem.gradient(x)).max() < 0.3
    again = FitResult.load(result.to_json(tmp_path / "fit.json")).with_model(model)
    assert again.scatter == result.scatter
    assert again.offset == result.offset
    one, two = (profile(each, ["rate"], progress=False).table.loc["rate"] for each in (result, again))
    assert one["lower"] == pytest.approx(two["lower"], rel=1e-6)
    assert one["kind"] == "identifiable"
    assert one["lower"] < TRUTH["rate"] < one["upper"]
    assert 1 <= identify(result).known <= 3
    bands = predict(result, Protocol(), [0.0, 60.0]).table
    assert (bands["lower"] < bands["upper"]).all()
    plot_fit(result, tmp_path / "fit.png")


@pytest.mark.parametrize("name", VARIANTS)
def test_the_problem_has_exact_derivatives(name: str, model: Any, plain: Blots) -> None:
    table, options = VARIANTS[name]
    problem = make_problem(model, blots(plain, table), FREE, "native", **options)
    x = np.log([0.12, 0.3, 2.0])
    exact = problem.gradient(x)
    sigmas = problem.sigmas(x)
    r = problem.residuals(x, sigmas)
    assert problem.objective(x) == pytest.approx(0.5 * r @ r + problem.constant(sigmas))
    assert exact == pytest.approx(problem.jacobian(x, sigmas).T @ r)
    for j, step in enumerate(1e-4 * np.eye(3)):
        f = [problem.objective(x + k * step) for k in (-2, -1, 1, 2)]
        assert exact[j] == pytest.approx((f[0] - 8 * f[1] + 8 * f[2] - f[3]) / 12e-4, rel=1e-6, abs=1e-6)


def test_a_background_misleads_where_there_is_no_offset(model: Any, plain: Blots) -> None:
    """A background of Akt looks like a low rise; with an offset the blots leave the rise open."""
    table, options = VARIANTS["offset"]
    with_it, without = (
        fit(model, blots(plain, table), FREE, starts=1, progress=False, **each) for each in (options, {})
    )
    one, two = (profile(each, ["height"], progress=False).table.loc["height"] for each in (with_it, without))
    assert two["upper"] < TRUTH["height"] / 2
    assert one["lower"] < TRUTH["height"] < one["upper"]
    assert with_it.best["basal"] == pytest.approx(TRUTH["basal"], rel=0.2)
    scales = with_it.scales.set_index("target")
    assert (scales.loc["S6K_pT389", "background"] == 0).all()
    assert (scales.loc["Akt_pS473", "background"] > 0).all()
    predicted = with_it.data["predicted"].to_numpy()
    assert with_it.data["value"].to_numpy() == pytest.approx(predicted, rel=0.2)


def test_limits_say_more_than_nothing_and_are_not_measurements(model: Any, plain: Blots) -> None:
    """Lanes below detection, set aside, leave the basal level open; as limits they bound it."""
    table = made(6, basal={"basal": 0.002})
    low = table["time"] == 0
    table.loc[low, "censored"] = "below"
    table.loc[low, "value"] = table.groupby(["blot", "target"])["value"].transform("max")[low] * 0.05
    aside = table.assign(below_detection=low, censored="")
    found = fit(model, blots(plain, table), FREE, starts=1, progress=False)
    lost = fit(model, blots(plain, aside), FREE, starts=1, progress=False)
    assert any("18 lanes" not in note and "below or above a limit" in note for note in found.notes)
    assert any("lanes set aside: below detection" in note for note in lost.notes)
    bound = profile(found, ["basal"], progress=False).table.loc["basal"]
    free = profile(lost, ["basal"], progress=False).table.loc["basal"]
    assert bound["upper"] < 0.2
    assert free["upper"] > 1.2 * bound["upper"]


def test_lanes_that_say_nothing_are_set_aside(model: Any, plain: Blots) -> None:
    table = made(9)
    only = (table["blot"] == "A") & (table["target"] == "Akt_pS473")
    table.loc[only, "censored"] = "below"
    problem = make_problem(model, blots(plain, table), ["rate"])
    assert any(
        "6 lanes set aside: no lane of their blot and antibody was measured" in n for n in problem.notes
    )
    one = table["target"].eq("S6K_pT389") & table["time"].gt(0)
    table.loc[one, "censored"] = "above"
    problem = make_problem(model, blots(plain, table), ["rate"])
    assert problem.antibodies == ("Akt_pS473",)
    assert any("one measured lane a blot says nothing of the noise: S6K_pT389" in n for n in problem.notes)
    fixed = make_problem(model, blots(plain, table), ["rate"], noise=LogNormal(sigma=0.2))
    assert fixed.antibodies == ("S6K_pT389", "Akt_pS473")
    with pytest.raises(TableError, match="censored 'belw'; did you mean 'below'"):
        make_problem(model, blots(plain, table.assign(censored="belw")), ["rate"])
