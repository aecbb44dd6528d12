"""What each lane's cells were given: conditions as model inputs over time.

A condition table has the columns `condition`, `start` (min; `-inf` for "until steady"), `input`
and `value` (in the input's unit: nM for ligands and drugs, relative for nutrients) and,
optionally, `cell_line`. One line sets one input from one time on; inputs not named stay as they
are, as in a `Protocol`. A line with `-inf` and nothing more is a condition in which nothing is done:
cells at rest in full medium.
"""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from mtorkin.errors import TableError, listed, nearest
from mtorkin.fit.cells import Row, read_cells
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol

__all__ = ["Condition", "check_inputs", "read_conditions"]

NEEDED = ("condition", "start", "input", "value")
COLUMNS = (*NEEDED, "cell_line")


@dataclass(frozen=True)
class Condition:
    """A treatment of one kind of cells: name, cell line ("" for any) and protocol (min, nM).

    `places` says where a table first names each input ("file:line:column"), for messages.
    """

    name: str
    protocol: Protocol
    cell_line: str = ""
    places: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)


@dataclass
class _Draft:
    """A condition while its lines are read; `periods` maps start (min) to inputs.

    `nothing` is the line that says that nothing is done.
    """

    cell_line: str
    nothing: Row | None = None
    periods: dict[float, dict[str, float]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def read_conditions(path: str | os.PathLike[str]) -> Mapping[str, Condition]:
    """Conditions by name from a table (start in min, values in the inputs' units).

    Raises TableError where a column is missing, a number is none, a value is negative, an
    input is set twice at one time, or one is set where another line says that nothing is done.
    """
    table = read_cells(path)
    table.require(NEEDED, COLUMNS)
    drafts: dict[str, _Draft] = {}
    for row in table.rows:
        name = row.required("condition")
        draft = drafts.setdefault(name, _Draft(row.text("cell_line")))
        if row.text("cell_line") != draft.cell_line:
            raise row.error(
                "cell_line",
                f"{row.text('cell_line')!r}, but condition {name!r} has {draft.cell_line!r} above",
            )
        if not any(row.text(column) for column in ("start", "input", "value")):
            raise row.error(
                "start",
                f"condition {name!r} is still to be filled in: say when (start in min, or -inf), what "
                "(input) and how much (value), a line for each input; for cells that were not treated, "
                "-inf in start and nothing more",
            )
        if _does_nothing(row):
            draft.nothing = row
        else:
            _set_input(row, draft)
        if draft.nothing is not None and draft.periods:
            raise draft.nothing.error(
                "input", f"is empty: nothing is done in {name!r}, but another line of it sets an input"
            )
    return MappingProxyType({name: _condition(name, draft) for name, draft in drafts.items()})


def check_inputs(conditions: Mapping[str, Condition], allowed: Collection[str]) -> None:
    """Refuse conditions that set what is not among `allowed`, a model's inputs (no unit).

    Raises TableError, naming file, line and column where the condition comes from a table.
    """
    for condition in conditions.values():
        places = dict(condition.places)
        for period in condition.protocol.periods:
            for name, _ in period.inputs:
                if name not in allowed:
                    raise TableError(
                        f"{places.get(name, 'conditions')}: condition {condition.name!r} sets "
                        f"{name!r}, which is no input of this model{nearest(name, allowed)}; allowed "
                        f"are {listed(sorted(allowed))}; see `mtorkin show inputs`"
                    )


def _does_nothing(row: Row) -> bool:
    empty = not row.text("input") and not row.text("value")
    return empty and _start(row) == -math.inf


def _set_input(row: Row, draft: _Draft) -> None:
    inputs = draft.periods.setdefault(_start(row), {})
    quantity = row.required("input")
    if quantity in inputs:
        raise row.error("input", f"{quantity!r} is set twice at this time in {row.text('condition')!r}")
    inputs[quantity] = _value(row)
    draft.places.setdefault(quantity, row.place("input"))


def _condition(name: str, draft: _Draft) -> Condition:
    return Condition(name, _protocol(draft.periods), draft.cell_line, tuple(draft.places.items()))


def _start(row: Row) -> float:
    text = row.required("start").lower()
    if text in {"-inf", "until_steady", "until steady", "-infinity", "-∞"}:
        return -math.inf
    start = row.number("start")
    if start < 0:
        raise row.error("start", f"{start:g} min is before 0; use -inf for 'until steady'")
    return start


def _value(row: Row) -> float:
    value = row.number("value")
    if value < 0:
        raise row.error("value", f"{value:g} is negative; amounts are 0 or more")
    return value


def _protocol(periods: Mapping[float, Mapping[str, float]]) -> Protocol:
    """The periods in order; cells begin at rest in full medium unless a line says otherwise."""
    periods = {-math.inf: {}, **periods}
    return Protocol(
        *(
            Period(UNTIL_STEADY if start == -math.inf else start, **periods[start])
            for start in sorted(periods)
        )
    )
