"""The page: docs/reference/agreement.md."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.agreement.cases import GENERIC, PROTOCOLS, Case
from benchmarks.agreement.matrix import Cell
from benchmarks.agreement.tools import TOOLS

__all__ = ["LIMIT", "failures", "page"]

LIMIT = 1e-6
COLUMNS = (("native", "native"), *((t.name, t.title) for t in TOOLS))


def failures(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells that break a promise: too far apart, with a message, or with an error."""
    return [c for c in cells if c.error or c.messages or (c.tool != "libSBML" and not c.difference <= LIMIT)]


def page(cells: Sequence[Cell], planned: int = 0) -> str:
    """Return the page as Markdown; where fewer cases were run than `planned`, it says so."""
    cases = list(dict.fromkeys(c.case for c in cells))
    found = {(c.case, c.tool): c for c in cells}
    generic = [c for c in cases if c.context == GENERIC]
    others = [c for c in cases if c.context != GENERIC]
    bad = failures(cells)
    parts = [
        "# The same numbers from other simulators",
        "Written by `make agreement` (`python -m benchmarks.agreement`). Every number is the largest "
        "difference from our scipy engine, over all observables and times, divided by the observable's peak "
        "(or by 1e-3 nM, about one molecule a cell, where the peak is below that). Tolerances are 1e-9 "
        "relative and 1e-12 nM "
        f"everywhere; each promise is ≤ {LIMIT:g}. Values are compared from a moment after each change "
        "(0.05 % of the period) to its end, and for a day after the last one.",
        _verdict(bad, len(cases)) + _part(len(cases), planned),
        "## Protocols, in generic cells",
        _table("protocol", generic, [c.protocol for c in generic], found),
        "## Kinds of cells",
        "Each with one of the protocols, in turn; `python -m benchmarks.agreement --everything` runs all "
        "with all.",
        _table("cells: protocol", others, [f"{c.context}: {c.protocol}" for c in others], found),
        "## Tools",
        _tools(cells),
        "## What is done",
        _doses(),
    ]
    return "\n\n".join(parts) + "\n"


def _verdict(bad: Sequence[Cell], count: int) -> str:
    if not bad:
        return (
            f"All {count} cases agree in all tools that were run. libSBML (all checks, strict units) has no "
            "message on any of the files, in Level 3 Version 1 and in Level 2 Version 4, nor has COPASI (but "
            "that it lacks a list of databases, of every file)."
        )
    lines = [f"**{len(bad)} cells do not hold:**", ""]
    for c in bad:
        why = (
            c.error or "; ".join(c.messages[:2]) or f"{c.difference:.1e} in {c.observable} at {c.time:g} min"
        )
        lines.append(f"- {c.tool}, {c.case.context}, {c.case.protocol}: {why}")
    return "\n".join(lines)


def _part(count: int, planned: int) -> str:
    return f" This is a part of it: {count} of {planned} cases were run." if count < planned else ""


def _table(head: str, cases: Sequence[Case], names: list[str], found: dict[tuple[Case, str], Cell]) -> str:
    lines = [
        [head, *(title for _, title in COLUMNS), "furthest apart"],
        ["---", *["---:"] * len(COLUMNS), "---"],
    ]
    for case, name in zip(cases, names, strict=True):
        row = [found.get((case, tool)) for tool, _ in COLUMNS]
        there = [c for c in row if c and not c.error]
        worst = max(there, key=lambda c: c.difference, default=None)
        lines.append([name, *map(_cell, row), worst.observable if worst else ""])
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.error:
        return "failed"
    return f"{cell.difference:.0e}" if cell.difference <= LIMIT else f"**{cell.difference:.0e}**"


def _tools(cells: Sequence[Cell]) -> str:
    lines = []
    for name, title in COLUMNS:
        mine = [c for c in cells if c.tool == name]
        if not mine:
            lines.append(f"- {title}: not run this time")
            continue
        version = next((c.version for c in mine if c.version), "")
        largest = max((c.difference for c in mine if not c.error), default=float("nan"))
        said = (
            f"{title} {version}: {sum(not c.error for c in mine)} of {len(mine)} cases, at most {largest:.0e}"
        )
        lines.append(f"- {said}")
    lines.append(
        "\nlibRoadRunner and COPASI run the Level 3 file as it is, with its events. sbmltoodejax and AMICI "
        "are given the Level 2 file, as neither reads units on numbers or needs them. Of this they get "
        "reactions and rules, and are started anew at each event, from where they were, with what it sets: "
        "so their columns are about the equations and numbers of the file, and not about its events. "
        "sbmltoodejax knows no events; AMICI does, but would derive and compile each protocol's model, where "
        "without events all files differ in numbers alone and share one. The values of observables are "
        "those of the file's assignment rules. The equations of sbmltoodejax are run by Python and NumPy, "
        "as JAX takes more than ten minutes to compile them."
    )
    return "\n".join(lines)


def _doses() -> str:
    return "\n".join(f"- {name}: `{protocol!r}`" for name, protocol in PROTOCOLS.items())
