"""Our SBML into COPASI and out again: what comes back has our ids and gives our numbers."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from compiled import compiled
from toy import mtor_like as toy_model

import mtorkin as mk
from mtorkin.export.sbml import sbml_string
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate

NS = "{http://www.sbml.org/sbml/level3/version1/core}"
KINDS = ("compartment", "species", "parameter", "reaction", "event")
# an input's dose, a drug's, and its end; washed out from rest
DOSED = Protocol(
    Period(UNTIL_STEADY),
    Period(0, rapamycin=100),
    Period(20, rapamycin=0, insulin=100),
    Period(60, insulin=1),
)
TOY_DOSED = Protocol(Period(0, insulin=3), Period(30, drug=5, insulin=100), Period(50, insulin=0))
THROUGH_COPASI = """
import sys, COPASI
dm = COPASI.CRootContainer.addDatamodel()
assert dm.importSBML(sys.argv[1])
text = dm.exportSBMLToString(3, 1)
open(sys.argv[2], "w", encoding="utf-8").write(text)
"""


def facts(text: str) -> dict[str, dict[str, tuple[str, str]]]:
    """Value (size, concentration; "" without one) and SBO term by id, of each kind of thing."""
    root = ET.fromstring(text)
    values = ("value", "initialConcentration", "size")
    return {
        kind: {
            e.attrib["id"]: (next((e.attrib[v] for v in values if v in e.attrib), ""), e.get("sboTerm", ""))
            for e in root.iter(NS + kind)
        }
        for kind in KINDS
    }


needs_copasi = pytest.mark.skipif(
    importlib.util.find_spec("basico") is None,
    reason="COPASI is not installed: pip install -c constraints.txt '.[copasi]'",
)


def through_copasi(text: str, folder: Path) -> str:
    there, back = folder / "ours.xml", folder / "theirs.xml"
    there.write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "-c", THROUGH_COPASI, str(there), str(back)], check=True, timeout=120)
    return back.read_text(encoding="utf-8")


@needs_copasi
@pytest.mark.slow
def test_ids_terms_and_values_survive(tmp_path: Path) -> None:
    before = sbml_string(mk.build(), DOSED)
    ours, theirs = facts(before), facts(through_copasi(before, tmp_path))
    for kind in KINDS:
        assert ours[kind].keys() <= theirs[kind].keys(), kind
        for id, (value, term) in ours[kind].items():
            their_value, their_term = theirs[kind][id]
            assert term == their_term, id
            if value and their_value:  # COPASI gives calculated quantities a value, and we do not
                assert float(their_value) == pytest.approx(float(value), rel=1e-12), id


@needs_copasi
def test_numbers_survive(tmp_path: Path) -> None:
    """Of a small model, since libRoadRunner takes a while to compile the whole one."""
    model, times = toy_model(), [0.5, 29.0, 31.0, 49.0, 51.0, 90.0]
    after = through_copasi(sbml_string(model, TOY_DOSED), tmp_path)
    runner = compiled(after)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-10, 1e-13
    expected = simulate(model, TOY_DOSED, times, rtol=1e-9, atol=1e-12)
    runner.timeCourseSelections = list(expected.observables)
    found = np.array(runner.simulate(times=[0.0, *times]))[1:]
    scale = np.abs(expected.observable_values).max(axis=0).clip(min=1e-3)
    assert (np.abs(found - expected.observable_values) / scale).max() <= 1e-6
