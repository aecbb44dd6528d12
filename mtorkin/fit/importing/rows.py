"""Tables with a line an antibody and a column a time: "p-Akt S473 | 0 min | 15 min | 30 min"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mtorkin.errors import TableError
from mtorkin.fit.importing.labels import UNITS
from mtorkin.fit.importing.reading import Lane, Reading, not_measured
from mtorkin.fit.sheets import Sheet

__all__ = ["is_rows", "read_rows"]

TIME = re.compile(r"t?\s*=?\s*(\d+(?:\.\d+)?)\s*([a-z']*)", re.IGNORECASE)
MINUTES = {**UNITS, "m": "min"}  # beside "15s" and "1h", "2m" can only be minutes


def is_rows(head: Sequence[str]) -> bool:
    """Whether a header is words, then at least three times of which most have a unit."""
    times = _times(head)
    return (
        len(times) >= 3 and 0 not in times and 2 * sum(bool(unit) for _, unit in times.values()) > len(times)
    )


def _times(head: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Column -> (time, unit) for every cell of a header that is a time and nothing else."""
    found = {}
    for index, cell in enumerate(head):
        match = TIME.fullmatch(cell)
        if match and (not match.group(2) or match.group(2).lower() in MINUTES):
            found[index] = (match.group(1), MINUTES.get(match.group(2).lower(), ""))
    return found


def read_rows(sheet: Sheet, blot: str) -> Reading:
    """Read one line an antibody; other columns are the condition.

    Raises TableError where a value is 0 or less, as logarithms are, or a time other than 0 has no unit.
    """
    (line, head), *rest = sheet.lines
    times = _times(head)
    words = [index for index in range(1, len(head)) if index not in times]
    for index, (time, unit) in times.items():
        if not unit and float(time):
            raise TableError(
                f"{sheet.place(line, index)}: {head[index]!r} has no unit and the other times have"
            )
    lanes = []
    for number, cells in rest:
        condition = " ".join(cells[index] for index in words if index < len(cells) and cells[index]) or "all"
        for index, (time, unit) in times.items():
            text = cells[index] if index < len(cells) else ""
            place = sheet.place(number, index)
            _check(place, text)
            lanes.append(
                Lane(
                    sheet.path,
                    number,
                    place,
                    blot,
                    f"{condition} {head[index]}",
                    cells[0],
                    text,
                    condition=condition,
                    time=time,
                    time_unit=unit or "min",
                )
            )
    note = "values are taken as they are: a table with one line an antibody says no raw ones"
    return Reading("a table with one line an antibody and one column a time", tuple(lanes), (note,))


def _check(place: str, text: str) -> None:
    if not_measured(text):
        return
    try:
        value = float(text.lstrip("<>≤≥ "))
    except ValueError:
        raise TableError(f"{place}: {text!r} is not a number; write a number, <limit, or n.d.") from None
    if value <= 0:
        raise TableError(
            f"{place}: {text} is not above 0: are these logarithms? give the values themselves (2 to the "
            "power of a log2 ratio)"
        )
