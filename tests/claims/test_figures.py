"""Figures of claims: one for each, small, and the same whenever they are drawn."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from mtorkin.claims import read_claims
from mtorkin.plot.claim import Line, Mark, plot_claim

FIGURES = Path(__file__).resolve().parents[2] / "docs/reference/claims"
TIMES = np.linspace(0.0, 60.0, 31)


def test_there_is_one_for_each_claim() -> None:
    found = {path.name for path in FIGURES.iterdir()}
    assert found == {f"{claim.id}.svg" for claim in read_claims()}, "run python docs/reference/make_claims.py"


def test_they_are_small() -> None:
    assert max(path.stat().st_size for path in FIGURES.iterdir()) <= 15_000


@pytest.mark.parametrize("top", [100.0, 5000.0], ids=["linear", "logarithmic"])
def test_they_are_drawn_the_same_each_time(top: float, tmp_path: Path) -> None:
    lines = [Line("up", TIMES, 100 + TIMES / 60 * top), Line("gone", TIMES, 100 * np.exp(-TIMES))]
    marks = [
        Mark(2.0, 1.5, math.inf, True),
        Mark(math.nan, -math.inf, 3.0, False),
        Mark(5.0, 0.0, 0.0, None),
    ]
    one, two = (plot_claim(lines, marks * 5, "x", tmp_path / f"{n}.svg").read_bytes() for n in "ab")
    assert one == two
    assert b"and 7 more" in one and b"gone" in one


def test_a_claim_without_courses_has_its_criteria(tmp_path: Path) -> None:
    svg = plot_claim([], [Mark(1.0, 0.5, 2.0, True)], "", tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "criteria" in svg and "% of start" not in svg
