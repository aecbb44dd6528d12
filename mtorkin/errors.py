"""What can go wrong, in three kinds.

A modeller's mistake is a `DeclarationError`, a mistake in a file of numbers or data is a
`TableError`, and a simulation that could not be done is a `SimulationError`. Each message says
what is wrong, where, what is allowed, the nearest match, and the usual fix, in that order.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "DeclarationError",
    "MtorkinError",
    "SimulationError",
    "TableError",
    "closest",
    "counted",
    "listed",
    "nearest",
]

LISTED = 12  # names that a message lists before it only counts


class MtorkinError(Exception):
    """Anything that mtorkin refuses or fails to do; the message is meant for the user."""


class DeclarationError(MtorkinError):
    """A molecule, rule, parameter, protocol or call names or combines what it must not."""


class TableError(MtorkinError):
    """A file of parameters or measurements cannot be used: names file, line and column."""


class SimulationError(MtorkinError):
    """An integration or a search for a steady state failed: names period, time and species."""


def listed(names: Iterable[str], most: int = LISTED) -> str:
    """Names for a message, cut where there are many: "a, b, c … and 12 more" (no unit)."""
    known = list(names)
    if len(known) <= most + 2:  # not for the sake of one or two
        return ", ".join(known)
    return f"{', '.join(known[:most])} … and {len(known) - most} more"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number of things: "1 lane", "3 lanes", "2 antibodies" (no unit)."""
    if number == 1:
        return f"1 {noun}"
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {plural or many}"


def nearest(name: str, allowed: Iterable[str], cutoff: float = 0.6) -> str:
    """The end of an error message that proposes a name (no unit).

    Returns "; did you mean 'x'?" with the allowed name most like `name`, letter case aside, or
    "" when none is close (a likeness of `cutoff`, 1 for the same).
    """
    found = closest(name, allowed, cutoff)
    return f"; did you mean {found!r}?" if found else ""


def closest(name: str, allowed: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the allowed name most like `name`, letter case aside; "" when none is close (no unit)."""
    spelled = {candidate.lower(): candidate for candidate in sorted(allowed, reverse=True)}
    close = difflib.get_close_matches(name.lower(), sorted(spelled), n=1, cutoff=cutoff)
    return spelled[close[0]] if close else ""
