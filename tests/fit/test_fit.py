"""Fitting a stand-in model whose truth is known."""

from __future__ import annotations

import dataclasses
import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtorkin.errors import DeclarationError, SimulationError, TableError
from mtorkin.fit import FitResult, LogNormal, Settings, fit, read_blots
from mtorkin.fit.gradients import best_derivatives, forward_sensitivities
from mtorkin.fit.making import make_problem
from mtorkin.fit.optimise import Evaluator, forward_differences, run_start
from mtorkin.fit.starts import first_points
from mtorkin.plot.fit import plot_fit

from .conftest import TRUTH, FakeModel, fake_simulate

pytestmark = pytest.mark.usefixtures("faked")
FREE = ["rate", "basal", "height"]


def fitted(model: Any, path: Path, **options: Any) -> FitResult:
    """A quiet fit of the three parameters."""
    return fit(model, read_blots(path), FREE, progress=False, engine="scipy", **options)


def test_the_truth_is_found(model: FakeModel, blot_file: Path) -> None:
    result = fitted(model, blot_file, starts=3)
    assert result.converged
    assert result.agreement == 3
    for name, value in TRUTH.items():
        assert result.best[name] == pytest.approx(value, rel=0.25)
    assert result.noise["sigma"].to_numpy() == pytest.approx([0.12, 0.12], abs=0.05)
    assert list(result.scales["lanes"]) == [6] * 6
    assert result.data["scaled"].to_numpy() == pytest.approx(result.data["readout"].to_numpy(), rel=0.5)
    assert "3 of 3 starts" in result.summary()


def test_no_neighbour_of_the_optimum_is_better(model: FakeModel, blot_file: Path) -> None:
    """Alternating noise and least squares ends at a minimum of the joint objective."""
    result = fitted(model, blot_file, starts=1)
    problem = make_problem(model, read_blots(blot_file), FREE)
    best = np.log([result.best[name] for name in FREE])
    evaluator = Evaluator(problem)
    for j in range(3):
        for step in (-0.02, 0.02):
            moved = best.copy()
            moved[j] += step
            for factor in (0.95, 1.0, 1.05):
                sigmas = result.noise["sigma"].to_numpy() * factor
                assert evaluator.objective(moved, sigmas) > result.objective - 1e-3


def test_repeats_with_its_seed_and_not_with_another(model: FakeModel, blot_file: Path) -> None:
    problem = make_problem(model, read_blots(blot_file), FREE)
    one, again, other = (first_points(problem, 4, seed) for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one[1:], other[1:])
    assert np.array_equal(one[0], problem.start)
    assert np.all(one >= problem.lower) and np.all(one <= problem.upper)
    first = fitted(model, blot_file, starts=2, seed=5)
    second = fitted(model, blot_file, starts=2, seed=5)
    assert first.best == second.best


def test_a_failed_simulation_is_infinitely_bad_and_counted(model: FakeModel, blot_file: Path) -> None:
    problem = make_problem(model, read_blots(blot_file), FREE)
    evaluator = Evaluator(problem)
    fails = np.log([8.0, 0.1, 1.0])
    assert evaluator.objective(fails, np.array([0.3, 0.3])) == np.inf
    assert np.all(np.isinf(evaluator.residuals(fails, np.array([0.3, 0.3]))))
    assert evaluator.failed == 2
    start = run_start(problem, 3, fails, Settings())
    assert start.status == "failed"
    assert start.objective == np.inf
    assert start.failed_simulations == 1
    broken = model.with_values(rate=8.0)
    with pytest.raises(SimulationError, match=r"none of 1 starts .* made to fail"):
        fitted(broken, blot_file, starts=1)
    result = fitted(broken, blot_file, starts=3, seed=1)
    assert result.failed_simulations >= 1
    assert result.starts.loc[0, "objective"] == np.inf
    assert np.isfinite(result.objective)


def test_a_fixed_noise_stays(model: FakeModel, blot_file: Path) -> None:
    result = fitted(model, blot_file, starts=1, noise=LogNormal(sigma=0.2))
    assert result.converged
    assert list(result.noise["sigma"]) == [0.2, 0.2]


def test_progress_goes_to_standard_error_and_can_be_silenced(
    model: FakeModel, blot_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fitted(model, blot_file, starts=1)
    assert capsys.readouterr() == ("", "")
    fit(model, read_blots(blot_file), FREE, starts=1, engine="scipy", progress=True)  # type: ignore[arg-type]
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "1/1 starts" in shown.err


def test_forward_differences_are_the_slopes(model: FakeModel, blot_file: Path) -> None:
    problem = make_problem(model, read_blots(blot_file), FREE)
    x = np.log([0.2, 0.3, 2.0])
    sigmas, evaluator = np.array([0.2, 0.3]), Evaluator(problem)
    whole = evaluator.jacobian(x, forward_differences, sigmas)
    for j in range(3):
        up, down = x.copy(), x.copy()
        up[j] += 1e-5
        down[j] -= 1e-5
        exact = (evaluator.residuals(up, sigmas) - evaluator.residuals(down, sigmas)) / 2e-5
        assert whole[:, j] == pytest.approx(exact, abs=2e-2)


def test_sensitivities_are_the_slopes(model: FakeModel, blot_file: Path) -> None:
    problem = make_problem(model, read_blots(blot_file), FREE)
    x, sigmas, evaluator = np.log([0.2, 0.3, 2.0]), np.array([0.2, 0.3]), Evaluator(problem)
    whole = evaluator.jacobian(x, forward_sensitivities, sigmas)
    for j in range(3):
        up, down = x.copy(), x.copy()
        up[j] += 1e-5
        down[j] -= 1e-5
        exact = (evaluator.residuals(up, sigmas) - evaluator.residuals(down, sigmas)) / 2e-5
        assert whole[:, j] == pytest.approx(exact, abs=1e-6)


def test_differences_where_sensitivities_fail(
    model: FakeModel, blot_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise SimulationError("made to fail")

    x = np.log([0.2, 0.3, 2.0])
    native = dataclasses.replace(make_problem(model, read_blots(blot_file), FREE), engine="native")
    exact = best_derivatives(Evaluator(native), x)
    monkeypatch.setattr(import_module("mtorkin.fit.gradients"), "sensitivities", broken)
    assert np.array_equal(best_derivatives(Evaluator(native), x), forward_differences(Evaluator(native), x))
    other = dataclasses.replace(native, engine="scipy")
    differences = best_derivatives(Evaluator(other), x)
    assert differences == pytest.approx(exact, abs=2e-3)
    assert not np.array_equal(differences, exact)


def test_another_jacobian_may_be_plugged_in(model: FakeModel, blot_file: Path) -> None:
    calls = []

    def mine(evaluator: Evaluator, x: np.ndarray) -> np.ndarray:
        calls.append(x)
        return forward_differences(evaluator, x)

    fitted(model, blot_file, starts=1, jacobian=mine)
    assert calls


def test_each_start_is_a_file_and_resumes(model: FakeModel, blot_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "starts"
    whole = fitted(model, blot_file, starts=3, folder=folder)
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["start_000.json", "start_001.json", "start_002.json"]
    (folder / "start_001.json").unlink()
    (folder / "start_000.json").write_text(
        (folder / "start_000.json").read_text().replace('"stopped"', '"converged"')
    )
    resumed = fitted(model, blot_file, starts=3, folder=folder, resume=True)
    assert resumed.best == whole.best
    assert resumed.objective == whole.objective
    with pytest.raises(TableError, match="belongs to another fit"):
        fitted(model.with_values(rate=0.5), blot_file, starts=3, folder=folder, resume=True)
    (folder / "start_001.json").write_text("{")
    with pytest.raises(TableError, match="no start can be read from it"):
        fitted(model, blot_file, starts=3, folder=folder, resume=True)


def test_saved_and_read_back(model: FakeModel, blot_file: Path, tmp_path: Path) -> None:
    result = fitted(model, blot_file, starts=2)
    path = result.to_json(tmp_path / "fit.json")
    json.loads(path.read_text(), parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    again = FitResult.load(path)
    for field in dataclasses.fields(FitResult):
        before, after = getattr(result, field.name), getattr(again, field.name)
        if field.name == "problem":  # its model is not in the file
            continue
        if hasattr(before, "equals"):
            assert before.equals(after), field.name
        else:
            assert before == after, field.name
    path.write_text("{}")
    with pytest.raises(TableError, match="is not a saved fit"):
        FitResult.load(path)


def test_overlay(model: FakeModel, blot_file: Path, tmp_path: Path) -> None:
    result = fitted(model, blot_file, starts=1)
    lines = result.write_overlay(tmp_path / "mine.tsv").read_text().splitlines()
    assert lines[0].startswith("parameterId\testimate\tnominalValue")
    assert [line.split("\t")[0] for line in lines[1:]] == FREE
    assert float(lines[1].split("\t")[2]) == pytest.approx(result.best["rate"], rel=1e-9)


def test_what_cannot_be_fitted_is_refused(model: FakeModel, blot_file: Path) -> None:
    blots = read_blots(blot_file)
    with pytest.raises(DeclarationError, match="no parameter 'rte' to fit; did you mean 'rate'"):
        make_problem(model, blots, ["rte"])
    with pytest.raises(DeclarationError, match="named twice"):
        make_problem(model, blots, ["rate", "rate"])
    with pytest.raises(DeclarationError, match="no free parameter"):
        make_problem(model, blots, [])
    with pytest.raises(TableError, match=r"rate = 20\.0 is outside its bounds"):
        make_problem(model.with_values(rate=20.0), blots, ["rate"])
    with pytest.raises(DeclarationError, match="starts = 0: at least 1"):
        fitted(model, blot_file, starts=0)


def test_what_is_set_aside_is_noted(model: FakeModel, blot_file: Path) -> None:
    text = blot_file.read_text().replace("Akt_pS473", "AMPK_pT172")
    lines = text.splitlines()
    lines[0] += ",below_detection"
    lines[1] += ",yes"
    lines[1] = re.sub(r",0,S6K_pT389,[^,]+,", ",0,S6K_pT389,6,", lines[1])  # not above its background
    blot_file.write_text("\n".join(lines))
    problem = make_problem(model, read_blots(blot_file), ["rate"])
    assert problem.antibodies == ("S6K_pT389",)
    assert len(problem.lanes) == 17
    assert "1 lane set aside: below detection" in problem.notes
    assert "set aside, this model has no such observable: AMPK_pT172" in problem.notes


def few_lanes(path: Path) -> None:
    """One blot of S6K, four lanes, without noise."""
    run = fake_simulate(FakeModel(TRUTH), None, [0, 5, 15, 60])["S6K_pT389"]
    lines = [
        f"A,{i},insulin,{t},S6K_pT389,{v}" for i, (t, v) in enumerate(zip([0, 5, 15, 60], run, strict=True))
    ]
    path.write_text("\n".join(["blot,lane,condition,time,target,signal", *lines]), encoding="utf-8")


def test_overfitting_is_noted(model: FakeModel, blot_file: Path) -> None:
    assert not [note for note in fitted(model, blot_file, starts=1).notes if "--free" in note]
    few_lanes(blot_file)
    notes = " ".join(fitted(model, blot_file, starts=1).notes)
    assert "3 free parameters and 1 scale for 4 lanes" in notes
    assert "the lanes of S6K_pT389 more closely than blots can be read" in notes
    fixed = fitted(model, blot_file, starts=1, noise=LogNormal(sigma=0.05))
    assert "noise at its floor" not in " ".join(fixed.notes)


def test_a_wrong_input_is_refused_before_any_run(
    model: FakeModel, blot_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = blot_file.with_name("blots_conditions.csv")
    table.write_text("condition,start,input,value\ninsulin,0,insuln,100\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"blots_conditions.csv:2:input: .*did you mean 'insulin'"):
        fit(model, read_blots(blot_file), FREE, starts=1)  # type: ignore[arg-type]
    assert capsys.readouterr().err == ""


def test_picture(model: FakeModel, blot_file: Path, tmp_path: Path) -> None:
    result = fitted(model, blot_file, starts=1)
    figure = plot_fit(result, tmp_path / "fit.png")
    panels = [axes for axes in figure.axes if axes.axison]
    assert [axes.get_title(loc="left") for axes in panels] == ["S6K pT389", "Akt pS473"]
    assert all(axes.get_ylabel() == "nM" for axes in panels)
    assert all(axes.get_xlabel() == "time (min)" for axes in panels)
    assert (tmp_path / "fit.png").stat().st_size > 10_000
