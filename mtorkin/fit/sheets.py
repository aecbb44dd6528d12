"""Files as grids of text: CSV, TSV or XLSX, with the place of every cell.

What spreadsheets and instruments do to a table is undone here, once for every format: marks at the
start of a file, UTF-16, any line ends, any separator, whole numbers that became 15.0.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtorkin.errors import TableError

__all__ = ["Line", "Sheet", "column_letters", "read_sheets"]

Line = tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class Sheet:
    """A grid of text (no unit): `lines` are (number of the line, its cells, stripped).

    `name` is the sheet's in a workbook, and "" for a text file, whose `separator` is given.
    """

    path: str
    name: str
    lines: tuple[Line, ...]
    separator: str = ""

    def place(self, line: int, index: int | None = None) -> str:
        """Where a cell is: "book.xlsx:Sheet2!AD20", or "table.csv:20:column 30"."""
        if self.name:
            return f"{self.path}:{self.name}!{'' if index is None else column_letters(index)}{line}"
        return f"{self.path}:{line}" + ("" if index is None else f":column {index + 1}")


def column_letters(index: int) -> str:
    """Return what a spreadsheet calls a column counted from 0: 29 is AD (no unit)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_sheets(path: str | Path) -> tuple[Sheet, ...]:
    """Read every sheet of a workbook, or the one grid of a text file; empty lines are left out.

    Raises TableError where the file is missing, is not text, or is a workbook that cannot be read.
    """
    file = Path(path)
    if not file.is_file():
        raise TableError(f"{file}: there is no such file")
    if file.suffix.lower() in (".xlsx", ".xlsm"):
        return tuple(_workbook(file))
    if file.suffix.lower() in (".xls", ".ods", ".numbers"):
        raise TableError(f"{file}: {file.suffix} workbooks are not read; save it as XLSX or CSV UTF-8")
    text = _decoded(file)
    first = next((line for line in text.split("\n") if line.strip()), "")
    separator = max(",\t;", key=first.count)
    return (Sheet(str(file), "", tuple(_filled(_split(text, separator))), separator),)


def _filled(lines: Iterator[tuple[int, list[str]]]) -> Iterator[Line]:
    for number, values in lines:
        stripped = tuple(value.strip() for value in values)
        if any(stripped):
            yield number, stripped


def _split(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text.split("\n"), delimiter=separator, strict=False)
    start = 1
    for values in reader:
        yield start, values
        start = reader.line_num + 1


def _decoded(file: Path) -> str:
    raw = file.read_bytes()
    encoding = "utf-8-sig"
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif raw[:400].count(b"\x00") * 3 > len(raw[:400]):
        # UTF-16 without its mark: every other byte of Latin text is 0
        encoding = "utf-16-le" if raw[1:2] == b"\x00" else "utf-16-be"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise TableError(f"{file}:{line}: is not UTF-8 text; save the table as CSV UTF-8") from None
    if "\x00" in text:
        raise TableError(f"{file}:1: is not a text table; save it as CSV, TSV or XLSX")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _workbook(file: Path) -> Iterator[Sheet]:
    book, formulas = _opened(file, values=True), None
    for sheet in book.worksheets:
        found = [
            (number, [_as_text(value) for value in values])
            for number, values in enumerate(sheet.iter_rows(values_only=True), start=1)
        ]
        if any(not all(values) for _, values in found):
            formulas = formulas or _opened(file, values=False)
            _check_formulas(file, formulas[sheet.title], found)
        yield Sheet(str(file), str(sheet.title), tuple(_filled(iter(found))))
    book.close()
    if formulas is not None:
        formulas.close()


def _opened(file: Path, *, values: bool) -> Any:
    try:
        import openpyxl
    except ImportError:
        raise TableError(
            f"{file}: reading XLSX needs openpyxl: pip install 'mtorkin[xlsx]', or save as CSV"
        ) from None
    try:
        return openpyxl.load_workbook(file, data_only=values, read_only=True)
    except Exception as error:  # openpyxl raises whatever zipfile and XML raise
        raise TableError(f"{file}: cannot be read as XLSX: {error}") from None


def _check_formulas(file: Path, sheet: Any, found: list[tuple[int, list[str]]]) -> None:
    """Refuse a formula whose result is not stored: it would read as an empty cell."""
    for (number, values), cells in zip(found, sheet.iter_rows(values_only=True), strict=False):
        for index, (value, cell) in enumerate(zip(values, cells, strict=False)):
            if not value and isinstance(cell, str) and cell.startswith("="):
                place = f"{file}:{sheet.title}!{column_letters(index)}{number}"
                raise TableError(
                    f"{place}: the formula {cell} has no stored result; open the workbook in Excel "
                    "or LibreOffice and save it, or paste the values"
                )


def _as_text(value: object) -> str:
    if value is None:
        return ""
    # a spreadsheet keeps the lane "2" as 2.0
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
