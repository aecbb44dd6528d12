"""Tables that are nearly ours: PEtab measurements, long tables with other headers, and wide ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mtorkin.antibodies import observable_of
from mtorkin.errors import TableError
from mtorkin.fit.cells import Cells, Row
from mtorkin.fit.importing.reading import Lane, Reading

__all__ = ["is_long", "is_petab", "is_wide", "read_petab", "read_wide", "with_our_names"]

NEEDED = ("blot", "lane", "condition", "time", "target", "signal")
# other words for our columns; "value" is none of them, since it is often normalised
WORDS: Mapping[str, tuple[str, ...]] = {
    "blot": ("gel", "membrane", "blot id", "experiment_id"),
    "lane": ("lane name", "lane number", "lane id", "well", "sample"),
    "condition": ("treatment",),
    "time": ("time (min)", "time_min", "time [min]", "time (s)", "time_s", "time (h)", "time_h", "time [h]"),
    "target": ("antibody", "protein", "phosphosite", "site"),
    "signal": (
        "grey value",
        "gray value",
        "grey_value",
        "gray_value",
        "raw_grey",
        "intensity",
        "density",
        "densitometry",
    ),
    "loading_control": ("loading control", "loading-control", "loading"),
    "background": ("bkgd", "background signal"),
    "replicate": ("rep", "biological replicate", "biological_replicate"),
    "below_detection": ("below detection", "below-detection"),
    "time_unit": ("time unit", "unit of time"),
}
SECONDS, HOURS = ("(s)", "_s"), ("(h)", "_h", "[h]")
TIME_WORDS = ("time", "t", "time (min)", "time_min", "time [min]", "minutes")


def is_long(columns: Sequence[str]) -> bool:
    """Whether a header is that of a long table of blots, ours or nearly."""
    ours = with_names(columns)
    return sum(name in ours for name in NEEDED) >= 3


def with_names(columns: Sequence[str]) -> dict[str, str]:
    """Our name -> the file's for every column that has one of our names or another word for it."""
    found = {}
    for ours, words in WORDS.items():
        given = next((name for name in (ours, *words) if name in columns), None)
        if given is not None:
            found[ours] = given
    return found


def with_our_names(cells: Cells) -> Cells:
    """A long table with our columns, noting every other word that was understood (no unit)."""
    theirs = {given: ours for ours, given in with_names(cells.columns).items() if given != ours}
    if not theirs:
        return cells
    unit = _unit(next((name for name, ours in theirs.items() if ours == "time"), ""))
    rows = []
    for row in cells.rows:
        renamed = {theirs.get(name, name): value for name, value in row.cells.items()}
        if unit and not row.text("time_unit"):
            renamed["time_unit"] = unit
        places = {theirs.get(name, name): place for name, place in row.places.items()}
        rows.append(Row(row.path, row.line, renamed, places))
    columns = [theirs.get(name, name) for name in cells.columns]
    if unit and "time_unit" not in columns:
        columns.append("time_unit")
    notes = [f"column {name!r} is read as {ours}" for name, ours in theirs.items()]
    return replace(cells, columns=tuple(columns), rows=tuple(rows), notes=(*cells.notes, *notes))


def _unit(name: str) -> str:
    if name.endswith(SECONDS):
        return "s"
    if name.endswith(HOURS):
        return "h"
    return "min" if "min" in name else ""


def is_petab(columns: Sequence[str]) -> bool:
    """Whether a header is that of a PEtab measurement table, version 1 or 2."""
    return {"observableid", "measurement", "time"} <= set(columns)


def read_petab(cells: Cells, blot: str) -> Reading:
    """Read measurements: a condition is an experiment (v2) or a simulation condition (v1).

    Measurements of one observable share a scale where their observable parameters are the same.
    Repeated measurements get lanes of their own.
    """
    key = (
        "experimentid"
        if "experimentid" in cells.columns and "simulationconditionid" not in cells.columns
        else ""
    )
    key = key or "simulationconditionid"
    if key not in cells.columns:
        raise TableError(
            f"{cells.path}:1:{key}: column is missing; a PEtab measurement table has simulationConditionId "
            "(v1) or experimentId (v2)"
        )
    lanes: list[Lane] = []
    count: dict[tuple[str, ...], int] = {}
    for row in cells.rows:
        before = row.text("preequilibrationconditionid")
        condition = f"{before} then {row.required(key)}" if before else row.required(key)
        scale = _scale(row)
        seen = (scale, condition, row.required("time"), row.required("observableid"))
        count[seen] = count.get(seen, 0) + 1
        replicate = row.text("replicateid") or str(count[seen])
        lanes.append(
            Lane(
                row.path,
                row.line,
                row.place("measurement"),
                f"{blot} {scale}" if scale else blot,
                f"{condition} {row.text('time')} {count[seen]}",
                row.text("observableid"),
                row.required("measurement"),
                condition=condition,
                time=row.text("time"),
                replicate=replicate,
            )
        )
    note = "measurements are taken as they are: PEtab does not say how they were normalised"
    return Reading("a PEtab measurement table", tuple(lanes), (*cells.notes, note))


def _scale(row: Row) -> str:
    """The named observable parameters of a measurement; numbers are no scale to be found."""
    names = []
    for word in row.text("observableparameters").split(";"):
        try:
            float(word)
        except ValueError:
            names.append(word)
    return " ".join(name for name in names if name)


def is_wide(columns: Sequence[str], antibodies: Mapping[str, str]) -> bool:
    """Whether a header has a time, and antibodies beside it (Data2Dynamics, COPASI, spreadsheets)."""
    return any(word in columns for word in TIME_WORDS) and bool(_wide_columns(columns, antibodies))


def _wide_columns(columns: Sequence[str], antibodies: Mapping[str, str]) -> list[str]:
    lower = {name.lower() for name in antibodies}
    return [name for name in columns if name in lower or observable_of(name) is not None]


def read_wide(cells: Cells, blot: str, antibodies: Mapping[str, str]) -> Reading:
    """Read one column an antibody; the other columns, but for standard deviations, make the condition."""
    time = next(word for word in TIME_WORDS if word in cells.columns)
    measured = _wide_columns(cells.columns, antibodies)
    rest = [name for name in cells.columns if name not in measured and name != time]
    spread = [name for name in rest if name.endswith(("_std", "_sd", "_sem", "_err"))]
    named = "condition" if "condition" in rest else ""
    words = [name for name in rest if name not in (*spread, "lane", "replicate", "blot", named)]
    count: dict[tuple[str, ...], int] = {}
    lanes = []
    for row in cells.rows:
        condition = row.text(named) or " ".join(
            f"{name}={row.text(name)}" for name in words if row.text(name)
        )
        seen = (row.text("blot"), condition, row.required(time))
        count[seen] = count.get(seen, 0) + 1
        replicate = row.text("replicate") or str(count[seen])
        for name in measured:
            lanes.append(
                Lane(
                    row.path,
                    row.line,
                    row.place(name),
                    row.text("blot") or blot,
                    row.text("lane") or f"{condition} {row.text(time)} {count[seen]}".strip(),
                    cells.spelled.get(name, name),
                    row.text(name),
                    condition=condition or "all",
                    time=row.text(time),
                    time_unit="min" if "min" in time else "",
                    replicate=replicate,
                )
            )
    notes = [
        *cells.notes,
        "values are taken as they are: a table with one column an antibody says no raw ones",
    ]
    if spread:
        notes.append(f"columns {', '.join(spread)} are not used: the noise is estimated from replicates")
    if words and not named:
        notes.append(f"conditions are named by the columns {', '.join(words)}")
    return Reading("a wide table, one column an antibody", tuple(lanes), tuple(notes))
