"""The page: docs/reference/fits-of-others.md, from what is stored."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import runs
from benchmarks.fits.cases import CASES, COPASI, OURS, PYPESTO, Case
from mtorkin.files import write_text

HOME = runs.HOME / "fits"
PAGE = runs.ROOT / "docs" / "reference" / "fits-of-others.md"
HEADER = ("tool", "starts", "reach it", "best", "median s a start", "slowest", "s for one that reaches it")

INTRODUCTION = """\
# Fits of others' problems

Written by `python -m benchmarks.fits DATA`; do not edit. Every start begins at a random point between the
bounds, on the scales of the parameters (a Latin hypercube, seed {seed}). Nobody knows the published optimum.

*s* is processor time of one thread. The last column is the time of all starts over the number of those
that reach the value: how long one waits for it.

A start of ours draws points, goes down from the lowest of them for 40 steps, and from the lowest of these
to the end (fides, Fisher information, scales and noise levels in closed form); all of that is its time.
pyPESTO has the first of these points for each start, fides as it comes there (2D subspace, hybrid of
Fisher information and BFGS), and AMICI at the tolerances of our first steps (1e-6, 1e-9). COPASI's local
methods begin as pyPESTO does, with settings as they come; it is given formulas for the state at rest,
which ours looks for. The hypercube depends on the number of starts: tools have the same points only where
a table gives them as many starts as ours.

How many points, descents from the lowest of them and steps ours takes was chosen on these problems, with
the seed that is reported, and no second seed was run: expect less of it elsewhere. Nothing was chosen for
pyPESTO and COPASI, and their users run more starts than these. With few starts the shares are rough.
"""


def key(case: str, tool: str) -> str:
    """The name of a record's file."""
    return re.sub(r"[^A-Za-z0-9]+", "_", f"{case}_{tool}")


def stored(case: Case, tool: str) -> dict[str, Any] | None:
    """What is known of a tool on a problem."""
    path = HOME / f"{key(case.name, tool)}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _title(record: dict[str, Any]) -> str:
    return f"COPASI, {record['tool']}" if record["tool"] in COPASI else str(record["tool"])


def row(case: Case, record: dict[str, Any]) -> list[str]:
    """A row of the table of a problem."""
    starts, tool = record["starts"], _title(record)
    if not starts:
        return [tool, "0", record["why"] or "no start", "", "", "", ""]
    values = np.array([np.inf if s["value"] is None else s["value"] for s in starts])
    seconds = np.array([s["cpu"] for s in starts])
    reached = int((values <= case.reach).sum())
    waited = f"{seconds.sum() / reached:.3g}" if reached else f"more than {seconds.sum():.3g}"
    best = f"{values.min():.5f}" if np.isfinite(values.min()) else "none"
    times = f"{np.median(seconds):.2f}", f"{seconds.max():.2f}"
    return [tool, str(len(starts)), f"**{reached}**", best, *times, waited]


def _table(rows: list[list[str]]) -> str:
    lines = [HEADER, ["---"] * len(HEADER), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _section(case: Case) -> str:
    records = [r for tool in (OURS, *case.tools) if (r := stored(case, tool)) is not None]
    if not records:
        return ""
    what = "sum of squares" if case.bounds else "minus log-likelihood"
    ours = (
        f"A start of ours: {case.draws} points, the lowest {case.heats} of them, {case.steps} steps at most."
    )
    parts = [f"## {case.title}", f"To reach: {what} ≤ {case.reach:.6g}. {ours}"]
    parts.append(_table([row(case, r) for r in records]))
    parts += [_others(r) for r in records if r["starts"]]
    parts += [f"{_title(r)}: {r['why']}." for r in records if r["why"]]
    missing = [tool for tool in case.tools if stored(case, tool) is None]
    parts += [f"Not run yet: {', '.join(missing)}."] if missing else []
    return "\n\n".join(parts)


def _others(record: dict[str, Any]) -> str:
    values = sorted(s["value"] for s in record["starts"] if s["value"] is not None)
    failed = len(record["starts"]) - len(values)
    said = f"{_title(record)} ended at " + ", ".join(f"{v:.6g}" for v in values)
    return said + (f"; {failed} failed." if failed else ".")


def write() -> Path:
    """Write the page; return where it is."""
    records = [r for c in CASES for tool in (OURS, *c.tools) if (r := stored(c, tool)) is not None]
    seeds = sorted({str(r["seed"]) for r in records})
    parts = [INTRODUCTION.format(seed=", ".join(seeds))]
    parts += [s for c in CASES if (s := _section(c))]
    parts.append("## How it was run")
    known: dict[str, str] = {}
    for record in records:
        tool = record["tool"] if record["tool"] in (OURS, PYPESTO) else "COPASI"
        known[tool] = ", ".join(f"{k} {v}" for k, v in record.get("versions", {}).items())
    parts.append("\n".join(f"- {tool}: {said}" for tool, said in known.items()))
    machines = sorted({f"{r['machine']}" for r in records})
    when = sorted(r["when"] for r in records)
    loads = [float(r["load"]) for r in records]
    if records:
        parts.append(
            f"{'; '.join(machines)}. {when[0]} to {when[-1]}, with a load of {min(loads):.1f} to "
            f"{max(loads):.1f}, which is why times are those of the processor."
        )
    write_text(PAGE, "\n\n".join(p.strip() for p in parts) + "\n")
    return PAGE.relative_to(runs.ROOT)
