"""Runs the matrix: our engines here, each other tool in its own process, and compares the observables."""

from __future__ import annotations

import multiprocessing
import platform
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.agreement.cases import PROTOCOLS, Case
from benchmarks.agreement.tools import TOOLS, Tool, Unavailable, run
from mtorkin.build import build
from mtorkin.export.agreement import ATOL, RTOL, comparison_times, relative_to_peak
from mtorkin.export.check import sbml_messages
from mtorkin.export.sbml import sbml_level2_string, sbml_string
from mtorkin.model import Model
from mtorkin.simulate import simulate

__all__ = ["AFTER", "Cell", "Ours", "run_matrix"]

AFTER = 1440.0  # min, for how long the last period is followed
TIMEOUT = 90.0  # s a case
SETTING_UP = 1500.0  # s for compiling, once a tool


@dataclass(frozen=True)
class Cell:
    """One case with one tool: the largest difference [1], where it is, messages; or why there is none."""

    case: Case
    tool: str
    difference: float = float("nan")
    observable: str = ""
    time: float = float("nan")
    messages: tuple[str, ...] = ()
    version: str = ""
    error: str = ""


@dataclass(frozen=True)
class Ours:
    """A case in our reference engine, and the files that say it."""

    case: Case
    times: list[float]
    values: Any
    ids: list[str]
    text: str
    level2: str


def run_matrix(
    cases: Sequence[Case],
    tools: Sequence[Tool] = TOOLS,
    say: Callable[[str], None] = print,
    processes: int = 1,
) -> list[Cell]:
    """Return a cell a case and tool, and libSBML's messages as one; scipy is the reference.

    `processes` is how many cases of ours, and then tools, are run at a time.
    """
    ours: list[Ours] = []
    cells: list[Cell] = []
    for i, (one, found) in enumerate(_each(cases, processes)):
        say(f"ours and libSBML {i + 1} of {len(cases)}: {one.case.context}, {one.case.protocol}")
        ours.append(one)
        cells += found
    with tempfile.TemporaryDirectory(prefix="mtorkin-") as folder, ThreadPoolExecutor(processes) as pool:
        for found in pool.map(lambda tool: _cells(tool, ours, Path(folder), say), tools):
            cells += found
    return cells


def _each(cases: Sequence[Case], processes: int) -> Iterator[tuple[Ours, list[Cell]]]:
    if processes == 1:
        yield from map(_case, cases)
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_case, cases)


@lru_cache(maxsize=2)
def _model(context: str) -> Model:
    return build(context=context)


def _case(case: Case) -> tuple[Ours, list[Cell]]:
    model = _model(case.context)
    ours = _ours(case, model)
    messages = (*sbml_messages(ours.text), *sbml_messages(ours.level2))
    return ours, [_native(ours, model), Cell(case, "libSBML", messages=messages)]


def _ours(case: Case, model: Model) -> Ours:
    protocol = PROTOCOLS[case.protocol]
    times = comparison_times(protocol, AFTER)
    found = simulate(model, protocol, times, engine="scipy", rtol=RTOL, atol=ATOL)
    return Ours(
        case,
        times,
        found.observable_values,
        list(found.observables),
        sbml_string(model, protocol),
        sbml_level2_string(model, protocol),
    )


def _native(ours: Ours, model: Model) -> Cell:
    protocol = PROTOCOLS[ours.case.protocol]
    try:
        found = simulate(model, protocol, ours.times, engine="native", rtol=RTOL, atol=ATOL)
    except Exception as error:  # a row that says so, like that of every other tool
        return Cell(ours.case, "native", error=str(error))
    return _compared(ours, "native", found.observable_values, (), platform.machine())


def _cells(tool: Tool, ours: list[Ours], folder: Path, say: Callable[[str], None]) -> list[Cell]:
    jobs = []
    for i, one in enumerate(ours):
        path = folder / f"{tool.name}-{i}.xml"
        path.write_text(one.level2 if tool.level2 else one.text, encoding="utf-8", newline="\n")
        jobs.append({"sbml": str(path), "times": one.times, "ids": one.ids, "rtol": RTOL, "atol": ATOL})

    def done(i: int) -> None:
        say(f"{tool.title} {i + 1} of {len(ours)}: {ours[i].case.context}, {ours[i].case.protocol}")

    try:
        results = run(tool, jobs, folder, SETTING_UP + TIMEOUT * len(jobs), done)
    except Unavailable as error:
        results = [{"error": str(error)}] * len(jobs)
    return [
        Cell(one.case, tool.name, error=got["error"])
        if "error" in got
        else _compared(one, tool.name, np.array(got["values"]), tuple(got["messages"]), got["version"])
        for one, got in zip(ours, results, strict=True)
    ]


def _compared(ours: Ours, tool: str, theirs: Any, messages: tuple[str, ...], version: str) -> Cell:
    apart = relative_to_peak(ours.values, theirs)
    when, which = np.unravel_index(apart.argmax(), apart.shape)
    return Cell(ours.case, tool, float(apart.max()), ours.ids[which], ours.times[when], messages, version)
