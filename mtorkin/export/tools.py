"""Other simulators, each in a process of its own, reading the file that we wrote.

COPASI can kill the interpreter that loads it, and some of its methods hang: a tool is a script run
by a Python (its own environment's, or this one), with a time limit; results come back in a file, so
that a dead or hung worker is an error that says so and nothing else is lost.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mtorkin.errors import SimulationError

__all__ = ["COPASI", "ROADRUNNER", "Run", "Tool", "run_sbml"]


@dataclass(frozen=True)
class Tool:
    """A simulator: its name, the script that runs a job with it, how to get it, its Python."""

    name: str
    script: str
    install: str = ""
    python: str = sys.executable


@dataclass(frozen=True)
class Run:
    """What a tool made of a file: values (time [min] x id), version, messages on loading."""

    values: pd.DataFrame
    version: str
    messages: tuple[str, ...]


# matrices are small here, and threads that wait for each other cost many times what they save
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

# Both read a job {sbml, times, ids, rtol, atol, result} and write {version, messages, values}.
#
# libRoadRunner's usual back end compiles a model of our size for 7 s of processor time, this one for
# 1 s; a run of some days takes 0.1 s with either, and the numbers are the same to the last digit
_ROADRUNNER = """
import json, sys
import roadrunner
from roadrunner import Config
Config.setValue(Config.LLVM_BACKEND, Config.LLJIT)
Config.setValue(Config.LLJIT_OPTIMIZATION_LEVEL, 0)
job = json.load(open(sys.argv[1], encoding="utf-8"))
rr = roadrunner.RoadRunner(job["sbml"])
rr.integrator.relative_tolerance = job["rtol"]
rr.integrator.absolute_tolerance = job["atol"]
rr.integrator.maximum_num_steps = 1000000
rr.timeCourseSelections = job["ids"]
rows = rr.simulate(times=[0.0, *job["times"]])
values = {id: [float(row[j]) for row in rows[1:]] for j, id in enumerate(job["ids"])}
result = {"version": roadrunner.__version__, "messages": [], "values": values}
json.dump(result, open(job["result"], "w", encoding="utf-8"))
"""

# COPASI without its window comes without the list of databases that its menu downloads, and warns
# of every annotation, in whatever form (https, http, urn:miriam): of its own lack, not of the file
_COPASI = """
import json, sys
import COPASI, basico
OWN_LIST = "Update MIRIAM from the tools menu"
job = json.load(open(sys.argv[1], encoding="utf-8"))
COPASI.CCopasiMessage.clearDeque()
model = COPASI.CRootContainer.addDatamodel()
if not model.importSBML(job["sbml"]):
    sys.exit("COPASI cannot import the file: " + COPASI.CCopasiMessage.getAllMessageText())
messages = []
while COPASI.CCopasiMessage.size():
    message = " ".join(COPASI.CCopasiMessage.getFirstMessage().getText().split())
    if OWN_LIST not in message:
        messages.append(message)
basico.set_current_model(model)
frame = basico.run_time_course_with_output(
    output_selection=["Time", *(f"Values[{id}]" for id in job["ids"])],
    values=[0.0, *job["times"]],
    method="deterministic",
    r_tol=job["rtol"],
    a_tol=job["atol"],
    max_steps=1000000,
    use_initial_values=True,
)
rows = frame.to_numpy(dtype=float)
if rows[-1, 0] < job["times"][-1] * (1 - 1e-9):
    sys.exit(f"COPASI stopped at {rows[-1, 0]}: " + COPASI.CCopasiMessage.getAllMessageText())
# it may report a time twice
rows = rows[[abs(rows[:, 0] - time).argmin() for time in job["times"]]]
values = {id: rows[:, j + 1].tolist() for j, id in enumerate(job["ids"])}
result = {"version": COPASI.__version__, "messages": messages, "values": values}
json.dump(result, open(job["result"], "w", encoding="utf-8"))
"""

ROADRUNNER = Tool("roadrunner", _ROADRUNNER)
COPASI = Tool("COPASI", _COPASI, install="pip install 'mtorkin[copasi]'")


def run_sbml(
    tool: Tool,
    sbml: str,
    times: Sequence[float],
    ids: Sequence[str],
    *,
    rtol: float = 1e-9,
    atol: float = 1e-12,
    timeout: float = 300.0,
) -> Run:
    """Return what a tool computes from an SBML text: the given ids at the given times [min, > 0].

    `timeout` is in seconds. Raises SimulationError, naming the tool, where its process fails, dies
    or runs out of time.
    """
    with tempfile.TemporaryDirectory(prefix="mtorkin-") as folder:
        model, job, result = (Path(folder, name) for name in ("model.xml", "job.json", "result.json"))
        model.write_text(sbml, encoding="utf-8", newline="\n")
        asked: dict[str, object] = {"sbml": str(model), "times": list(times), "ids": list(ids)}
        asked |= {"rtol": rtol, "atol": atol, "result": str(result)}
        job.write_text(json.dumps(asked), encoding="utf-8")
        _run(tool, job, timeout)
        if not result.is_file():
            raise SimulationError(f"{tool.name}: its process ended well and left no result")
        got = json.loads(result.read_text(encoding="utf-8"))
    values = pd.DataFrame(got["values"], index=pd.Index(times, name="time"))[list(ids)]
    return Run(values, got["version"], tuple(got["messages"]))


def _run(tool: Tool, job: Path, timeout: float) -> None:
    try:
        done = subprocess.run(
            [tool.python, "-c", tool.script, str(job)],
            env={**os.environ, **_ONE_THREAD},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SimulationError(
            f"{tool.name}: no result after {timeout:g} s, stopped. Allow more with timeout="
        ) from error
    except OSError as error:
        raise SimulationError(f"{tool.name}: cannot start {tool.python}: {error}") from error
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        lacking = "ModuleNotFoundError" in said and tool.install
        hint = f". Install it: {tool.install}" if lacking else ""
        raise SimulationError(f"{tool.name}: {_end(done.returncode)}: {said}{hint}")


def _end(code: int) -> str:
    if code > 0:
        return f"its process ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"its process was killed by {name}"
