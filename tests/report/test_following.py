"""Bands and predictions of a report, and sentences where blots and priors disagree."""

from __future__ import annotations

import dataclasses
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray

from mtorkin.errors import TableError
from mtorkin.fit import FitResult, fit, profile, read_blots
from mtorkin.fit.prediction import Prediction
from mtorkin.plot.fit import plot_fit
from mtorkin.report import Findings, Following, earlier_claims, following, write_dataset, write_report
from mtorkin.report.following import _predicted
from mtorkin.report.predicted import moving
from mtorkin.report.priors import disagreements, rule
from tests.fit.conftest import FakeModel, blot_file, faked
from tests.fit.test_prediction import fake_many
from tests.report.test_report import claims, posterior_of

__all__ = ["blot_file", "faked"]  # fixtures

FREE = ["rate", "basal", "height"]


@pytest.fixture
def result(blot_file: Path, faked: None, monkeypatch: pytest.MonkeyPatch) -> FitResult:
    monkeypatch.setattr(import_module("mtorkin.fit.prediction"), "simulate_many", fake_many)
    model: Any = FakeModel({"rate": 0.3, "basal": 0.1, "height": 1.0})
    return fit(model, read_blots(blot_file), FREE, starts=1, progress=False)


def predicted(best: float, context: str = "a") -> pd.DataFrame:
    """Three days of a readout that stays, and of one that goes to `best` of untreated."""
    times = [0.0, 60.0, 360.0, 1440.0, 4320.0]
    parts = [
        pd.DataFrame({"time": times, "observable": name, "best": level, "context": context})
        for name, level in (("Akt_total", 1.0), ("S6K_pT389", [1.0, *[best] * 4]))
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(lower=table["best"] * 0.999, upper=table["best"] * 1.001)


def test_bands_are_those_of_the_fitted_curves(result: FitResult) -> None:
    found = following(result)
    assert "Gauss-Newton" in found.how
    both = found.curves.merge(result.curves, on=["context", "condition", "time", "target"])
    assert len(both) == len(result.curves) == len(found.curves)
    assert both["best"].to_numpy() == pytest.approx(both["readout"].to_numpy())
    assert (found.curves["lower"] < found.curves["upper"]).all()
    assert found.predicted.empty and found.notes == ("No prediction: this model has no rapamycin.",)
    plain, banded = plot_fit(result), plot_fit(result, bands=found.curves)
    areas = [len(each.axes[0].collections) for each in (plain, banded)]
    assert areas[1] == areas[0] + 1


def test_a_posterior_is_used_where_it_converged(result: FitResult, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("emcee")
    pytest.importorskip("arviz_stats")
    posterior = posterior_of(result)
    for converged, how in ((True, "sampled posterior"), (False, "Gauss-Newton")):
        monkeypatch.setattr(type(posterior), "converged", converged)
        found = following(result, posterior)
        assert how in found.how
        assert any("has not converged" in note for note in found.notes) is not converged


def test_what_cannot_be_had_is_said(result: FitResult, tmp_path: Path) -> None:
    bare = dataclasses.replace(result, fisher=pd.DataFrame())
    found = following(bare)
    assert found.curves.empty and found.how == ""
    assert "no derivatives at its best point" in found.notes[0]
    text = write_report(Findings(bare, follows=found), tmp_path / "report.html").read_text(encoding="utf-8")
    assert "no derivatives at its best point" in text and "95 % of the curve itself" not in text


def test_readouts_relative_to_their_start(result: FitResult) -> None:
    from mtorkin.fit import predict
    from mtorkin.protocol import Protocol

    absolute = predict(result, Protocol(), [0.0, 60.0], ["S6K_pT389"]).table
    shares = predict(result, Protocol(), [0.0, 60.0], ["S6K_pT389"], relative=True).table
    assert shares.loc[0, ["best", "lower", "upper"]].to_list() == [1.0, 1.0, 1.0]
    assert shares["best"][1] == pytest.approx(absolute["best"][1] / absolute["best"][0])
    assert set(shares["unit"]) == {"1"}


def without_start(sets: int) -> Any:
    """`simulate_many` of the fake, with nothing of S6K_pT389 at the start of so many sets after the best."""

    def call(*args: Any, **more: Any) -> xarray.Dataset:
        found = fake_many(*args, **more)
        found["value"][1 : 1 + sets, :, 0, 0] = 0.0
        return found

    return call


def test_sets_that_begin_with_nothing_are_left_out(
    result: FitResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mtorkin.fit import predict
    from mtorkin.protocol import Protocol

    module = import_module("mtorkin.fit.prediction")
    ask: Any = {"times": [0.0, 60.0], "observables": ["S6K_pT389", "Akt_pS473"], "relative": True, "sets": 30}
    whole = predict(result, Protocol(), **ask)
    assert not whole.without
    monkeypatch.setattr(module, "simulate_many", without_start(3))
    some = predict(result, Protocol(), **ask)
    assert some.without == {"S6K_pT389": 3}
    one, other = (found.table.set_index("observable") for found in (some, whole))
    assert (one.loc["S6K_pT389", "lower"] < one.loc["S6K_pT389", "upper"]).iloc[1]
    pd.testing.assert_frame_equal(one.loc[["Akt_pS473"]], other.loc[["Akt_pS473"]])
    monkeypatch.setattr(module, "simulate_many", without_start(25))
    few = predict(result, Protocol(), **ask).table.set_index("observable")
    assert few.loc["S6K_pT389", ["lower", "upper"]].isna().all(axis=None)
    assert few["best"].notna().all()


def test_one_kind_of_cells_without_the_drug_takes_nothing_from_the_others(
    result: FitResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    (model,) = result.solvable().models.values()
    given = pd.DataFrame(index=pd.Index(["rapamycin"], name="id"))
    with_drug: Any = SimpleNamespace(observables=model.observables, inputs=given)
    problem = SimpleNamespace(models={"a": with_drug, "b": model})
    monkeypatch.setattr(FitResult, "solvable", lambda _: problem)

    def bands(_: Any, times: Any, names: list[str], **__: Any) -> Prediction:
        part = predicted(0.5).drop(columns="context").assign(unit="1")
        part.loc[part["observable"] == "Akt_total", "lower"] = np.nan
        return Prediction(part, "sets", 200, 0, {"Akt_total": 190, "S6K_pT389": 2})

    table, ways, notes = _predicted(result, bands)
    assert set(table["context"]) == {"a"} and set(table["observable"]) == {"S6K_pT389"}
    assert ways == ["sets"]
    assert notes == [
        "190 of 200 sets have next to no Akt_total in untreated cells in a, so that it is not predicted.",
        "2 of 200 sets have next to no S6K_pT389 in untreated cells in a and are not in its band.",
        "No prediction in b: this model has no rapamycin.",
    ]


def test_short_and_prolonged_in_the_page(result: FitResult, tmp_path: Path) -> None:
    table = pd.concat([predicted(0.1), predicted(0.5, "b")], ignore_index=True)
    assert set(moving(table)["observable"]) == {"S6K_pT389"}
    follows = Following(following(result).curves, table, "20 sets of somewhere")
    findings = Findings(result, follows=follows)
    text = write_report(findings, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "10 (10 – 10)" in text and "50 (50 – 50)" in text and "20 sets of somewhere" in text
    assert "Within 1% of untreated all the time: Akt total" in text


def test_blots_against_a_prior(result: FitResult) -> None:
    assert disagreements(result) == {}
    table = result.table.copy()
    table.loc["rate", ["prior_mean", "prior_sd"]] = np.log(1.0), 0.5
    other = dataclasses.replace(result, table=table)
    told = disagreements(other)["rate"]
    z = -np.log(result.best["rate"]) / 0.5
    assert told.startswith("the fit has rate at") and f"{z:.1f} prior standard deviations below" in told
    profiles = profile(result, ["rate"], progress=False)
    pulled = disagreements(other, profiles)["rate"]
    assert pulled.startswith(f"the blots pull rate to {profiles.table['by_blots']['rate']:.3g} 1/min, ")
    table.loc["rate", "prior_mean"] = np.log(result.best["rate"])
    assert disagreements(other, profiles) == {}


def test_the_caption_has_the_rule_that_is_used(result: FitResult, tmp_path: Path) -> None:
    """With profiles, blots and prior may disagree within grey; the page says so."""
    profiles = profile(result, ["rate"], progress=False)
    by_blots = float(profiles.table["by_blots"]["rate"])
    table = result.table.copy()
    # 1.5 standard deviations, a hundred times what the blots allow: within grey, and without the middle
    sd = 100 * np.log(profiles.table["upper"]["rate"] / by_blots)
    table.loc["rate", ["prior_mean", "prior_sd"]] = np.log(by_blots) + 1.5 * sd, sd
    other = dataclasses.replace(result, table=table)
    assert disagreements(other) == {} and list(disagreements(other, profiles)) == ["rate"]
    path = tmp_path / "report.html"
    text = write_report(Findings(other, profiles=profiles), path).read_text(encoding="utf-8")
    assert "may be within grey" in rule(other, profiles) and "may be within grey" in text
    assert len(result.table) > 1 and "not profiled, where the fit lies outside grey" in text
    assert rule(other) == "Blots and prior disagree where the fit lies outside grey."


def test_claims_of_another_fit_are_not_kept(result: FitResult, tmp_path: Path) -> None:
    findings = Findings(result, before=claims("passed"), after=claims("failed"))
    path = write_dataset(findings, tmp_path / "fit.nc")
    found = earlier_claims(path, result)
    assert found is not None
    assert found[1]["status"].to_list() == ["failed"] and found[0]["value"].to_list() == [0.5]
    assert earlier_claims(path, dataclasses.replace(result, objective=0.0)) is None
    write_dataset(Findings(result), path)
    assert earlier_claims(path, result) is None
    path.write_text("no data")
    with pytest.raises(TableError, match=r"is not what .mtorkin report. wrote"):
        earlier_claims(path, result)
    xarray.Dataset().to_netcdf(path, engine="scipy")
    with pytest.raises(TableError, match=r"is not what .mtorkin report. wrote"):
        earlier_claims(path, result)
