"""The file for the engine says what the equations say, term by term."""

from __future__ import annotations

import numpy as np
import pytest
import roadrunner
import toy

from mtorkin.model import Model
from mtorkin.sbml import needed, write_rates


def rates_in_file(model: Model, y: dict[str, float], constants: dict[str, float]) -> dict[str, float]:
    runner = roadrunner.RoadRunner(write_rates(model.network, range(len(y))[::-1]))
    for id, value in (y | constants).items():
        runner[id] = value
    return {id: runner[f"{id}'"] for id in y}


@pytest.mark.parametrize("make", [toy.mtor_like, toy.oscillator, toy.explosive])
def test_the_rates_are_those_of_the_equations(make: object) -> None:
    """Two compartments, joint marks, weights, powers of 2 and of 12; everywhere, not on one path."""
    model = make()  # type: ignore[operator]
    e = model.equations
    rng = np.random.default_rng(1)
    y, p = rng.uniform(0.1, 50, len(e.species)), rng.uniform(0.1, 5, len(e.constants))
    found = rates_in_file(model, dict(zip(e.species, y, strict=True)), dict(zip(e.constants, p, strict=True)))
    want = e.rhs(y, p.tolist())
    scale = np.abs(want).max()
    assert set(found) == set(e.species)
    assert [found[id] for id in e.species] == pytest.approx(want, rel=1e-12, abs=1e-12 * scale)


@pytest.mark.parametrize("make", [toy.mtor_like, toy.oscillator, toy.explosive])
def test_what_a_rate_needs_is_where_the_jacobian_is_not_zero(make: object) -> None:
    e = make().equations  # type: ignore[operator]
    rng = np.random.default_rng(1)
    y, p = rng.uniform(0.1, 50, len(e.species)), rng.uniform(0.1, 5, len(e.constants))
    rows = [set(np.flatnonzero(row)) for row in e.jacobian(y, p.tolist())]
    assert needed(e.network) == rows
