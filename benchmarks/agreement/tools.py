"""The simulators: the script of each, its Python, and which level of SBML it is given."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["TOOLS", "Tool", "Unavailable", "end", "python_of", "run"]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
INSTALLING = 3600.0  # s, of which AMICI's C++ takes three minutes on an idle machine


class Unavailable(Exception):
    """A tool cannot be run; the message says why."""


@dataclass(frozen=True)
class Tool:
    """A simulator. `own`: it has an environment of its own, from requirements/<name>.txt.

    `level2`: it is given Level 2 Version 4, since it does not read units on numbers.
    """

    name: str
    title: str
    own: bool = False
    level2: bool = False


TOOLS = (
    Tool("roadrunner", "libRoadRunner (CVODE)"),
    Tool("copasi", "COPASI (LSODA)"),
    Tool("sbmltoodejax", "sbmltoodejax (LSODA)", own=True, level2=True),
    Tool("amici", "AMICI (CVODES)", own=True, level2=True),
)


def python_of(tool: Tool) -> Path:
    """Return the Python of a tool, after setting up its environment where it has one.

    Raises Unavailable where that fails.
    """
    if not tool.own:
        return Path(sys.executable)
    folder = ROOT / ".venv-agreement" / tool.name
    python = folder / "bin" / "python"
    wanted = HERE / "requirements" / f"{tool.name}.txt"
    mark = folder / ".ready"
    if mark.is_file() and mark.read_text(encoding="utf-8") == wanted.read_text(encoding="utf-8"):
        return python
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(wanted)]
    parallel = {**os.environ, "AMICI_PARALLEL_COMPILE": str(os.cpu_count() or 1)}
    for command in ([sys.executable, "-m", "venv", str(folder)], pip):
        try:
            done = subprocess.run(
                command, env=parallel, capture_output=True, text=True, timeout=INSTALLING, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unavailable(f"could not be installed: {error}") from error
        if done.returncode:
            raise Unavailable(f"could not be installed: {_last(done.stderr)}")
    mark.write_text(wanted.read_text(encoding="utf-8"), encoding="utf-8")
    return python


def run(
    tool: Tool,
    jobs: Sequence[dict[str, Any]],
    folder: Path,
    timeout: float,
    done: Callable[[int], None] = lambda _: None,
) -> list[dict[str, Any]]:
    """Return what a tool makes of some jobs, in one process: {values, messages, version} or {error}.

    A job has {sbml, times, ids, rtol, atol}. Jobs after one that killed the process, or after the
    time is up [s], have the error that says so. `done` is called with the place of each job that is done.
    """
    python = python_of(tool)
    order = folder / f"{tool.name}.json"
    results = [folder / f"{tool.name}-{i}.json" for i in range(len(jobs))]
    listed = [{**job, "result": str(r)} for job, r in zip(jobs, results, strict=True)]
    order.write_text(json.dumps(listed), encoding="utf-8")
    command = [str(python), str(HERE / "workers" / f"run_{tool.name}.py"), str(order)]
    log = folder / f"{tool.name}.log"
    with log.open("w", encoding="utf-8") as out:
        # to a file, since a compiler left behind would keep a pipe open; a group, to end it as well
        process = subprocess.Popen(
            command, env=_surroundings(python), stdout=out, stderr=out, start_new_session=True
        )
        try:
            error = _watched(process, results, timeout, done)
        finally:
            end(process)
    error = error or f"ended with {process.returncode}: {_last(log.read_text(errors='replace'))}"
    return [json.loads(r.read_text(encoding="utf-8")) if r.is_file() else {"error": error} for r in results]


def _watched(
    process: subprocess.Popen[bytes], results: Sequence[Path], timeout: float, done: Callable[[int], None]
) -> str:
    """Wait for a process and report results as they come; return why it is not waited for any longer."""
    until, seen = time.monotonic() + timeout, 0
    running = True
    while running:
        try:
            process.wait(timeout=0.2)
            running = False
        except subprocess.TimeoutExpired:
            if time.monotonic() > until:
                return f"stopped after {timeout:g} s"
        while seen < len(results) and results[seen].is_file():
            done(seen)
            seen += 1
    return ""


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it started, where they still run."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _surroundings(python: Path) -> dict[str, str]:
    env = {**os.environ, **ONE_THREAD, "PYTHONPATH": "", "JAX_PLATFORMS": "cpu"}
    env["AGREEMENT_CACHE"] = str(ROOT / ".venv-agreement" / "cache")
    env["PATH"] = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    return env


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1][:200]
