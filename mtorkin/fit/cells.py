"""Tables as people keep them: a header and lines, read as text with the place of every cell.

Values stay text until they are asked for, so that an error can name file, line and column and
quote what is there.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mtorkin.errors import TableError, nearest
from mtorkin.fit.sheets import Line, Sheet, read_sheets

__all__ = ["NOT_MEASURED", "Cells", "Row", "cells_of", "read_cells"]

# what people write where nothing was measured; compared without case and points
NOT_MEASURED = frozenset({"nd", "na", "n/a", "-", "–", "—", "none", "nan", "null", "ns", "#n/a", "missing"})
COMMA_DECIMAL = re.compile(r"([<>≤≥]\s*)?[+-]?\d+,\d+")
POINT_DECIMAL = re.compile(r"([<>≤≥]\s*)?[+-]?\d*\.\d+")


@dataclass(frozen=True)
class Row:
    """One line of a table: its place and its cells by column (no unit).

    `places` says where the cells of a column came from, where that is not "file:line:column".
    """

    path: str
    line: int
    cells: dict[str, str]
    places: Mapping[str, str] = field(default_factory=dict)

    def text(self, column: str) -> str:
        """The cell in `column`, stripped, "" where it is empty or the column is absent."""
        return self.cells.get(column, "")

    def place(self, column: str) -> str:
        """Where the cell is: "file:line:column"."""
        return self.places.get(column) or f"{self.path}:{self.line}:{column}"

    def error(self, column: str, what: str) -> TableError:
        """A TableError about the cell in `column`, to be raised by the caller."""
        return TableError(f"{self.place(column)}: {what}")

    def required(self, column: str) -> str:
        """The cell in `column`. Raises TableError where it is empty."""
        if not self.text(column):
            raise self.error(column, "is empty; every line needs a value here")
        return self.text(column)

    def number(self, column: str) -> float:
        """The cell in `column` as a finite number. Raises TableError where it is none."""
        text = self.required(column)
        try:
            # Python reads 1_5 as 15
            value = float(text.replace("_", "?"))
        except ValueError:
            raise self.error(column, f"{text!r} is not a number{_hint(text, column)}") from None
        if not math.isfinite(value):
            raise self.error(
                column,
                f"{text!r} is not a finite number; leave out the line of a lane that was not measured",
            )
        return value


def _hint(text: str, column: str) -> str:
    plain = text.replace("\u00a0", " ")
    digits = plain.lstrip("+-")
    if digits.count(",") == 1 and digits.replace(",", "").replace(".", "").isdigit():
        return "; write a point, not a comma, before the decimals, and nothing between thousands"
    if re.fullmatch(r"[\d., ']+", digits):
        return "; write nothing between thousands, and a point before the decimals"
    if text.lower().rstrip(".") in NOT_MEASURED or text.lower().replace(".", "") in NOT_MEASURED:
        return "; leave out the line of a lane that was not measured"
    if text.startswith("#"):
        return "; it is an error of the spreadsheet's formula: repair it there"
    if re.fullmatch(r"[<>≤≥]\s*[\d.]+", text):
        return "; a limit (<120) may stand in the column signal, nowhere else"
    if re.match(r"[\d.]+\s*[^\d\s]", text):
        minutes = " (minutes, or what a column time_unit says: s, min or h)" if column == "time" else ""
        return f"; write the bare number, without a unit or a mark{minutes}"
    return ""


@dataclass(frozen=True)
class Cells:
    """A table as text: its path, its columns in order, its lines and notes on them (no unit).

    Columns are in lower case; `spelled` has them as the file writes them. `doubts` are what a person
    should look at.
    """

    path: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    spelled: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    def require(self, needed: Sequence[str], allowed: Sequence[str]) -> None:
        """Raise TableError where a needed column is missing or the table has no lines."""
        for column in needed:
            if column not in self.columns:
                stray = [name for name in self.columns if name not in allowed]
                hint = nearest(column, stray)
                raise TableError(
                    f"{self.path}:1:{column}: column {column!r} is missing{hint}; needed are "
                    f"{', '.join(needed)}; the file has {', '.join(self.columns)}"
                )
        if not self.rows:
            raise TableError(f"{self.path}:2: the table has a header and no lines below it")


def read_cells(path: str | os.PathLike[str]) -> Cells:
    """Read a CSV, TSV or XLSX table (no unit); of a workbook, the first sheet.

    The first line is the header; empty lines are skipped; `line` counts as an editor or the
    spreadsheet does. Text files are UTF-8 (or UTF-16) with any line ends, separated by commas,
    tabs or semicolons, whichever the header has most of. Raises TableError where the file is
    missing, empty, unreadable, has two columns of one name, or a line is too long.
    """
    return cells_of(read_sheets(os.fspath(path))[0])


def cells_of(sheet: Sheet) -> Cells:
    """Return a grid as a table whose first line is the header (no unit). Raises TableError."""
    if not sheet.lines:
        raise TableError(f"{sheet.path}:1: the file is empty; its first line names the columns")
    (line, first), *rest = sheet.lines
    header = _checked_header(sheet.path, line, list(first))
    lines, notes = _with_points(sheet, rest)
    rows = []
    for line, values in lines:
        # where only commas separate, a line that is longer than the header, be it by nothing, may hold a
        # decimal comma, which moves every cell after it
        if any(values[len(header) :]) or (sheet.separator == "," and len(values) > len(first)):
            hint = "put quotes around a cell that contains the separator"
            if sheet.separator == ",":
                hint += ", and write a point, not a comma, before decimals"
            raise TableError(
                f"{sheet.path}:{line}: has {len(values)} cells under {len(header)} columns; {hint}"
            )
        places = {
            name: f"{sheet.place(line, index)} ({name})" for index, name in enumerate(header) if sheet.name
        }
        rows.append(Row(sheet.path, line, dict(zip(header, values, strict=False)), places))
    return Cells(sheet.path, header, tuple(rows), notes, dict(zip(header, first, strict=False)))


def _checked_header(path: str, line: int, values: list[str]) -> tuple[str, ...]:
    while values and not values[-1]:
        values.pop()
    names = tuple(" ".join(value.lower().split()) for value in values)
    for name in names:
        if names.count(name) > 1:
            raise TableError(f"{path}:{line}:{name}: two columns are called {name!r}")
    return names


def _with_points(sheet: Sheet, lines: Sequence[Line]) -> tuple[Sequence[Line], tuple[str, ...]]:
    """Decimal commas as points, in a table separated by semicolons or tabs that has no points.

    A table in which every number could as well have its thousands set off ("1,234") is left as it
    is, and then refused: nothing says which was meant.
    """
    cells = [cell for _, values in lines for cell in values]
    commas = [cell for cell in cells if COMMA_DECIMAL.fullmatch(cell)]
    if sheet.separator not in (";", "\t") or any(POINT_DECIMAL.fullmatch(cell) for cell in cells):
        return lines, ()
    if not any(len(cell.split(",")[1]) != 3 or cell.lstrip("+-<>≤≥ ").startswith("0,") for cell in commas):
        return lines, ()
    changed = [
        (line, tuple(v.replace(",", ".") if COMMA_DECIMAL.fullmatch(v) else v for v in values))
        for line, values in lines
    ]
    example = commas[0]
    return changed, (f"decimal commas are read as points: {example} is {example.replace(',', '.')}",)
