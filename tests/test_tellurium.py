"""Tellurium runs what we export.

It runs in a process of its own: importing it changes matplotlib and roadrunner for everybody.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from mtorkin.build import build
from mtorkin.export import write_antimony

SBML = Path(__file__).resolve().parents[1] / "sbml" / "mtorkin.xml"

RUN = """
import json, sys
import numpy as np
import roadrunner
import tellurium as te

# tellurium's own way compiles three models of our size for half a minute
roadrunner.Config.setValue(roadrunner.Config.LLVM_BACKEND, roadrunner.Config.LLJIT)
roadrunner.Config.setValue(roadrunner.Config.LLJIT_OPTIMIZATION_LEVEL, 0)
file = sys.argv[1]

def curves(model):
    model.reset()
    # as tight as an engine of ours would be asked to be
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = 1e-9, 1e-12
    return np.array(model.simulate(0, 60, 13, names))

sbml = te.loadSBMLModel(file)
names = ["time", *sbml.model.getFloatingSpeciesConcentrationIds(), "S6K_pT389", "Akt_pS473"]
written = te.loada(open(sys.argv[2]).read())
alone = roadrunner.RoadRunner(file)
want = curves(alone)
scale = np.abs(want).max(axis=0) + 1e-9
print(json.dumps({
    "species": len(names) - 3,
    "moved": bool((np.ptp(want, axis=0)[1:] > 0).any()),
    "sbml": float((np.abs(curves(sbml) - want) / scale).max()),
    "antimony": float((np.abs(curves(written) - want) / scale).max()),
}))
"""


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("tellurium") is None,
    reason="tellurium is not installed: pip install -c constraints.txt '.[tellurium]'",
)
def test_tellurium_runs_the_committed_model(tmp_path: Path) -> None:
    """Our Antimony, since Antimony takes minutes to convert a file with pictures (docs/how-to)."""
    ours = write_antimony(build(), tmp_path / "mtorkin.ant")
    command = [sys.executable, "-c", RUN, str(SBML), str(ours)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["species"] > 0 and found["moved"]
    assert found["sbml"] < 1e-6
    assert found["antimony"] < 1e-6
