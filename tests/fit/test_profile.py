"""Profiles, information and what they say, on the stand-in model."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

from mtorkin.errors import DeclarationError, SimulationError, TableError
from mtorkin.fit import FitResult, LogNormal, Profiles, fit, identify, profile, read_blots
from mtorkin.fit.information import covariance
from mtorkin.fit.limits import limits
from mtorkin.fit.optimise import Evaluator
from mtorkin.fit.walk import THRESHOLD

from .conftest import TRUTH, FakeModel, fake_run

pytestmark = pytest.mark.usefixtures("faked")
FREE = ["rate", "basal", "height"]


def fitted(model: Any, path: Path, free: list[str] = FREE, **options: Any) -> FitResult:
    return fit(model, read_blots(path), free, starts=1, progress=False, **options)


def test_an_interval_of_a_parabola_is_its_standard_deviation() -> None:
    x = np.array([-3.0, -1.1, 0.4, 0.9, 2.0, 4.0])
    found = limits(x, 7 + 0.5 * ((x - 0.5) / 0.8) ** 2)
    assert found.best == pytest.approx(0.5)
    half = 0.8 * THRESHOLD**0.5
    # the root of a rise is straight, so the interval is exact whatever the points are
    assert (found.lower, found.upper) == pytest.approx((0.5 - half, 0.5 + half))
    assert found.kind == "identifiable"
    assert limits(x[2:], 7 + 0.5 * ((x[2:] - 0.5) / 0.8) ** 2).kind == "one-sided"
    assert limits(x, 0.01 * x**2).kind == "not identifiable"


def test_a_profile_is_the_minimum_over_the_others(model: FakeModel, blot_file: Path) -> None:
    """Each point against a general minimiser of the whole objective over the other parameters."""
    result = fitted(model, blot_file)
    found = profile(result, ["rate"], progress=False)
    problem = result.solvable()
    evaluator = Evaluator(problem)
    lik = import_module("mtorkin.fit.likelihood")

    def objective(others: np.ndarray, held: float) -> float:
        x = np.array([held, *others])
        readouts = evaluator.log_readouts(x)
        assert readouts is not None
        sigmas = lik.solve_sigmas(problem.data, readouts)
        return float(lik.negative_log_posterior(problem.data, readouts, sigmas, problem.priors, x))

    points = found.walks[0].points
    assert len(points) >= 7
    for point in points[::3]:
        best = minimize(objective, point.best[1:], args=(point.log_value,), method="Nelder-Mead")
        assert point.objective + point.own == pytest.approx(best.fun, abs=0.01)


def test_the_blots_determine_the_fake_model(model: FakeModel, blot_file: Path) -> None:
    result = fitted(model, blot_file)
    found = profile(result, progress=False)
    table = found.table
    assert list(table.index) == FREE
    assert list(table["kind"]) == ["identifiable"] * 3
    for name, row in table.iterrows():
        assert row["lower"] < TRUTH[str(name)] < row["upper"]
        assert row["lower"] < row["value"] < row["upper"]
        # near a parabola both ways of putting a width agree
        half = np.log(row["upper_with_prior"] / row["lower_with_prior"]) / 2
        sd = np.sqrt(np.diag(covariance(result)))[FREE.index(str(name))]
        assert half == pytest.approx(1.96 * sd, rel=0.2)
    assert found.notes == ()
    assert "rate is identifiable: 95 % between" in found.summary()
    largest = found.curves.groupby("parameter")["rise"].max()
    assert (largest > THRESHOLD).all()


def test_what_the_blots_do_not_see_is_said(model: FakeModel, blot_file: Path) -> None:
    """Without Akt nothing depends on height."""
    lines = [line for line in blot_file.read_text().splitlines() if "Akt" not in line]
    blot_file.write_text("\n".join(lines))
    result = fitted(model, blot_file)
    found = profile(result, ["height"], progress=False)
    row = found.table.loc["height"]
    assert row["kind"] == "not identifiable"
    assert (row["lower"], row["upper"]) == (0, np.inf)
    assert (row["lower_end"], row["upper_end"]) == ("bound", "bound")
    assert "anything from 0.001 to 100" in row["words"]
    information = identify(result)
    assert information.known == 2
    assert information.directions["words"].iloc[-1] == "height"
    assert information.directions["fold"].iloc[-1] == np.inf
    assert "known worst: height  (not at all)" in information.summary()


def test_directions_are_those_of_the_products_that_are_seen(model: FakeModel, blot_file: Path) -> None:
    information = identify(fitted(model, blot_file))
    table = information.directions
    vectors = table[FREE].to_numpy() / np.linalg.norm(table[FREE].to_numpy(), axis=1)[:, None]
    assert vectors @ vectors.T == pytest.approx(np.eye(3), abs=1e-9)
    assert list(table["sd"]) == sorted(table["sd"])
    assert information.known == 3


def test_where_nothing_can_be_simulated_is_no_limit(
    model: FakeModel, blot_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failures are counted, left out, and never taken for a rise."""
    result = fitted(model, blot_file)
    edge = 1.05 * result.best["rate"]

    def fails(model: FakeModel, each: Any, *rest: object) -> Any:
        if model.values["rate"] > edge:
            raise SimulationError("made to fail")
        return fake_run(model, each, *rest)

    monkeypatch.setattr(import_module("mtorkin.fit.problem"), "run", fails)
    found = profile(result, ["rate"], progress=False)
    row = found.table.loc["rate"]
    assert row["kind"] == "one-sided"
    assert row["upper"] == np.inf and row["upper_end"] == "failed"
    assert row["failed_simulations"] > 0
    assert "as far as anything could be simulated" in row["words"]
    assert any("simulations failed" in note for note in found.notes)
    assert np.isfinite(found.curves["rise"]).all()


def test_each_profile_is_a_file_and_resumes(model: FakeModel, blot_file: Path, tmp_path: Path) -> None:
    folder, result = tmp_path / "profiles", fitted(model, blot_file)
    whole = profile(result, folder=folder, progress=False)
    assert sorted(path.name for path in folder.iterdir()) == [f"profile_{n}.json" for n in sorted(FREE)]
    (folder / "profile_basal.json").unlink()
    changed = (folder / "profile_rate.json").read_text().replace('"threshold"', '"stopped"')
    (folder / "profile_rate.json").write_text(changed)
    again = profile(result, folder=folder, resume=True, progress=False)
    assert again.table.loc["rate", "lower_end"] == "stopped"  # read, not computed
    assert again.table.loc["basal", "lower"] == whole.table.loc["basal", "lower"]
    other = fitted(model, blot_file, noise=LogNormal(sigma=0.2))
    with pytest.raises(TableError, match="belongs to another fit"):
        profile(other, folder=folder, resume=True, progress=False)
    (folder / "profile_rate.json").write_text("{")
    with pytest.raises(TableError, match="no profile can be read from it"):
        profile(result, folder=folder, resume=True, progress=False)


def test_one_free_parameter_and_fixed_noise(model: FakeModel, blot_file: Path) -> None:
    result = fitted(model, blot_file, ["rate"], noise=LogNormal(sigma=0.4))
    found = profile(result, progress=False)
    assert found.table.loc["rate", "kind"] == "identifiable"
    assert found.notes == ()


def test_saved_read_back_and_solved_again(model: FakeModel, blot_file: Path, tmp_path: Path) -> None:
    result = fitted(model, blot_file)
    again = FitResult.load(result.to_json(tmp_path / "fit.json"))
    with pytest.raises(DeclarationError, match="does not hold its model"):
        profile(again, progress=False)
    assert identify(again).summary() == identify(result).summary()
    one = profile(again.with_model(model), ["basal"], progress=False)  # type: ignore[arg-type]
    two = profile(result, ["basal"], progress=False)
    columns = ["value", "lower", "upper"]
    assert one.table[columns].equals(two.table[columns])
    path = one.to_json(tmp_path / "profiles.json")
    assert Profiles.load(path).table.equals(one.table)
    path.write_text("{}")
    with pytest.raises(TableError, match="holds no saved profiles"):
        Profiles.load(path)


def test_another_model_is_refused(
    model: FakeModel, blot_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    result = FitResult.load(fitted(model, blot_file).to_json(tmp_path / "fit.json"))
    table = model.parameters.assign(upper=50.0)
    monkeypatch.setattr(FakeModel, "parameters", property(lambda _: table))
    with pytest.raises(TableError, match="is not the one that was fitted"):
        result.with_model(model)  # type: ignore[arg-type]


def test_wrong_parameters_are_refused(model: FakeModel, blot_file: Path) -> None:
    result = fitted(model, blot_file)
    with pytest.raises(DeclarationError, match="no free parameter 'rte' in this fit; did you mean 'rate'"):
        profile(result, ["rte"])
    with pytest.raises(DeclarationError, match="named twice"):
        profile(result, ["rate", "rate"])
    with pytest.raises(DeclarationError, match="jobs = 0"):
        profile(result, jobs=0)
