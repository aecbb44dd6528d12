"""Parameter tables: one PEtab v2 parameter table a mechanism, with columns that say where a number
is from.

``parameters/<mechanism>.tsv`` gives every parameter that the mechanism is the first to use;
``abundances.tsv`` gives what a cell holds. A table is never edited by a fit or a context: those are
overlays (``parameterId, nominalValue``), laid over it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from mtorkin.errors import TableError, nearest
from mtorkin.language.unit import UNITS
from mtorkin.network import Network

EVIDENCE = ("measured", "derived", "fitted", "assumed")


@dataclass(frozen=True)
class Row:
    """One parameter: the PEtab v2 columns, then unit and provenance."""

    parameterId: str
    nominalValue: float
    lowerBound: float
    upperBound: float
    estimate: bool
    priorDistribution: str
    priorParameters: tuple[float, ...]
    unit: str
    evidence: str
    source: str
    locator: str
    verified: bool
    system: str
    note: str
    where: str = ""


COLUMNS = tuple(f.name for f in fields(Row) if f.name != "where")


@dataclass(frozen=True)
class ParameterTable:
    """Rows by parameter id, and the table (file stem) each came from."""

    rows: Mapping[str, Row]
    origin: Mapping[str, str]

    def values_for(self, network: Network) -> dict[str, float]:
        """Return the value of every parameter of a network, in its order.

        Raises TableError for a parameter without a row and for a unit that differs.
        """
        for p in network.parameters:
            if p.id not in self.rows:
                raise TableError(
                    f"parameter {p.id} [{p.unit}] has no row in any table of parameters/"
                    f"{nearest(p.id, self.rows)}. Add it to the table of its mechanism; an abundance, "
                    "to abundances.tsv"
                )
            row = self.rows[p.id]
            if row.unit != p.unit:
                raise TableError(f"{row.where}: {p.id} has unit {row.unit!r}; the model declares {p.unit!r}")
        return {p.id: self.rows[p.id].nominalValue for p in network.parameters}

    def unused(self, network: Network) -> list[str]:
        """Return rows that no parameter of the network uses."""
        used = {p.id for p in network.parameters}
        return [id for id in self.rows if id not in used]


def read_tables(folder: Path) -> ParameterTable:
    """Read every ``*.tsv`` in a folder (not its sub-folders).

    Raises TableError naming file, line and column.
    """
    rows: dict[str, Row] = {}
    origin: dict[str, str] = {}
    paths = sorted(folder.glob("*.tsv"))
    if not paths:
        raise TableError(f"{folder} holds no parameter table (*.tsv)")
    for path in paths:
        for row in read_table(path):
            if row.parameterId in rows:
                raise TableError(
                    f"{row.where}: {row.parameterId} is given twice, first in {rows[row.parameterId].where}"
                )
            rows[row.parameterId] = row
            origin[row.parameterId] = path.stem
    return ParameterTable(rows, origin)


def read_table(path: Path) -> tuple[Row, ...]:
    """Read one parameter table."""
    return tuple(_row(record, where) for record, where in _records(path, COLUMNS))


def read_overlay(path: Path, allowed: Iterable[str]) -> dict[str, float]:
    """Read an overlay: ``parameterId`` and ``nominalValue`` (other columns are for readers).

    Raises TableError for an id that is not allowed, with the nearest match.
    """
    known = set(allowed)
    values: dict[str, float] = {}
    for record, where in _records(path, ("parameterId", "nominalValue")):
        id = record["parameterId"]
        if id not in known:
            raise TableError(f"{where}: no parameter {id!r}{nearest(id, known)}")
        if id in values:
            raise TableError(f"{where}: {id} is given twice")
        values[id] = _number(record, "nominalValue", where)
    return values


def _records(path: Path, needed: tuple[str, ...]) -> list[tuple[dict[str, str], str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")  # spreadsheets write a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        raise TableError(f"{path}: {_unreadable(path, error)}") from error
    lines = [
        (n, line.split("\t"))  # a quotation mark is a letter here: csv would let it swallow a tab
        for n, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    ]
    first, header = lines[0] if lines else (1, [""])
    if missing := [c for c in needed if c not in header]:
        raise TableError(
            f"{path.name}:{first}: column {missing[0]!r} is missing; the columns are "
            f"{', '.join(needed)}{nearest(missing[0], header)}. Is the file tab-separated?"
        )
    records = []
    for n, cells in lines[1:]:
        where = f"{path.name}:{n}"
        if len(cells) != len(header):
            raise TableError(f"{where}: has another number of columns than the header ({len(header)})")
        records.append((dict(zip(header, map(str.strip, cells), strict=True)), where))
    if not records:
        raise TableError(f"{path.name}: holds no rows")
    return records


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> str:
    if path.is_dir():
        return "is a folder; name a table in it (TSV)"
    if isinstance(error, UnicodeDecodeError):
        return (
            "is not text; a table of parameters is TSV in UTF-8, with the columns parameterId, nominalValue"
        )
    return f"cannot be read ({error.strerror})"


def _number(record: Mapping[str, str], column: str, where: str) -> float:
    try:
        value = float(record[column])
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise TableError(
            f"{where}: column {column!r} of {record['parameterId']} is {record[column]!r}; "
            "it must be a finite number from 0 up"
        )
    return value


def _choice(record: Mapping[str, str], column: str, allowed: Iterable[str], where: str) -> str:
    options = list(allowed)
    if record[column] not in options:
        raise TableError(
            f"{where}: column {column!r} is {record[column]!r}; it must be one of "
            f"{', '.join(repr(o) for o in options)}{nearest(record[column], options)}"
        )
    return record[column]


def _row(record: Mapping[str, str], where: str) -> Row:
    value, low, high = (_number(record, c, where) for c in ("nominalValue", "lowerBound", "upperBound"))
    id = record["parameterId"]
    if not low <= value <= high:
        raise TableError(f"{where}: {id} = {value} lies outside its bounds {low}..{high}")
    evidence = _choice(record, "evidence", EVIDENCE, where)
    if not record["source"] and evidence != "assumed":
        raise TableError(f"{where}: {id} is {evidence!r} but names no source; without one it is 'assumed'")
    verified = _choice(record, "verified", ("yes", "no"), where) == "yes"
    if verified and not record["source"]:
        raise TableError(f"{where}: {id} is verified but names no source that was read")
    prior = _choice(record, "priorDistribution", ("", "log-normal"), where)
    try:
        numbers = tuple(float(x) for x in record["priorParameters"].split(";") if x)
    except ValueError as error:
        raise TableError(f"{where}: column 'priorParameters': {error}") from error
    if prior and not (len(numbers) == 2 and all(map(math.isfinite, numbers)) and numbers[1] > 0):
        raise TableError(f"{where}: a log-normal prior needs 'mean;sd' of the natural logarithm")
    return Row(
        id,
        value,
        low,
        high,
        _choice(record, "estimate", ("true", "false"), where) == "true",
        prior,
        numbers,
        _choice(record, "unit", UNITS, where),
        evidence,
        record["source"],
        record["locator"],
        verified,
        record["system"],
        record["note"],
        where,
    )
