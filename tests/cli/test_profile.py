"""Fit, profile and predict, one after the other, as a user would."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from mtorkin._resources import blots_dir
from mtorkin.build import build
from mtorkin.fit import FitResult, LogNormal, fit, read_blots
from tests.cli.conftest import Run
from tests.engines.native_here import needs_native


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fit of one parameter to two antibodies, as a file."""
    blots = read_blots(blots_dir() / "breast_cancer_blots.csv")
    some = blots.select(cell_line="MCF-7", targets=["S6K_pT389", "Akt_pS473"])
    found = fit(build(), some, ["kcat_S6K_T389"], starts=1, noise=LogNormal(sigma=0.5), progress=False)
    return found.to_json(tmp_path_factory.mktemp("fit") / "fit.json")


@needs_native  # some thirty runs of the whole model
def test_profile_then_predict(run: Run, saved: Path, folder: Path) -> None:
    done = run("profile", saved, "--out", folder)
    assert done.code == 0, done.err
    assert "kcat_S6K_T389 is " in done.out
    assert "known best: kcat_S6K_T389" in done.out
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    each = "profiles/profile_kcat_S6K_T389.json"
    assert names == ["profiles.csv", "profiles.json", "profiles.png", each]
    no_overlay = run("simulate", "insulin", "--overlay", folder / "profiles.csv")
    assert no_overlay.code == 2 and "profiles.csv: is the table of profiles, not an overlay" in no_overlay.err
    not_these = run("predict", saved, "insulin", "--profiles", folder / "profiles.csv")
    assert "holds no saved profiles: it is the table of profiles" in not_these.err
    assert f"there is {folder / 'profiles.json'}" in not_these.err
    table = pd.read_csv(folder / "profiles.csv").iloc[0]
    assert table["lower"] < table["value"] < table["upper"]
    again = run("profile", saved, "--out", folder, "--resume", "--json")
    assert json.loads(again.out)["parameters"]["kcat_S6K_T389"]["lower"] == pytest.approx(table["lower"])
    words = ("rapamycin-short", "--observables", "S6K_pT389", "--points", "5")
    made = run("predict", saved, *words, "--profiles", folder / "profiles.json", "--out", folder)
    assert made.code == 0, made.err
    assert "points of 1 profiles within the 95 % threshold" in made.out
    band = pd.read_csv(folder / "predict-rapamycin-short.csv")
    assert (band["lower"] <= band["best"]).all() and (band["best"] <= band["upper"]).all()
    assert (band["lower"] < band["upper"]).any()
    drawn = json.loads(run("predict", saved, *words, "--sets", "20", "--json").out)
    assert (drawn["sets"], drawn["failed"]) == (20, 0)


def test_a_parameter_that_was_not_fitted(run: Run, saved: Path, folder: Path) -> None:
    done = run("profile", saved, "--parameters", "kcat_S6K_T38", "--out", folder)
    assert done.code == 2
    assert "did you mean 'kcat_S6K_T389'" in done.err
    assert not folder.exists()


def test_another_model_is_refused(run: Run, saved: Path, tmp_path: Path) -> None:
    record = json.loads(saved.read_text())
    record["values"]["MCF-7"]["kcat_S6K_T389"] *= 2
    other = tmp_path / "other.json"
    other.write_text(json.dumps(record))
    done = run("profile", other)
    assert done.code == 2
    assert "is not the one that was fitted" in done.err
    assert FitResult.load(other).problem is None
