"""Every variant of the likelihood, from a blot table to profiles and predictions, on the stand-in model."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mtorkin.errors import DeclarationError, TableError
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
    read_blots,
)
from mtorkin.fit.normalisation import ratios
from mtorkin.plot.fit import plot_fit
from mtorkin.protocol import Protocol

from .conftest import TRUTH, FakeModel, fake_simulate
from .test_prediction import fake_many

pytestmark = pytest.mark.usefixtures("faked")
FREE = ["rate", "basal", "height"]
TIMES = np.array([0.0, 5, 15, 30, 60, 120])


def made(seed: int = 1, back: float = 0.0, noise: float = 0.08, **truths: dict[str, float]) -> pd.DataFrame:
    """Lanes of three blots of each kind of cells, as `read_blots` gives them.

    `back` is a background of Akt, in mean bands.
    """
    random, rows = np.random.default_rng(seed), []
    for cells, truth in (truths or {"": {}}).items():
        run = fake_simulate(FakeModel({**TRUTH, **truth}), None, TIMES)
        for blot in "ABC":
            for target, readout in run.items():
                scale = np.exp(random.normal(3, 1))
                extra = back * readout.mean() if target == "Akt_pS473" else 0.0
                values = scale * (readout + extra) * np.exp(noise * random.normal(size=len(TIMES)))
                for lane, (time, value) in enumerate(zip(TIMES, values, strict=True), start=1):
                    rows.append((f"{blot}{cells}", str(lane), "insulin", cells, time, target, value))
    columns = ["blot", "lane", "condition", "cell_line", "time", "target", "value"]
    return pd.DataFrame(rows, columns=columns).assign(
        censored="", normalised="", replicate="", saturated=False, below_detection=False
    )


@pytest.fixture
def plain(blot_file: Path) -> Blots:
    return read_blots(blot_file)


def blots(plain: Blots, table: pd.DataFrame) -> Blots:
    return replace(plain, table=table)


def limits(table: pd.DataFrame) -> pd.DataFrame:
    """The weakest two bands of each blot below a limit, the strongest of Akt above one."""
    table = table.copy()
    for (_, target), group in table.groupby(["blot", "target"]):
        order = group["value"].sort_values().index
        table.loc[order[:2], ["value", "censored"]] = [group["value"][order[1]] * 1.05, "below"]
        if target == "Akt_pS473":
            table.loc[order[-1], ["value", "censored"]] = [group["value"][order[-1]] * 0.9, "above"]
    return table


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


def two_kinds(plain: Blots) -> Blots:
    return blots(plain, made(8, MCF7={"height": 2.0}, ZR75={"height": 6.0}))


def test_contexts_are_fitted_together(
    model: FakeModel, plain: Blots, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("mtorkin.fit.prediction"), "simulate_many", fake_many)
    both, cells = two_kinds(plain), {"ZR75": model, "MCF7": replace(model, context="mine")}
    result = fit(model, both, ["rate", "basal", "height@*"], contexts=cells, starts=1, progress=False)
    assert list(result.best) == ["rate", "basal", "height@MCF7", "height@ZR75"]
    assert result.best["height@MCF7"] == pytest.approx(2, rel=0.2)
    assert result.best["height@ZR75"] == pytest.approx(6, rel=0.2)
    assert result.best["rate"] == pytest.approx(TRUTH["rate"], rel=0.1)
    assert any(
        "fitted together: MCF7 (model: mine), ZR75 (model: generic); one value" in n for n in result.notes
    )
    with pytest.raises(DeclarationError, match="choose a context: MCF7, ZR75"):
        result.write_overlay(tmp_path / "x.tsv")
    for cell, context in (("MCF7", "mine"), ("ZR75", "generic")):
        lines = result.write_overlay(tmp_path / "x.tsv", cell).read_text().splitlines()
        assert {line.split("\t")[6] for line in lines} == {"context", context}
    assert [line.split("\t")[0] for line in lines[1:]] == ["rate", "basal", "height"]
    assert float(lines[3].split("\t")[2]) == pytest.approx(result.best["height@ZR75"])

    again = FitResult.load(result.to_json(tmp_path / "fit.json"))
    with pytest.raises(DeclarationError, match="give a model for each"):
        again.with_model(model)  # type: ignore[arg-type]
    again = again.with_model(model, cells)  # type: ignore[arg-type]
    found = profile(again, ["height@ZR75"], folder=tmp_path / "walks", progress=False)
    row = found.table.loc["height@ZR75"]
    assert row["lower"] < 6 < row["upper"]
    assert found.notes == ()
    with pytest.raises(DeclarationError, match="did you mean 'MCF7'"):
        predict(again, Protocol(), [60.0], context="MCF-7")
    high, low = (predict(again, Protocol(), [60.0], ["Akt_pS473"], context=c).table for c in ("ZR75", "MCF7"))
    assert high["best"].iloc[0] > 2 * low["best"].iloc[0]
    plot_fit(result, tmp_path / "fit.png")


def test_derivatives_of_contexts_are_exact(model: Any, plain: Blots) -> None:
    cells = {"MCF7": model, "ZR75": model}
    problem = make_problem(model, two_kinds(plain), ["rate", "height@ZR75"], "native", contexts=cells)
    x = np.log([0.12, 2.0])
    for j, step in enumerate(1e-4 * np.eye(2)):
        f = [problem.objective(x + k * step) for k in (-2, -1, 1, 2)]
        difference = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / 12e-4
        assert problem.gradient(x)[j] == pytest.approx(difference, rel=1e-6)
    held = problem.pinned("height@ZR75", np.log(3.0))
    assert held.models["ZR75"].values["height"] == pytest.approx(3.0)
    assert held.models["MCF7"].values["height"] == 1.0


def test_what_is_not_said_clearly_is_refused(model: Any, plain: Blots) -> None:
    both, cells = two_kinds(plain), {"MCF7": model, "ZR75": model}

    def refused(message: str, free: Any = ("rate",), **options: Any) -> None:
        with pytest.raises(DeclarationError, match=message):
            fit(model, both, free, progress=False, **{"contexts": cells, **options})

    refused(r"no context 'MCF-7'; did you mean 'MCF7'", ["rate@MCF-7"])
    refused(r"free in all contexts together and in one alone; write rate@\*", ["rate", "rate@MCF7"])
    refused("named twice", ["rate@*", "rate@MCF7"])
    refused("is a word; give a list", "rate")
    refused(
        "differs between contexts .* write rate@",
        ["rate"],
        contexts={**cells, "MCF7": model.with_values(rate=0.2)},
    )
    refused("no model for 'ZR75'", contexts={"MCF7": model})
    refused("no cells 'ZR-75'; did you mean 'ZR75'", contexts={**cells, "ZR-75": model})
    refused("no antibody 'Akt_pS47' among the lanes; did you mean 'Akt_pS473'", offset=["Akt_pS47"])
    refused("is a word; give a list of antibodies", offset="Akt_pS473")
    refused(r"give mtorkin.LogNormal\(\) or mtorkin.Normal\(\)", noise="normal")
    with pytest.raises(DeclarationError, match="sigma = -1: a noise level is a positive number"):
        LogNormal(sigma=-1)
    with pytest.raises(TableError, match=r"kinds of cells .* contexts="):
        make_problem(model, both, ["rate"])


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


def test_columns_of_a_file(model: Any, tmp_path: Path) -> None:
    """`censored`, `normalised` and `context` come from the table."""
    path = tmp_path / "b.csv"
    lines = ["blot,lane,condition,time,target,signal,censored,normalised,context"]
    for cells in ("MCF7", "ZR75"):
        for lane, (time, value) in enumerate([(5, 0.5), (15, 0.8), (30, 1.2), (60, 1.5)]):
            mark = "below" if lane == 0 else ""
            lines.append(f"{cells},{lane},insulin,{time},S6K_pT389,{value},{mark},control insulin@20,{cells}")
    path.write_text("\n".join(lines), encoding="utf-8")
    found = read_blots(path)
    assert found.cell_lines == ("MCF7", "ZR75")
    problem = make_problem(model, found, ["rate@ZR75"], contexts={"MCF7": model, "ZR75": model})
    assert len(problem.lanes) == 10
    assert list(problem.data.censored[:4]) == [-1, 0, 0, 0]
    assert {each.context for each in problem.experiments} == {"MCF7", "ZR75"}
