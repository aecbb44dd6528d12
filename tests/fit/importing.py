"""What the tests of imported blots share: reading, and an Odyssey export made here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mtorkin.antibodies import ANTIBODIES
from mtorkin.fit import Blots
from mtorkin.fit.blots import blots_of
from mtorkin.fit.importing import Choices, read_lane_table, read_lanes

NAMES = {antibody.observable for antibody in ANTIBODIES}
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
real = pytest.mark.skipif(not SHARED.is_dir(), reason="the real data are not here")


def read(path: Path, lanes: str = "", **choices: object) -> Blots:
    """A file as blots, any condition allowed; `lanes` are the lines of a side table."""
    table = None
    if lanes:
        beside = path.with_name("lanes.csv") if path.parent.name != "data" else path
        beside.write_text(f"lane,condition,time\n{lanes}\n", encoding="utf-8")
        table = read_lane_table(beside)
    cells = read_lanes(path, Choices(lanes=table, **choices), NAMES)  # type: ignore[arg-type]
    return blots_of(cells, NAMES, None)


def said(blots: Blots, pattern: str) -> bool:
    return any(re.search(pattern, note) for note in blots.notes)


def values(blots: Blots, target: str) -> list[float]:
    return [float(value) for value in blots.table.loc[blots.table["target"] == target, "value"]]


ODYSSEY = (
    "Id,Name,Lane Name,MW,% Sat,I.I.(K Counts),Shape Area,Channel,Description,Background,Bkgd Method,\r\n"
)


def odyssey(*bands: tuple[str, str, str, str, str]) -> str:
    """An Odyssey export: (band, lane, saturation, intensity, channel) a row, with its trailing commas."""
    rows = [
        f"{i},{band},{lane},5.0E-E-4,{sat},{intensity},7.2,{channel},,31.5,Average,\r\n"
        for i, (band, lane, sat, intensity, channel) in enumerate(bands)
    ]
    return ODYSSEY + "".join(rows)


BANDS = [
    ("Band 1", "Lane 1", "0", "6.5", "700"),
    ("Band 1", "Lane 1", "0", "80.0", "800"),
    ("Band 1", "Lane 2", "0", "26.0", "700"),
    ("Band 1", "Lane 2", "0", "65.0", "800"),
    ("Band 1", "Lane 3", "4", "99.0", "700"),
    ("Band 1", "Lane 3", "0", "66.0", "800"),
    ("Band 1", "Lane 4", "0", "-0.2", "700"),
    ("Band 1", "Lane 4", "0", "70.0", "800"),
    ("Band 1", "Std 1", "0", "-19.6", "700"),
    ("Background", "-", "0", "0.0", "700"),
]
MAP = {"700": "S6K_pT389", "800": "loading"}
LANES = "Lane 1,control,0\nLane 2,ins,15\nLane 3,ins,30\nLane 4,rapa,30"
