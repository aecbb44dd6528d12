"""What holds whatever the numbers, the protocol and the order of declarations."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pytest
import toy
from hypothesis import given, settings
from hypothesis import strategies as st

from mtorkin.engines import available
from mtorkin.equations import equations
from mtorkin.mechanisms import ALL
from mtorkin.model import Model
from mtorkin.network import assemble
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate
from mtorkin.steady import steady_state

MODEL = toy.mtor_like()
TIMES = (0.0, 0.5, 3.0, 20.0, 100.0, 720.0)
RATES = tuple(id for id in MODEL.values if not id.endswith("_abundance") and id != "pool_floor")
AMOUNTS = tuple(id for id in MODEL.values if id.endswith("_abundance"))

few = settings(max_examples=25, deadline=None)
factors = st.floats(0.1, 10.0)
changed = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(RATES, factors),
        **{id: st.just(0.0) | factors for id in AMOUNTS},  # knock-outs, too
    },
)
concentrations = st.just(0.0) | st.floats(0.01, 200.0)
given_inputs = st.fixed_dictionaries({}, optional=dict.fromkeys(("insulin", "drug"), concentrations))


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    seconds = draw(st.lists(st.integers(0, 20_000), max_size=3, unique=True).map(sorted))
    first = [Period(UNTIL_STEADY, **draw(given_inputs))] if draw(st.booleans()) else []
    return Protocol(*first, *(Period(s / 60, **draw(given_inputs)) for s in seconds))


def variant(by: Mapping[str, float], model: Model = MODEL) -> Model:
    return model.with_values(**{id: model.values[id] * factor for id, factor in by.items()})


@few
@given(changed, protocols(), st.sampled_from(sorted(available())))
def test_totals_are_conserved_and_nothing_is_negative(
    by: Mapping[str, float], protocol: Protocol, engine: str
) -> None:
    model = variant(by)
    traj = simulate(model, protocol, TIMES, engine)
    assert np.all(np.isfinite(traj.observable_values))
    assert traj.species_values.min() >= -1e-9
    doses = {s.id for s in model.network.species if s.dose}
    for law in model.network.conserved:
        if doses & {id for id, _ in law.weights}:
            continue  # a dose changes it
        total = sum(weight * traj[id] for id, weight in law.weights)
        assert np.abs(total - total[0]).max() <= 1e-8 * max(total[0], 1e-6), law.name


@few
@given(changed, protocols())
def test_what_is_exported_runs_as_here(by: Mapping[str, float], protocol: Protocol) -> None:
    """Network to SBML, read by another program and integrated there: the same numbers."""
    model = variant(by)
    a = simulate(model, protocol, TIMES)
    b = simulate(model, protocol, TIMES, "roadrunner")
    peak = np.abs(a.observable_values).max(axis=0)
    apart = np.abs(a.observable_values - b.observable_values).max(axis=0)
    assert np.all(apart <= 1e-6 * peak + 1e-9)


@few
@given(changed, given_inputs)
def test_a_steady_state_stays(by: Mapping[str, float], inputs: Mapping[str, float]) -> None:
    model = variant(by)
    found = steady_state(model, inputs)
    after = simulate(model, Protocol(Period(UNTIL_STEADY, **inputs)), [0, 1e4])
    assert found.residual <= 1e-9
    assert after.species_values[0].tobytes() == found.y.tobytes()
    assert after.species_values[1] == pytest.approx(found.y, rel=1e-6, abs=1e-8)


@settings(max_examples=3, deadline=None)
@given(st.permutations(ALL), st.integers(0, 2**32 - 1))
def test_the_order_of_mechanisms_is_irrelevant(order: list[toy.Mechanism], seed: int) -> None:
    """The same species, and the same rate of change of each, at any concentrations and constants."""
    first, other = equations(assemble(ALL)), equations(assemble(order))
    assert set(first.species) == set(other.species)
    assert set(first.constants) == set(other.constants)
    rng = np.random.default_rng(seed)
    y = dict(zip(first.species, rng.uniform(0.1, 50, len(first.species)), strict=True))
    p = dict(zip(first.constants, rng.uniform(0.1, 5, len(first.constants)), strict=True))
    rates = []
    for e in (first, other):
        state, constants = np.array([y[s] for s in e.species]), [p[c] for c in e.constants]
        rates.append(dict(zip(e.species, e.rhs(state, constants), strict=True)))
    scale = max(map(abs, rates[0].values()))
    for id, value in rates[0].items():
        assert rates[1][id] == pytest.approx(value, rel=1e-9, abs=1e-12 * scale), id


def test_variants_are_what_they_seem() -> None:
    """The tests above vary what they say they vary."""
    assert {"kcat", "alpha"} <= set(RATES)
    assert {"mTOR_abundance", "FKBP_abundance"} <= set(AMOUNTS)
    assert isinstance(MODEL.values, MappingProxyType)
