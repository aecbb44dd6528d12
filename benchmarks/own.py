"""What concerns our own engines only: the command line, threads, and the runs of the first release."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import cases, runs
from benchmarks.measure import Options, Record
from mtorkin import Model, Protocol, simulate, simulate_many
from mtorkin.engines.native.library import load
from mtorkin.engines.native.single import SAFETY_ATOL, SAFETY_RTOL
from mtorkin.simulate import simulate_from

REPEATS = 7
CHANGED = "kon_FRB_FKBP12_mTOR"
COLD = ("simulate", "rapamycin-prolonged", "--engine", "native")


def measured(options: Options) -> Record:
    """Return the rows of our own, each the median of a few runs."""
    print("own: command line", flush=True)
    record: Record = {**runs.stamp(), "versions": runs.versions("mtorkin", "numpy", "scipy", "libroadrunner")}
    record["engine"] = f"{load().kind}, {load().lanes} lanes"
    record["cold"] = [_command(*COLD, out=True) for _ in range(3)]
    record["claims"] = [_command("claims")]  # exit code 1 where a claim fails
    print("own: engines", flush=True)
    record["engines"] = [row for name in ("core", "full") for row in _engines(name)]
    record["as called"] = _as_called(options)
    print("own: threads", flush=True)
    record["threads"] = _threads(options)
    return record


def _command(*words: str, out: bool = False) -> Record:
    """One run of `mtorkin` in a new process: s of clock and processor, and its exit code."""
    folder = Path(tempfile.mkdtemp())
    more = ["--out", str(folder / "out")] if out else []
    before = os.times()
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", "from mtorkin.cli import main; main()", *words, *more],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **runs.ONE_THREAD, "PYTHONPATH": str(runs.ROOT)},
        timeout=900,
    )
    wall, after = time.perf_counter() - began, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    shutil.rmtree(folder)
    return {"wall": wall, "cpu": cpu, "exit": done.returncode}


def _timed(run: Callable[[], Any], n: int = REPEATS) -> Record:
    """Medians [s] of clock and processor over a few runs, after one that is not counted."""
    run()
    wall, cpu = [], []
    for _ in range(n):
        clock, processor = time.perf_counter(), time.process_time()
        run()
        wall.append(time.perf_counter() - clock)
        cpu.append(time.process_time() - processor)
    return {"wall": statistics.median(wall), "cpu": statistics.median(cpu)}


def _engines(name: str) -> list[Record]:
    """24 h from rest with each engine, at the tolerances of `simulate` (results to 1e-6, not steps)."""
    made = cases.case(name, 1)
    exact = _from(made.model, made.y0, "native", 1e-10, 1e-13).species_values
    rows = []
    for engine in ("scipy", "roadrunner", "native"):
        found = _from(made.model, made.y0, engine).species_values
        peak = np.abs(exact).max(axis=0)
        off = np.abs(found - exact).max(axis=0)[peak > 0] / peak[peak > 0]
        took = _timed(partial(_from, made.model, made.y0, engine))
        species = len(made.y0)
        rows.append({"case": name, "engine": engine, "species": species, **took, "error": float(off.max())})
    return rows


def _from(model: Model, y0: Any, engine: str, rtol: float = 1e-6, atol: float = 1e-9) -> Any:
    return simulate_from(model, Protocol(), cases.TIMES, y0, engine, rtol, atol)


def _as_called(options: Options) -> list[Record]:
    """The public functions with their defaults, steady states included."""
    from mtorkin import build, steady_state

    model, unseen = build(), iter(range(10**9))

    def new() -> Model:  # a steady state that was found is remembered: a new one each time
        return model.with_values(**{CHANGED: model.values[CHANGED] * (1 + 1e-9 * next(unseen))})

    made = cases.case("full", options.sets)
    ids = [p.id for p in model.network.parameters]
    table = pd.DataFrame(made.p[:, : len(ids)], columns=ids)
    return [
        {"what": "`steady_state`", **_timed(lambda: steady_state(new()))},
        {
            "what": '`simulate(engine="native")` through its steady state',
            **_timed(lambda: simulate(new(), cases.PROTOCOL, cases.TIMES, "native")),
        },
        {
            "what": f"`simulate_many`, {options.sets} sets, each through its steady state, 91 observables",
            **_timed(lambda: simulate_many(model, cases.PROTOCOL, table, cases.TIMES), 1),
        },
    ]


def _threads(options: Options) -> list[Record]:
    """`simulate_many` from the given start with one thread and two, alternately: s of the clock."""
    made = cases.case("full", options.sets)
    ids = [p.id for p in made.model.network.parameters]
    table = pd.DataFrame(made.p[:, : len(ids)], columns=ids)

    def run(threads: int) -> float:
        began = time.perf_counter()
        simulate_many(
            *(made.model, Protocol(), table, cases.TIMES),
            observables=cases.CHANNELS,
            rtol=1e-6 / SAFETY_RTOL,
            atol=1e-9 / SAFETY_ATOL,
            threads=threads,
        )
        return time.perf_counter() - began

    run(1)
    return [{"one": run(1), "two": run(2)} for _ in range(options.rounds)]
