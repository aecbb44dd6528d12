"""Decay of rapamycin in the medium, on request."""

from __future__ import annotations

import pytest

from mtorkin.build import build
from mtorkin.mechanisms import ALL, drugs
from mtorkin.protocol import treated
from mtorkin.simulate import simulate


def test_a_day_takes_half_of_it_and_washes_mTORC2_back_sooner() -> None:
    model = build([*ALL, drugs.DECAY])
    times = [0, 1440, 7 * 1440]
    path, stable = (simulate(m, treated(rapamycin=3), times) for m in (model, build()))
    ratio = path["rapamycin_in_medium"][1] / stable["rapamycin_in_medium"][1]
    assert ratio == pytest.approx(0.49, abs=0.06)
    assert path["mTORC2"][2] > stable["mTORC2"][2]
