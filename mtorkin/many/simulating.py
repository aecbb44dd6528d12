"""Many parameter sets under many protocols: lanes of the native engine, threads or an executor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mtorkin.arrays import Array
from mtorkin.engines import default_engine, engine_named
from mtorkin.errors import DeclarationError
from mtorkin.many.sets import Sets, conditions_of, sets_of
from mtorkin.many.sharing import Progress, Reasons, fill
from mtorkin.many.work import Work
from mtorkin.model import Model
from mtorkin.protocol import Protocol, check
from mtorkin.simulate import checked_times
from mtorkin.trajectory import resolved_all

if TYPE_CHECKING:
    import xarray

__all__ = ["simulate_many"]


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
    independent: bool = True,
    progress: Progress | None = None,
) -> xarray.Dataset:
    """Return `value` [own units] by set, condition, time [min] and observable, and why sets `failed`.

    `parameters` has one row a set and parameters as columns; what it leaves out is the model's.
    `protocols` are the conditions, by name or in order; `observables` are ids of observables or
    species, all observables by default. Values are those of `simulate` within the tolerances. A set
    that cannot be simulated is nan, and `failed` (set, condition) has the reason, else "". A set's
    numbers depend neither on the other sets nor on how the work is shared: by `threads` of this
    process, or by an `executor` of concurrent.futures. Where they need not be `independent`, they may
    differ within the tolerances with what else is simulated, which saves up to a tenth of the time.
    `engine` is "native" where that is built, else "scipy". `progress(done, all)` counts sets times
    conditions. An interrupt stops all threads.

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
    if executor is not None and not hasattr(executor, "submit"):
        raise DeclarationError(f"executor is {executor!r}; give one of concurrent.futures, or threads=2")
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise DeclarationError(f"threads is {threads!r}; give a whole number from 1 up")
    conditions = conditions_of(protocols)
    for each in conditions.values():
        check(each, model.network)
    known = tuple(o.id for o in model.network.observables)
    all_ids = (*known, *model.equations.species)
    ids = known if observables is None else resolved_all(observables, all_ids, "observables")
    sets = sets_of(model, parameters)
    how = (when, ids, name, float(rtol), float(atol), independent, sets.own, sets.places)
    work = [Work(model, each, *how) for each in conditions.values()]
    values = np.full((len(sets.refused), len(work), len(when), len(ids)), np.nan)
    failed = np.array([[why] * len(work) for why in sets.refused], dtype=object).reshape(-1, len(work))
    fill(work, sets, values, failed, threads, executor, progress)
    return _dataset(model, sets, list(conditions), when, ids, values, failed)


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
            "failed": (("set", "condition"), failed),
        },
        coords={
            "set": sets.index.to_numpy(),
            "condition": conditions,
            "time": ("time", when, {"units": "min"}),
            "observable": list(ids),
            "unit": ("observable", [units.get(id, "nM") for id in ids]),
        },
    )
