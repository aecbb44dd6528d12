"""The archive is valid to the libraries of its formats, and a tool that follows it gets what it expects."""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import roadrunner
from toy import mtor_like as toy_model

import mtorkin as mk
from mtorkin.bundle import write_omex
from mtorkin.bundle.omex import omex_entries
from mtorkin.errors import DeclarationError
from mtorkin.export.check import sbml_messages
from mtorkin.export.omex import archive
from mtorkin.protocol import UNTIL_STEADY, NamedProtocol, Period, Protocol

PROTOCOLS = {
    "dosed": NamedProtocol(
        "dosed",
        "a drug, then more insulin",
        Protocol(Period(UNTIL_STEADY), Period(0, drug=5), Period(31.1, insulin=100)),
        (0.0, 96.0),
    ),
    "rest": NamedProtocol("rest", "nothing", Protocol(Period(UNTIL_STEADY)), (0.0, 48.0)),
}
# in a process of its own: these libraries share symbols with libSBML's and are no dependency
VALIDATE = """
import json, sys
import libcombine, libsedml
archive = libcombine.CombineArchive()
assert archive.initializeFromArchive(sys.argv[1])
found = {"formats": {}, "messages": [], "master": archive.getMasterFile().getLocation()}
for i in range(archive.getNumEntries()):
    entry = archive.getEntry(i)
    found["formats"][entry.getLocation()] = entry.getFormat()
    if entry.isFormat("sedml"):
        document = libsedml.readSedMLFromString(archive.extractEntryToString(entry.getLocation()))
        log = document.getErrorLog()
        found["messages"] += [log.getError(k).getMessage() for k in range(document.getNumErrors())]
        found["level"] = [document.getLevel(), document.getVersion()]
        found["kisao"] = document.getSimulation(0).getAlgorithm().getKisaoID()
        found["curves"] = sum(
            document.getOutput(k).getNumCurves() for k in range(1, document.getNumOutputs())
        )
about = archive.getMetadataForLocation(".")
found["creators"] = about.getNumCreators() if about else 0
print(json.dumps(found))
"""
HAS_LIBRARIES = all(importlib.util.find_spec(name) for name in ("libsedml", "libcombine"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_omex(toy_model(), tmp_path_factory.mktemp("omex") / "toy.omex", PROTOCOLS)


@pytest.mark.skipif(not HAS_LIBRARIES, reason="python-libsedml and python-libcombine come with tellurium")
def test_the_libraries_have_nothing_to_say(written: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", VALIDATE, str(written)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["messages"] == []
    assert found["level"] == [1, 4] and found["kisao"] == "KISAO:0000560"
    assert found["master"] == "./dosed.sedml" and found["curves"] > 0
    assert {"./dosed.xml", "./rest.sedml", "./expected/rest.csv", "./figures/rest.svg"} <= {*found["formats"]}


def test_a_tool_that_follows_it_gets_what_is_expected(written: Path) -> None:
    with zipfile.ZipFile(written) as archived:
        text = archived.read("dosed.xml").decode()
        expected = pd.read_csv(io.BytesIO(archived.read("expected/dosed.csv")), index_col="time")
        sedml = archived.read("dosed.sedml").decode()
    assert sbml_messages(text) == ()
    assert 'outputEndTime="96" numberOfSteps="480"' in sedml
    runner = roadrunner.RoadRunner(text)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-10, 1e-13
    runner.timeCourseSelections = list(expected)
    found = np.array(runner.simulate(times=expected.index.tolist()))
    scale = expected.abs().max().clip(lower=1e-3).to_numpy()
    assert (np.abs(found - expected.to_numpy()) / scale).max() <= 1e-5  # six digits are written
    assert all(f"@id='{id}'" in sedml for id in expected)


def test_same_bytes_every_time(written: Path) -> None:
    assert archive(omex_entries(toy_model(), PROTOCOLS)) == written.read_bytes()
    with zipfile.ZipFile(written) as archived:
        names = [i.filename for i in archived.infolist()]
        assert {i.date_time[:3] for i in archived.infolist()} == {(2026, 11, 25)}
        assert b"The mtorkin authors" in archived.read("metadata.rdf")
        assert b"a drug, then more insulin" in archived.read("README.md")
    assert names[0] == "manifest.xml" and len(set(names)) == len(names)


def test_which_protocols() -> None:
    with pytest.raises(DeclarationError, match="no protocol 'insuline'; did you mean 'insulin'"):
        write_omex(mk.build(), "never.omex", ["insuline"])
    names = [e.name for e in omex_entries(toy_model(), PROTOCOLS["rest"].protocol)]
    assert "protocol.sedml" in names and "dosed.sedml" not in names
