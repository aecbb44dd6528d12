"""A peer's starts, in a process of its own and in its own environment."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from benchmarks import environments, runs
from benchmarks.environments import Peer, Unavailable

PYPESTO = Peer("pypesto", "pyPESTO with fides and AMICI", compiles=True)
COPASI = environments.named("copasi")
HERE = Path(__file__).parent


def run(peer: Peer, name: str, order: dict[str, Any], seconds: float) -> tuple[list[dict[str, Any]], str]:
    """Return the records that a worker wrote, first its versions, and why there are no more ("": all).

    Raises Unavailable where its environment cannot be made.
    """
    python = environments.ready(peer)
    scratch = environments.scratch_of(peer) / "fits"
    cache = scratch / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    asked, found = scratch / f"{name}.json", scratch / f"{name}.jsonl"
    runs.write(asked, {**order, "cache": str(cache.resolve())})
    found.unlink(missing_ok=True)
    log = runs.HOME / "logs" / f"{peer.name}-{name}.txt"
    log.parent.mkdir(parents=True, exist_ok=True)
    script = HERE / "workers" / f"run_{peer.name}.py"
    command = [str(python), str(script), str(asked.resolve()), str(found.resolve())]
    why = ""
    with log.open("w", encoding="utf-8") as out:
        try:
            done = subprocess.run(
                command, stdout=out, stderr=out, env=environments.surroundings(peer), timeout=seconds
            )
            why = f"ended with code {done.returncode}" if done.returncode else ""
        except subprocess.TimeoutExpired:
            why = f"stopped after {seconds:g} s"
    lines = found.read_text(encoding="utf-8").splitlines() if found.is_file() else []
    if not lines:
        raise Unavailable(f"{why or 'no record'}: see {log.name}")
    return [json.loads(line) for line in lines], why
