"""The page of others' fits says what was stored, failures included."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import pytest

from benchmarks import runs
from benchmarks.fits import page, peers
from benchmarks.fits.cases import CASES

BOEHM = next(c for c in CASES if c.name.startswith("Boehm"))


def record(tool: str, values: list[float | None]) -> dict[str, Any]:
    starts = [{"value": v, "cpu": 2.0, "seconds": 3.0, "message": ""} for v in values]
    stamp = {"machine": "a machine", "when": "2026-01-01 00:00 UTC", "load": "0.1", "seed": 1, "why": ""}
    return {**stamp, "case": BOEHM.name, "tool": tool, "versions": {"x": "1"}, "starts": starts}


def test_a_start_that_failed_does_not_reach_and_its_time_counts() -> None:
    told = page.row(BOEHM, record("mtorkin", [138.2225, 138.3, None]))
    assert told == ["mtorkin", "3", "**1**", "138.22250", "2.00", "2.00", "6"]
    assert page.row(BOEHM, record("mtorkin", [None]))[3:] == ["none", "2.00", "2.00", "more than 2"]


def test_the_page_has_what_is_stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(page, "HOME", tmp_path)
    monkeypatch.setattr(page, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(runs, "ROOT", tmp_path)
    runs.write(tmp_path / f"{page.key(BOEHM.name, 'mtorkin')}.json", record("mtorkin", [138.2, None]))
    failed = record("pyPESTO", []) | {"why": "could not be installed: no compiler"}
    runs.write(tmp_path / f"{page.key(BOEHM.name, 'pyPESTO')}.json", failed)
    page.write()
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "| mtorkin | 2 | **1** | 138.20000 |" in text
    assert "no compiler" in text and "1 failed" in text


def test_a_line_that_was_cut_off_is_no_record(tmp_path: Path) -> None:
    path = tmp_path / "found.jsonl"
    assert peers.written(path) == []
    path.write_text('{"versions": {}}\n{"value": 1.5}\n{"val', encoding="utf-8")
    assert peers.written(path) == [{"versions": {}}, {"value": 1.5}]
    path.write_text('{"ver', encoding="utf-8")
    assert peers.written(path) == []


WORKER = """
import json, subprocess, sys, time
late = sys.argv[2] + ".late"
child = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep(4); open({late!r}, 'w')"])
with open(sys.argv[2], "w") as out:
    print(json.dumps({"versions": {}}), file=out)
    print('{"val', end="", file=out, flush=True)
    time.sleep(60)
"""


def test_what_a_peer_started_ends_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(runs, "HOME", tmp_path / "bench")
    monkeypatch.setattr(peers, "HERE", tmp_path)
    monkeypatch.setattr(peers.environments, "ready", lambda peer: Path(sys.executable))
    (tmp_path / "workers").mkdir()
    (tmp_path / "workers" / "run_slow.py").write_text(WORKER, encoding="utf-8")
    peer = peers.Peer("slow", "a peer that takes long", own=False)
    records, why = peers.run(peer, "case", {}, 1.5)
    assert records == [{"versions": {}}] and why == "stopped after 1.5 s"
    time.sleep(3.5)  # until its child would have written
    assert not list(tmp_path.rglob("*.late"))


def test_every_peer_has_a_worker_and_its_requirements() -> None:
    for peer in (peers.PYPESTO, peers.COPASI):
        assert (peers.HERE / "workers" / f"run_{peer.name}.py").is_file()
        assert (peers.environments.HERE / "requirements" / f"{peer.name}.txt").is_file()
