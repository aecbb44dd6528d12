"""What is done with some sets under one protocol: in a thread, or wherever an executor sends it."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from mtorkin.arrays import Array, Indices
from mtorkin.errors import MtorkinError
from mtorkin.many.sets import filled, starts
from mtorkin.model import Model
from mtorkin.protocol import Protocol
from mtorkin.simulate import simulate

__all__ = ["Answer", "Work", "do", "do_sent", "prepare"]

Answer = tuple[Array, list[str]]


@dataclass(frozen=True, eq=False)
class Work:
    """One protocol for sets of which `own` and `places` say what the numbers mean (see `Sets`).

    `when` [min] (times,); `ids` are the observables or species that are wanted.
    """

    model: Model
    protocol: Protocol
    when: Array
    ids: tuple[str, ...]
    engine: str
    rtol: float
    atol: float
    independent: bool
    own: Array
    places: Indices


def prepare(work: Work) -> None:
    """Make what is made once for a network."""
    if work.engine == "native":
        from mtorkin.engines.native.tables import tables

        tables(work.model.equations)


def do(work: Work, given: Array, stopped: Callable[[], bool]) -> Answer:
    """Return values (sets, times, ids), nan where a set failed, and why each failed, or "".

    `given` (sets, columns) are numbers of the table. Ends early, with anything, where `stopped`.
    """
    values = filled(work.own, work.places, given)
    return (_native if work.engine == "native" else _one_by_one)(work, values, stopped)


def do_sent(work: bytes, given: Array) -> Answer:
    """Return the same for work that was pickled (module level, so that it can be sent)."""
    return do(_unpacked(work), given, lambda: False)


@lru_cache(maxsize=8)
def _unpacked(work: bytes) -> Work:
    """The same object for the same bytes, so that equations and tables are made once."""
    found: Work = pickle.loads(work)
    return found


def _native(work: Work, values: Array, stopped: Callable[[], bool]) -> Answer:
    from mtorkin.engines.native.library import load
    from mtorkin.engines.native.tables import tables
    from mtorkin.engines.native.task import Status, carry_out
    from mtorkin.many.planning import plan_of, reason

    model = work.model
    plan = plan_of(model, work.protocol, work.when, work.rtol, work.atol, not work.independent)
    constants = np.hstack([values, np.zeros((len(values), len(model.network.inputs)))])
    known = {o.id: i for i, o in enumerate(model.network.observables)}
    rank = {id: i for i, id in enumerate(model.equations.species)}
    of_species = any(id not in known for id in work.ids)
    made, call, begun = tables(model.equations), load().many, starts(model, values)
    found = carry_out(call, made, plan, constants, begun, of_species, True, stopped)
    result = np.empty((len(values), len(work.when), len(work.ids)))
    for k, id in enumerate(work.ids):
        rows, column = (found.observed, known[id]) if id in known else (found.species, rank[id])
        assert rows is not None
        result[..., k] = rows[..., column]
    reasons = [reason(model, plan, constants[i], found, i) for i in range(len(values))]
    for i in np.flatnonzero(~np.isfinite(result).all(axis=(1, 2))):
        reasons[i] = reasons[i] or "an observable is not a finite number"
    result[[bool(why) for why in reasons]] = np.nan
    _alone(work, values, found.status == Status.NOT_AT_REST, stopped, result, reasons)
    return result, reasons


def _alone(
    work: Work, values: Array, restless: Array, stopped: Callable[[], bool], result: Array, reasons: list[str]
) -> None:
    """Try sets that lanes do not bring to rest one by one, which finds more rests and is slower."""
    lost = np.flatnonzero(restless)
    if not len(lost):
        return
    found, why = _one_by_one(replace(work, engine="native"), values[lost], stopped)
    for i, row, reason in zip(lost, found, why, strict=True):
        if not reason and np.isfinite(row).all():
            result[i], reasons[i] = row, ""


def _one_by_one(work: Work, values: Array, stopped: Callable[[], bool]) -> Answer:
    """With an engine that does one simulation at a time."""
    ids = [p.id for p in work.model.network.parameters]
    result = np.full((len(values), len(work.when), len(work.ids)), np.nan)
    reasons = [""] * len(values)
    for i, row in enumerate(values):
        if stopped():
            break
        try:
            model = work.model.with_values(**dict(zip(ids, row.tolist(), strict=True)))
            seen = simulate(model, work.protocol, work.when, work.engine, work.rtol, work.atol)
        except MtorkinError as error:
            reasons[i] = str(error)
        else:
            result[i] = np.stack([seen[id] for id in work.ids], axis=-1)
    return result, reasons
