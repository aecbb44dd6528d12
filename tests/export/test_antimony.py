"""Our Antimony is read by Antimony, says the same as our SBML, and is meant to be read."""

from __future__ import annotations

import re

import antimony
import numpy as np
import pytest
from compiled import compiled
from toy import mtor_like as toy_model

import mtorkin as mk
from mtorkin.export.check import sbml_messages
from mtorkin.export.sbml import antimony_string, sbml_string, write_antimony
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol

TOY_DOSED = Protocol(Period(0, insulin=3), Period(30, drug=5, insulin=100), Period(50, insulin=0))
DOSED = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=100), Period(60, rapamycin=0, insulin=0))


def as_sbml(text: str) -> str:
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(text) >= 0, antimony.getLastError()
    return str(antimony.getSBMLString("mtorkin"))


def run(text: str, model: Model, times: list[float]) -> np.ndarray:
    runner = compiled(text)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-11, 1e-14
    runner.timeCourseSelections = [o.id for o in model.network.observables]
    return np.array(runner.simulate(times=[0.0, *times]))


@pytest.mark.parametrize("protocol", [None, TOY_DOSED])
def test_antimony_and_sbml_are_one_model(protocol: Protocol | None) -> None:
    model, times = toy_model(), [0.5, 29.0, 31.0, 49.0, 51.0, 90.0]
    ours = run(sbml_string(model, protocol), model, times)
    theirs = run(as_sbml(antimony_string(model, protocol)), model, times)
    assert np.abs(ours - theirs).max() <= 1e-9 * np.abs(ours).max()


@pytest.mark.slow
def test_the_whole_model() -> None:
    model, times = mk.build(), [1.0, 30.0, 59.0, 61.0, 120.0]
    ours = run(sbml_string(model, DOSED), model, times)
    theirs = run(as_sbml(antimony_string(model, DOSED)), model, times)
    scale = np.abs(ours).max(axis=0).clip(min=1e-6)
    assert (np.abs(ours - theirs) / scale).max() <= 1e-9


def test_names_and_units_survive() -> None:
    text = as_sbml(antimony_string(toy_model(), TOY_DOSED))
    names = re.compile(r'<(?:species|reaction) [^>]*id="(\w+)"[^>]* name="([^"]+)"')
    ours = dict(names.findall(sbml_string(toy_model(), TOY_DOSED)))
    # Antimony has no need of a name that is the id
    assert len(ours) > 20 and dict(names.findall(text)) == {k: v for k, v in ours.items() if k != v}
    assert re.search(r'<parameter [^>]*id="kon"[^>]*units="per_nM_per_min"', text)
    # the readable text leaves the numbers of the mathematics without units, which is all there is
    assert all(" 99505 " in message for message in sbml_messages(text)), sbml_messages(text)


def test_it_is_written_mechanism_by_mechanism() -> None:
    text = antimony_string(toy_model(), TOY_DOSED)
    first, second, last = (
        text.index(f" {title} -") for title in ("kinase", "drug", "what the protocol does after time 0")
    )
    assert first < second < last
    assert "// mTOR is made and decays" in text[first:second]
    assert "const K_insulin = 0.5; K_insulin has nM; // insulin that half activates" in text[first:second]
    assert "var PRAS40_pT246 := PRAS40__T246_p; PRAS40_pT246 has nM;" in text[first:second]
    assert "const k_uptake = " in text[second:last]
    assert "change_2: at time >= change_2_start" in text[last:]


def test_everything_is_said_once() -> None:
    text = antimony_string(toy_model(), TOY_DOSED)
    said = re.findall(r"^  (?:const|var) (\w+)", text, flags=re.MULTILINE)
    assert len(said) == len(set(said))
    network = toy_model().network
    wanted = {x.id for x in (*network.parameters, *network.assignments, *network.observables)}
    assert wanted <= set(said)


def test_same_text_every_time() -> None:
    assert antimony_string(toy_model()) == antimony_string(toy_model())


def test_writing(tmp_path: object) -> None:
    path = write_antimony(toy_model(), f"{tmp_path}/model.ant")
    assert path.read_text(encoding="utf-8") == antimony_string(toy_model())
