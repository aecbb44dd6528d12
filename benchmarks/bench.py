"""How long things take: medians in one run, as ratios of one reference simulation.

One thread, one process, except for what must be cold, which runs in fresh interpreters. Every
simulation row also says how far its observables are from a run at 1e-10, so that nothing looks fast
by being wrong.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import roadrunner

from mtorkin import Period, Protocol, build, simulate
from mtorkin.arrays import Array
from mtorkin.engines import Stretch, engine_named
from mtorkin.export import sbml_string
from mtorkin.files import write_text
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, intervals
from mtorkin.settle import settle
from mtorkin.steady import constants_in, declared_state, dosed, rest

REPEATS = 11
COLD_REPEATS = 3
REFERENCE = "24 h, scipy"
PROTOCOL = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=100))
TIMES = np.linspace(0.0, 1440.0, 97)
COLD = "from mtorkin.build import build; model = build()"
FIRST_CURVE = (
    "import mtorkin as mk; mk.simulate(mk.build(), "
    "mk.Protocol(mk.Period(mk.UNTIL_STEADY), mk.Period(0, rapamycin=100)), range(0, 1441, 15)"
)
COLD_STARTS = {
    "cold: import and build": COLD,
    "cold: import to first curve, scipy": FIRST_CURVE + ")",
    "cold: import to first curve, roadrunner": FIRST_CURVE + ", engine='roadrunner')",
}


@dataclass(frozen=True)
class Row:
    """One line of the table: median and spread [ms], error [1, of each observable's peak]."""

    what: str
    median: float
    fastest: float
    slowest: float
    error: float


def main(path: Path) -> None:
    """Measure everything, print the table and write it to `path`."""
    model = build()
    rows = [*_cold(), *_steady(model), *_simulations(model)]
    table = pd.DataFrame(rows)
    reference = table.loc[table["what"] == REFERENCE, "median"].item()
    table.insert(2, "ratio", table["median"] / reference)
    text = table.to_csv(sep="\t", index=False, float_format="%.3g")
    write_text(path, f"# {_machine()}\n{text}")
    print(_machine())
    print(table.to_string(index=False, float_format="{:.3g}".format))
    print(f"times in ms; ratio to '{REFERENCE}'; written to {path}")


def _machine() -> str:
    packages = ", ".join(f"{p} {version(p)}" for p in ("numpy", "scipy", "libroadrunner"))
    cores = os.cpu_count()
    return f"{platform.machine()}, {cores} cores, Python {platform.python_version()}, {packages}"


def _timed(what: str, run: Callable[[], object], error: float = np.nan, n: int = REPEATS) -> Row:
    spent = []
    for _ in range(n):
        began = time.perf_counter()
        run()
        spent.append(1e3 * (time.perf_counter() - began))
    return Row(what, statistics.median(spent), min(spent), max(spent), error)


def _cold() -> list[Row]:
    def fresh(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    return [_timed(what, fresh(code), n=COLD_REPEATS) for what, code in COLD_STARTS.items()]


def _steady(model: Model) -> list[Row]:
    interval = intervals(PROTOCOL, model.network)[0]
    constants, y0 = constants_in(model, interval), declared_state(model)
    unseen = iter(range(10**9))  # a steady state that was found is remembered: a new one each time

    def find() -> object:
        return settle(model.equations, constants, y0 * (1 + 1e-9 * next(unseen)))

    find()
    return [_timed("steady state", find)]


def _simulations(model: Model) -> list[Row]:
    exact = simulate(model, PROTOCOL, TIMES, rtol=1e-9, atol=1e-13).observable_values
    fed, treated = intervals(PROTOCOL, model.network)
    y0 = dosed(model, rest(model, fed)[0], treated)
    rows = []
    for name in ("scipy", "roadrunner"):
        found = simulate(model, PROTOCOL, TIMES, name).observable_values
        rows.append(_timed(f"24 h, {name}", _integration(model, name, y0), _error(found, exact)))
    exported = _exported(model)
    # not the value at 0, which other tools report with the dose acting
    rows.append(_timed("24 h, exported file", exported, _error(exported()[1:], exact[1:])))
    rows.append(_timed("24 h, observables of 97 times", _observables(model, y0)))
    return rows


def _exported(model: Model) -> Callable[[], Array]:
    """Return one run of the exported file, as a user of libRoadRunner has it: its own defaults."""
    runner = roadrunner.RoadRunner(sbml_string(model))
    runner.timeCourseSelections = [o.id for o in model.network.observables]

    def run() -> Array:
        runner.reset(roadrunner.SelectionRecord.ALL)
        runner.integrator.relative_tolerance = 1e-6
        runner.integrator.absolute_tolerance = 1e-9
        runner["[rapamycin_medium]"] = 100.0
        return np.array(runner.simulate(0.0, TIMES[-1], len(TIMES)))

    return run


def _integration(model: Model, name: str, y0: Array) -> Callable[[], object]:
    """Return one run of 24 h from rest, at the tolerances of `simulate`."""
    engine = engine_named(name)
    treated = intervals(PROTOCOL, model.network)[-1]
    stretch = Stretch(model.equations, constants_in(model, treated), y0, TIMES, 1e-6, 1e-9)
    return lambda: engine(stretch)


def _observables(model: Model, y: Array) -> Callable[[], object]:
    constants = constants_in(model, intervals(PROTOCOL, model.network)[-1])
    rows = [y.tolist()] * len(TIMES)
    return lambda: [model.equations.observed(row, constants) for row in rows]


def _error(found: Array, exact: Array) -> float:
    peak = np.abs(exact).max(axis=0)
    shown = peak > 0
    return float((np.abs(found - exact).max(axis=0)[shown] / peak[shown]).max())
