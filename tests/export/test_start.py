"""A protocol becomes initial values and events, none of them at time 0."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from toy import mtor_like as toy_model

from mtorkin.entities import Pool, content
from mtorkin.errors import DeclarationError
from mtorkin.export.start import FED, situation
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol


def total(part: str, state: Mapping[str, float]) -> float:
    """How much of a part there is in all pools (a ledger is in its pool already)."""
    species = toy_model().network.species
    pools = [s.entity for s in species if isinstance(s.entity, Pool)]
    return sum(state[pool.id] * content(pool)[part] for pool in pools)


def test_what_acts_at_0_is_in_the_initial_values() -> None:
    start, changes = situation(toy_model(), Protocol(Period(0, drug=5, insulin=30)))
    assert changes == ()
    assert start.inputs == {"insulin": 30}
    assert start.species == {"drug_medium": 5}


def test_rest_is_the_initial_concentrations() -> None:
    start, changes = situation(toy_model(), FED)
    assert changes == ()
    assert set(start.species) == {s.id for s in toy_model().network.species}
    # synthesis over decay, drug absent
    assert total("mTOR", start.species) == pytest.approx(0.4 / 0.008, rel=1e-11)
    assert start.species["drug"] == 0.0


def test_a_dose_at_0_after_rest() -> None:
    start, _ = situation(toy_model(), Protocol(Period(UNTIL_STEADY), Period(0, drug=5)))
    assert start.species["drug_medium"] == 5
    assert total("mTOR", start.species) == pytest.approx(50, rel=1e-11)


def test_a_dose_that_cells_come_to_rest_with() -> None:
    """The drug spreads over medium and cell, and its total is that of the dose."""
    start, _ = situation(toy_model(), Protocol(Period(UNTIL_STEADY, drug=5, insulin=100)))
    s = start.species
    bound = s["mTOR__FRB_FKBP_drug"] + s["mTORC1__FRB_FKBP_drug"]
    everywhere = 1000 * s["drug_medium"] + s["drug"] + s["FKBP_drug"] + bound
    assert everywhere == pytest.approx(5000, rel=1e-11)
    assert s["drug"] == pytest.approx(s["drug_medium"], rel=1e-9) and bound > 1


def test_changes_name_only_what_changes() -> None:
    protocol = Protocol(
        Period(0, insulin=1), Period(10, insulin=100), Period(20, insulin=100, drug=5), Period(30)
    )
    _, changes = situation(toy_model(), protocol)
    assert [(c.start, dict(c.values)) for c in changes] == [
        (10, {"insulin": 100}),
        (20, {"drug_medium": 5}),
    ]


def test_a_repeated_dose_is_repeated() -> None:
    _, changes = situation(toy_model(), Protocol(*(Period(60 * i, drug=5) for i in range(3))))
    assert [c.start for c in changes] == [60, 120]


def test_a_first_period_after_0_is_an_event() -> None:
    start, changes = situation(toy_model(), Protocol(Period(15, insulin=7)))
    assert start.inputs == {"insulin": 1.0} and not start.species
    assert [c.start for c in changes] == [15]


def test_an_unknown_input_is_named() -> None:
    with pytest.raises(DeclarationError, match=r"sets 'insuline'.*did you mean 'insulin'"):
        situation(toy_model(), Protocol(Period(0, insuline=1)))
