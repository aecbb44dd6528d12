"""What the figures of claims.md show: the runs that criteria look at, followed over time."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from mtorkin.claims import Claim
from mtorkin.claims.experiments import Outcomes, conduct
from mtorkin.claims.recording import Recording
from mtorkin.claims.running import LITERAL, PASSED, PENDING, RECORD
from mtorkin.claims.statement import START, Criterion, Readout, Run
from mtorkin.engines import default_engine
from mtorkin.errors import MtorkinError
from mtorkin.files import write_text
from mtorkin.model import Model
from mtorkin.plot.claim import Line, Mark, plot_claim
from mtorkin.plot.style import label

POINTS, MOST_LINES = 30, 4
LATE = 0.9  # a period that begins in the last tenth of a run is what the run is about


def draw(
    model: Model, claims: Iterable[Claim], table: pd.DataFrame, folder: Path, ending: str = ".svg"
) -> list[Path]:
    """Write a figure for each claim into a folder, as ``<id><ending>``; returns their paths."""
    followed = [_followed(claim) for claim in claims]
    outcomes = conduct(model, followed, default_engine())
    paths = []
    for claim in followed:
        lines, title = _lines(claim, outcomes)
        rows = table[(table["id"] == claim.id) & (table["status"] != PENDING)]
        marks = [_mark(row) for row in rows.to_dict("records") if not math.isnan(row["low"] - row["high"])]
        paths.append(plot_claim(lines, marks, title, folder / f"{claim.id}{ending}"))
        if ending == ".svg":
            write_text(paths[-1], slim(paths[-1].read_text(encoding="utf-8")))
    return paths


def slim(svg: str) -> str:
    """Return an SVG at half the size: a tenth of a point is enough, and who wrote it is no news."""
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d\.\d)\d+", r"\1", tag[0]), svg)  # not what is read
    svg = re.sub(r'"M [^"]*"', lambda found: found[0].replace(" \n", " ").replace("\n", ""), svg)
    svg = re.sub(r"font-family: [^;]*;", "font-family: sans-serif;", svg)
    svg = re.sub(r"\n +", "\n", svg)
    return re.sub(r' transform="rotate\(-0 [^"]*"', "", svg)


def _followed(claim: Claim) -> Claim:
    """A claim with the criteria of one model only, and runs that are recorded on a grid."""
    runs = {
        name: replace(run, every=(run.until - _begin(run)) / POINTS) if run.until else run
        for name, run in claim.runs.items()
    }
    return replace(claim, runs=runs, criteria=tuple(c for c in claim.criteria if not c.cohort))


def _begin(run: Run) -> float:
    """Time [min] from which a run is shown."""
    starts = [float(p.start) for p in run.treatment.periods if isinstance(p.start, float)]
    late = [start for start in starts if start >= LATE * run.until]
    return late[-1] if late else 0.0


def _pairs(claim: Claim) -> Iterator[tuple[Readout, Run]]:
    """Each readout with each run that changes something, in the order of the criteria."""
    seen = set()
    for c in claim.criteria:
        for name in _names(c):
            run = claim.runs[name]
            if run.until and (c.readout, name) not in seen:
                seen.add((c.readout, name))
                yield c.readout, run


def _names(c: Criterion) -> tuple[str, ...]:
    return c.runs if c.of == START else (*c.runs, *c.controls)


def _lines(claim: Claim, outcomes: Outcomes) -> tuple[list[Line], str]:
    """The courses of a claim, and what they have in common."""
    courses: list[tuple[Readout, Run, Line]] = []
    for readout, run in _pairs(claim):
        try:
            line = _course(readout, run, outcomes.of_run(run.treatment))
        except MtorkinError:
            continue
        if line is not None:
            courses.append((readout, run, line))
    courses = _few(_alike(courses))
    readouts = {str(readout) for readout, _, _ in courses}
    runs = {run.name for _, run, _ in courses}
    lines = []
    for readout, run, line in courses:
        parts = ([_short(readout)] if len(readouts) > 1 else []) + ([_said(run)] if len(runs) > 1 else [])
        lines.append(replace(line, label=", ".join(parts)))
    common = ([_short(courses[0][0])] if len(readouts) == 1 else []) + (
        [_said(courses[0][1])] if len(runs) == 1 else []
    )
    return lines, ", ".join(common)


def _said(run: Run) -> str:
    """A run's name as one reads it; one that is a dose alone (d0_001) as that dose."""
    dose = re.fullmatch(r"d(\d+)(?:_(\d+))?", run.name)
    if dose is None:
        return run.name.replace("_", " ")
    return f"{dose[1]}.{dose[2]} nM" if dose[2] else f"{dose[1]} nM"


def _alike(courses: list[tuple[Readout, Run, Line]]) -> list[tuple[Readout, Run, Line]]:
    """Those that last about as long as the first: minutes and days do not fit one axis."""
    if not courses:
        return []
    span = float(np.ptp(courses[0][2].times))
    return [c for c in courses if 0.2 < float(np.ptp(c[2].times)) / span < 5]


def _few(courses: list[tuple[Readout, Run, Line]]) -> list[tuple[Readout, Run, Line]]:
    """The first of many; of one readout in many runs, doses mostly, some from the first to the last."""
    if len(courses) <= MOST_LINES or len({readout for readout, _, _ in courses}) > 1:
        return courses[:MOST_LINES]
    picked = np.linspace(0, len(courses) - 1, MOST_LINES).round().astype(int)
    return [courses[i] for i in picked]


def _course(readout: Readout, run: Run, recorded: Recording) -> Line | None:
    begin = _begin(run)
    grid = begin + np.arange(POINTS + 1) * (run.until - begin) / POINTS
    course = recorded.course(readout)
    start = float(np.interp(begin, recorded.times, course))
    if not math.isfinite(start) or start <= 0:
        return None
    return Line("", grid - begin, 100 * np.interp(grid, recorded.times, course) / start)


def _short(readout: Readout) -> str:
    text = label(readout.id)
    if readout.minus:
        text += f" less {label(readout.minus)}"
    return f"{text} per {' + '.join(map(label, readout.per))}" if readout.per else text


def _mark(row: dict[str, object]) -> Mark:
    status = row["status"]
    met = None if status in (LITERAL, RECORD) else status == PASSED
    return Mark(float(str(row["value"])), float(str(row["low"])), float(str(row["high"])), met)
