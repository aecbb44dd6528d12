"""A small part of docs/reference/accuracy.md, which `make accuracy` measures in full."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.accuracy import experiments
from engines.native_here import needs_native

pytestmark = needs_native
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "accuracy.md"


def no_worse(found: pd.DataFrame) -> None:
    """At each tolerance the median and the largest error are no more than CVODE's, or one tolerance."""
    assert not found.error.isna().any()
    by = found.groupby(["rtol", "engine"]).error.agg(["median", "max"]).unstack()
    for what in ("median", "max"):
        theirs = by[what, "CVODE"].clip(lower=1.0)
        assert (by[what, "native"] <= theirs).all(), by


@pytest.mark.slow
def test_named_protocols_on_some_cells() -> None:
    no_worse(experiments.protocols(["amino-acid-withdrawal", "torin1"], ["PC3"]))


@pytest.mark.slow
def test_sets_far_apart() -> None:
    found = experiments.sets(3)
    no_worse(found)
    assert found.totals.max() < 1e-10


@pytest.mark.parametrize("most", [2, 4])
def test_the_order_of_convergence(most: int) -> None:
    """The error falls with the power of the number of steps that the order says."""
    found = experiments.order([most])
    slopes = [
        -np.polyfit(np.log(g.steps.astype(float)), np.log(g.error), 1)[0] for _, g in found.groupby("run")
    ]
    assert most - 0.1 < np.median(slopes) < most + 0.6


def test_steady_states_in_lanes() -> None:
    found = experiments.steady(["generic", "Jurkat"])
    assert found.apart.max() < 1e-8
    assert found.residual.max() < 1e-8


def test_the_page_says_that_nothing_failed() -> None:
    """As it stands: every run of the native engine ended, and conservation is to 1e-10."""
    rows = re.findall(r"^\| \S+ \| native \| \d+ \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.M)
    assert len(rows) == 6 and set(rows) == {"0"}
