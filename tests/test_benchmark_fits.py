"""The page of others' fits says what was stored, failures included."""

from __future__ import annotations

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


def test_every_peer_has_a_worker_and_its_requirements() -> None:
    for peer in (peers.PYPESTO, peers.COPASI):
        assert (peers.HERE / "workers" / f"run_{peer.name}.py").is_file()
        assert (peers.environments.HERE / "requirements" / f"{peer.name}.txt").is_file()
