"""``build``: the one place that knows both what the model says and what is done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from mtorkin._resources import parameters_dir
from mtorkin.errors import DeclarationError, TableError, nearest
from mtorkin.language import Mechanism
from mtorkin.mechanisms import ALL, OPTIONAL
from mtorkin.model import Model
from mtorkin.network import Network, assemble
from mtorkin.tables import ParameterTable, read_overlay, read_tables

GENERIC = "generic"


def build(mechanisms: Sequence[Mechanism] | None = None, context: str = GENERIC) -> Model:
    """Return the model of some mechanisms (all by default) in a context, with the values of the tables.

    A variant is another sequence of mechanisms. Raises DeclarationError where a mechanism lacks a
    partner, TableError where a parameter lacks a row or a unit differs.
    """
    network = _network(tuple(ALL if mechanisms is None else mechanisms))
    table = _table()
    values = table.values_for(network)
    on_request = {m.name for m in OPTIONAL}
    unused = [id for id in table.unused(network) if table.origin[id] not in on_request]
    if mechanisms is None and unused:
        raise TableError(
            f"{table.rows[unused[0]].where}: {unused[0]} is a row without a parameter: no mechanism "
            f"declares it{nearest(unused[0], values)}. Remove the row, or declare the parameter"
        )
    return in_context(Model(network, MappingProxyType(values), table, GENERIC), context)


def in_context(model: Model, context: str) -> Model:
    """Return the generic model as cells of a context: that context's values laid over the model's.

    Values that the context does not name stay as they are in `model`. Raises DeclarationError for an
    unknown context, and for a model that is of another one already; TableError for an overlay that
    names unknown parameters.
    """
    if context not in contexts():
        allowed = ", ".join(contexts())
        raise DeclarationError(f"no context {context!r}; there are {allowed}{nearest(context, contexts())}")
    if context == model.context:
        return model
    if model.context != GENERIC:
        raise DeclarationError(
            f"the model is of context {model.context!r}, so it cannot be made {context!r}; contexts are "
            f"laid over the {GENERIC} model"
        )
    overlay = read_overlay(parameters_dir() / "contexts" / f"{context}.tsv", model.table.rows)
    values = dict(model.values) | {k: v for k, v in overlay.items() if k in model.values}
    return replace(model, values=MappingProxyType(values), context=context)


def contexts() -> tuple[str, ...]:
    """Return the names of the cell contexts, the generic one first."""
    folder = parameters_dir() / "contexts"
    return (GENERIC, *sorted(p.stem for p in folder.glob("*.tsv")))


def mechanisms() -> tuple[str, ...]:
    """Return the names of all mechanisms, in the order in which they are assembled."""
    return tuple(m.name for m in ALL)


@lru_cache(maxsize=16)
def _network(mechanisms: tuple[Mechanism, ...]) -> Network:
    return assemble(mechanisms)


@lru_cache(maxsize=1)
def _table() -> ParameterTable:
    return read_tables(parameters_dir())
