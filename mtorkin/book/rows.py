"""Reads `rows.tsv`: the mechanisms that the review names, in its order, and where each is in the model.

A row points at things of the model by their ids: files in `mechanisms/`, molecules, reactions,
observables, inputs, and quantities (assignments, loads, parameters, mutants). A rule makes a
reaction for each state that it meets; a row names all of them by what their ids share, up to the
first double underscore. `without` is the smallest removal that takes the mechanism out (see
`removal`), and `fails` the criterion, as claim and number, that is then not met.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from mtorkin.errors import TableError

__all__ = ["HOW", "LISTS", "Row", "read_rows", "rows_of", "stem"]

# in which way the model has a mechanism
HOW = MappingProxyType(
    {
        "state": "molecules and their states",
        "reaction": "reactions, or the rates of others",
        "readout": "something that is computed from states and read",
        "input": "something that is given to the cells",
        "lumped": "simplified: the note says what stands for what",
    }
)
LISTS = ("file", "molecules", "reactions", "observables", "inputs", "quantities", "claims", "tests")
POINTERS = ("molecules", "reactions", "observables", "inputs", "quantities")


@dataclass(frozen=True)
class Row:
    """One mechanism of the review; `group` and `mechanism` are its wording in the table of models."""

    number: int
    group: str
    mechanism: str
    how: str
    file: tuple[str, ...]
    molecules: tuple[str, ...]
    reactions: tuple[str, ...]
    observables: tuple[str, ...]
    inputs: tuple[str, ...]
    quantities: tuple[str, ...]
    claims: tuple[str, ...]
    tests: tuple[str, ...]
    without: str
    fails: str
    note: str

    def points_at(self, id: str) -> bool:
        """Whether the row names this thing of the model; a reaction by what its family's ids share."""
        return stem(id) in self.reactions or any(
            id in getattr(self, name) for name in POINTERS if name != "reactions"
        )

    def is_in(self, mechanism: str) -> bool:
        """Whether it lives in the file of this mechanism."""
        return mechanism in self.file


COLUMNS = tuple(f.name for f in fields(Row))


def stem(reaction: str) -> str:
    """Return what the ids of the reactions of one rule share: all up to the first ``__``."""
    return reaction.partition("__")[0]


@lru_cache(maxsize=1)
def read_rows() -> tuple[Row, ...]:
    """Return all rows, in order. Raises TableError, naming line and column, for a table that is damaged."""
    path = Path(__file__).with_name("rows.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not table or tuple(table[0]) != COLUMNS:
        raise TableError(f"{path.name}: the columns are not {', '.join(COLUMNS)}")
    return tuple(_row(cells, f"{path.name}, line {line}") for line, cells in enumerate(table[1:], start=2))


def rows_of(*names: str) -> tuple[Row, ...]:
    """Return the rows that point at any of some names: mechanisms, or things of the model."""
    return tuple(row for row in read_rows() if any(row.is_in(name) or row.points_at(name) for name in names))


def _row(cells: Iterable[str], where: str) -> Row:
    given = list(cells)
    if len(given) != len(COLUMNS):
        raise TableError(f"{where} has {len(given)} cells; there are {len(COLUMNS)} columns")
    found = dict(zip(COLUMNS, given, strict=True))
    if not found["number"].isdigit():
        raise TableError(f"{where}: number is {found['number']!r}")
    if found["how"] not in HOW:
        raise TableError(f"{where}: how is {found['how']!r}; it is one of {', '.join(HOW)}")
    lists = {name: tuple(found[name].split()) for name in LISTS}
    texts = {name: found[name] for name in COLUMNS if name not in (*LISTS, "number")}
    return Row(number=int(found["number"]), **texts, **lists)  # type: ignore[arg-type]  # by the names of fields
