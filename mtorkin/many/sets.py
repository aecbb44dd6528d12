"""Tables of parameter sets, and protocols with names: what is allowed, and what it means."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mtorkin.arrays import Array, Indices
from mtorkin.errors import DeclarationError, nearest
from mtorkin.language.expression import evaluate
from mtorkin.model import Model
from mtorkin.protocol import Protocol

__all__ = ["Sets", "conditions_of", "filled", "sets_of", "starts"]


@dataclass(frozen=True, eq=False)
class Sets:
    """Parameter sets: `index` is that of the table, `own` (parameters,) the model's, in the network's order.

    `given` (sets, columns) are the numbers of the table and `places` (columns,) whose they are.
    `refused` (sets,) says why a set is none, or "". All numbers of all sets are never there at once.
    """

    index: pd.Index
    own: Array
    places: Indices
    given: Array
    refused: tuple[str, ...]


def filled(own: Array, places: Indices, given: Array) -> Array:
    """Return all parameters of some sets [own units], shape (sets, parameters): see `Sets`."""
    found = np.tile(own, (len(given), 1))
    found[:, places] = given
    return found


def starts(model: Model, values: Array) -> Array:
    """Return the declared concentrations [nM] of some sets (sets, parameters), shape (sets, species)."""
    ids = (p.id for p in model.network.parameters)
    columns = dict(zip(ids, values.T, strict=True))
    found = np.empty((len(values), len(model.network.species)))
    for j, species in enumerate(model.network.species):
        found[:, j] = evaluate(species.initial, columns)
    return found


def sets_of(model: Model, table: pd.DataFrame | None) -> Sets:
    """Return the sets of a table whose columns are parameter ids; those left out are the model's.

    Without a table there is one set, the model's own. Numbers that no parameter can have refuse
    their set. Raises DeclarationError for an unknown id, one given twice, rows of one name, or what is no
    number.
    """
    frame = pd.DataFrame(index=[0]) if table is None else table
    known = {p.id: j for j, p in enumerate(model.network.parameters)}
    _check(frame, known)
    most = [p.at_most for p in model.network.parameters]
    reasons = [""] * len(frame)
    given = np.empty((len(frame), len(frame.columns)))
    for k, id in enumerate(frame.columns):
        try:
            column = frame[id].to_numpy(dtype=float)
        except (TypeError, ValueError) as error:
            raise DeclarationError(f"column {id!r} of the table of sets: {error}") from None
        given[:, k] = column
        for i in np.flatnonzero(~(np.isfinite(column) & (column >= 0) & (column <= most[known[id]]))):
            limit = most[known[id]]
            reach = "from 0 up" if math.isinf(limit) else f"from 0 to {limit:g}"
            reasons[i] = reasons[i] or f"{id} = {column[i]:g}: it is a finite number {reach}"
    own = np.array([model.values[id] for id in known], dtype=float)
    places = np.array([known[id] for id in frame.columns], dtype=np.int32)
    return Sets(frame.index, own, places, given, tuple(reasons))


def _check(frame: pd.DataFrame, known: Mapping[str, int]) -> None:
    """Raise DeclarationError for what is no table, for unknown columns, and for names given twice."""
    if not isinstance(frame, pd.DataFrame):
        raise DeclarationError(
            f"the table of sets is a {type(frame).__name__}; give a pandas.DataFrame with a row a set and "
            "parameters as columns"
        )
    for id in frame.columns:
        if id not in known:
            raise DeclarationError(
                f"no parameter {id!r}{nearest(str(id), known)} (see model.parameters); the columns of a "
                "table of sets are parameters"
            )
    for names, what in ((frame.columns, "columns"), (frame.index, "rows")):
        if names.has_duplicates:
            twice = names[names.duplicated()][0]
            raise DeclarationError(f"the table of sets has two {what} {twice!r}; give each once")


def conditions_of(
    protocols: Protocol | Mapping[str, Protocol] | Iterable[Protocol],
) -> dict[str, Protocol]:
    """Return protocols by name (no unit); those without have numbers from 0 on.

    Raises DeclarationError where there is none, or something else.
    """
    if isinstance(protocols, Protocol):
        named = {"0": protocols}
    elif isinstance(protocols, Mapping):
        named = {str(name): each for name, each in protocols.items()}
    else:
        named = {str(i): each for i, each in enumerate(protocols)}
    for name, each in named.items():
        if not isinstance(each, Protocol):
            raise DeclarationError(f"condition {name!r} is {each!r}; give a Protocol")
    if not named:
        raise DeclarationError("no protocols are given; give at least one")
    return named
