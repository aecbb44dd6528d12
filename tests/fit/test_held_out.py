"""Lanes that were kept back, predicted with the scales of the fit, on the stand-in model."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from mtorkin.errors import DeclarationError
from mtorkin.fit import Blots, FitResult, fit, read_blots
from mtorkin.fit.held_out import held_out, split

from .conftest import FakeModel, fake_simulate

pytestmark = pytest.mark.usefixtures("faked")


@pytest.fixture
def halves(blot_file: Path) -> tuple[Blots, Blots]:
    return split(read_blots(blot_file), lambda table: (table["blot"] == "A") & (table["time"] > 20))


@pytest.fixture
def result(model: FakeModel, halves: tuple[Blots, Blots], monkeypatch: pytest.MonkeyPatch) -> FitResult:
    def simulated(model: FakeModel, protocol: object, times: object, *_: object) -> dict[str, np.ndarray]:
        return fake_simulate(model, protocol, times)

    monkeypatch.setattr(import_module("mtorkin.fit.held_out"), "simulate", simulated)
    return fit(model, halves[0], ["rate", "basal", "height"], starts=1, progress=False)


def test_lanes_kept_back_are_predicted_on_the_scale_of_their_blot(
    result: FitResult, halves: tuple[Blots, Blots]
) -> None:
    """The truth made them with 12 % noise, and each blot has a scale of its own."""
    assert len(halves[0]) + len(halves[1]) == 36 and len(halves[1]) == 6
    found = held_out(result, halves[1])
    assert len(found) == 6 and set(found["time"]) == {30, 60, 120}
    assert 0.01 < np.sqrt(np.mean(found["log_error"] ** 2)) < 0.4
    assert np.log(found["predicted"] / found["value"]).to_numpy() == pytest.approx(found["log_error"])


def test_without_a_scale_nothing_is_predicted(model: FakeModel, blot_file: Path, result: FitResult) -> None:
    _, whole_blot = split(read_blots(blot_file), lambda table: table["blot"] == "B")
    lost = result.scales[result.scales["blot"] != "B"]
    with pytest.raises(DeclarationError, match="no scale of Akt_pS473 on blot B"):
        held_out(replace(result, scales=lost), whole_blot)


def test_something_is_left_on_both_sides(blot_file: Path) -> None:
    with pytest.raises(DeclarationError, match="36 of 36 lanes"):
        split(read_blots(blot_file), lambda table: table["time"] >= 0)


def test_limits_are_left_out(result: FitResult, halves: tuple[Blots, Blots]) -> None:
    back = halves[1].table.assign(censored=["below", *5 * [""]])
    assert len(held_out(result, replace(halves[1], table=back))) == 5
