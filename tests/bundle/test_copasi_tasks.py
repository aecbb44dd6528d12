"""Every task of a file of the whole model runs, its scan is our dose-response, and our ids come back."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mtorkin as mk
from bundle.test_copasi import opened
from mtorkin.bundle import write_copasi
from mtorkin.bundle.copasi_plots import DOSE_RESPONSE
from mtorkin.foreign import read_sbml, simulate_foreign
from mtorkin.protocol import NAMED

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("basico") is None,
        reason="COPASI is not installed: pip install -c constraints.txt '.[copasi]'",
    ),
]
PROTOCOL = NAMED["rapamycin-prolonged"].protocol
LAST = 4320.0  # min, when the file's time course ends


@pytest.fixture(scope="module")
def model() -> mk.Model:
    return mk.build()


@pytest.fixture(scope="module")
def folder(model: mk.Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copasi")
    path = write_copasi(model, folder / "mtorkin.cps", free=())
    found = opened(path, tasks=True, doses=4, sbml=str(folder / "back.xml"))
    (folder / "found.json").write_text(json.dumps(found), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    return read


def test_tasks_run_in_silence(found: dict[str, Any]) -> None:
    assert found["messages"] == [] and found["on export"] == []
    assert found["course"] and found["steady"] == 1


def test_the_scan_is_our_dose_response(model: mk.Model, found: dict[str, Any]) -> None:
    rows = np.array(found["scan"])
    doses = rows[:5, 0]
    assert doses == pytest.approx(np.geomspace(0.01, 1000, 5))
    # COPASI's plots get the last point again when all is done: it must lie where it lay
    assert (rows[5:] == rows[4]).all()
    ours = mk.dose_response(model, "rapamycin", doses, LAST, DOSE_RESPONSE, rtol=1e-9, atol=1e-12)
    table = ours.table[ours.table["dose"] > 0]
    for i, id in enumerate(DOSE_RESPONSE, start=1):
        expected = table[table["readout"] == id].sort_values("dose")["value"].to_numpy()
        assert rows[:5, i] == pytest.approx(expected, rel=1e-5, abs=1e-5 * expected.max()), id


def test_axes_have_units(found: dict[str, Any]) -> None:
    assert found["axes"]["S6K"] == ["min", "nmol/l"]
    assert found["axes"]["Dose-response"] == ["nmol/l", "nmol/l"]


def test_sbml_made_from_it_has_our_ids_and_numbers(model: mk.Model, folder: Path) -> None:
    again = read_sbml(folder / "back.xml")
    assert set(again.species) == {s.id for s in model.network.species}
    text = (folder / "back.xml").read_text(encoding="utf-8")
    wanted = {x.id for x in (*model.network.reactions, *model.network.inputs, *model.network.observables)}
    assert {id for id in wanted if f'id="{id}"' not in text} == set()
    times = [0.0, 1.0, 60.0, 1440.0, LAST]
    expected = mk.simulate(model, PROTOCOL, times, rtol=1e-9, atol=1e-12)
    there = simulate_foreign(again, times, rtol=1e-9, atol=1e-12)
    for id in expected.observables:
        far = np.abs(there[id].to_numpy()[1:] - expected[id][1:]).max()
        assert far <= 1e-6 * max(np.abs(expected[id]).max(), 1e-3), id
