"""`mtorkin cohort`: spread, responders, and what is written."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from mtorkin.build import build
from mtorkin.cli.cohort import Found, next_to_nothing
from mtorkin.cohort import cohort, response_rate, simulate_cohort
from mtorkin.protocol import NAMED
from tests.cli.conftest import Run
from tests.engines.native_here import needs_native

WORDS = ("cohort", "rapamycin-short", "-n", "3", "--vary", "TSC2=0.8", "--others", "0", "--at", "60")


@needs_native
def test_what_is_printed_and_written_is_that_of_the_package(run: Run, folder: Path) -> None:
    done = run(*WORDS, "--readout", "S6K_pT389,Akt_pS473", "--out", folder)
    assert done.code == 0, done.err
    assert "rapamycin-short, 3 patients" in done.out
    drawn = cohort(build(), 3, 1, {"TSC2": 0.8}, 0)
    table = simulate_cohort(drawn, NAMED["rapamycin-short"].protocol, [0, 60], ["S6K_pT389", "Akt_pS473"])
    written = pd.read_csv(folder / "cohort-rapamycin-short.csv")
    assert written["S6K_pT389"].to_numpy() == pytest.approx(table["S6K_pT389"].to_numpy())
    factors = pd.read_csv(folder / "cohort-rapamycin-short-patients.csv")
    assert list(factors.columns) == ["patient", "TSC2"]
    record = json.loads(run(*WORDS, "--readout", "S6K_pT389", "--json").out)
    (row,) = record["summary"]
    assert row["responds"] == 100 * response_rate(table, "S6K_pT389", 60) == 100
    shares = 100 * table.pivot(index="patient", columns="time", values="S6K_pT389").pipe(
        lambda t: t[60] / t[0]
    )
    assert row["median"] == pytest.approx(shares.median())
    settings = json.loads((folder / "cohort-rapamycin-short.json").read_text())
    again = {"vary": ["TSC2=0.8"], "others": 0, "patients": 3, "seed": 1, "times": [60], "engine": None}
    assert again.items() <= settings.items() and again.items() <= record.items()
    assert settings["readouts"] == ["S6K_pT389", "Akt_pS473"] and "table" not in settings
    assert settings["periods"][1] == {"start": 0.0, "inputs": {"rapamycin": 100.0}}


def test_who_begins_with_next_to_nothing_is_named() -> None:
    table = pd.DataFrame(
        {
            "patient": [0, 1, 2, 0, 1, 2],
            "time": [0.0] * 3 + [60.0] * 3,
            "a": [5.0, 0.04, 6, 1, 1, 1],
            "b": [1.0] * 6,
        }
    )
    found = Found(None, None, table, ["a", "b"], [60.0], 25.0, {})  # type: ignore[arg-type]  # not looked at
    (note,) = next_to_nothing(found)
    assert note.startswith("a: patient 1 began with less than 1% of the median (5)")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--vary", "TSC=0.5"), ["'TSC'", "did you mean 'TSC2'"]),
        (("--fall", "0"), ["--fall 0", "100 %"]),
        (("--readout", "S6K_pT38"), ["did you mean 'S6K_pT389'"]),
        (("--vary", "TSC2"), ["--vary", "NAME=NUMBER"]),
    ],
)
def test_wrong_words(words: tuple[str, ...], told: list[str], run: Run, folder: Path) -> None:
    done = run("cohort", "rapamycin-short", *words, "--out", folder)
    assert done.code == 2
    assert all(text in done.err for text in told), done.err
    assert not folder.exists()
