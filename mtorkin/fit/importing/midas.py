"""MIDAS: one row a well, TR: what it was given, DA: when, DV: what was measured."""

from __future__ import annotations

from collections.abc import Sequence

from mtorkin.errors import TableError, nearest
from mtorkin.fit.cells import Cells, Row
from mtorkin.fit.importing.reading import Lane, Reading

__all__ = ["is_midas", "read_midas"]


def is_midas(columns: Sequence[str]) -> bool:
    """Whether a header is that of a MIDAS table."""
    return any(name.startswith("tr:") for name in columns) and any(name.startswith("dv:") for name in columns)


def read_midas(cells: Cells, blot: str) -> Reading:
    """Read wells; a condition is the treatments that a row marks, times are minutes.

    Raises TableError where a measured column has no column of times.
    """
    times = {name[3:].strip(): name for name in cells.columns if name.startswith("da:")}
    measured = {name[3:].strip(): name for name in cells.columns if name.startswith("dv:")}
    treatments = [name for name in cells.columns if name.startswith("tr:")]
    lanes: list[Lane] = []
    for name in measured:
        if name not in times and "all" not in times:
            raise TableError(
                f"{cells.path}:1:{measured[name]}: has no column DA:{name} with its "
                f"times{nearest(name, times)}; "
                "add it, or a column DA:ALL"
            )
    for row in cells.rows:
        condition = _condition(cells, row, treatments)
        for name, column in measured.items():
            lanes.append(
                Lane(
                    row.path,
                    row.line,
                    row.place(column),
                    blot,
                    f"row {row.line}",
                    cells.spelled.get(column, column)[3:].strip(),
                    row.text(column),
                    condition=condition,
                    time=row.text(times.get(name) or times["all"]),
                )
            )
    return Reading("a MIDAS table", tuple(lanes), cells.notes)


def _condition(table: Cells, row: Row, treatments: Sequence[str]) -> str:
    """The cells and what they were given: "HepG2: IGF1 + MTORi", doses where they are not 1."""
    cells, given = [], []
    for column in treatments:
        value = row.text(column)
        if value in ("", "0"):
            continue
        name, _, kind = table.spelled.get(column, column)[3:].partition(":")
        if kind.lower().startswith("cellline"):
            cells.append(name)
        elif name.lower() not in ("nocyto", "noinhib", "nostim"):
            given.append(name if value == "1" else f"{name}={value}")
    return f"{' '.join(cells) or 'cells'}: {' + '.join(given) or 'untreated'}"
