"""Kill -9 at ten random moments: nothing is corrupt, and what goes on ends where it would have ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


def content(path: Path) -> Any:
    """What is in a file, without the time it took."""
    if path.suffix == ".json":
        return timeless(json.loads(path.read_text()))
    if path.suffix == ".npz":
        with np.load(path) as saved:
            return {name: saved[name].tolist() for name in saved.files}
    return [line for line in path.read_text().splitlines() if "seconds" not in line]


def timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: timeless(each) for key, each in value.items() if key != "seconds"}
    return [timeless(each) for each in value] if isinstance(value, list) else value


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forks of a process")
def test_killed_ten_times_and_the_same(blot_file: Path) -> None:
    """Fit, profile and sample through ten kills each give the files of one go, and leave no others."""
    folder = blot_file.parent
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-m", "tests.fit.killing", str(folder)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    hits = json.loads(done.stdout)
    assert {"fit", "profile"} <= set(hits)
    assert all(count == 10 for count in hits.values()), hits
    whole, killed = folder / "whole", folder / "killed"
    names = sorted(str(path.relative_to(whole)) for path in whole.rglob("*") if path.is_file())
    assert names == sorted(str(path.relative_to(killed)) for path in killed.rglob("*") if path.is_file())
    assert {"fit.json", "fit.tsv", "starts/start_013.json", "profiles.json"} < set(names)
    for name in names:
        if name != "profiles.csv":  # seconds among its columns; all it has is in profiles.json
            assert content(whole / name) == content(killed / name), name
