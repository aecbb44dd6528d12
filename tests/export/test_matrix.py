"""The agreement matrix: a small part of it, and that what does not hold is shown."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import mtorkin as mk
from benchmarks.agreement.cases import GENERIC, PROTOCOLS, Case, chosen
from benchmarks.agreement.matrix import Cell, run_matrix
from benchmarks.agreement.page import failures, page
from benchmarks.agreement.tools import TOOLS, Tool

TOOLS_HERE = TOOLS[
    : 2 if importlib.util.find_spec("basico") else 1
]  # those without an environment of their own
PULSE = Case("MCF7", "rapamycin 20-min pulse from rest")


@pytest.mark.slow
def test_a_part_of_it() -> None:
    said: list[str] = []
    cells = run_matrix([PULSE], TOOLS_HERE, said.append)
    assert [c.tool for c in cells] == ["native", "libSBML", *(t.name for t in TOOLS_HERE)]
    assert said[-1] == f"{TOOLS_HERE[-1].title} 1 of 1: {PULSE.context}, {PULSE.protocol}"
    assert not failures(cells), failures(cells)


def test_all_protocols_and_all_cells_are_in_it() -> None:
    cases = list(chosen(everything=False))
    assert {c.protocol for c in cases if c.context == GENERIC} == set(PROTOCOLS)
    assert {c.context for c in cases} == set(mk.contexts())
    assert len(list(chosen(everything=True))) == len(PROTOCOLS) * len(mk.contexts())


def test_what_does_not_hold_is_shown() -> None:
    far = Cell(PULSE, "copasi", 2e-6, "S6K_pT389", 30.0)
    said = Cell(PULSE, "libSBML", messages=("line 3: units",))
    dead = Cell(PULSE, "amici", error="stopped after 90 s")
    good = Cell(PULSE, "native", 1e-9, "S6K_pT389", 30.0)
    assert failures([far, said, dead, good]) == [far, said, dead]
    text = page([far, said, dead, good])
    assert "**3 cells do not hold:**" in text
    assert "2.0e-06 in S6K_pT389 at 30 min" in text and "**2e-06**" in text
    assert "line 3: units" in text and "stopped after 90 s" in text
    assert "**" not in page([good]) and "All 1 cases agree in all tools that were run" in page([good])


def test_a_tool_that_dies_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import benchmarks.agreement.tools as tools

    workers = tmp_path / "workers"
    workers.mkdir()
    (workers / "run_gone.py").write_text("import os\nos._exit(3)\n", encoding="utf-8")
    monkeypatch.setattr(tools, "HERE", tmp_path)
    got = tools.run(Tool("gone", "gone"), [{}, {}], tmp_path, timeout=60.0)
    assert [r["error"] for r in got] == ["ended with 3: it said nothing"] * 2


def test_a_tool_that_takes_too_long_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import benchmarks.agreement.tools as tools

    workers = tmp_path / "workers"
    workers.mkdir()
    (workers / "run_slow.py").write_text(SLOW, encoding="utf-8")
    monkeypatch.setattr(tools, "HERE", tmp_path)
    seen: list[int] = []
    got = tools.run(Tool("slow", "slow"), [{}, {}], tmp_path, 5.0, seen.append)
    assert got == [{"values": 1}, {"error": "stopped after 5 s"}]
    assert seen == [0]
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    assert _ends(child)


SLOW = """
import json, pathlib, subprocess, sys, time
order = pathlib.Path(sys.argv[1])
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
(order.parent / "child").write_text(str(child.pid))
pathlib.Path(json.loads(order.read_text())[0]["result"]).write_text('{"values": 1}')
time.sleep(600)
"""


def _ends(pid: int) -> bool:
    """Whether a process is gone, or waits only for someone to ask how it ended, within 10 s."""
    for _ in range(100):
        state = Path(f"/proc/{pid}/stat")
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if state.is_file() and state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False
