"""Tables on the screen show what happens after each change, at times that a person would choose."""

from __future__ import annotations

import re

import numpy as np
import pytest

from mtorkin.cli import treatments
from mtorkin.cli.moments import heading, moments
from mtorkin.protocol import NAMED
from tests.cli.conftest import Run


def headed(name: str, begin: str | None = None) -> list[str]:
    treatment = treatments.find(name, None, None)
    times = np.array(treatments.times(treatment, begin, None, None, 289))
    changes = treatments.changes(treatment.protocol)
    return [heading(float(times[i]), changes) for i in moments(times, changes)]


def test_after_starvation() -> None:
    later = ["16 h", *(f"16 h + {text}" for text in ("1 min", "5 min", "30 min", "1 h", "2 h"))]
    assert headed("insulin") == ["0 min", "1 h", *later]
    assert headed("insulin", "15h") == ["15 h", "15.5 h", *later]


def test_a_single_change() -> None:
    found = ["0 min", "1 min", "15 min", "2 h", "12 h", "48 h", "72 h"]
    assert headed("rapamycin-prolonged") == found


def test_before_during_and_after_a_pulse() -> None:
    found = headed("rapamycin-pulse")
    assert {"10 h", "10 h + 5 min", "10 h 20 min", "10 h 20 min + 30 min", "34 h"} <= set(found)


@pytest.mark.parametrize("name", NAMED)
def test_times_are_round(name: str) -> None:
    found = headed(name)
    assert 5 <= len(found) <= 10
    assert not re.search(r"\d\.(?!5 )|\d{4}", " ".join(found))


def test_many_doses_show_the_last(run: Run) -> None:
    words = ("--period", "0 rapamycin=1", "--period", "24h rapamycin=2", "--period", "48h rapamycin=3")
    more = ("--period", "72h rapamycin=4", "--points", "5", "--observables", "S6K_pT389")
    done = run("simulate", *words, *more)
    assert done.code == 0, done.err
    assert "72 h + 1 min" in done.out and "48 h" in done.out and "96 h" in done.out
    assert "24 h + " not in done.out
