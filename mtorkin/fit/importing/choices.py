"""What a person adds to a file that does not say it: lanes, antibodies, loading control, unit of time."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mtorkin.errors import TableError, nearest
from mtorkin.fit.cells import Cells, Row, read_cells

__all__ = ["IGNORE", "LOADING", "NONE", "Choices", "LaneTable", "Open", "read_antibodies", "read_lane_table"]

IGNORE, LOADING, NONE = "ignore", "loading", "none"
UNITS_OF_TIME = ("s", "min", "h")
LANE_COLUMNS = ("lane", "condition", "time", "time_unit", "replicate", "blot")


class Open(TableError):
    """What a file leaves open and a person can tell, `lanes` (blot, lane) among it."""

    def __init__(self, message: str, lanes: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.lanes = tuple(dict.fromkeys(lanes))


@dataclass(frozen=True)
class Choices:
    """How to read what a foreign file leaves open (no unit).

    `lanes` tells condition, time and replicate of each lane; `antibodies` maps names in the file
    to targets, or to `loading` or `ignore`; `loading` names the loading control, or `none`;
    `time_unit` is s, min or h where the file gives bare numbers.
    """

    lanes: LaneTable | None = None
    antibodies: Mapping[str, str] = field(default_factory=dict)
    loading: str = ""
    time_unit: str = ""

    def __post_init__(self) -> None:
        if self.time_unit and self.time_unit not in UNITS_OF_TIME:
            raise TableError(
                f"time unit {self.time_unit!r}: unknown{nearest(self.time_unit, UNITS_OF_TIME)}; allowed "
                "are s, min, h"
            )


@dataclass(frozen=True)
class LaneTable:
    """A side table of lanes: its path and its rows by (blot or "", lane or label)."""

    path: str
    rows: Mapping[tuple[str, str], Row]

    def find(self, blot: str, *keys: str) -> Row | None:
        """The row for a lane of a blot: one that names the blot goes before one that names none."""
        for key in keys:
            for owner in (blot, ""):
                row = self.rows.get((owner, _plain(key)))
                if key and row is not None:
                    return row
        return None


def read_lane_table(path: str | os.PathLike[str]) -> LaneTable:
    """Read what each lane is: columns lane, condition, time (min; or with time_unit), replicate, blot.

    `lane` is the lane's name or label in the file; without `blot` a line holds for every blot.
    `condition = ignore` leaves a lane out. Raises TableError where a column is missing or unknown,
    or a lane is told twice.
    """
    cells = read_cells(path)
    cells.require(LANE_COLUMNS[:3], LANE_COLUMNS)
    for column in cells.columns:
        if column not in LANE_COLUMNS:
            raise TableError(
                f"{cells.path}:1:{column}: unknown column{nearest(column, LANE_COLUMNS)}; a table of lanes "
                f"has {', '.join(LANE_COLUMNS)}"
            )
    rows: dict[tuple[str, str], Row] = {}
    for row in cells.rows:
        key = (row.text("blot"), _plain(row.required("lane")))
        if key in rows:
            raise row.error("lane", f"{row.text('lane')!r} is already on line {rows[key].line}")
        if row.required("condition") != IGNORE:
            row.number("time")
        rows[key] = row
    return LaneTable(cells.path, rows)


def _plain(key: str) -> str:
    return " ".join(key.lower().split())


def read_antibodies(given: str | os.PathLike[str] | Mapping[str, str] | None) -> Mapping[str, str]:
    """Return names in a file -> targets, from a mapping or a table with the columns name and target.

    Raises TableError where a column is missing or a name is told twice.
    """
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return dict(given)
    cells: Cells = read_cells(Path(given))
    cells.require(("name", "target"), ("name", "target"))
    found: dict[str, str] = {}
    for row in cells.rows:
        name = row.required("name")
        if name in found:
            raise row.error("name", f"{name!r} is told twice")
        found[name] = row.required("target")
    return found
