"""`mtorkin dose-response` and `mtorkin synergy`: what they print and write, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from mtorkin.cli import doses
from tests.cli.conftest import Run

ONE = ("dose-response", "rapamycin", "--readout", "S6K_pT389,S6K_total", "--doses", "0.1,0.3,1,3,10")
TWO = ("synergy", "wortmannin", "Torin1", "--at", "10", "--doses", "wortmannin=30", "--doses", "Torin1=3,30")
NAME = "synergy-wortmannin-Torin1"


@pytest.mark.parametrize("verb", ["dose-response", "synergy"])
def test_help_has_examples(verb: str, run: Run) -> None:
    done = run(verb, "--help")
    assert done.code == 0
    assert f"mtorkin {verb} " in done.out.split("Examples:")[1]


def test_dose_response_writes_values_curves_figure_and_settings(run: Run, folder: Path) -> None:
    done = run(*ONE, "--at", "60,24h", "--scale", "FKBP12=0.5", "--out", folder)
    assert done.code == 0, done.err
    assert "S6K_pT389, 24 h" in done.out and "note: S6K_total, 1 h: flat" in done.out
    name = "dose-response-rapamycin"
    assert {p.name for p in folder.iterdir()} == {
        f"{name}.csv",
        f"{name}-fits.csv",
        f"{name}.json",
        f"{name}.png",
    }
    table = pd.read_csv(folder / f"{name}.csv")
    assert list(table.columns) == ["dose", "time", "readout", "value", "percent"]
    assert len(table) == 6 * 2 * 2
    fits = pd.read_csv(folder / f"{name}-fits.csv").set_index(["readout", "time"])
    assert fits.loc[("S6K_pT389", 1440), "ec50"] < fits.loc[("S6K_pT389", 60), "ec50"]
    assert json.loads((folder / f"{name}.json").read_text())["scale"] == ["FKBP12=0.5"]


def test_dose_response_in_json(run: Run) -> None:
    record = json.loads(run(*ONE, "--at", "1h", "--json").out)
    assert (record["drug"], record["unit"], record["resting"]) == ("rapamycin", "nM", 0)
    assert [row["ec50"] is None for row in record["fits"]] == [False, True]
    assert len(record["table"]) == 12


def test_synergy_writes_matrix_figure_and_settings(run: Run, folder: Path) -> None:
    done = run(*TWO, "--out", folder)
    assert done.code == 0, done.err
    assert "Loewe excess" in done.out and "wortmannin (nM) across, Torin1 (nM) down" in done.out
    effect = done.out.split("Effect (%)")[1].split("Excess")[0].split("\n")[1:]
    assert [line.split()[0] for line in effect if line.strip()] == [
        "0",
        "0",
        "3",
        "30",
    ]  # Torin1, as in the figure
    assert {p.name for p in folder.iterdir()} == {f"{NAME}.{e}" for e in ("csv", "json", "png")}
    table = pd.read_csv(folder / f"{NAME}.csv")
    assert len(table) == 6 and (table["effect"].iloc[1:] > 0).all()
    record = json.loads(run(*TWO, "--json").out)
    assert [row["measure"] for row in record["summary"]] == ["bliss", "hsa", "loewe", "ci"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0.1, 1,10", [0.1, 1, 10]),
        ("0.01..100:5", [0.01, 0.1, 1, 10, 100]),
        ("1..100", [1, 3.16, 10, 31.6, 100]),
    ],
)
def test_doses(text: str, found: list[float]) -> None:
    assert doses.read(text, "--doses", 2) == found


BAD = {
    "drug": ((*ONE[:1], "rapamycn"), ["rapamycn", "'rapamycin'"]),
    "readout": ((*ONE[:2], "--readout", "S6K_pT398"), ["S6K_pT398", "'S6K_pT389'"]),
    "no readout": ((*ONE[:2], "--readout", ","), ["--readout"]),
    "doses": ((*ONE[:2], "--doses", "0..10"), ["--doses 0..10", "above 0"]),
    "no doses": ((*ONE[:2], "--doses", ","), ["--doses", "0.01..1000"]),
    "dose": ((*ONE[:2], "--doses", "1,-2"), ["rapamycin", "-2"]),
    "too many": ((*ONE[:2], "--doses", "1..2:99999"), ["at most 1000"]),
    "time": ((*ONE, "--at", "0"), ["--at", "1h,24h"]),
    "background": ((*ONE, "--period", "0 rapamycin=1"), ["background sets rapamycin"]),
    "two times": ((*TWO[:3], "--at", "1h,2h"), ["--at", "one time"]),
    "two readouts": ((*TWO, "--readout", "translation,autophagy"), ["--readout", "one readout"]),
    "other drug": ((*TWO, "--doses", "Torin=1"), ["'Torin1'"]),
    "doses twice": ((*TWO, "--doses", "1,2"), ["twice"]),
    "rises": ((*TWO, "--readout", "autophagy"), ["autophagy rises", "full_effect"]),
    "no drug": (("synergy", "insulin", "Torin1", "--doses", "1"), ["untreated cells have insulin = 1"]),
}


@pytest.mark.parametrize("case", BAD)
def test_is_told(case: str, run: Run, folder: Path) -> None:
    words, told = BAD[case]
    done = run(*words, "--out", folder)
    assert done.code == 2, done.out
    assert done.err.startswith("error: ") and not done.out
    for text in told:
        assert text in done.err
    assert not folder.exists()
