"""Our fed cell and its answer to rapamycin against a hand-written flat model of the same network.

The flat model is not part of the project: the test is skipped where its file is absent. It shares our
starting values but no code, and shares each ledger between all of mTORC1. So agreement is rough on purpose.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from mtorkin.model import Model
from mtorkin.steady import SteadyState, steady_state
from tests.oracles.scenarios import DAY, Scenario, Stretch, run, seen

FLAT = Path(__file__).resolve().parents[3] / "shared" / "science" / "reference_model.py"
pytestmark = pytest.mark.skipif(not FLAT.exists(), reason="the flat model is not here")

ROUGHLY = 0.25  # relative
NAMES = {
    "S6K_pT389": "pS6K",
    "S6_pS240_244": "pS6",
    "FourEBP1_pT37_46": "BP37",
    "FourEBP1_pS65": "BP65",
    "Akt_pT308": "T308",
    "PRAS40_pT246": "PRAS246",
    "TSC2_total": "TSC",
    "TSC2_pT1462": "T1462",
    "PIP3": "PIP3",
    "Rheb_GTP": "Rheb",
    "AMPK_pT172": "AMPKp",
    "mTORC1": "C1t",
    "mTORC1_lysosomal": "L",
    "mTORC2": "C2",
    "mTOR_total": "mTOR",
    "Raptor_total": "RapT",
    "Rictor_total": "RicT",
    "DEPTOR_total": "DEP",
    "mTOR_pS1261": "S1261",
    "mTOR_pS1261_in_mTORC2": "S1261c2",
    "mTOR_pS2481": "S2481",
    "mTOR_pS2481_in_mTORC1": "S2481c1",
    "mTOR_pS2481_in_mTORC2": "S2481c2",
    "FOXO_nuclear": "FOXn",
    "GSK3_pS9": "GSK3p",
    "SGK1_pS422": "SGKp",
    "translation": "transl",
}
# what differs by more, in which direction, and why
APART = {
    "Akt_pS473": ("S473", "more", "its phosphatase is slower, after what is known of Torin1"),
    "IRS_pY": ("pIRS", "more", "IRS is made and lost faster, so that more of it is bare"),
    "IRS_total": ("IRSt", "more", "for the same reason"),
    "mTOR_pS2448": ("S2448", "less", "S6K on S2448 is set lower, so that the site is not saturated"),
    "mTOR_pT2446": ("T2446", "more", "it excludes S2448, of which there is less"),
    "eIF4E_free": (
        "e4",
        "less",
        "4E-BP1 with S65-P still holds eIF4E a little; in the flat model it does not at all",
    ),
    "PKCa_pS657": ("PKCp", "less", "a slower kinase and phosphatase, so that it follows over days"),
}


@cache
def flat() -> ModuleType:
    spec = importlib.util.spec_from_file_location("flat_reference_model", FLAT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def theirs_fed() -> dict[str, float]:
    return dict(flat().ss().o())


@pytest.fixture(scope="module")
def fed(core: Model) -> SteadyState:
    return steady_state(core, None)


@pytest.mark.parametrize("id", NAMES)
def test_fed_cells_agree_roughly(fed: SteadyState, id: str) -> None:
    ours = float(fed.observables[id])
    assert ours == pytest.approx(theirs_fed()[NAMES[id]], rel=ROUGHLY)


@pytest.mark.parametrize("id", APART)
def test_what_differs_differs_as_known(fed: SteadyState, id: str) -> None:
    name, direction, why = APART[id]
    ratio = float(fed.observables[id]) / theirs_fed()[name]
    assert (ratio if direction == "more" else 1 / ratio) == pytest.approx(2.0, abs=1.0), why


@pytest.mark.parametrize(("id", "name"), [("mTORC2", "C2"), ("S6K_pT389", "pS6K")])
def test_prolonged_rapamycin_agrees(core: Model, fed: SteadyState, id: str, name: str) -> None:
    scenario = Scenario("rapamycin", (Stretch(0, {"rapamycin": 100.0}),), DAY)
    rest = fed.state.to_numpy(dtype=float)
    states = run(core.network, core.values, scenario, rest, 1e-6)
    ours = seen(core.network, core.values, states, {})[id]
    sim = flat().ss().set(Rapa=100.0)
    before = sim.o()[name]
    theirs, now = [1.0], 0.0
    for t in DAY[1:]:
        sim.run(t - now)
        theirs.append(sim.o()[name] / before)
        now = t
    assert ours / ours[0] == pytest.approx(np.array(theirs), abs=0.10)
