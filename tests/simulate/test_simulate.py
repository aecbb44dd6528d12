from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np
import pytest
import toy

from mtorkin.engines import available
from mtorkin.errors import DeclarationError, SimulationError
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate
from mtorkin.steady import steady_state

REST = Period(UNTIL_STEADY)
DRUG = Protocol(REST, Period(0, drug=20))


def test_the_value_at_0_is_the_state_before_what_happens_there(toy_model: Model) -> None:
    rest = steady_state(toy_model)
    traj = simulate(toy_model, Protocol(REST, Period(0, drug=20, insulin=0)), [0, 1e-9, 60])
    assert traj.species_values[0].tolist() == rest.y.tolist()
    assert traj.observable_values[0].tolist() == rest.observables.tolist()
    assert traj["insulin_seen"].tolist() == [1, 0, 0]
    assert traj["drug_in_medium"][0] == 0
    assert traj["drug_in_medium"][1] == pytest.approx(20)


def test_so_is_the_value_at_the_start_of_a_later_period(toy_model: Model) -> None:
    protocol = Protocol(REST, Period(10, drug=20, insulin=3), Period(20, drug=0, insulin=5))
    traj = simulate(toy_model, protocol, [10, 10 + 1e-9, 20, 20 + 1e-9])
    assert traj["insulin_seen"].tolist() == [1, 3, 3, 5]
    medium = traj["drug_in_medium"]
    assert medium[0] == 0
    assert medium[1] == pytest.approx(20)
    assert 19 < medium[2] < 20
    assert medium[3] == pytest.approx(0, abs=1e-6)


def test_without_a_period_fed_cells_begin_as_declared(toy_model: Model) -> None:
    traj = simulate(toy_model, Protocol(), [0, 1000, 1e5])
    assert traj["mTORC1"][0] == 0
    assert traj["insulin_seen"].tolist() == [1, 1, 1]
    assert traj["mTORC1"][2] == pytest.approx(steady_state(toy_model).observables["mTORC1"])


def test_without_until_steady_a_first_period_acts_on_what_is_declared(toy_model: Model) -> None:
    traj = simulate(toy_model, Protocol(Period(0, insulin=0)), [0, 1])
    assert traj["insulin_seen"].tolist() == [1, 0]
    assert traj["mTORC1"][0] == 0


def test_rest_stays_at_rest(toy_model: Model) -> None:
    traj = simulate(toy_model, Protocol(REST), [0, 1, 60, 1440])
    assert np.ptp(traj.species_values, axis=0).max() < 1e-9


@pytest.mark.parametrize("engine", available())
def test_a_short_pulse_after_a_long_rest_is_not_missed(toy_model: Model, engine: str) -> None:
    protocol = Protocol(
        Period(UNTIL_STEADY, insulin=0), Period(1e4, insulin=100), Period(1e4 + 20, insulin=0)
    )
    times = [0, 5e3, 1e4, 1e4 + 20, 1e4 + 200]
    values = simulate(toy_model, protocol, times, engine)["PRAS40_pT246"]
    assert values[:3] == pytest.approx([0, 0, 0], abs=1e-9)
    assert values[3] > 50
    assert values[4] < 1e-6 * values[3]


@pytest.mark.parametrize("engine", available())
def test_totals_are_conserved_and_nothing_is_negative(toy_model: Model, engine: str) -> None:
    times = np.linspace(0, 3000, 61)
    traj = simulate(toy_model, DRUG, times, engine)
    totals = traj.species_values[1:] @ toy_model.equations.conserved.T
    assert np.abs(totals / totals[0] - 1).max() < 1e-8
    assert traj.species_values.min() >= -1e-9


@pytest.mark.parametrize("engine", available())
def test_a_simulation_is_a_pure_function(toy_model: Model, engine: str) -> None:
    times = [0.0, 10.0, 60.0, 1440.0]
    other = toy_model.with_values(kcat=9.0, Raptor_abundance=5.0)
    first = simulate(toy_model, DRUG, times, engine)
    second = simulate(other, Protocol(Period(0, insulin=7)), [3.0], engine, rtol=1e-3, atol=1e-4)
    third = simulate(toy_model, DRUG, times, engine)
    assert first.species_values.tobytes() == third.species_values.tobytes()
    assert first.observable_values.tobytes() == third.observable_values.tobytes()
    assert second["mTORC1"][0] != first["mTORC1"][1]
    assert times == [0.0, 10.0, 60.0, 1440.0]


def test_times_of_the_caller_stay_his_own(toy_model: Model) -> None:
    times = np.array([0.0, 1.0])
    traj = simulate(toy_model, Protocol(), times)
    times[1] = 7.0
    assert traj.times.tolist() == [0, 1]


def test_the_order_of_mechanisms_is_irrelevant(toy_model: Model) -> None:
    other = toy.model_of([toy.MEDICINE, toy.KINASE], toy.VALUES)
    assert [s.id for s in other.network.species] != [s.id for s in toy_model.network.species]
    times = [0.0, 1.0, 60.0, 1440.0]
    a, b = (simulate(m, DRUG, times, rtol=1e-9, atol=1e-12) for m in (toy_model, other))
    for id in a.observables:
        assert a[id] == pytest.approx(b[id], rel=1e-8, abs=1e-10), id


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ([], "at least one time"),
        (5.0, "at least one time"),
        ([[0, 1]], "at least one time"),
        (["soon"], "list of minutes"),
        ([0, 2, 1], r"times\[2\] is 1 min, not after times\[1\] \(2 min\)"),
        ([0, 1, 1], r"times\[2\] is 1 min, not after"),
        ([-1, 0], r"times\[0\] is -1"),
        ([0, math.nan], r"times\[1\] is nan"),
        ([0, math.inf], r"times\[1\] is inf"),
    ],
)
def test_bad_times_are_refused(toy_model: Model, times: object, said: str) -> None:
    with pytest.raises(DeclarationError, match=said):
        simulate(toy_model, Protocol(), times)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"rtol": 0.0}, "rtol is 0"),
        ({"atol": -1e-9}, "atol is -1e-09"),
        ({"atol": math.nan}, "atol is nan"),
        ({"engine": "scpy"}, "no engine 'scpy'; did you mean 'scipy'"),
        ({"engine": "nativ"}, "did you mean 'native'"),
    ],
)
def test_bad_options_are_refused(toy_model: Model, options: dict[str, object], said: str) -> None:
    with pytest.raises(DeclarationError, match=said):
        simulate(toy_model, Protocol(), [0, 1], **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("engine", available())
def test_a_failure_names_period_time_species_and_tolerances(engine: str) -> None:
    model = toy.explosive()
    with pytest.raises(SimulationError) as raised:
        simulate(model, Protocol(Period(0), Period(5, push=2)), [0, 100], engine)
    said = str(raised.value)
    assert "stopped at" in said
    assert "min in the period from 5 min (push=2)" in said
    assert "A" in said
    assert "rtol=1e-06, atol=1e-09 nM" in said


def test_not_a_number_is_a_failure(toy_model: Model) -> None:
    broken = Model(
        toy_model.network,
        MappingProxyType({**toy_model.values, "kcat": math.nan}),
        toy_model.table,
    )
    with pytest.raises(SimulationError, match="not a number"):
        simulate(broken, Protocol(), [0, 1])
    with pytest.raises(SimulationError, match="no steady state in the period until steady"):
        simulate(broken, Protocol(REST), [0, 1])


@pytest.mark.parametrize("engine", available())
def test_a_division_by_0_is_a_failure_that_names_the_formula(engine: str) -> None:
    model = toy.switch().with_values(K_A=0.0)
    with pytest.raises(SimulationError, match=r"A_turns_on.* has no value .*are 0: K_A"):
        simulate(model, Protocol(), [0, 1], engine)
    with pytest.raises(SimulationError, match=r"A_turns_on.* has no value .* until steady"):
        simulate(model, Protocol(REST), [0, 1], engine)
