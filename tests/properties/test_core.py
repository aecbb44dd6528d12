"""What must hold for any numbers, on the core model itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mtorkin.build import build
from mtorkin.export import sbml_string
from mtorkin.export.agreement import comparison_times, relative_to_peak
from mtorkin.export.tools import ROADRUNNER, run_sbml
from mtorkin.language.unit import exponents
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol, doses
from mtorkin.simulate import simulate
from mtorkin.steady import steady_state

CORE = build()
FREE = [id for id in CORE.values if id != "pool_floor"]
AT_MOST = {p.id: p.at_most for p in CORE.network.parameters}
PROTOCOL = Protocol(
    Period(UNTIL_STEADY, insulin=0.02),
    Period(0, insulin=100.0),
    Period(30, rapamycin=20.0, Torin1=5.0),
    Period(60, rapamycin=0.0, wortmannin=50.0),
)
TIMES = [0.0, 5.0, 29.0, 31.0, 59.0, 61.0, 120.0]
FEW = settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[Phase.generate],  # each example compiles a model; to shrink one takes minutes
)

factors = st.dictionaries(st.sampled_from(FREE), st.floats(1 / 3, 3), min_size=1, max_size=30)


def changed(by: dict[str, float]) -> Model:
    """The core with some numbers multiplied, shares no further than to 1."""
    return CORE.with_values(**{id: min(CORE.values[id] * f, AT_MOST[id]) for id, f in by.items()})


@FEW
@given(factors)
def test_matter_is_kept_and_nothing_is_negative(by: dict[str, float]) -> None:
    model = changed(by)
    path = simulate(model, PROTOCOL, TIMES, rtol=1e-8, atol=1e-11)
    totals = path.species_values @ model.equations.conserved.T
    kept = [i for i, law in enumerate(model.network.conserved) if law.name != "rapamycin"]  # is dosed
    np.testing.assert_allclose(totals[:, kept], totals[:1, kept].repeat(len(TIMES), axis=0), rtol=1e-8)
    assert path.species_values.min() >= -1e-10


@FEW
@given(factors, st.floats(0.05, 20.0))
def test_another_unit_of_concentration_changes_nothing(by: dict[str, float], s: float) -> None:
    """Abundances, half saturations and doses times s, second-order constants over s: every nM.

    A number in nM that is written into a formula, or a unit that is wrong in a table, fails here.
    """
    model = changed(by)
    fold = {p.id: s ** exponents(p.unit, p.id)[0] for p in CORE.network.parameters}
    other = model.with_values(**{id: value * fold[id] for id, value in model.values.items()})
    nM = {x.id: x.unit == "nM" for x in CORE.network.inputs} | dict.fromkeys(doses(CORE.network), True)
    fed = {x.id: x.default for x in CORE.network.inputs}
    periods = [
        Period(p.start, **{id: value * (s if nM[id] else 1.0) for id, value in given.items()})
        for i, p in enumerate(PROTOCOL.periods)
        for given in [(fed if i == 0 else {}) | dict(p.inputs)]
    ]
    a = simulate(model, PROTOCOL, TIMES)
    b = simulate(other, Protocol(*periods), TIMES, atol=1e-9 * s)
    unit = np.array([s if o.unit == "nM" else 1.0 for o in CORE.network.observables])
    assert relative_to_peak(a.observable_values, b.observable_values / unit).max() <= 1e-6


@FEW
@given(factors)
def test_a_dose_is_all_there_is_of_a_drug(by: dict[str, float]) -> None:
    """Rapamycin, wherever it is, adds up to what was given; a second dose sets the medium anew."""
    model = changed(by)
    medium = CORE.equations.species.index(doses(CORE.network)["rapamycin"])
    weights = dict(zip((law.name for law in CORE.network.conserved), CORE.equations.conserved, strict=True))[
        "rapamycin"
    ]
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=20.0), Period(60, rapamycin=50.0))
    path = simulate(model, protocol, [0.0, 1.0, 30.0, 60.0, 61.0, 600.0])
    total, before = path.species_values @ weights, path.species_values[3, medium]
    first = 20.0 * weights[medium]
    assert 10.0 < before < 20.0  # cells have taken some up, which the second dose does not take away
    assert total[0] == 0.0
    assert total[1:4] == pytest.approx(first, rel=1e-8)
    assert total[4:] == pytest.approx(first + (50.0 - before) * weights[medium], rel=1e-8)


@FEW
@given(factors)
def test_the_exported_file_simulates_the_same(by: dict[str, float]) -> None:
    model = changed(by)
    times = comparison_times(PROTOCOL, 60.0)
    ours = simulate(model, PROTOCOL, times, rtol=1e-9, atol=1e-12)
    text = sbml_string(model, PROTOCOL)
    theirs = run_sbml(ROADRUNNER, text, times, ours.observables, rtol=1e-9, atol=1e-12, timeout=120.0)
    assert relative_to_peak(ours.observable_values, theirs.values.to_numpy()).max() <= 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("factor", [0.0, 10.0])
def test_every_gene_dose_comes_to_rest(factor: float) -> None:
    for id in CORE.values:
        if id.endswith("_abundance"):
            state = steady_state(CORE.scaled(**{id.removesuffix("_abundance"): factor}))
            assert state.y.min() >= -1e-9, id
            assert np.isfinite(state.observables).all(), id
