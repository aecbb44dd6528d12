"""What a row of the book says to take out: values, inputs and mutants, whole mechanisms."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from mtorkin.errors import DeclarationError

__all__ = ["Removal", "removal"]

SET, NAMED = re.compile(r"(\w+) = (\S+)"), re.compile(r"(never|drop) (\w+)")


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
    values: list[tuple[str, float]] = []
    names: dict[str, list[str]] = {"never": [], "drop": []}
    for part in (p.strip() for p in text.split(";")):
        if named := NAMED.fullmatch(part):
            names[named[1]].append(named[2])
        elif found := SET.fullmatch(part):
            values.append((found[1], _number(found[2], part)))
        else:
            raise DeclarationError(
                f"{part!r} takes nothing out; say 'id = number', 'never input' or 'drop mechanism'"
            )
    return Removal(tuple(values), tuple(names["never"]), tuple(names["drop"]))


def _number(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise DeclarationError(f"{where!r}: {text!r} is no finite number")
    return value
