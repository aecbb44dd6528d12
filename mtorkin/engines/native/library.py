"""The compiled part of the native engine: loaded once, the widest library that this processor runs.

The structures are those of `src/task.h`. Calls go through ctypes, which lets go of the interpreter's
lock while they last.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines.native import compile
from mtorkin.engines.native.tables import Tables
from mtorkin.errors import SimulationError

__all__ = ["Call", "Library", "NotBuilt", "load", "missing", "pointer", "table_block"]

KINDS = ("base", "avx2", "avx512")  # in the order of mtorkin_processor
SCALARS = ("species", "constants", "inputs", "numbers", "registers", "observables")
PLACES = ("y_at", "p_at", "f_at", "o_at", "dense", "totals", "g_at", "unknowns")
LISTS = (
    "order",
    *("prelude", "rates", "jacobian", "observe", "slopes"),
    *("j_starts", "j_columns", "j_registers", "species_of", "row_of", "kept"),
    *("l_starts", "l_columns", "u_starts"),
    *("row_sizes", "j_places", "blank_starts", "blanks"),
    *("update_starts", "updates", "l_terms", "u_terms"),
)
TOTALS = ("t_starts", "t_columns", "t_dependent", "t_weights")
_INT, _POINTER = ctypes.c_int32, ctypes.c_void_p


class NotBuilt(SimulationError):
    """The native engine has not been compiled here."""


class TableBlock(ctypes.Structure):
    """`Tables` of src/task.h."""

    _fields_ = [
        *((name, _INT) for name in (*SCALARS, *PLACES)),
        ("number_values", _POINTER),
        *((name, _POINTER) for name in LISTS),
        ("l_count", ctypes.c_int64),
        ("u_count", ctypes.c_int64),
        *((name, _POINTER) for name in TOTALS),
    ]


class TaskBlock(ctypes.Structure):
    """`Task` of src/task.h."""

    _fields_ = [
        *((name, _INT) for name in ("sets", "periods", "times", "steady")),
        *((name, _INT) for name in ("most_steps", "most_order", "shared", "reserved")),
        *((name, ctypes.c_double) for name in ("rtol", "atol", "negative", "rest_rtol", "rest_atol")),
        *(
            (name, _POINTER)
            for name in (
                *("constants", "start", "inputs", "begin", "end", "when"),
                *("times_to", "doses_to", "dose_species", "dose_values"),
                *("species_seen", "observed", "last", "status", "culprit", "stopped_at", "counts"),
            )
        ),
    ]


class FollowBlock(ctypes.Structure):
    """`Follow` of src/task.h."""

    _fields_ = [
        *((name, _INT) for name in ("count", "terms", "controlled", "reserved")),
        *(
            (name, _POINTER)
            for name in (
                *("start", "scale", "term_direction", "term_species", "term_entry", "term_period"),
                *("dose_direction", "seen"),
            )
        ),
    ]


@dataclass(frozen=True)
class Call:
    """The functions for one lane, or for many side by side."""

    begin: Callable[..., int | None]
    advance: Callable[[int, int], int]
    end: Callable[[int], None]
    evaluate: Callable[..., None]
    solve: Callable[..., int]


@dataclass(frozen=True)
class Library:
    """What is loaded: which `kind`, and how many `lanes` it has."""

    kind: str
    lanes: int
    one: Call
    many: Call
    follow: Callable[[int, int], int]


@lru_cache(maxsize=1)
def load() -> Library:
    """Return the library for this processor (no unit). Raises NotBuilt, saying what is missing."""
    base = _open("base")
    kinds = KINDS[: base.mtorkin_processor() + 1]
    kind = next(k for k in reversed(kinds) if k == "base" or compile.library(k).is_file())
    found = base if kind == "base" else _open(kind)
    found.mtorkin_follow.restype, found.mtorkin_follow.argtypes = ctypes.c_int, [_POINTER, _POINTER]
    lanes = found.mtorkin_lanes_many()
    return Library(kind, lanes, _calls(found, "one"), _calls(found, "many"), found.mtorkin_follow)


def missing() -> str:
    """Return why the native engine cannot be used, or nothing (no unit)."""
    try:
        load()
    except NotBuilt as error:
        return str(error)
    return ""


def _open(kind: str) -> Any:
    path = compile.library(kind)
    again = "Run `make native` in a checkout, or install mtorkin again where a C++ compiler is"
    try:
        found = ctypes.CDLL(str(path))
    except OSError as error:
        why = str(error) if path.is_file() else f"there is no {path.name}"
        raise NotBuilt(f"the native engine is not built here ({why}). {again}") from error
    found.mtorkin_sources.restype = ctypes.c_char_p
    if found.mtorkin_sources().decode() != compile.fingerprint():
        raise NotBuilt(f"the native engine was built from other sources than these. {again}")
    return found


def _calls(found: Any, which: str) -> Call:
    names = ("begin", "advance", "end", "evaluate", "solve")
    begin, advance, end, evaluate, solve = (getattr(found, f"mtorkin_{name}_{which}") for name in names)
    begin.restype, begin.argtypes = _POINTER, [_POINTER, _POINTER]
    advance.restype, advance.argtypes = ctypes.c_int, [_POINTER, ctypes.c_int]
    end.restype, end.argtypes = None, [_POINTER]
    evaluate.restype, evaluate.argtypes = None, [_POINTER, *[ctypes.c_int] * 2, *[_POINTER] * 5]
    solve.restype, solve.argtypes = ctypes.c_int, [_POINTER, ctypes.c_int, *[_POINTER] * 3]
    return Call(begin, advance, end, evaluate, solve)


def pointer(array: Array | np.ndarray[Any, Any] | None) -> int | None:
    """Return the address of an array that is contiguous; whoever calls keeps the array (no unit)."""
    if array is None:
        return None
    assert array.flags.c_contiguous, "a strided array would be read wrongly"
    return int(array.ctypes.data)


@lru_cache(maxsize=16)
def table_block(tables: Tables, inputs: int) -> TableBlock:
    """Return the structure of a network's tables, which live as long, since they are kept with it."""
    factors, work = tables.factors, tables.elimination
    lists = {name: getattr(tables, name, None) for name in (*LISTS, *TOTALS)}
    lists |= {name: getattr(x, name) for x in (factors, work) for name in LISTS if hasattr(x, name)}
    scalars = {
        "species": len(tables.order),
        "constants": tables.constants,
        "inputs": inputs,
        "numbers": len(tables.numbers),
        "registers": tables.registers,
        "observables": tables.observables,
        "dense": factors.dense,
        "totals": len(tables.t_dependent),
        "unknowns": len(tables.species_of),
        "l_count": len(work.l_terms),
        "u_count": len(work.u_terms),
    }
    places = {name: getattr(tables, name) for name in PLACES if hasattr(tables, name)}
    addresses = {name: pointer(array) for name, array in lists.items()}
    return TableBlock(**scalars, **places, number_values=pointer(tables.numbers), **addresses)
