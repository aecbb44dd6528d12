"""Derivatives against central differences of tight runs, through steady states, periods and doses."""

from __future__ import annotations

import numpy as np
import pytest
from engines.native_here import needs_native

from mtorkin.errors import DeclarationError
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.sensitivities import sensitivities
from mtorkin.simulate import simulate

pytestmark = needs_native
TIMES = [0.0, 5.0, 30.0, 31.0, 200.0]
STEP = 1e-3


def dosed(insulin: float = 2.0, drug: float = 20.0, rest: float = 1.5, more: float = 5.0) -> Protocol:
    return Protocol(
        Period(UNTIL_STEADY, insulin=rest), Period(0, insulin=insulin, drug=drug), Period(30, drug=more)
    )


def values(model: Model, protocol: Protocol, times: list[float]) -> np.ndarray:
    return simulate(model, protocol, times, "native", rtol=1e-9, atol=1e-13).observable_values


def by_parameter(model: Model, id: str, protocol: Protocol, times: list[float]) -> np.ndarray:
    """Central differences of fourth order by one parameter."""
    p = model.values[id]
    at = [values(model.with_values(**{id: p * (1 + k * STEP)}), protocol, times) for k in (-2, -1, 1, 2)]
    return (at[0] - 8 * at[1] + 8 * at[2] - at[3]) / (12 * STEP * p)


def error(found: np.ndarray, exact: np.ndarray, p: float) -> np.ndarray:
    """Relative errors of what is not small against the largest of its observable."""
    peak = np.abs(exact).max(axis=0)
    large = np.abs(exact) > 1e-3 * peak  # differences of smaller ones are rounding
    return (np.abs(found - exact) / np.abs(exact).clip(1e-300))[large & (peak * p > 1e-6)]


@pytest.mark.parametrize("steady", [True, False])
def test_parameters_of_the_toy(toy_model: Model, steady: bool) -> None:
    protocol = dosed() if steady else Protocol(Period(5, drug=20), Period(30, insulin=3))
    ids = [p.id for p in toy_model.network.parameters]
    found = sensitivities(toy_model, protocol, TIMES, ids, rtol=1e-8, atol=1e-11, controlled=True)
    errors = []
    for id in ids:
        exact = by_parameter(toy_model, id, protocol, TIMES)
        errors.append(error(found.derivative.sel(parameter=id).to_numpy(), exact, toy_model.values[id]))
    everything = np.concatenate(errors)
    assert np.median(everything) < 1e-6
    assert everything.max() < 1e-4


def test_what_a_period_sets(toy_model: Model) -> None:
    names = {"insulin@0": "insulin", "drug@0": "drug", "insulin@steady": "rest", "drug@30": "more"}
    given = {"insulin": 2.0, "drug": 20.0, "rest": 1.5, "more": 5.0}
    found = sensitivities(toy_model, dosed(), TIMES, names, rtol=1e-8, atol=1e-11, controlled=True)
    for name, key in names.items():
        h = STEP * given[key]
        up, down = (values(toy_model, dosed(**{key: given[key] + s * h}), TIMES) for s in (1, -1))
        exact, seen = (up - down) / (2 * h), found.derivative.sel(parameter=name).to_numpy()
        assert np.all(np.abs(seen - exact) <= 1e-5 * np.abs(exact).max(axis=0) + 1e-10), name


def test_the_whole_model_through_its_steady_state(core: Model) -> None:
    """As a fit would ask: some thirty parameters, state errors only."""
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=100))
    times = [0.0, 10.0, 120.0, 1440.0]
    ids = [p.id for p in core.network.parameters if core.values[p.id] > 0 and p.at_most > 1][3::10]
    found = sensitivities(core, protocol, times, ids)
    assert np.allclose(found.value, simulate(core, protocol, times, "native").observable_values, rtol=1e-4)
    errors = []
    for id in ids:
        exact = by_parameter(core, id, protocol, times)
        scaled = np.abs(exact) * core.values[id] > 1e-4 * np.abs(found.value.to_numpy()).max(axis=0)
        seen = found.derivative.sel(parameter=id).to_numpy()
        errors.append((np.abs(seen - exact) / np.abs(exact).clip(1e-300))[scaled])
        assert not len(errors[-1]) or np.median(errors[-1]) < 1e-4, id
    everything = np.concatenate(errors)
    assert len(everything) > 300
    assert np.median(everything) < 1e-6


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        (["koffs"], "did you mean 'koff'"),
        (["koff", "koff"], "given twice"),
        ("koff", r"give a list: \['koff'\]"),
        ([], "at least one"),
        (["insulin@1"], "there is: insulin@steady, insulin@0"),
        (["insulin"], "there is: insulin@steady"),
    ],
)
def test_bad_parameters_are_refused(toy_model: Model, parameters: list[str], said: str) -> None:
    with pytest.raises(DeclarationError, match=said):
        sensitivities(toy_model, dosed(), TIMES, parameters)
