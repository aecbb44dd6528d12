"""Report and design on a fit of the whole model, as a user would."""

from __future__ import annotations

import json
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
    done = run("report", results, "--no-claims")
    assert done.code == 0, done.err
    text = (results / "report.html").read_text(encoding="utf-8")
    assert "sha256 breast_cancer_blots.csv" in text and "sha256 breast_cancer_conditions.csv" in text
    assert "kcat_S6K_T389" in text
    with xarray.open_dataset(results / "fit.nc", engine="scipy") as found:
        assert found["parameters.value"].size == 1


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
