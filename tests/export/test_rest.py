"""A steady state to twelve digits, wherever the search for it began."""

from __future__ import annotations

import numpy as np
import pytest
from toy import mtor_like as toy_model

from mtorkin.errors import SimulationError
from mtorkin.export.rest import DIGITS, polished
from mtorkin.language.expression import evaluate
from mtorkin.steady import steady_state


def begun() -> dict[str, float]:
    model = toy_model()
    return {s.id: evaluate(s.initial, model.values) for s in model.network.species}


def polish(state: dict[str, float]) -> dict[str, float]:
    model = toy_model()
    values = {**model.values, **{i.id: i.default for i in model.network.inputs}}
    return polished(model.network, values, begun(), state)


def near(error: float, seed: int) -> dict[str, float]:
    """The steady state as a solver with this relative error would find it."""
    state = steady_state(toy_model()).state
    noise = 1 + error * np.random.default_rng(seed).standard_normal(len(state))
    return {str(id): float(x) for id, x in (state * noise).items()}


@pytest.mark.parametrize("error", [1e-12, 1e-8, 1e-4])
@pytest.mark.parametrize("seed", [0, 1])
def test_same_number_from_any_search(error: float, seed: int) -> None:
    assert polish(near(error, seed)) == polish(near(0.0, 0))


def test_it_is_steady_and_keeps_totals() -> None:
    model, state = toy_model(), polish(near(1e-6, 3))
    e = model.equations
    y = np.array([state[s] for s in e.species])
    p = e.constants_of({**model.values, "insulin": 1.0})
    assert np.abs(e.rhs(y, p)).max() < 1e-10
    assert e.conserved @ y == pytest.approx(e.conserved @ np.array(list(begun().values())), rel=1e-11)


def test_numbers_are_short() -> None:
    for value in polish(near(0.0, 0)).values():
        assert value == float(f"{value:.{DIGITS - 1}e}")


def test_a_state_that_is_not_near_one_is_an_error() -> None:
    with pytest.raises(SimulationError, match="the steady state does not settle"):
        polish(dict.fromkeys(begun(), 1000000000000.0) | {"PRAS40__T246_u": -30.0 - 1e-9})
