from __future__ import annotations

import math
import pickle

import numpy as np
import pytest

from mtorkin.build import build
from mtorkin.errors import DeclarationError
from mtorkin.model import Model
from mtorkin.protocol import NAMED, UNTIL_STEADY, Period, Protocol, check, doses, intervals


def test_values_compare_hash_pickle_and_print_as_written() -> None:
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, insulin=100, Torin1=np.float64(2)))
    again = Protocol(Period(UNTIL_STEADY), Period(0.0, Torin1=2.0, insulin=100.0))
    assert protocol == again
    assert hash(protocol) == hash(again)
    assert pickle.loads(pickle.dumps(protocol)) == protocol
    assert pickle.loads(pickle.dumps(UNTIL_STEADY)) is UNTIL_STEADY
    assert repr(protocol) == "Protocol(Period(UNTIL_STEADY), Period(0, Torin1=2, insulin=100))"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Period(-1), "start of a period is -1; it must be a finite number from 0 up"),
        (lambda: Period(math.inf), "start of a period is inf"),
        (lambda: Period("0"), "must be a number"),
        (lambda: Period(0, insulin=-2), "insulin is -2"),
        (lambda: Period(0, insulin=math.nan), "insulin is nan"),
        (lambda: Period(0, insulin=True), "insulin is True"),
        (lambda: Period(0, insulin="high"), "insulin is 'high'"),
        (lambda: Protocol(Period(0), Period(0)), "period 2 starts at 0 min, not after"),
        (lambda: Protocol(Period(5), Period(2)), "period 2 starts at 2 min, not after"),
        (lambda: Protocol(Period(0), Period(UNTIL_STEADY)), "only the first period may be"),
        (lambda: Protocol(0), "period 1 of a protocol is 0; write Period"),
    ],
)
def test_mistakes_are_refused(make: object, said: str) -> None:
    with pytest.raises(DeclarationError, match=said):
        make()  # type: ignore[operator]


def test_unknown_input_names_period_allowed_and_nearest(toy_model: Model) -> None:
    protocol = Protocol(Period(UNTIL_STEADY), Period(30, insulim=1))
    with pytest.raises(DeclarationError) as raised:
        check(protocol, toy_model.network)
    said = str(raised.value)
    assert "the period that starts at 30 min sets 'insulim'" in said
    assert "did you mean 'insulin'" in said
    assert "there are drug, insulin" in said


def test_an_input_has_a_limit_where_the_model_needs_one() -> None:
    """Above 1, oxygen would count as stress, which grows with the square of what is missing."""
    network = build().network
    check(Protocol(Period(UNTIL_STEADY, oxygen=1.0)), network)
    with pytest.raises(
        DeclarationError, match=r"the period that starts at 0 min sets oxygen to 2; .* 0 to 1"
    ):
        check(Protocol(Period(UNTIL_STEADY), Period(0, oxygen=2)), network)


def test_intervals(toy_model: Model) -> None:
    network = toy_model.network

    def of(*periods: Period) -> list[tuple[float, float, dict[str, float], dict[str, float]]]:
        found = intervals(Protocol(*periods), network)
        return [(i.start, i.end, dict(i.inputs), dict(i.doses)) for i in found]

    inf = math.inf
    fed = {"insulin": 1.0}
    assert of() == [(0, inf, fed, {})]
    assert of(Period(30, insulin=0)) == [(0, 30, fed, {}), (30, inf, {"insulin": 0}, {})]
    assert of(Period(UNTIL_STEADY)) == [(-inf, 0, fed, {}), (0, inf, fed, {})]
    assert of(Period(UNTIL_STEADY, insulin=0.02), Period(5, drug=20), Period(9, insulin=3)) == [
        (-inf, 0, {"insulin": 0.02}, {}),
        (0, 5, {"insulin": 0.02}, {}),
        (5, 9, {"insulin": 0.02}, {"drug": 20}),
        (9, inf, {"insulin": 3}, {}),
    ]
    assert doses(network) == {"drug": "drug_medium"}


@pytest.mark.parametrize("name", NAMED)
def test_named_protocols_fit_the_core(name: str, core: Model) -> None:
    named = NAMED[name]
    assert named.name == name
    assert named.meaning
    assert named.times[0] == 0
    assert list(named.times) == sorted(set(named.times))
    assert named.protocol.begins_steady
    assert named.times[-1] > named.protocol.periods[-1].start
    check(named.protocol, core.network)


def test_named_protocols_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        NAMED["mine"] = NAMED["insulin"]  # type: ignore[index]


def test_a_drug_that_the_model_lacks_is_no_slip_in_another() -> None:
    with pytest.raises(DeclarationError) as told:
        check(Protocol(Period(0, everolimus=1)), build().network)
    assert "did you mean" not in str(told.value)
    assert "mtorkin.with_drugs(model, 'everolimus')" in str(told.value)
    assert "more" in str(told.value) and len(str(told.value)) < 500
    with pytest.raises(DeclarationError, match="did you mean 'rapamycin'"):
        check(Protocol(Period(0, rapamicin=1)), build().network)
