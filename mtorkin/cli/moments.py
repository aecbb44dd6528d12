"""Telling times of a run: the first, the last, each change of what is given, and round times after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mtorkin.cli import words

if TYPE_CHECKING:
    from mtorkin.arrays import Array

# min after a change
SHOWN = (1, 5, 15, 30, 60, 120, 240, 360, 720, 1440, 2880, 4320, 5760, 7200, 10080)
ALONE, LAST, BEFORE = 5, 4, 1  # how many times of a stretch: the only one, the last of several, the others
STRETCHES = 3
NEAR = 120.0  # min after a change: until then, times are told from it


def moments(times: Array, changes: Sequence[float]) -> list[int]:
    """Return the rows of about seven telling times of a table; `times` and `changes` are minutes.

    Of more than three stretches between changes, the first and the last two are shown.
    """
    first, last = float(times[0]), float(times[-1])
    begins = [first, *(c for c in changes if first < c < last)]
    kept = [begins[0], *begins[1:][-(STRETCHES - 1) :]]
    wanted = [first]
    for begin in kept:
        end = min([c for c in begins if c > begin], default=last)
        most = BEFORE if begin != kept[-1] else ALONE if len(kept) == 1 else LAST
        wanted += [begin, *_spaced(_between(begin, end, changes), most)]
    return list(dict.fromkeys(int(abs(times - t).argmin()) for t in (*wanted, last)))


def heading(time: float, changes: Sequence[float]) -> str:
    """Return a time [min] as a table is headed: "30 min", "16 h", "16 h + 5 min"."""
    before = max([c for c in changes if 0 < c < time], default=0.0)
    if before and time not in changes and time - before <= NEAR:
        return f"{_said(before)} + {_said(time - before)}"
    return _said(time)


def _between(begin: float, end: float, changes: Sequence[float]) -> list[float]:
    """Round times after a change; where a table begins later than one, round times of the clock."""
    if begin == 0 or begin in changes:
        return [begin + t for t in SHOWN if begin + t < end]
    found = [float(t) for t in SHOWN if begin < t < end]
    return found or [begin + (end - begin) * i / (ALONE + 1) for i in range(1, ALONE + 1)]


def _spaced(times: list[float], most: int) -> list[float]:
    if most == 1:
        return times[len(times) // 2 :][:1]
    count = min(most, len(times))
    places = [round(i * (len(times) - 1) / max(count - 1, 1)) for i in range(count)]
    return [times[i] for i in dict.fromkeys(places)]


def _said(time: float) -> str:
    """A time [min]: "45 min", "1.5 h", "10 h 20 min"."""
    hours, minutes = divmod(float(f"{time:.4g}"), 60)
    whole = minutes % 30 == 0 or time < NEAR
    return words.clock(float(f"{time:.4g}")) if whole else f"{hours:g} h {minutes:g} min"
