"""Runs the matrix: our engines here, each other tool in its own process, and compares the observables."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
    model: Model
    times: list[float]
    values: Any
    ids: list[str]
    text: str
    level2: str


def run_matrix(
    cases: Iterable[Case], tools: Iterable[Tool] = TOOLS, say: Callable[[str], None] = print
) -> list[Cell]:
    """Return a cell a case and tool, and libSBML's messages as one; scipy is the reference."""
    models: dict[str, Model] = {}
    ours = []
    cells = []
    for case in cases:
        say(f"{case.context}: {case.protocol}")
        model = models.setdefault(case.context, build(context=case.context))
        ours.append(one := _ours(case, model))
        cells.append(_native(one))
        messages = (*sbml_messages(one.text), *sbml_messages(one.level2))
        cells.append(Cell(case, "libSBML", messages=messages))
    with tempfile.TemporaryDirectory(prefix="mtorkin-") as folder:
        for tool in tools:
            say(tool.title)
            cells += _cells(tool, ours, Path(folder), say)
    return cells


def _ours(case: Case, model: Model) -> Ours:
    protocol = PROTOCOLS[case.protocol]
    times = comparison_times(protocol, AFTER)
    found = simulate(model, protocol, times, engine="scipy", rtol=RTOL, atol=ATOL)
    return Ours(
        case,
        model,
        times,
        found.observable_values,
        list(found.observables),
        sbml_string(model, protocol),
        sbml_level2_string(model, protocol),
    )


def _native(ours: Ours) -> Cell:
    protocol = PROTOCOLS[ours.case.protocol]
    try:
        found = simulate(ours.model, protocol, ours.times, engine="native", rtol=RTOL, atol=ATOL)
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
