"""One line of a blot table: its numbers, its flags, and the value that a model is compared with."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from mtorkin.antibodies import observable_of
from mtorkin.errors import listed, nearest
from mtorkin.fit.cells import Cells, Row
from mtorkin.fit.conditions import Condition

__all__ = ["BELOW", "NEEDED", "OPTIONAL", "check_columns", "check_loading", "lane_of", "target_of"]

NEEDED = ("blot", "lane", "condition", "time", "target", "signal")
OPTIONAL = (
    "loading_control",
    "background",
    "replicate",
    "saturated",
    "below_detection",
    "time_unit",
    "censored",
    "normalised",
    "context",
)
YES = {"1", "yes", "true", "y", "x"}
NO = {"", "0", "no", "false", "n"}
BELOW, ABOVE = "below", "above"
# how a blot can have been normalised before it was written down
NORMALISED = ("", "control", "time", "condition", "mean")
LIMIT = re.compile(r"([<>≤≥])\s*(.+)")


def check_columns(cells: Cells) -> list[str]:
    """Notes on columns that are not used (no unit).

    Raises TableError where a needed column is missing, or where one that is not used is spelled
    nearly like one that would be: a misspelt background would change every value and say nothing.
    """
    cells.require(NEEDED, NEEDED + OPTIONAL)
    notes = []
    for column in cells.columns:
        if column in NEEDED + OPTIONAL or not column:
            continue
        absent = [name for name in OPTIONAL if name not in cells.columns]
        near = nearest(column.replace(" ", "_"), absent)
        if near and any(row.text(column) for row in cells.rows):
            row = next(row for row in cells.rows if row.text(column))
            raise row.error(column, f"{column!r} is no column that is read{near}; rename it, or take it out")
        notes.append(f"column {column!r} is not used")
    return notes


def target_of(row: Row, known: Collection[str]) -> tuple[str, str]:
    """The observable of a lane and a note on how its name was read, "" where it is the observable's own.

    Raises TableError where no antibody is known by the name.
    """
    name = row.required("target")
    if name in known:
        return name, ""
    resolved = observable_of(name)
    if resolved is None:
        raise row.error(
            "target",
            f"unknown antibody {name!r}{nearest(name, known)}; known are "
            f"{listed(sorted(known))}, and gene names or rodent numbering of these",
        )
    return resolved


def lane_of(row: Row, conditions: Mapping[str, Condition] | None, advice: str) -> dict[str, object]:
    """One lane: its words, its numbers (grey values) and its value (no unit); time and target are left.

    `conditions` None takes any name. Raises TableError, naming the cell, where a word is unknown
    or a number is none.
    """
    condition = row.required("condition")
    if conditions is not None and condition not in conditions:
        raise row.error(
            "condition",
            f"unknown condition {condition!r}{nearest(condition, conditions)}; known are "
            f"{listed(sorted(conditions)) or 'none'}; {advice}",
        )
    saturated, below = _flag(row, "saturated"), _flag(row, "below_detection")
    row, mark = _without_mark(row)
    background = _amount(row, "background") if row.text("background") else 0.0
    signal = row.number("signal") if below else _amount(row, "signal")
    loading = _amount(row, "loading_control") if row.text("loading_control") else 1.0
    if loading == 0:
        raise row.error("loading_control", "is 0; the signal is divided by it")
    censored = _censored(row, mark, saturated, below, usable=signal > background)
    if signal <= background and not below:
        raise row.error(
            "signal",
            f"{signal:g} is not above the background ({background:g}); mark the lane with "
            "below_detection = yes",
        )
    return {
        "blot": row.required("blot"),
        "lane": row.required("lane"),
        "condition": condition,
        "cell_line": row.text("context") or (conditions[condition].cell_line if conditions else ""),
        "time": 0.0,
        "target": "",
        "value": (signal - background) / loading,
        "signal": signal,
        "loading_control": loading,
        "background": background,
        "replicate": row.text("replicate"),
        "saturated": saturated or censored == ABOVE,
        "below_detection": below or censored == BELOW,
        "censored": censored,
        "normalised": _normalised(row),
        "line": row.line,
    }


def _without_mark(row: Row) -> tuple[Row, str]:
    """The row with a bare number as its signal, and the mark of a limit that was before it."""
    match = LIMIT.fullmatch(row.text("signal"))
    if match is None:
        return row, ""
    mark = BELOW if match.group(1) in "<≤" else ABOVE
    return Row(row.path, row.line, {**row.cells, "signal": match.group(2)}, row.places), mark


def _censored(row: Row, mark: str, saturated: bool, below: bool, *, usable: bool) -> str:
    """Which side of its value the true one lies on: "", below or above.

    A lane below detection whose signal is not above the background has no limit that could be
    used: it stays "", and is set aside.
    """
    given = row.text("censored").lower()
    if given not in ("", BELOW, ABOVE):
        raise row.error(
            "censored",
            f"{row.text('censored')!r} is unknown{nearest(given, (BELOW, ABOVE))}; allowed are below "
            "(the signal "
            "is a detection limit), above (the signal is where the film or camera saturates), or nothing",
        )
    sides = {given, mark, ABOVE if saturated else "", BELOW if below else ""} - {""}
    if len(sides) > 1:
        raise row.error("signal", "is said to be below a limit and above one; a lane is one or the other")
    side = next(iter(sides), "")
    if side == BELOW and not usable:
        if mark or given:
            raise row.error(
                "signal", "the limit is not above the background; give the limit as a raw grey value"
            )
        return ""
    return side


def _normalised(row: Row) -> str:
    text = row.text("normalised")
    kind = re.split(r"[\s:=]", text.lower(), maxsplit=1)[0]
    if kind not in NORMALISED:
        raise row.error(
            "normalised",
            f"{text!r} is unknown{nearest(kind, NORMALISED[1:])}; allowed are "
            f"{', '.join(NORMALISED[1:])}, or nothing",
        )
    return text


def _amount(row: Row, column: str) -> float:
    value = row.number(column)
    if value < 0:
        raise row.error(
            column,
            f"{value:g} is negative; give the raw grey value here and the background in its own column",
        )
    return value


def _flag(row: Row, column: str) -> bool:
    text = row.text(column).lower()
    if text not in YES | NO:
        raise row.error(column, f"{row.text(column)!r} is neither yes nor no")
    return text in YES


def check_loading(cells: Cells) -> None:
    """Refuse a blot of which some lanes have a loading control (or background) and some have none.

    Raises TableError.
    """
    for column in ("loading_control", "background"):
        first: dict[tuple[str, str], Row] = {}
        for row in cells.rows:
            before = first.setdefault((row.text("blot"), row.text("target")), row)
            if bool(row.text(column)) != bool(before.text(column)):
                raise row.error(
                    column,
                    f"given for some lanes of blot {row.text('blot')!r}, {row.text('target')}, and "
                    f"not for others (compare line {before.line}); give all or none",
                )
