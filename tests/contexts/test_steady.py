"""Cells of every context come to one rest, whatever they start from.

A few random starts here; `make contexts` sets MTORKIN_STARTS to 20.
"""

from __future__ import annotations

import os
import zlib

import numpy as np
import pytest

from mtorkin.build import build, contexts
from mtorkin.claims.states import SAME, SMALL, random_starts
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol, intervals
from mtorkin.settle import settle
from mtorkin.steady import constants_in, steady_state

STARTS = int(os.environ.get("MTORKIN_STARTS", "3"))


@pytest.mark.parametrize("context", contexts())
def test_one_steady_state(context: str) -> None:
    """`settle` raises where cells oscillate, or come to no rest."""
    model = build(context=context)
    interval = intervals(Protocol(Period(UNTIL_STEADY)), model.network)[0]
    constants = constants_in(model, interval)
    rest = steady_state(model).y
    starts = random_starts(model, interval, STARTS, zlib.crc32(context.encode()))
    assert len(starts) == STARTS
    assert max(np.max(np.abs(start - rest) / (rest + 1.0)) for start in starts) > 0.5, "starts are no test"
    for n, start in enumerate(starts):
        off = np.abs(settle(model.equations, constants, start).y - rest) / (np.abs(rest) + SMALL)
        worst = int(np.argmax(off))
        assert off[worst] < SAME, f"start {n}: {model.equations.species[worst]} is {off[worst]:.1%} off"
