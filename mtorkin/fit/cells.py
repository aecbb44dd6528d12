"""Tables as people keep them: CSV, TSV or XLSX, read as text with the place of every cell.

Values stay text until they are asked for, so that an error can name file, line and column and
quote what is there.
"""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mtorkin.errors import TableError, nearest

__all__ = ["Cells", "Row", "read_cells"]


@dataclass(frozen=True)
class Row:
    """One line of a table: its place and its cells by column (no unit)."""

    path: str
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The cell in `column`, stripped, "" where it is empty or the column is absent."""
        return self.cells.get(column, "")

    def place(self, column: str) -> str:
        """Where the cell is: "file:line:column"."""
        return f"{self.path}:{self.line}:{column}"

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
            value = float(text)
        except ValueError:
            hint = ""
            if text.count(",") == 1 and text.replace(",", "").lstrip("+-").isdigit():
                hint = "; write a point, not a comma, before the decimals"
            elif text.lower().rstrip(".") in {"n.d", "nd", "na", "n/a", "-", "none"}:
                hint = "; leave out the line of a lane that was not measured"
            raise self.error(column, f"{text!r} is not a number{hint}") from None
        if not math.isfinite(value):
            raise self.error(
                column,
                f"{text!r} is not a finite number; leave out the line of a lane that was not measured",
            )
        return value


@dataclass(frozen=True)
class Cells:
    """A table as text: its path, its columns in order and its lines (no unit)."""

    path: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

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
    """Read a CSV, TSV or XLSX table (no unit).

    The first line is the header; empty lines are skipped; `line` counts as an editor or the
    spreadsheet does. Text files are UTF-8 (or UTF-16 with its mark) with any line ends, separated
    by commas, tabs or semicolons, whichever the header has most of. Raises TableError where the
    file is missing, empty, unreadable, has two columns of one name, or a line is too long.
    """
    file = Path(path)
    if not file.is_file():
        raise TableError(f"{file}: there is no such file")
    lines = _xlsx_lines(file) if file.suffix.lower() == ".xlsx" else _text_lines(file)
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    for line, values in lines:
        stripped = [value.strip() for value in values]
        if not any(stripped):
            continue
        if not header:
            header = _checked_header(file, line, stripped)
            continue
        if any(stripped[len(header) :]):
            raise TableError(
                f"{file}:{line}: has {len(stripped)} cells under {len(header)} columns; put "
                "quotes around a cell that contains the separator"
            )
        rows.append(Row(str(file), line, dict(zip(header, stripped, strict=False))))
    if not header:
        raise TableError(f"{file}:1: the file is empty; its first line names the columns")
    return Cells(str(file), header, tuple(rows))


def _checked_header(file: Path, line: int, values: list[str]) -> tuple[str, ...]:
    while values and not values[-1]:
        values.pop()
    names = tuple(value.lower() for value in values)
    for name in names:
        if names.count(name) > 1:
            raise TableError(f"{file}:{line}:{name}: two columns are called {name!r}")
    return names


def _text_lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    raw = file.read_bytes()
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise TableError(f"{file}:{line}: is not UTF-8 text; save the table as CSV UTF-8") from None
    if "\x00" in text:
        raise TableError(f"{file}:1: is not a text table; save it as CSV, TSV or XLSX")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = next((line for line in text.split("\n") if line.strip()), "")
    separator = max(",\t;", key=first.count)
    reader = csv.reader(text.split("\n"), delimiter=separator, strict=False)
    start = 1
    for values in reader:
        yield start, values
        start = reader.line_num + 1


def _xlsx_lines(file: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        import openpyxl
    except ImportError:
        raise TableError(
            f"{file}: reading XLSX needs openpyxl: pip install 'mtorkin[xlsx]', or save as CSV"
        ) from None
    try:
        book = openpyxl.load_workbook(file, data_only=True, read_only=True)
    except Exception as error:  # openpyxl raises whatever zipfile and XML raise
        raise TableError(f"{file}: cannot be read as XLSX: {error}") from None
    sheet = book.worksheets[0]
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield line, ["" if value is None else str(value) for value in values]
    book.close()
