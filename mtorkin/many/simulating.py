"""Many parameter sets under many protocols: lanes of the native engine, threads or an executor."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mtorkin.arrays import Array
from mtorkin.engines import default_engine, engine_named
from mtorkin.errors import DeclarationError, MtorkinError
from mtorkin.many.sets import Sets, conditions_of, sets_of
from mtorkin.model import Model
from mtorkin.pickles import dumps
from mtorkin.protocol import Protocol, check
from mtorkin.simulate import checked_times, simulate
from mtorkin.trajectory import resolved

if TYPE_CHECKING:
    import xarray

__all__ = ["simulate_many"]

CHUNK = 256  # sets that one call of the engine does
LOOK = 0.2  # s between looks at whether the user interrupts

Progress = Callable[[int, int], None]
Answer = tuple[Array, list[str]]
Reasons = npt.NDArray[np.object_]
Places = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class _Task:
    """What is done with some sets: `values` (sets, parameters), `starts` (sets, species) [nM]."""

    model: Model
    protocol: Protocol
    when: Array
    ids: tuple[str, ...]
    engine: str
    rtol: float
    atol: float


def simulate_many(
    model: Model,
    protocols: Protocol | Mapping[str, Protocol] | Iterable[Protocol],
    parameters: pd.DataFrame | None,
    times: Sequence[float] | Array,
    *,
    observables: Iterable[str] | None = None,
    engine: str | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    threads: int = 1,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> xarray.Dataset:
    """Return `value` [own units] by set, condition, time [min] and observable, and why sets `failed`.

    `parameters` has one row a set and parameters as columns; what it leaves out is the model's.
    `protocols` are the conditions, by name or in order; `observables` are ids of observables or
    species, all observables by default. Values are those of `simulate` within the tolerances. A set
    that cannot be simulated is nan, and `failed` (set, condition) has the reason, else "". A set's
    numbers depend neither on the other sets nor on how the work is shared: by `threads` of this
    process, or by an `executor` of concurrent.futures. `engine` is "native" where that is built, else
    "scipy". `progress(done, all)` counts sets times conditions. An interrupt stops all threads.

    Steady states are found as `simulate` finds them, but for the eigenvalues: a run must come nearer
    to them. Raises DeclarationError for an unknown id, input or engine, times that do not increase,
    and tolerances that are not positive.
    """
    name = default_engine() if engine is None else engine
    engine_named(name)
    when = checked_times(times)
    for what, value in (("rtol", rtol), ("atol", atol)):
        if not (np.isfinite(value) and value > 0):
            raise DeclarationError(f"{what} is {value}; a tolerance is a positive number")
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise DeclarationError(f"threads is {threads!r}; give a whole number from 1 up")
    conditions = conditions_of(protocols)
    for each in conditions.values():
        check(each, model.network)
    ids = _ids(model, observables)
    sets = sets_of(model, parameters)
    tasks = [_Task(model, each, when, ids, name, rtol, atol) for each in conditions.values()]
    values = np.full((len(sets.values), len(tasks), len(when), len(ids)), np.nan)
    failed = np.array([[why] * len(tasks) for why in sets.refused], dtype=object).reshape(-1, len(tasks))
    _fill(tasks, sets, values, failed, threads, executor, progress)
    return _dataset(model, sets, list(conditions), when, ids, values, failed)


def _ids(model: Model, asked: Iterable[str] | None) -> tuple[str, ...]:
    known = tuple(o.id for o in model.network.observables)
    if asked is None:
        return known
    ids = tuple(dict.fromkeys(resolved(id, (*known, *model.equations.species))[0] for id in asked))
    if not ids:
        raise DeclarationError("no observables are asked for; name at least one, or leave it out for all")
    return ids


def _fill(
    tasks: list[_Task],
    sets: Sets,
    values: Array,
    failed: Reasons,
    threads: int,
    executor: Executor | None,
    progress: Progress | None,
) -> None:
    """Put results into `values` and reasons into `failed`, chunk by chunk."""
    good: Places = np.flatnonzero([not why for why in sets.refused])
    starts = sets.starts(tasks[0].model)
    total, done = len(sets.values) * len(tasks), (len(sets.values) - len(good)) * len(tasks)
    stop = threading.Event()
    with _workers(threads, executor, stop) as submit:
        pending: dict[Future[Answer], tuple[int, Places]] = {}
        size = max(1, min(CHUNK, -(-len(good) // threads)))
        for c, task in enumerate(tasks):
            for first in range(0, len(good), size):
                rows: Places = good[first : first + size]
                pending[submit(task, sets.values[rows], starts[rows])] = (c, rows)
        while pending:
            ready, _ = wait(pending, timeout=LOOK, return_when="FIRST_COMPLETED")
            for future in ready:
                c, rows = pending.pop(future)
                values[rows, c], failed[rows, c] = future.result()
                done += len(rows)
                if progress is not None:
                    progress(done, total)


Submit = Callable[[_Task, Array, Array], "Future[Answer]"]


@contextmanager
def _workers(threads: int, executor: Executor | None, stop: threading.Event) -> Iterator[Submit]:
    """What work is handed to. On an error or interrupt, work that has begun is told to stop."""
    if executor is not None:
        sent: list[Future[Answer]] = []

        def send(task: _Task, values: Array, starts: Array) -> Future[Answer]:
            sent.append(executor.submit(_work, dumps(task), values, starts))
            return sent[-1]

        try:
            yield send
        finally:
            for future in sent:
                future.cancel()
        return
    pool = ThreadPoolExecutor(threads)
    try:
        yield lambda task, values, starts: pool.submit(_do, task, values, starts, stop.is_set)
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _work(task: bytes, values: Array, starts: Array) -> Answer:
    """What a worker does (module level, so that it can be sent)."""
    return _do(_unpacked(task), values, starts, lambda: False)


@lru_cache(maxsize=8)
def _unpacked(task: bytes) -> _Task:
    """The same object for the same bytes, so that equations and tables are made once."""
    return pickle.loads(task)  # type: ignore[no-any-return]


def _do(task: _Task, values: Array, starts: Array, stopped: Callable[[], bool]) -> Answer:
    return (_native if task.engine == "native" else _one_by_one)(task, values, starts, stopped)


def _native(task: _Task, values: Array, starts: Array, stopped: Callable[[], bool]) -> Answer:
    from mtorkin.engines.native.library import load
    from mtorkin.engines.native.tables import tables
    from mtorkin.engines.native.task import carry_out
    from mtorkin.many.planning import plan_of, reason

    model = task.model
    plan = plan_of(model, task.protocol, task.when, task.rtol, task.atol)
    constants = np.hstack([values, np.zeros((len(values), len(model.network.inputs)))])
    known = [o.id for o in model.network.observables]
    species = [model.equations.species.index(id) for id in task.ids if id not in known]
    made, call = tables(model.equations), load().many
    found = carry_out(call, made, plan, constants, starts, bool(species), True, stopped)
    assert found.observed is not None
    parts = []
    for id in task.ids:
        if id in known:
            parts.append(found.observed[..., known.index(id)])
        else:
            assert found.species is not None
            parts.append(found.species[..., model.equations.species.index(id)])
    result = np.stack(parts, axis=-1)
    reasons = [reason(model, plan, constants[i], found, i) for i in range(len(values))]
    for i in np.flatnonzero(~np.isfinite(result).all(axis=(1, 2))):
        reasons[i] = reasons[i] or "an observable is not a finite number"
    result[[bool(why) for why in reasons]] = np.nan
    return result, reasons


def _one_by_one(task: _Task, values: Array, _: Array, stopped: Callable[[], bool]) -> Answer:
    """With an engine that does one simulation at a time."""
    ids = [p.id for p in task.model.network.parameters]
    result = np.full((len(values), len(task.when), len(task.ids)), np.nan)
    reasons = [""] * len(values)
    for i, row in enumerate(values):
        if stopped():
            break
        try:
            model = task.model.with_values(**dict(zip(ids, row.tolist(), strict=True)))
            seen = simulate(model, task.protocol, task.when, task.engine, task.rtol, task.atol)
        except MtorkinError as error:
            reasons[i] = str(error)
        else:
            result[i] = np.stack([seen[id] for id in task.ids], axis=-1)
    return result, reasons


def _dataset(
    model: Model,
    sets: Sets,
    conditions: list[str],
    when: Array,
    ids: tuple[str, ...],
    values: Array,
    failed: Reasons,
) -> xarray.Dataset:
    import xarray  # here: it takes half a second, and most runs do not need it

    units = {o.id: o.unit for o in model.network.observables}
    return xarray.Dataset(
        {
            "value": (("set", "condition", "time", "observable"), values),
            "failed": (("set", "condition"), failed.astype(str)),
        },
        coords={
            "set": sets.index.to_numpy(),
            "condition": conditions,
            "time": ("time", when, {"units": "min"}),
            "observable": list(ids),
            "unit": ("observable", [units.get(id, "nM") for id in ids]),
        },
    )
