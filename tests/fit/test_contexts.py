"""Several kinds of cells fitted together, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtorkin.errors import DeclarationError, TableError
from mtorkin.fit import (
    Blots,
    FitResult,
    LogNormal,
    fit,
    make_problem,
    predict,
    profile,
    read_blots,
)
from mtorkin.plot.fit import plot_fit
from mtorkin.protocol import Protocol

from .conftest import TRUTH, FakeModel
from .made_blots import blots, made
from .test_prediction import fake_many

pytestmark = pytest.mark.usefixtures("faked")


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
