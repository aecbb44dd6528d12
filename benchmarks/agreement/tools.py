"""The simulators: the script of each, its Python, and which level of SBML it is given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["TOOLS", "Tool", "Unavailable", "python_of", "run"]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


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
    for command in ([sys.executable, "-m", "venv", str(folder)], pip):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"could not be installed: {_last(done.stderr)}")
    mark.write_text(wanted.read_text(encoding="utf-8"), encoding="utf-8")
    return python


def run(tool: Tool, jobs: Sequence[dict[str, Any]], folder: Path, timeout: float) -> list[dict[str, Any]]:
    """Return what a tool makes of some jobs, in one process: {values, messages, version} or {error}.

    A job has {sbml, times, ids, rtol, atol}. Jobs after one that killed the process, or after the
    time is up [s], have the error that says so.
    """
    python = python_of(tool)
    order = folder / f"{tool.name}.json"
    results = [folder / f"{tool.name}-{i}.json" for i in range(len(jobs))]
    listed = [{**job, "result": str(r)} for job, r in zip(jobs, results, strict=True)]
    order.write_text(json.dumps(listed), encoding="utf-8")
    cache = ROOT / ".venv-agreement" / "cache"
    env = {
        **os.environ,
        **ONE_THREAD,
        "PYTHONPATH": "",
        "JAX_PLATFORMS": "cpu",
        "AGREEMENT_CACHE": str(cache),
    }
    env["PATH"] = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    command = [str(python), str(HERE / "workers" / f"run_{tool.name}.py"), str(order)]
    try:
        done = subprocess.run(
            command, env=env, capture_output=True, text=True, errors="replace", timeout=timeout, check=False
        )
        error = f"ended with {done.returncode}: {_last(done.stderr)}"
    except subprocess.TimeoutExpired:
        error = f"stopped after {timeout:g} s"
    return [json.loads(r.read_text(encoding="utf-8")) if r.is_file() else {"error": error} for r in results]


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1][:200]
