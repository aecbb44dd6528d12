"""What the compiled engine is to do, and what came out: arrays in the network's own order."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from mtorkin.arrays import Array, Indices
from mtorkin.engines.native.library import Call, TaskBlock, pointer, table_block
from mtorkin.engines.native.tables import Tables
from mtorkin.errors import SimulationError

__all__ = ["Plan", "Results", "Status", "carry_out"]

FIRST_ROUNDS = 64
SHORT, LONG = 0.02, 0.08  # s before Python looks whether it was interrupted
REST_RTOL, REST_ATOL = 5e-4, 1e-8  # of steps towards rest; Newton's method makes it exact
Integers = npt.NDArray[np.integer[Any]]


class Status(IntEnum):
    """How a simulation ended, as in `src/task.h`."""

    WAITING = 0
    DONE = 1
    NO_NUMBER = 2
    STEP_TOO_SMALL = 3
    TOO_MANY_STEPS = 4
    NOT_AT_REST = 5
    BELOW_ZERO = 6


@dataclass(frozen=True, eq=False)
class Plan:
    """The time axis that all sets share.

    `begin`, `end` [min] and `inputs` (periods, inputs) by period; `times` [min], shape (times,), of
    which the first `times_to[k]` are not after the end of period k; likewise the first
    `doses_to[k]` of `doses`, which are pairs of species and concentration [nM], given at its start.
    `steady`: the first period ends where nothing changes any more. `negative` [nM] is how far below
    0 a concentration may be. `most_order` limits the order of the steps. `shared`: the factors of all
    lanes are renewed when one lane needs it, which is faster and makes a set's result depend, within the
    tolerances, on its neighbours.
    """

    begin: Array
    end: Array
    inputs: Array
    times: Array
    times_to: Indices
    doses_to: Indices
    doses: tuple[tuple[int, float], ...]
    rtol: float
    atol: float
    most_steps: int
    steady: bool = False
    negative: float = np.inf
    most_order: int = 5
    shared: bool = False


@dataclass(frozen=True, eq=False)
class Results:
    """By set: `species` (sets, times, species) [nM], `observed` (sets, times, observables), `last`
    (sets, species) [nM], `status`, `stopped_at` [min] and `counts` (sets, 4): steps, Newton
    iterations, factorisations, failed error tests; `culprit` the species below 0.
    What was not reached is nan, what was not asked for None.
    """

    species: Array | None
    observed: Array | None
    last: Array
    status: Indices
    culprit: Indices
    stopped_at: Array
    counts: Integers


@dataclass(eq=False)
class _Blocks:
    """The structures for one call, and everything they point to."""

    tables: ctypes.Structure
    task: ctypes.Structure
    kept: list[Any] = field(default_factory=list)


def carry_out(
    call: Call,
    tables: Tables,
    plan: Plan,
    constants: Array,
    start: Array,
    species: bool = True,
    observed: bool = False,
    stopped: Callable[[], bool] = lambda: False,
    prepare: Callable[[int], None] = lambda ensemble: None,
) -> Results:
    """Return what becomes of sets with `constants` (sets, constants) from `start` (sets, species) [nM].

    An interrupt, or `stopped()` in another thread, ends it within tenths of a second. `prepare`
    gets the ensemble before it begins. Raises SimulationError where memory is short.
    """
    sets, n = start.shape
    shape = (sets, len(plan.times))
    seen = np.empty((*shape, n)) if species else None
    looked = np.empty((*shape, tables.observables)) if observed else None
    results = Results(
        seen,
        looked,
        np.empty((sets, n)),
        np.zeros(sets, dtype=np.int32),
        np.zeros(sets, dtype=np.int32),
        np.zeros(sets),
        np.zeros((sets, 4), dtype=np.int64),
    )
    blocks = _blocks(tables, plan, constants, start[:, tables.order], results)
    handle = call.begin(ctypes.addressof(blocks.tables), ctypes.addressof(blocks.task))
    if not handle:
        raise SimulationError(f"not enough memory for {sets} simulations at {len(plan.times)} times")
    try:
        prepare(handle)
        _advance(call, handle, stopped)
    finally:
        call.end(handle)
    return _unpermuted(results, tables)


def _advance(call: Call, handle: int, stopped: Callable[[], bool]) -> None:
    """Go on to the end, with a look at interrupts every few hundredths of a second."""
    rounds, state = FIRST_ROUNDS, 1
    while state > 0 and not stopped():
        began = time.perf_counter()
        state = call.advance(handle, rounds)
        took = time.perf_counter() - began
        if took < SHORT:
            rounds *= 2
        elif took > LONG:
            rounds = max(1, rounds // 2)
    if state < 0:
        raise SimulationError("not enough memory to factorise a matrix")


def _blocks(tables: Tables, plan: Plan, constants: Array, start: Array, results: Results) -> _Blocks:
    rank = np.argsort(tables.order)
    arrays: dict[str, Any] = {
        "constants": np.ascontiguousarray(constants, dtype=float),
        "start": np.ascontiguousarray(start, dtype=float),
        "inputs": np.ascontiguousarray(plan.inputs, dtype=float),
        "begin": np.ascontiguousarray(plan.begin, dtype=float),
        "end": np.ascontiguousarray(plan.end, dtype=float),
        "when": np.ascontiguousarray(plan.times, dtype=float),
        "times_to": np.ascontiguousarray(plan.times_to, dtype=np.int32),
        "doses_to": np.ascontiguousarray(plan.doses_to, dtype=np.int32),
        "dose_species": np.array([rank[i] for i, _ in plan.doses], dtype=np.int32),
        "dose_values": np.array([value for _, value in plan.doses], dtype=float),
        "species_seen": results.species,
        "observed": results.observed,
        "last": results.last,
        "status": results.status,
        "culprit": results.culprit,
        "stopped_at": results.stopped_at,
        "counts": results.counts,
    }
    task = TaskBlock(
        sets=len(start),
        periods=len(plan.begin),
        times=len(plan.times),
        steady=plan.steady,
        most_steps=plan.most_steps,
        most_order=plan.most_order,
        shared=plan.shared,
        rtol=plan.rtol,
        atol=plan.atol,
        negative=plan.negative,
        rest_rtol=REST_RTOL,
        rest_atol=REST_ATOL,
        **{name: pointer(array) for name, array in arrays.items()},
    )
    return _Blocks(table_block(tables, plan.inputs.shape[1]), task, [arrays, tables])


def _unpermuted(results: Results, tables: Tables) -> Results:
    rank = np.argsort(tables.order)
    return Results(
        results.species,
        results.observed,
        results.last[:, rank],
        results.status,
        tables.order[results.culprit],
        results.stopped_at,
        results.counts,
    )
