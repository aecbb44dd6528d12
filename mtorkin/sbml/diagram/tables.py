"""Where things stand in the pictures: three tables, in units of a grid.

`nodes.tsv` has a row a box: the picture, a name by which arcs call the box, the species (empty for an
input or a dose, which is no species), how it looks, what is written on it, and where its centre is.
`arcs.tsv` has a row an influence on a reaction that is no reactant of it; a test asks the model
whether it is there and has that sign (`hidden` leaves a reaction out of a picture). `areas.tsv` has
what lies behind: compartments and organelles.
Reactions have no table: one is drawn where all that takes part in it is.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mtorkin.errors import TableError

__all__ = ["ARCS", "KINDS", "ArcRow", "AreaRow", "NodeRow", "read_arcs", "read_areas", "read_nodes"]

KINDS = ("protein", "complex", "drug", "molecule", "input")
ARCS = ("activator", "inhibitor", "hidden")


@dataclass(frozen=True)
class NodeRow:
    """A box: `x` and `y` [grid units] of its centre, to the right and down."""

    picture: str
    name: str
    species: str
    kind: str
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class ArcRow:
    """What a box does to a reaction; `bend` [1] is how far the arc leaves the straight line."""

    picture: str
    reaction: str
    node: str
    role: str
    bend: float


@dataclass(frozen=True)
class AreaRow:
    """A rectangle [grid units] behind the boxes: a compartment of the model, or only a picture of a place."""

    picture: str
    compartment: str
    label: str
    left: float
    top: float
    right: float
    bottom: float


@lru_cache(maxsize=1)
def read_nodes() -> tuple[NodeRow, ...]:
    """Return the rows of nodes.tsv. Raises TableError, naming the line, for a damaged table."""
    rows = []
    for where, c in _cells("nodes.tsv", 7):
        rows.append(NodeRow(c[0], c[1], c[2], _one_of(c[3], KINDS, where), c[4], *_numbers(c[5:], where)))
    return tuple(rows)


@lru_cache(maxsize=1)
def read_arcs() -> tuple[ArcRow, ...]:
    """Return the rows of arcs.tsv. Raises TableError, naming the line, for a damaged table."""
    return tuple(
        ArcRow(c[0], c[1], c[2], _one_of(c[3], ARCS, where), *_numbers(c[4:], where))
        for where, c in _cells("arcs.tsv", 5)
    )


@lru_cache(maxsize=1)
def read_areas() -> tuple[AreaRow, ...]:
    """Return the rows of areas.tsv. Raises TableError, naming the line, for a damaged table."""
    return tuple(AreaRow(c[0], c[1], c[2], *_numbers(c[3:], where)) for where, c in _cells("areas.tsv", 7))


def _cells(name: str, columns: int) -> list[tuple[str, list[str]]]:
    path = Path(__file__).with_name(name)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = []
    for n, cells in enumerate(rows[1:], start=2):
        if len(cells) != columns:
            raise TableError(f"{name}, line {n} has {len(cells)} cells; there are {columns} columns")
        found.append((f"{name}, line {n}", cells))
    return found


def _one_of(value: str, allowed: tuple[str, ...], where: str) -> str:
    if value not in allowed:
        raise TableError(f"{where}: {value!r} is none of {', '.join(allowed)}")
    return value


def _numbers(cells: list[str], where: str) -> list[float]:
    try:
        return [float(x) for x in cells]
    except ValueError as error:
        raise TableError(f"{where}: {error}") from error
