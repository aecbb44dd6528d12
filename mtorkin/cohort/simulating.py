"""A cohort under a protocol: each patient is simulated, and one that cannot be is reported."""

from __future__ import annotations

import math
import multiprocessing
import pickle
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mtorkin.arrays import Array
from mtorkin.cohort.patients import Cohort
from mtorkin.engines import default_engine, engine_named
from mtorkin.errors import DeclarationError, MtorkinError
from mtorkin.model import Model
from mtorkin.pickles import dumps
from mtorkin.protocol import Protocol, check
from mtorkin.simulate import checked_times, simulate
from mtorkin.trajectory import resolved

__all__ = ["simulate_cohort"]

RTOL, ATOL = 1e-4, 1e-6  # patients differ by far more

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class _Task:
    """What is done with every patient."""

    protocol: Protocol
    times: Array
    readouts: tuple[str, ...]
    engine: str
    rtol: float
    atol: float


def simulate_cohort(
    cohort: Cohort,
    protocol: Protocol,
    times: Sequence[float] | Array,
    readouts: Iterable[str],
    *,
    engine: str | None = None,
    rtol: float = RTOL,
    atol: float = ATOL,
    jobs: int = 1,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return patient, time [min], the readouts [their own units] and failed, one row a patient and time.

    A patient whose simulation fails has the reason in `failed` and no numbers; `failed` is "" for
    the others. `jobs` processes share the work, with the same result whatever their number; a
    process that dies fails its patients. `engine` is the fastest there
    is, if left out. `progress(done, all)` is called as patients are done.
    Raises DeclarationError for an unknown readout, input or engine, and for times that are not
    increasing numbers from 0 up.
    """
    name = default_engine() if engine is None else engine
    engine_named(name)
    check(protocol, cohort.model.network)
    when = checked_times(times)
    known = (*(o.id for o in cohort.model.network.observables), *cohort.model.equations.species)
    ids = tuple(dict.fromkeys(resolved(each, known)[0] for each in readouts))
    if not ids:
        raise DeclarationError("no readouts are asked of the cohort; name at least one observable")
    if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1:
        raise DeclarationError(f"jobs is {jobs!r}; give a whole number of processes from 1 up")
    task = _Task(protocol, when, ids, name, rtol, atol)
    models = cohort.models
    if jobs > 1:
        results = _in_pool(task, models, min(jobs, len(models)), progress)
    else:
        results = []
        for done, model in enumerate(models, start=1):
            results.append(_one(task, model))
            if progress is not None:
                progress(done, len(models))
    rows = [_frame(task, patient, each) for patient, each in zip(cohort.factors.index, results, strict=True)]
    return pd.concat(rows, ignore_index=True)


def _one(task: _Task, model: Model) -> Array | str:
    """The readouts, shape (times, readouts), or why there are none."""
    try:
        path = simulate(model, task.protocol, task.times, task.engine, task.rtol, task.atol)
    except MtorkinError as error:
        return str(error)
    found: Array = np.column_stack([path[id] for id in task.readouts])
    return found if np.isfinite(found).all() else "a readout is not a finite number"


def _in_pool(task: _Task, models: Sequence[Model], jobs: int, progress: Progress | None) -> list[Array | str]:
    """Fresh interpreters ("spawn"), each with one share of the patients, to compile equations once."""
    shares = [range(i, len(models), jobs) for i in range(jobs)]
    results: list[Array | str] = [""] * len(models)
    done = 0
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
    try:
        futures = [pool.submit(_work, dumps((task, [models[i] for i in share]))) for share in shares]
        for share, future in zip(shares, futures, strict=True):
            try:
                found = future.result()
            except BrokenProcessPool as error:
                found = [f"the process that simulated it died: {error}" for _ in share]
            for i, each in zip(share, found, strict=True):
                results[i] = each
            done += len(share)
            if progress is not None:
                progress(done, len(models))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return results


def _work(task: bytes) -> list[Array | str]:
    """What a worker does (module level, so that it can be sent)."""
    what, models = pickle.loads(task)
    return [_one(what, model) for model in models]


def _frame(task: _Task, patient: int, result: Array | str) -> pd.DataFrame:
    failed = result if isinstance(result, str) else ""
    values = np.full((len(task.times), len(task.readouts)), math.nan) if isinstance(result, str) else result
    frame = pd.DataFrame(values, columns=list(task.readouts))
    frame.insert(0, "patient", patient)
    frame.insert(1, "time", task.times)
    frame["failed"] = failed
    return frame
