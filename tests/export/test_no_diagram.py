"""A file without pictures is the same model, and Antimony converts it in no time."""

from __future__ import annotations

from pathlib import Path

import antimony
import numpy as np
import pytest
from compiled import compiled
from toy import mtor_like as toy_model

import mtorkin as mk
from mtorkin.export.check import sbml_messages
from mtorkin.export.sbml import sbml_level2_string, sbml_string, write_sbml

DOSED = mk.Protocol(mk.Period(mk.UNTIL_STEADY), mk.Period(0, rapamycin=100), mk.Period(90, rapamycin=0))


def bare() -> str:
    return sbml_string(mk.build(), DOSED, diagram=False)


def test_only_the_pictures_are_left_out() -> None:
    with_pictures, without = sbml_string(mk.build(), DOSED), bare()
    start, end = with_pictures.index("<layout:listOfLayouts"), "</layout:listOfLayouts>"
    rest = with_pictures[:start].rstrip() + with_pictures[with_pictures.index(end) + len(end) :]
    head, body = rest.split("<model", 1)
    assert body == without.split("<model", 1)[1]
    assert "layout" in head and "layout" not in without.split("<model", 1)[0]
    assert len(without) < len(with_pictures)


def test_it_is_clean() -> None:
    assert sbml_messages(bare()) == ()


def test_antimony_converts_it_and_gets_the_same_numbers() -> None:
    antimony.clearPreviousLoads()
    assert antimony.loadSBMLString(bare()) >= 0, antimony.getLastError()
    there = antimony.getSBMLString("mtorkin")
    times = [0.0, 30.0, 89.0, 91.0, 200.0]
    assert "layout:" not in there
    curves = []
    for text in (bare(), there):
        runner = compiled(text)
        runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-9, 1e-12
        runner.timeCourseSelections = ["S6K_pT389", "Akt_pS473", "mTORC2"]
        curves.append(np.array(runner.simulate(times=times)))
    assert curves[1] == pytest.approx(curves[0], rel=1e-6)
    assert np.ptp(curves[0], axis=0).min() > 0.01


def test_level_2_has_none_in_any_case() -> None:
    assert "layout:" not in sbml_level2_string(mk.build())


def test_it_is_a_keyword_of_write_sbml(tmp_path: Path) -> None:
    path = write_sbml(toy_model(), tmp_path / "own.xml", diagram=False)
    assert path.read_text(encoding="utf-8") == sbml_string(toy_model(), diagram=False)
