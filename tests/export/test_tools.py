"""A tool that fails, dies or hangs is an error that names it; nothing is left running or lying about."""

from __future__ import annotations

import importlib.util
import os
import time

import pytest
from toy import mtor_like as toy_model

from mtorkin.errors import SimulationError
from mtorkin.export.sbml import sbml_string
from mtorkin.export.tools import COPASI, ROADRUNNER, Tool, run_sbml
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol

needs_copasi = pytest.mark.skipif(
    importlib.util.find_spec("basico") is None,
    reason="COPASI is not installed: pip install -c constraints.txt '.[copasi]'",
)
DOSED = Protocol(Period(UNTIL_STEADY), Period(30, drug=5), Period(50, drug=0, insulin=0))


def broken(script: str, **more: str) -> Tool:
    return Tool("Broken", script, **more)


@pytest.mark.parametrize(
    ("tool", "sentence"),
    [
        (broken("raise ValueError('too stiff')"), "exit code 1: ValueError: too stiff"),
        (broken("import nope", install="pip install nope"), "Install it: pip install nope"),
        (broken("pass"), "its process ended well and left no result"),
        (broken("", python="/nowhere/python"), "cannot start /nowhere/python"),
    ],
)
def test_failures_are_named(tool: Tool, sentence: str) -> None:
    with pytest.raises(SimulationError, match=sentence) as caught:
        run_sbml(tool, "<sbml/>", [1.0], ["x"])
    assert str(caught.value).startswith("Broken: ")


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_killed_worker_is_an_error_here() -> None:
    with pytest.raises(SimulationError, match="Broken: its process was killed by SIGSEGV"):
        run_sbml(broken("import os; os.kill(os.getpid(), 11)"), "<sbml/>", [1.0], ["x"])


def test_a_hung_worker_is_stopped() -> None:
    before = time.monotonic()
    with pytest.raises(SimulationError, match=r"Broken: no result after 0\.5 s, stopped"):
        run_sbml(broken("import time; time.sleep(60)"), "<sbml/>", [1.0], ["x"], timeout=0.5)
    assert time.monotonic() - before < 30


@pytest.mark.parametrize("tool", [ROADRUNNER, pytest.param(COPASI, marks=needs_copasi)])
def test_a_file_that_is_no_model_is_an_error(tool: Tool) -> None:
    with pytest.raises(SimulationError, match=f"{tool.name}: its process ended with exit code"):
        run_sbml(tool, "<sbml/>", [1.0], ["x"])


@needs_copasi
def test_copasi_has_nothing_to_say_and_computes_the_same() -> None:
    text = sbml_string(toy_model(), DOSED)
    times, ids = [1.0, 29.0, 30.5, 49.0, 51.0, 90.0], ["PRAS40_pT246", "mTORC1"]
    copasi, rr = (run_sbml(tool, text, times, ids) for tool in (COPASI, ROADRUNNER))
    assert copasi.messages == ()
    assert copasi.version and rr.version
    assert list(copasi.values.index) == times and list(copasi.values) == ids
    assert (copasi.values - rr.values).abs().max().max() < 1e-6


@needs_copasi
def test_copasi_does_speak() -> None:
    """The count of messages above is not 0 for want of looking."""
    text = sbml_string(toy_model()).replace(' lengthUnits="metre"', "")
    told = run_sbml(COPASI, text, [1.0], ["PRAS40_pT246"]).messages
    assert len(told) == 1 and "length unit" in told[0]
