"""Simulating an experiment for a fit: exactly, or again for parameters next to those of a run.

`run` is `simulate`. `run_near` gives the same readouts for parameters that differ by a small step,
as derivatives need them: it finds the steady state by Newton's method from the one next to it,
which is forty times faster than letting the cells come to rest again, and falls back to `simulate`
where that leads nowhere. The value of the objective always comes from `run`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mtorkin.arrays import Array
from mtorkin.fit.lanes import Floats, Ints
from mtorkin.model import Model
from mtorkin.protocol import Interval, Protocol, intervals
from mtorkin.settle import closure_of, newton
from mtorkin.simulate import simulate, simulate_from
from mtorkin.steady import constants_in, declared_state, dosed
from mtorkin.trajectory import Trajectory

__all__ = ["READOUT_FLOOR", "Experiment", "Run", "run", "run_near"]

RTOL, ATOL = 1e-6, 1e-9

# far below one molecule a cell, and above the tolerance of the integration
READOUT_FLOOR = 1e-6


@dataclass(frozen=True, eq=False)
class Experiment:
    """One condition of one context to simulate: protocol, `times` (times,) in min, and its lanes.

    The first time is 0. `lane` (lanes of the experiment,) are rows of the problem, `time` and
    `target` index the trajectory's times and `targets`.
    """

    condition: str
    protocol: Protocol
    times: Floats
    targets: tuple[str, ...]
    lane: Ints
    time: Ints
    target: Ints
    context: str = ""


@dataclass(frozen=True, eq=False)
class Run:
    """Readouts of an experiment's lanes (lanes,), in their own units, and the state at rest (nM).

    `at_rest` (species,) is None where the protocol does not begin with a steady state.
    """

    readouts: Floats
    at_rest: Array | None


def run(model: Model, each: Experiment, engine: str) -> Run:
    """Simulate an experiment. Raises SimulationError as `simulate`."""
    return _read(each, simulate(model, each.protocol, each.times, engine, RTOL, ATOL))


def run_near(model: Model, each: Experiment, engine: str, near: Run) -> Run:
    """Simulate an experiment for parameters next to those of the run `near`.

    Raises SimulationError as `simulate`.
    """
    start = None
    if near.at_rest is not None:
        start = _at_rest(model, intervals(each.protocol, model.network)[0], near.at_rest)
    if start is None:
        return run(model, each, engine)
    return _read(each, simulate_from(model, each.protocol, each.times, start, engine, RTOL, ATOL))


def _read(each: Experiment, found: Trajectory) -> Run:
    block = np.stack([found[target] for target in each.targets], axis=1)
    at_rest = found.species_values[0] if each.protocol.begins_steady else None
    return Run(block[each.time, each.target].astype(np.float64), at_rest)


def _at_rest(model: Model, interval: Interval, near: Array) -> Array | None:
    equations, constants = model.equations, constants_in(model, interval)
    declared = dosed(model, declared_state(model), interval)
    return newton(equations, constants, closure_of(equations, constants), declared, near)
