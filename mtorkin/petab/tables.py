"""The tables and the YAML file of a PEtab problem, as text with the place of every cell."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtorkin.errors import nearest
from mtorkin.foreign.refusal import NotRead
from mtorkin.foreign.xml import file_bytes

__all__ = ["Row", "Table", "read_table", "read_yaml"]

LARGEST = 32 * 2**20  # bytes of a table
LARGEST_YAML = 2**20
MISSING = frozenset({"", "nan", "na", "n/a"})


@dataclass(frozen=True)
class Row:
    """One line: its place and its cells by column."""

    path: str
    line: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The cell, "" where it is empty, "nan" or the column is absent."""
        text = self.cells.get(column, "")
        return "" if text.lower() in MISSING else text

    def error(self, column: str, what: str) -> NotRead:
        """An error about a cell, to be raised by the caller."""
        return NotRead(f"{self.path}:{self.line}:{column}: {what}")

    def required(self, column: str) -> str:
        """The cell. Raises NotRead where it is empty."""
        if not self.text(column):
            raise self.error(column, "is empty")
        return self.text(column)

    def number(self, column: str) -> float:
        """The cell as a number, which may be infinite. Raises NotRead."""
        text = self.required(column)
        value = as_number(text)
        if value is None:
            raise self.error(column, f"{text[:80]!r} is not a number")
        return value


def as_number(text: str) -> float | None:
    """Return the number that a text is, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return None if math.isnan(value) or "_" in text else value


@dataclass(frozen=True)
class Table:
    """A table: its path, its columns in order, its rows."""

    path: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path, needed: Sequence[str]) -> Table:
    """Return a tab-separated table. Raises NotRead where it cannot be read or a column is missing."""
    name = path.name
    try:
        text = file_bytes(path, LARGEST).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotRead(f"{name}: not UTF-8 text (byte {error.start})") from None
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        read = list(csv.reader(lines, delimiter="\t"))
    except csv.Error as error:
        raise NotRead(f"{name}: not a table: {error}") from None
    if not read:
        raise NotRead(f"{name}: is empty")
    columns = tuple(cell.strip() for cell in read[0])
    for column in needed:
        if column not in columns:
            raise NotRead(
                f"{name}: has no column {column!r}{nearest(column, [c[:80] for c in columns[:100]])}"
            )
    named = [column for column in columns if column]
    if len(set(named)) < len(named):
        raise NotRead(f"{name}: a column is there twice")
    rows = []
    for line, cells in enumerate(read[1:], start=2):
        if len(cells) > len(columns):
            raise NotRead(f"{name}:{line}: has {len(cells)} cells and the header {len(columns)}")
        rows.append(Row(name, line, {c: x.strip() for c, x in zip(columns, cells, strict=False)}))
    return Table(name, columns, tuple(rows))


def read_yaml(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return what the YAML file of a problem says. Raises NotRead where it is none."""
    import yaml  # here: it is slow to import

    name = Path(path).name
    text = file_bytes(path, LARGEST_YAML)
    if b"&" in text or b"*" in text:
        raise NotRead(f"{name}: anchors and aliases are not read")
    try:
        found = yaml.load(text, Loader=yaml.BaseLoader)  # text, lists and mappings, nothing else
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        raise NotRead(f"{name}: not YAML: {' '.join(str(error).split())[:300]}") from None
    except RecursionError:
        raise NotRead(f"{name}: is nested too deeply") from None
    if not isinstance(found, dict):
        raise NotRead(f"{name}: is not the YAML file of a PEtab problem")
    return found
