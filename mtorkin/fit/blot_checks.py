"""Checks that need more than one lane: doubles, units of time, copied blocks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mtorkin.errors import nearest
from mtorkin.fit.cells import Cells, Row

__all__ = ["check_lanes", "copied_blocks", "times_in_minutes"]

MINUTES_IN = {"min": 1.0, "s": 1 / 60, "h": 60.0}
# durations that people plan in hours; anything else above 15 min is planned in minutes
PLANNED_HOURS = {1, 2, 3, 4, 6, 8, 10, 12, 16, 18, 20, 24, 36, 48, 72, 96, 120}


def times_in_minutes(cells: Cells) -> list[float]:
    """The time of every lane (min), converted where the column `time_unit` says so.

    Raises TableError where a time is no number or negative, a unit is not s, min or h, or no unit
    is given and the times look like seconds.
    """
    times = []
    for row in cells.rows:
        time = row.number("time")
        if time < 0:
            raise row.error(
                "time",
                f"{time:g} is before the treatment; what cells were given before 0 belongs in the "
                "table of conditions, and the control lane has time 0",
            )
        unit = row.text("time_unit") or "min"
        if unit not in MINUTES_IN:
            raise row.error(
                "time_unit",
                f"unknown unit {unit!r}{nearest(unit, MINUTES_IN)}; allowed are s, min, h",
            )
        times.append(time * MINUTES_IN[unit])
    blots: dict[str, list[tuple[float, Row]]] = {}
    for time, row in zip(times, cells.rows, strict=True):
        if not row.text("time_unit"):
            blots.setdefault(row.text("blot"), []).append((time, row))
    for given in blots.values():
        if looks_like_seconds([time for time, _ in given]):
            late, row = max(given, key=lambda pair: pair[0])
            raise row.error(
                "time",
                f"{late:g}: these times look like seconds and are read as minutes ({late / 60:g} h); "
                "add a column time_unit with s (or with min, if they are right), or name the unit with "
                "time_unit (--time-unit)",
            )
    return times


def looks_like_seconds(times: Sequence[float]) -> bool:
    """Whether times (taken as min) make sense only as seconds.

    They do where all are whole multiples of 60, the last is past 15 h, and most are no number of
    hours that an experiment is planned in: 900, 1800, 3600 and 7200, but not 60, 360 and 1440.
    """
    later = sorted({time for time in times if time > 0})
    if not later or later[-1] < 900 or any(time % 60 for time in later):
        return False
    odd = [time for time in later if time / 60 not in PLANNED_HOURS]
    return 2 * len(odd) >= len(later)


def check_lanes(cells: Cells, table: pd.DataFrame) -> None:
    """Refuse doubled lanes and lanes that are two treatments at once.

    Raises TableError, naming both lines.
    """
    rows = {row.line: row for row in cells.rows}
    seen: dict[tuple[object, ...], int] = {}
    treated: dict[tuple[object, ...], tuple[str, float, int]] = {}
    for lane in table.itertuples(index=False):
        row = rows[int(lane.line)]  # type: ignore[arg-type]  # a cell
        key = (lane.blot, lane.lane, lane.target)
        if key in seen:
            raise row.error(
                "lane",
                f"lane {lane.lane!r} of blot {lane.blot!r} already has {lane.target} on line "
                f"{seen[key]}; technical repeats are blots of their own",
            )
        seen[key] = row.line
        now = (str(lane.condition), float(lane.time))  # type: ignore[arg-type]  # a cell
        condition, time, line = treated.setdefault((lane.blot, lane.lane), (*now, row.line))
        if (condition, time) != now:
            raise row.error(
                "condition" if condition != now[0] else "time",
                f"lane {lane.lane!r} of blot {lane.blot!r} is {now[0]} at {now[1]:g} min here and "
                f"{condition} at {time:g} min on line {line}",
            )


def copied_blocks(table: pd.DataFrame) -> list[str]:
    """A note for each pair of series with the same signals in the same lanes.

    Three or more equal grey values are a slip of the clipboard, not a measurement; where they are not
    the whole series, two at least must have more than the two digits that can be equal by chance.
    """
    series: dict[tuple[str, str], dict[tuple[object, ...], float]] = {}
    lines: dict[tuple[str, str], int] = {}
    for lane in table.itertuples(index=False):
        key = (str(lane.blot), str(lane.target))
        lines.setdefault(key, int(lane.line))  # type: ignore[arg-type]  # a cell
        place = (lane.condition, lane.time, lane.replicate if lane.blot == "" else "")
        series.setdefault(key, {}).setdefault(place, float(lane.signal))  # type: ignore[arg-type]  # a cell
    notes = []
    keys = list(series)
    for later, key in enumerate(keys):
        for other in keys[:later]:
            equal = _equal(series[key], series[other])
            if equal is None:
                continue
            which = "the signals" if equal == len(series[key]) else f"{equal} of the signals"
            notes.append(
                f"{which} of {key[1]} on blot {key[0]} are those of {other[1]} on blot "
                f"{other[0]}: copied? (first line {lines[key]})"
            )
            break
    return notes


def _equal(one: dict[tuple[object, ...], float], other: dict[tuple[object, ...], float]) -> int | None:
    """How many lanes of two series have the same signal, where that is no chance; else None."""
    shared = [place for place in one if place in other and one[place] == other[place]]
    if len(shared) < 3:
        return None
    long = [place for place in shared if digits(one[place]) >= 3]
    return len(shared) if len(shared) == len(one) or len(long) >= 2 else None


def digits(value: float) -> int:
    """Return how many digits of a number say something: 3 of 0.0120, 1 of 500 (no unit)."""
    return len(f"{abs(value):.15g}".split("e")[0].replace(".", "").strip("0"))
