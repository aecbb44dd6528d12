"""Level 2 Version 4: clean, and with the same equations and doses."""

from __future__ import annotations

import numpy as np
import roadrunner
from toy import mtor_like as toy_model

import mtorkin as mk
from mtorkin.export.check import sbml_messages
from mtorkin.export.sbml import sbml_level2_string, sbml_string
from mtorkin.protocol import NAMED, Period, Protocol

DOSED = Protocol(Period(0, insulin=3), Period(30, drug=5, insulin=100), Period(50, insulin=0))


def run(text: str) -> np.ndarray:
    runner = roadrunner.RoadRunner(text)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-10, 1e-13
    runner.timeCourseSelections = [o.id for o in toy_model().network.observables]
    return np.array(runner.simulate(times=[0.0, 1.0, 29.0, 31.0, 60.0]))


def test_libsbml_has_nothing_to_say() -> None:
    for protocol in (None, NAMED["rapamycin-washout"].protocol):
        assert sbml_messages(sbml_level2_string(mk.build(), protocol)) == ()
    assert sbml_messages(sbml_level2_string(toy_model(), DOSED)) == ()


def test_it_is_the_same_model() -> None:
    level2, level3 = sbml_level2_string(toy_model(), DOSED), sbml_string(toy_model(), DOSED)
    assert 'level="2" version="4"' in level2
    there = run(level3)
    assert np.abs(run(level2) - there).max() <= 1e-8 * there.max()


def test_nothing_of_level_3_is_left() -> None:
    text = sbml_level2_string(mk.build(), NAMED["rapamycin-washout"].protocol)
    for lost in ("layout:", "groups:", "persistent", "sbml:units", "extentUnits", "level3"):
        assert lost not in text
