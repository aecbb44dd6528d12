from __future__ import annotations

import numpy as np
import pytest
import toy

from mtorkin.errors import DeclarationError, SimulationError
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.settle import closure_of, growth_rate
from mtorkin.simulate import simulate
from mtorkin.steady import declared_state, steady_state


def test_it_is_where_a_long_run_ends(toy_model: Model) -> None:
    found = steady_state(toy_model)
    run = simulate(toy_model, Protocol(), [1e5], rtol=1e-9, atol=1e-12)
    assert found.diagnosis == "converged"
    assert found.residual < 1e-12
    assert found.y == pytest.approx(run.species_values[0], rel=1e-7, abs=1e-10)
    assert found.observables["mTORC1"] == pytest.approx(run["mTORC1"][0])
    assert found.inputs == {"insulin": 1.0}


def test_the_core_comes_to_rest(core: Model) -> None:
    found = steady_state(core)
    later = simulate(core, Protocol(Period(UNTIL_STEADY)), [1e5])
    begun = simulate(core, Protocol(), [1e5])
    assert found.residual < 1e-12
    assert found.y.min() >= 0
    assert found.y == pytest.approx(later.species_values[0], rel=1e-9, abs=1e-11)
    assert found.y == pytest.approx(begun.species_values[0], rel=1e-5, abs=1e-8)


def test_totals_are_those_of_the_declared_state(core: Model) -> None:
    found = steady_state(core)
    weights = core.equations.conserved
    before, after = weights @ declared_state(core), weights @ found.y
    assert after == pytest.approx(before, rel=1e-12, abs=1e-12)


def test_what_was_never_given_is_exactly_0(core: Model) -> None:
    state = steady_state(core).state
    assert all(state[id] == 0.0 for id in state.index if "rapamycin" in id or "wortmannin" in id)


def test_inputs_and_doses(toy_model: Model) -> None:
    fed = steady_state(toy_model)
    assert steady_state(toy_model, {"insulin": 1.0}).y.tolist() == fed.y.tolist()
    starved = steady_state(toy_model, {"insulin": 0.0})
    assert starved.observables["PRAS40_pT246"] == 0
    drugged = steady_state(toy_model, {"drug": 20})
    total = toy_model.equations.conserved @ drugged.y
    names = [c.name for c in toy_model.network.conserved]
    assert total[names.index("drug")] == pytest.approx(20_000, rel=1e-12)  # 20 nM, 1000 volumes
    with pytest.raises(DeclarationError, match=r"'insulim'.*did you mean 'insulin'"):
        steady_state(toy_model, {"insulim": 1})


def test_constants_that_are_0_close_more_totals(toy_model: Model) -> None:
    """Without synthesis and decay mTOR is conserved, though the network does not say so."""
    still = toy_model.with_values(k_make=0.0, k_decay=0.0)
    found = steady_state(still)
    run = simulate(still, Protocol(), [1e6], rtol=1e-9, atol=1e-12)
    assert found.y == pytest.approx(run.species_values[0], rel=1e-6, abs=1e-9)
    p = still.equations.constants_of({**still.values, "insulin": 1.0})
    assert len(closure_of(still.equations, p).weights) == len(still.network.conserved) + 1


def test_what_no_reaction_touches_stays(toy_model: Model) -> None:
    """A site that nothing phosphorylates or dephosphorylates, a drug that cannot enter."""
    frozen = toy_model.with_values(k_on=0.0, k_uptake=0.0)
    found = steady_state(frozen, {"drug": 20})
    assert found.state["drug_medium"] == 20
    assert found.state["drug"] == 0


def test_synthesis_without_removal_drifts() -> None:
    with pytest.raises(SimulationError) as raised:
        steady_state(toy.runaway())
    said = str(raised.value)
    assert "no steady state in the period until steady: drifting" in said
    assert "Waste" in said
    assert "+0.1 nM/min" in said


def test_an_oscillator_is_told_with_its_period() -> None:
    with pytest.raises(SimulationError, match=r"oscillating: [XYZ] swings .* period of about 41"):
        steady_state(toy.oscillator())
    run = simulate(toy.oscillator(), Protocol(), np.arange(2000.0, 2700.0))
    above = run["Z_total"] > run["Z_total"].mean()
    assert 16 <= np.count_nonzero(above[1:] & ~above[:-1]) <= 18  # in 700 min


def test_simulate_says_what_until_steady_found() -> None:
    with pytest.raises(SimulationError, match="no steady state in the period until steady"):
        simulate(toy.oscillator(), Protocol(Period(UNTIL_STEADY)), [0, 1])


def test_of_two_steady_states_it_is_the_one_that_cells_reach() -> None:
    model = toy.switch()
    assert steady_state(model).observables["A_on"] == 0
    pushed = steady_state(model, {"push": 1.0}).observables["A_on"]
    assert pushed > 80
    after = simulate(model, Protocol(Period(UNTIL_STEADY, push=1.0), Period(0, push=0)), [0, 1e4])
    assert after["A_on"][1] > 60  # and it stays on: both are stable


def test_eigenvalues_are_those_of_what_can_move(toy_model: Model) -> None:
    equations = toy_model.equations
    p = equations.constants_of({**toy_model.values, "insulin": 1.0})
    closure = closure_of(equations, p)
    slowest = growth_rate(equations, p, closure, steady_state(toy_model).y)
    assert -0.1 < slowest.real < -1e-4
    assert closure.free.shape == (len(equations.species), len(equations.species) - 4)
