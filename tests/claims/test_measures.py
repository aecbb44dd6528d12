"""Measures on trajectories made by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mtorkin.build import build
from mtorkin.claims.measures import MEASURES
from mtorkin.claims.recording import Evidence, Recording
from mtorkin.claims.statement import START, Criterion, Readout, Run, Treatment
from mtorkin.claims.wording import describe
from mtorkin.errors import DeclarationError
from mtorkin.protocol import Period

TIMES = np.array([0.0, 10.0, 20.0, 40.0])


def recording(**courses: list[float]) -> Recording:
    return Recording(TIMES, {k: np.array(v) for k, v in courses.items()}, {"a": 0.1, "b": 0.02})


EVIDENCE = Evidence(
    runs={name: Run(name, Treatment(), 40.0, 10.0) for name in ("one", "two", "flat")},
    recorded={
        "one": recording(
            x=[8.0, 6.0, 2.0, 1.0], y=[4.0, 3.0, 1.0, 0.5], z=[2.0, 2.0, 2.0, 2.0], w=[1.0, 1.0, 1.0, 3.0]
        ),
        "two": recording(x=[4.0, 4.0, 4.0, 2.0], y=[1.0, 1.0, 1.0, 1.0], z=[0.0, 0.0, 0.0, 0.0]),
        "flat": recording(x=[1.0, 1.0, 1.0, 1.0], y=[1.0, 1.0, 1.0, 1.0], z=[1.0, 1.0, 1.0, 1.0]),
    },
)


def taken(measure: str, readout: Readout | str = "x", **fields: object) -> float:
    values: dict[str, object] = {"runs": ("one",), "at": (40.0,), **fields}
    shown = Readout(readout) if isinstance(readout, str) else readout
    criterion = Criterion(measure=measure, readout=shown, **values)  # type: ignore[arg-type]
    return MEASURES[measure](criterion, EVIDENCE)


@pytest.mark.parametrize(
    ("measure", "fields", "value"),
    [
        ("level", {}, 1.0),
        ("level", {"at": (10.0,)}, 6.0),
        ("percent", {}, 12.5),
        ("fold", {}, 0.125),
        ("fold", {"of": "two", "of_at": 0.0}, 0.25),
        ("fold", {"of": "two", "of_at": 40.0, "against": Readout("y")}, 1.0),
        ("points", {"of": "two", "of_at": 40.0}, 12.5 - 50),
        ("relative_fold", {"of": "two", "of_at": 40.0}, 0.25),
        ("half_time", {}, 15.0),
        ("half_time", {"to": 75.0}, 10.0),
        ("half_time_ratio", {"of": "two"}, 15.0 / 40.0),
        ("half_time_over_rates", {"rates": ("a", "b")}, 15.0 * 0.12 / math.log(2)),
        ("falls", {"at": (10.0, 20.0, 40.0)}, 12.5),
        ("falls", {"runs": ("one", "two"), "of": "two", "of_at": 0.0}, -25.0),
        ("rises", {"runs": ("one", "two"), "of": "two", "of_at": 0.0}, 25.0),
        ("correlation", {"against": Readout("y")}, 1.0),
        ("lowest", {"runs": ("one", "two")}, 12.5),
        ("highest", {"runs": ("one", "two"), "at": (20.0,)}, 100.0),
        ("share_above", {"runs": ("one", "two", "flat"), "to": 60.0}, 100 / 3),
        ("half_effect_time", {}, 10 + 10 * 1.5 / 4),
        ("half_effect_order", {"readouts": (Readout("x"), Readout("w"))}, 30 / 13.75),
        ("area", {}, 100 * (70 + 40 + 30) / 40 / 8),
        ("area", {"of": "two", "of_at": 40.0}, 100 * 140 / 140),
    ],
)
def test_measure(measure: str, fields: dict[str, object], value: float) -> None:
    assert taken(measure, **fields) == pytest.approx(value)


def test_readouts_take_off_and_divide() -> None:
    assert taken("level", Readout("x", minus="y", per=("z",))) == pytest.approx(0.25)
    assert taken("level", Readout("x", per=("x", "y")), at=(0.0,)) == pytest.approx(2 / 3)
    assert str(Readout("x", minus="y", per=("z", "w"))) == "(x - y) per z + w"


@pytest.mark.parametrize(
    ("measure", "readout", "fields"),
    [
        ("percent", "z", {"runs": ("two",)}),
        ("level", Readout("x", per=("z",)), {"runs": ("two",)}),
        ("half_time", "x", {"runs": ("flat",)}),
        ("half_time", "z", {"runs": ("two",)}),
        ("half_time_ratio", "x", {"of": "flat"}),
        ("correlation", "x", {"runs": ("flat",), "against": Readout("y")}),
        ("shared_species", "x", {"against": Readout("y")}),
        ("half_effect_time", "z", {}),
        ("half_effect_order", "x", {"readouts": (Readout("x"), Readout("z"))}),
        ("lowest", "z", {"runs": ("flat", "two")}),
        ("falls", "z", {"runs": ("flat", "flat", "two")}),
        ("rises", "z", {"runs": ("flat", "flat", "two")}),
        ("share_above", "z", {"runs": ("flat", "two")}),
    ],
)
def test_what_cannot_be_measured_is_not_a_number(
    measure: str, readout: Readout | str, fields: dict[str, object]
) -> None:
    assert math.isnan(taken(measure, readout, **fields))


def test_ec50_is_found_in_log_dose() -> None:
    left = {0.1: 9.0, 1.0: 7.5, 10.0: 2.5, 100.0: 0.5}
    runs = {f"d{d}": Run(f"d{d}", Treatment(periods=(Period(0, drug=d),)), 40.0) for d in left}
    seen = Evidence(runs, {f"d{d}": recording(x=[10.0, 10.0, v, v / 10]) for d, v in left.items()})
    names = tuple(runs)
    early = Criterion("ec50", Readout("x"), names, (20.0,), dose="drug")
    both = Criterion("ec50_ratio", Readout("x"), names, (20.0, 20.0), dose="drug")
    later = Criterion("ec50", Readout("x"), names, (40.0,), dose="drug")
    other = Criterion("ec50", Readout("x"), names, (20.0,), dose="durg")
    assert MEASURES["ec50"](early, seen) == pytest.approx(math.sqrt(10))
    assert MEASURES["ec50_ratio"](both, seen) == pytest.approx(1)
    assert math.isnan(MEASURES["ec50"](later, seen))  # below half at every dose
    with pytest.raises(DeclarationError, match="gives no 'durg'"):
        MEASURES["ec50"](other, seen)


def series(drug: str, half: float) -> dict[str, tuple[Run, Recording]]:
    """Runs of a drug whose effect is half at a dose."""
    found = {}
    for dose in (0.1, 1.0, 10.0, 100.0):
        left = 1 / (1 + dose / half)
        run = Run(f"{drug}_{dose:g}", Treatment(), 40.0, series=drug, drug=drug, dose=dose)
        found[run.name] = (run, recording(x=[1.0, 1.0, 1.0, left]))
    return found


def test_potencies_are_compared() -> None:
    every = {**series("a", 1.0), **series("b", 3.0), **series("c", 30.0)}
    seen = Evidence({n: run for n, (run, _) in every.items()}, {n: r for n, (_, r) in every.items()})
    a, c = (tuple(n for n in every if n.startswith(drug)) for drug in "ac")
    shift = Criterion("potency_ratio", Readout("x"), c, (40.0,), of="a", of_at=40.0, others=a)
    assert MEASURES["potency_ratio"](shift, seen) == pytest.approx(30, rel=0.1)
    expected = (("a", 5.0), ("b", 50.0), ("c", 20.0))
    order = Criterion("ec50_spearman", Readout("x"), tuple(every), (40.0,), expected=expected)
    assert MEASURES["ec50_spearman"](order, seen) == pytest.approx(0.5)
    lacking = Criterion("ec50_spearman", Readout("x"), a, (40.0,), expected=expected)
    with pytest.raises(DeclarationError, match="no run gives 'b'"):
        MEASURES["ec50_spearman"](lacking, seen)


def test_species_counted_by_two_totals_are_found() -> None:
    seen = Evidence({}, {}, build().network)

    def shared(one: str, other: str) -> float:
        c = Criterion("shared_species", Readout(one), ("fed",), (0.0,), against=Readout(other))
        return MEASURES["shared_species"](c, seen)

    assert shared("Raptor_total", "Rictor_total") == 0
    assert shared("Raptor_total", "mTOR_total") > 0
    assert math.isnan(shared("Raptor_total", "nothing"))


def test_an_unknown_readout_is_named_with_the_nearest() -> None:
    seen = Evidence({}, {"one": recording(S6K_pT389=[1.0] * 4)})
    c = Criterion("level", Readout("S6K_pT398"), ("one",), (40.0,))
    with pytest.raises(DeclarationError, match="did you mean 'S6K_pT389'"):
        MEASURES["level"](c, seen)


def test_criteria_are_told_in_words() -> None:
    treated = Criterion("percent", Readout("mTORC2"), ("rapamycin_24h",), (1440.0,), high=40)
    compared = Criterion(
        "fold", Readout("x"), ("insulin30",), (990.0,), of="starved", of_at=960.0, low=1.4, high=3
    )
    assert treated.of == START
    assert describe(treated) == "mTORC2, rapamycin 24h at 24 h, % of the start: ≤ 40"
    assert describe(compared) == "x, insulin30 at 16.5 h, over starved at 16 h: 1.4 to 3"
    own = Criterion("half_time", Readout("x"), ("a",), (9.0,), low=2, words="half-life of x")
    assert describe(own) == "half-life of x: ≥ 2 min"
