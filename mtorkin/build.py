"""``build``: the one place that knows both what the model says and what is done with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from mtorkin._resources import parameters_dir
from mtorkin.drugs import mechanisms_of
from mtorkin.errors import DeclarationError, TableError, nearest
from mtorkin.language import Mechanism
from mtorkin.language.mechanism import parameters_named
from mtorkin.mechanisms import ALL, ON_REQUEST
from mtorkin.model import Model
from mtorkin.network import Network, assemble
from mtorkin.tables import ParameterTable, read_overlay, read_tables

GENERIC = "generic"


def build(
    mechanisms: Sequence[Mechanism] | None = None, context: str = GENERIC, drugs: Iterable[str] = ()
) -> Model:
    """Return the model of some mechanisms (all by default) in a context, with the values of the tables.

    A variant is another sequence of mechanisms. `drugs` adds some by name, as `mtorkin.with_drugs`
    does. Raises DeclarationError where a mechanism lacks a partner or a drug is unknown, TableError
    where a parameter lacks a row or a unit differs.
    """
    chosen = tuple(ALL if mechanisms is None else mechanisms)
    network = _network((*chosen, *mechanisms_of(drugs, chosen)))
    table = _table()
    values = table.values_for(network)
    if mechanisms is None and (unused := sorted(set(table.unused(network)) - _named_on_request())):
        raise TableError(
            f"{table.rows[unused[0]].where}: {unused[0]} is a row without a parameter: no mechanism "
            f"declares it{nearest(unused[0], values)}. Remove the row, or declare the parameter"
        )
    model = Model(network, MappingProxyType(values), table, GENERIC)
    return in_context(model, context)


def in_context(model: Model, context: str) -> Model:
    """Return the generic model as cells of a context: that context's values laid over the model's.

    Values that the context does not name stay as they are in `model`. Raises DeclarationError for an
    unknown context, and for a model that is of another one already; TableError for an overlay that
    names unknown parameters.
    """
    if context == model.context:
        return model
    if model.context != GENERIC:
        raise DeclarationError(
            f"the model is of context {model.context!r}, so it cannot be made {context!r}; contexts are "
            f"laid over the {GENERIC} model"
        )
    values = {**model.values, **_in_context(context, model.table, model.values)}
    return replace(model, values=MappingProxyType(values), context=context)


def with_drugs(model: Model, *names: str) -> Model:
    """Return a model that has some drugs too, by any of their names (`mtorkin.drugs`).

    What the model has keeps its values, mutants among them (S2035T holds for every rapalog, as they
    share the rates onto FRB); what is new has those of the tables and of the model's context. Drugs
    that it has already change nothing. Raises DeclarationError for an unknown drug, and where the
    model lacks a partner of one.
    """
    have = model.network.mechanisms
    added = mechanisms_of(names, have)
    if not added:
        return model
    network = _network((*have, *added))
    values = model.table.values_for(network)
    values |= _in_context(model.context, model.table, values)
    values |= {id: value for id, value in model.values.items() if id in values}
    return replace(model, network=network, values=MappingProxyType(values))


def contexts() -> tuple[str, ...]:
    """Return the names of the cell contexts, the generic one first."""
    folder = parameters_dir() / "contexts"
    return (GENERIC, *sorted(p.stem for p in folder.glob("*.tsv")))


def mechanisms() -> tuple[str, ...]:
    """Return the names of all mechanisms, in the order in which they are assembled."""
    return tuple(m.name for m in ALL)


def _in_context(context: str, table: ParameterTable, wanted: Collection[str]) -> dict[str, float]:
    """Return what a context says of some parameters, each in its own unit.

    Raises DeclarationError for an unknown context, TableError for a bad overlay.
    """
    if context == GENERIC:
        return {}
    if context not in contexts():
        allowed = ", ".join(contexts())
        like = nearest(context, contexts()) or _naming(context)
        raise DeclarationError(f"no context {context!r}; there are {allowed}{like}")
    overlay = read_overlay(parameters_dir() / "contexts" / f"{context}.tsv", table.rows)
    return {id: value for id, value in overlay.items() if id in wanted}


def _naming(cells: str) -> str:
    """The end of a message that proposes the context whose table names some cells (A549)."""
    folder = parameters_dir() / "contexts"
    word = re.compile(rf"\b{re.escape(cells)}\b", re.IGNORECASE)
    found = [p.stem for p in sorted(folder.glob("*.tsv")) if word.search(p.read_text(encoding="utf-8"))]
    return f"; {cells} is {found[0]!r} here" if len(found) == 1 else ""


@lru_cache(maxsize=16)
def _network(mechanisms: tuple[Mechanism, ...]) -> Network:
    """Return the network of some mechanisms, assembled once."""
    return assemble(mechanisms)


def _named_on_request() -> set[str]:
    """Parameters of the drugs that the standard model leaves out."""
    return {p.id for m in ON_REQUEST for p in parameters_named(m)}


@lru_cache(maxsize=1)
def _table() -> ParameterTable:
    return read_tables(parameters_dir())
