from __future__ import annotations

import numpy as np
import pytest
import toy
from compiled import compiled

from mtorkin.arrays import Array
from mtorkin.engines import Engine, Stopped, Stretch, available, engine_named
from mtorkin.model import Model
from mtorkin.protocol import NAMED, UNTIL_STEADY, Period, Protocol
from mtorkin.sbml import Start, write_document
from mtorkin.simulate import simulate
from mtorkin.steady import declared_state, steady_state

OTHERS = [name for name in available() if name != "scipy"]
PULSE = Protocol(Period(UNTIL_STEADY, insulin=0.02), Period(600, insulin=100), Period(620, insulin=0.02))
SHOWN = ("insulin", "rapamycin-short", "rapamycin-prolonged", "rapamycin-washout", "rapamycin-pulse")
SCENARIOS = {name: (NAMED[name].protocol, NAMED[name].times) for name in SHOWN} | {
    "insulin-pulse": (PULSE, (0.0, 600.0, 601.0, 605.0, 610.0, 620.0, 625.0, 660.0, 1000.0))
}


def constants(model: Model) -> list[float]:
    inputs = {i.id: i.default for i in model.network.inputs}
    return model.equations.constants_of({**model.values, **inputs})


@pytest.fixture(params=available())
def engine(request: pytest.FixtureRequest) -> Engine:
    return engine_named(request.param)


def run(engine: Engine, model: Model, times: list[float], rtol: float = 1e-6) -> Array:
    y0 = declared_state(model)
    return engine(Stretch(model.equations, constants(model), y0, np.array(times), rtol, rtol * 1e-3))


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_engines_agree_on_every_observable(core: Model, name: str, other: str) -> None:
    protocol, times = SCENARIOS[name]
    a = simulate(core, protocol, times)
    b = simulate(core, protocol, times, other)
    peak = np.abs(a.observable_values).max(axis=0)
    apart = np.abs(a.observable_values - b.observable_values).max(axis=0)
    wrong = {
        id: (float(d), float(p)) for id, d, p in zip(a.observables, apart, peak, strict=True) if d > 1e-6 * p
    }
    assert not wrong
    assert a.species_values[0].tobytes() == b.species_values[0].tobytes()  # one steady state


def test_results_are_as_good_as_the_tolerances_say(toy_model: Model) -> None:
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, drug=20, insulin=5))
    times = [1.0, 10.0, 100.0, 1440.0]
    exact = simulate(toy_model, protocol, times, rtol=1e-11, atol=1e-14).observable_values
    peak = np.abs(exact).max(axis=0)
    for name in available():
        for rtol in (1e-4, 1e-6, 1e-8):
            found = simulate(toy_model, protocol, times, name, rtol=rtol, atol=rtol * 1e-3)
            error = np.abs(found.observable_values - exact).max(axis=0) / peak
            assert error.max() < rtol, (name, rtol)


def test_the_first_row_is_as_given_and_one_time_is_enough(engine: Engine, toy_model: Model) -> None:
    y0 = declared_state(toy_model)
    assert run(engine, toy_model, [0.0]).tolist() == [y0.tolist()]
    rows = run(engine, toy_model, [0.0, 1.0, 50.0])
    assert rows[0].tolist() == y0.tolist()
    assert rows.shape == (3, len(y0))


def test_what_went_before_leaves_nothing(engine: Engine, toy_model: Model) -> None:
    """A, B, A: bitwise the same A, also after a run that failed."""
    first = run(engine, toy_model, [0.0, 5.0, 500.0])
    run(engine, toy_model.with_values(kon=1.0), [0.0, 3e4], rtol=1e-3)
    with pytest.raises(Stopped):
        explode(engine)
    again = run(engine, toy_model, [0.0, 5.0, 500.0])
    assert first.tobytes() == again.tobytes()


def explode(engine: Engine) -> None:
    model = toy.explosive()
    p = model.equations.constants_of({**model.values, "push": 1.0})
    engine(Stretch(model.equations, p, np.ones(1), np.array([0.0, 10.0]), 1e-6, 1e-9))


def test_a_stop_says_when_and_where(engine: Engine) -> None:
    with pytest.raises(Stopped) as raised:
        explode(engine)
    assert 0 <= raised.value.time <= 1.1
    assert raised.value.y.shape == (1,)
    assert raised.value.why


def test_models_of_other_networks_in_between(toy_model: Model) -> None:
    engine = engine_named("roadrunner")
    first = run(engine, toy_model, [0.0, 60.0])
    run(engine, toy.switch(), [0.0, 60.0])
    assert run(engine, toy_model, [0.0, 60.0]).tobytes() == first.tobytes()


def test_our_sbml_has_our_observables(core: Model) -> None:
    """Values of the assignment rules in the file, at the steady state that we find."""
    rest = steady_state(core)
    start = Start(species=rest.state.to_dict())
    runner = compiled(write_document(core.network, core.values, start=start))
    for id, value in rest.observables.items():
        assert runner[id] == pytest.approx(value, rel=1e-12, abs=1e-12), id


def test_a_failure_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """CVODE's own words would end up in tables that are written to stdout."""
    with pytest.raises(Stopped):
        explode(engine_named("roadrunner"))
    assert capfd.readouterr() == ("", "")
