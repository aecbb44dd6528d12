"""Ctrl-C and kill: work stops within a second, and the process that was interrupted goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from engines.native_here import needs_native

pytestmark = needs_native
HERE = Path(__file__).resolve().parent
WORK = ("many", "one", "slopes", "fit")
SOON = 1.0  # s, where nobody else computes


@pytest.fixture
def child() -> Iterator[subprocess.Popen[str]]:
    root = str(HERE.parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    process = subprocess.Popen(
        [sys.executable, str(HERE / "interrupted.py"), *WORK],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    yield process
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def heard(process: subprocess.Popen[str], wanted: str) -> float:
    """Wait for a line that the process says; return when it came [s]."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == wanted:
            return time.monotonic()
        assert not line.startswith("not usable"), line
    raise AssertionError(f"it ended without {wanted!r}")


def test_work_stops_within_a_second_and_leaves_the_process_usable(child: subprocess.Popen[str]) -> None:
    took = {}
    for name in WORK:
        heard(child, f"begins {name}")
        heard(child, "working")
        time.sleep(0.05)  # into the middle of something
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        took[name] = heard(child, "stopped") - began
        heard(child, "usable")
    heard(child, "last")
    heard(child, "working")
    began = time.monotonic()
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=20) == -signal.SIGTERM
    took["killed"] = time.monotonic() - began
    limit = SOON * (1.0 + 2.0 * os.getloadavg()[0] / (os.cpu_count() or 1))
    assert {name: t for name, t in took.items() if t > limit} == {}
