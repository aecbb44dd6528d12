"""Report and design on a fit of the whole model, as a user would."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
import xarray

from mtorkin._resources import blots_dir
from tests.cli.conftest import Run
from tests.engines.native_here import needs_native

pytestmark = needs_native  # some runs of the whole model


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a fit of one parameter to two antibodies."""
    from tests.cli.conftest import Done

    folder = tmp_path_factory.mktemp("results")
    words = ["--cell-line", "MCF-7", "--targets", "S6K_pT389,Akt_pS473", "--free", "kcat_S6K_T389"]
    some = ("--starts", "1", "--sigma", "0.5", "--out", str(folder))
    done = Done(("fit", str(blots_dir() / "breast_cancer_blots.csv"), *words, *some))
    assert done.code == 0, done.err
    return folder


def test_report(run: Run, results: Path) -> None:
    left = results / ".mtorkin.0123abcd"  # by a run that was killed
    left.mkdir()
    done = run("report", results, "--no-claims")
    assert done.code == 0, done.err
    assert not left.exists()
    text = (results / "report.html").read_text(encoding="utf-8")
    assert "sha256 breast_cancer_blots.csv" in text and "sha256 breast_cancer_conditions.csv" in text
    assert "kcat_S6K_T389" in text and "MCF-7 (model: generic cells)" in text
    assert "95 % of the curve itself" in text and "Gauss-Newton covariance" in text
    assert "for an hour and for three days" in text and "claims were not run" in text
    with xarray.open_dataset(results / "fit.nc", engine="scipy") as found:
        assert found["parameters.value"].size == 1
        assert (found["bands.lower"] <= found["bands.upper"]).all()
        name, time = (found[f"predicted.{key}"].to_numpy() for key in ("observable", "time"))
        later = found["predicted.best"].to_numpy()[(name.astype(str) == "S6K_pT389") & (time == 60.0)]
        assert later.item() < 0.2  # gone after an hour, whatever its rate


def test_claims_of_an_earlier_report_are_kept(
    run: Run, results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = [
        pd.DataFrame(
            {
                "id": ["A1"],
                "statement": ["a statement"],
                "criterion": ["S6K, > 2"],
                "value": [value],
                "pass": [status == "passed"],
                "status": [status],
            }
        )
        for value, status in ((3.0, "passed"), (1.0, "failed"))
    ]
    verb = import_module("mtorkin.cli.report")  # the function of that name hides the module
    monkeypatch.setattr(verb, "both_claims", lambda *_: tuple(tables))
    assert run("report", results, "--out", tmp_path).code == 0
    first = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "1 lost, 0 won" in first and "were not run again" not in first
    done = run("report", results, "--no-claims", "--out", tmp_path)
    again = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "1 lost, 0 won" in again and "were not run again" in again
    assert "are those of the report before" in done.err
    with xarray.open_dataset(tmp_path / "fit.nc", engine="scipy") as found:
        assert found["claims_before.value"].to_numpy() == 3.0


def test_the_overlay_is_that_of_the_fit(run: Run, results: Path) -> None:
    """`--fit` and `--overlay` are one option."""
    value = json.loads((results / "fit.json").read_text())["best"]["kcat_S6K_T389"]
    words = ("show", "parameters", "--json", "--overlay")
    one, other = (run(*words[:-1], name, results / "fit.tsv") for name in ("--fit", "--overlay"))
    assert one.code == 0, one.err
    assert one.out == other.out
    assert f"{value:.3g}" in one.out


def test_design(run: Run, results: Path, folder: Path) -> None:
    words = ("--protocols", "insulin,rapamycin-short", "--antibodies", "S6K_pT389,Akt_pS473")
    done = run(
        "design", results / "fit.json", *words, "--lanes", "3", "--times", "0,5,15,60", "--out", folder
    )
    assert done.code == 0, done.err
    table = pd.read_csv(folder / "design.csv")
    assert len(table) == 4 and table["bits"].is_monotonic_decreasing
    assert table["bits"].iloc[0] > 0.1 and table["name"].iloc[0].endswith("S6K_pT389")
    own = folder / "could.csv"
    own.write_text(
        "condition,start,input,value\nmix,-inf,insulin,0\nmix,0,insulin,100\nmix,0,everolimus,10\n"
    )
    some = ("--conditions", own, "--antibodies", "S6K_pT389", "--lanes", "2", "--times", "0,15,60", "--json")
    mixed = run("design", results / "fit.json", *some)
    assert [row["name"] for row in json.loads(mixed.out)["table"]] == ["mix: S6K_pT389"], mixed.err
    wrong = run("design", results / "fit.json", "--about", "Akt_pS473@insulin")
    assert wrong.code == 2 and "OBSERVABLE@PROTOCOL@TIME" in wrong.err


def test_no_fit_there(run: Run, folder: Path, tmp_path: Path) -> None:
    done = run("report", tmp_path, "--out", folder)
    assert done.code == 2
    assert "has no fit.json" in done.err
    assert not folder.exists()
    page = run("fit", blots_dir() / "breast_cancer_blots.csv", "--report")
    assert page.code == 2 and "--report needs --out" in page.err
