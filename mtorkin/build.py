"""``build``: the one place that knows both what the model says and what is done with it."""

from __future__ import annotations

from collections.abc import Sequence
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
    if context != GENERIC:
        if context not in contexts():
            allowed = ", ".join(contexts())
            raise DeclarationError(
                f"no context {context!r}; there are {allowed}{nearest(context, contexts())}"
            )
        overlay = read_overlay(parameters_dir() / "contexts" / f"{context}.tsv", table.rows)
        values |= {k: v for k, v in overlay.items() if k in values}
    return Model(network, MappingProxyType(values), table, context)


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
