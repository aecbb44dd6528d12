"""A peer's starts, in a process of its own and in its own environment."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import IO, Any

from benchmarks import environments, runs
from benchmarks.agreement.tools import end
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
    with log.open("w", encoding="utf-8") as out:
        why = _finished(command, environments.surroundings(peer), out, seconds)
    records = written(found)
    if not records:
        raise Unavailable(f"{why or 'no record'}: see {log.name}")
    return records, why


def written(path: Path) -> list[dict[str, Any]]:
    """Return the records of a file of lines, without a last one that was cut off while it was written."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return [json.loads(line) for line in text.split("\n")[:-1]]


def _finished(command: list[str], env: dict[str, str], out: IO[str], seconds: float) -> str:
    """Run a command, and end what it started with it (compilers); why it is not done ("": it is)."""
    process = subprocess.Popen(command, stdout=out, stderr=out, env=env, start_new_session=True)
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"stopped after {seconds:g} s"
    finally:
        end(process)
    return f"ended with code {code}" if code else ""
