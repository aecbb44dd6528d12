"""What a row of the book says to take out: values, inputs and mutants, whole mechanisms."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from mtorkin.errors import DeclarationError

__all__ = ["Removal", "removal"]

SET = re.compile(r"(?P<id>\w+) = (?P<value>[\d.e+-]+)")


@dataclass(frozen=True)
class Removal:
    """`values` that parameters get, inputs and mutants that are `never` given, mechanisms `dropped`."""

    values: tuple[tuple[str, float], ...] = ()
    never: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def removal(text: str) -> Removal:
    """Return what a text such as ``"k_PIP3 = 0; never insulin; drop hypoxia"`` takes out.

    Raises DeclarationError for anything else.
    """
    values, words = [], {"never": [], "drop": []}  # type: tuple[list[tuple[str, float]], dict[str, list[str]]]
    for part in text.split(";"):
        verb, _, name = part.strip().partition(" ")
        if verb in words and re.fullmatch(r"\w+", name):
            words[verb].append(name)
        elif found := SET.fullmatch(part.strip()):
            values.append((found["id"], _number(found["value"], text)))
        else:
            raise DeclarationError(
                f"{part.strip()!r} takes nothing out; say 'id = number', 'never input' or 'drop mechanism'"
            )
    return Removal(tuple(values), tuple(words["never"]), tuple(words["drop"]))


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise DeclarationError(f"{where!r}: {text!r} is no number")
    return value
