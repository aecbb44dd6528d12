"""The options of `mtorkin fit` that say what the likelihood is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mtorkin.fit import FitResult, Normal
from tests.cli.conftest import Run
from tests.engines.native_here import needs_native

BLOTS = "breast_cancer_blots.csv"


@needs_native
def test_cell_lines_together_then_a_prediction_of_one(run: Run, folder: Path) -> None:
    options = ["--joint", "--free", "kcat_S6K_T389@*", "--targets", "S6K_pT389"]
    done = run(
        "fit", BLOTS, *options, "--noise", "normal", "--offset", "all", "--starts", "1", "--out", folder
    )
    assert done.code in (0, 1), done.err
    assert "kcat_S6K_T389@MCF-7" in done.out
    assert "fitted together: MCF-7 (model: MCF7), ZR-75-1 (model: generic)" in done.out
    names = {path.name for path in folder.iterdir()}
    assert names == {"fit.json", "fit-MCF-7.tsv", "fit-ZR-75-1.tsv", "fit.png", "starts"}
    result = FitResult.load(folder / "fit.json")
    assert result.scatter == Normal()
    assert result.offset == ("S6K_pT389",)
    missing = run("predict", folder / "fit.json", "insulin")
    assert missing.code == 2
    assert "choose a context: MCF-7, ZR-75-1" in missing.err
    words = ("--cell-line", "ZR-75-1", "--points", "3", "--sets", "20", "--json")
    made = run("predict", folder / "fit.json", "insulin", *words)
    assert made.code == 0, made.err
    assert len(json.loads(made.out)["table"]["best"]) > 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--noise", "lognormal"], "no kind of noise 'lognormal'; did you mean 'log-normal'"),
        (["--sigma", "0"], "a noise level is a positive number"),
        (["--offset", "S6K_pT38"], "did you mean 'S6K_pT389'"),
        (["--joint"], "all of one kind of cells"),
        (["--free", "k_Akt_T308@MCF7"], "no context 'MCF7'; did you mean 'MCF-7'"),
    ],
)
def test_wrong_words_are_refused(words: list[str], said: str, run: Run, folder: Path) -> None:
    done = run("fit", BLOTS, "--cell-line", "MCF-7", *words, "--out", folder)
    assert done.code == 2
    assert said in done.err
    assert not folder.exists()


def test_one_model_for_two_cell_lines_is_refused(run: Run) -> None:
    done = run("fit", BLOTS)
    assert done.code == 2
    assert "or fit them together with --joint" in done.err
