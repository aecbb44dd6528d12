"""The small grammar of the command line: `id=value`, durations, periods.

A word that cannot be read is a `DeclarationError` that names the option and quotes the word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence

from mtorkin.errors import DeclarationError, listed, nearest
from mtorkin.errors import counted as counted  # one of the words here

MINUTES = {"": 1.0, "s": 1 / 60, "min": 1.0, "h": 60.0, "d": 1440.0}
MOST_PROPOSED = 6
MOST_LISTED = 40  # of more, the first dozen says nothing
STEADY = ("steady", "until-steady", "-inf")


def number(text: str, option: str) -> float:
    """Return a finite number (no unit). Raises DeclarationError naming the option."""
    try:
        value = float(text)
    except ValueError:
        hint = "; write a point before the decimals" if "," in text else ""
        raise DeclarationError(
            f"{option}: {text!r} is not a number{hint}; give a bare number, in the unit that "
            "`mtorkin show` gives"
        ) from None
    if not math.isfinite(value):
        raise DeclarationError(f"{option}: {text!r} is not a finite number")
    return value


def plain_number(name: str, text: str, option: str) -> float:
    """Return the number of a word `name=text`, which is in the unit of what is named."""
    return number(text, f"{option} {name}={text}")


def assignments(
    words: Iterable[str], option: str, value_of: Callable[[str, str, str], float] = plain_number
) -> dict[str, float]:
    """Return `id=value` words as a mapping; values in the units of what is named.

    `value_of` reads the value of a name (name, text, option). Raises DeclarationError for a word
    without "=", an empty id, an id given twice, no number.
    """
    found: dict[str, float] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name.strip():
            raise DeclarationError(f"{option} {word!r}: write it as NAME=NUMBER, without spaces")
        if name.strip() in found:
            raise DeclarationError(f"{option}: {name.strip()} is given twice")
        found[name.strip()] = value_of(name.strip(), value.strip(), option)
    return found


def minutes(text: str, option: str) -> float:
    """Return a duration [min]: "90", "90min", "1.5h", "3d", "30s".

    Raises DeclarationError for anything else, and for what is not a finite number from 0 up.
    """
    match = re.fullmatch(r"\s*([-+0-9.eE]+|nan|inf)\s*([A-Za-z]*)\s*", text)
    unit = match.group(2) if match else ""
    if not match or unit not in MINUTES:
        allowed = [u for u in MINUTES if u]
        hint = nearest(unit, allowed) if unit else ""
        raise DeclarationError(
            f"{option}: {text!r} is not a time{hint}; write minutes (90) or a number with one of "
            f"{', '.join(allowed)} (1.5h)"
        )
    value = number(match.group(1), option) * MINUTES[unit]
    if value < 0:
        raise DeclarationError(f"{option}: {text!r} is before 0; times are 0 or later")
    return value


def period(
    text: str, value_of: Callable[[str, str, str], float] = plain_number
) -> tuple[float | None, dict[str, float]]:
    """Return the start [min] (None: until steady) and the inputs of a word such as "30 insulin=1".

    `value_of` reads values, as in `assignments`. Raises DeclarationError for anything else.
    """
    start, *inputs = text.split() or [""]
    option = f"--period {text!r}"
    if "=" in start or not start:
        raise DeclarationError(
            f"{option}: begin with the time at which it starts (minutes, 24h, or 'steady'), then "
            "NAME=NUMBER, as in --period '0 rapamycin=100'"
        )
    begins = None if start.lower() in STEADY else minutes(start, option)
    return begins, assignments(inputs, option, value_of)


def names(text: str | None) -> list[str] | None:
    """Return the names in a list separated by commas or blanks; None for None."""
    return None if text is None else [name for name in re.split(r"[,\s]+", text) if name]


def known(name: str, allowed: Sequence[str], what: str, hint: str) -> str:
    """Return `name`. Raises DeclarationError, with the nearest match, where it is not allowed."""
    if name in allowed:
        return name
    some = listed(allowed) if len(allowed) <= MOST_LISTED else f"{len(allowed)} of them"
    like = nearest(name, allowed) or _containing(name, allowed)
    raise DeclarationError(f"no {what} {name!r}{like} (there are {some}); {hint}")


def _containing(name: str, allowed: Sequence[str]) -> str:
    """The end of a message that proposes what a part of a name begins: S6K or pS6K for S6K_pT389."""
    begin = {f"{part.lower()}_" for part in (name, re.sub(r"^(phospho|p)-?", "", name))}
    found = [other for other in allowed if other.lower().startswith(tuple(begin))]
    return f"; did you mean one of {', '.join(found[:MOST_PROPOSED])}?" if found else ""


def clock(time: float) -> str:
    """Return a time [min] as people write it: "30 min", "6 h", "3 d"."""
    if time < 120 and time != 60:
        return f"{time:g} min"
    return f"{time / 60:g} h"
