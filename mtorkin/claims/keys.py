"""Checks of tables in files of claims: keys that exist, numbers that are numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from mtorkin.claims.statement import Pairs
from mtorkin.errors import TableError, nearest

__all__ = ["as_list", "check_keys", "number", "pairs", "text", "texts"]


def check_keys(item: Any, allowed: Iterable[str], needed: Iterable[str], where: str) -> None:
    """Raise TableError where `item` is no table, has a key not allowed, or lacks one (no unit)."""
    if not isinstance(item, Mapping):
        raise TableError(f"{where} is {item!r}; it must be a table of keys and values")
    options = tuple(allowed)
    for key in item:
        if key not in options:
            raise TableError(
                f"{where}: unknown key {key!r}{nearest(key, options)} (there are: {', '.join(options)})"
            )
    for key in needed:
        if key not in item:
            raise TableError(f"{where} lacks {key!r}")


def number(value: Any, where: str) -> float:
    """Return a finite number from 0 up. Raises TableError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise TableError(f"{where} is {value!r}; it must be a finite number from 0 up")
    return float(value)


def pairs(item: Any, where: str) -> Pairs:
    """Return names with numbers from 0 up. Raises TableError for anything else."""
    if not isinstance(item, Mapping):
        raise TableError(f"{where} is {item!r}; it must be a table of names and numbers")
    return tuple((name, number(value, f"{where}: {name}")) for name, value in item.items())


def text(value: Any, where: str) -> str:
    """Return a text that is not empty. Raises TableError for anything else."""
    if not isinstance(value, str) or not value.strip():
        raise TableError(f"{where} is {value!r}; it must be a text")
    return value


def texts(value: Any, where: str) -> tuple[str, ...]:
    """Return texts, of which a single one needs no brackets. Raises TableError for anything else."""
    return tuple(text(each, where) for each in as_list(value))


def as_list(item: Any) -> list[Any]:
    """Return a list as it is, and anything else as a list of one (no unit)."""
    return item if isinstance(item, list) else [item]
