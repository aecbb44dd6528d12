"""Carries out runs: what several claims ask of the same cells is simulated once, within one call.

Pure: results are keyed by treatments, which are values, and passed along; nothing is kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from mtorkin.arrays import Array
from mtorkin.claims.measures import Recording
from mtorkin.claims.statement import START, Cells, Claim, Treatment
from mtorkin.errors import MtorkinError, SimulationError
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate, simulate_from

__all__ = ["Outcome", "Progress", "changed", "conduct", "wanted_times"]

RTOL, ATOL = 1e-4, 1e-6  # criteria are about whole percents

Outcome = Recording | MtorkinError
Progress = Callable[[int, int], None]


def conduct(
    model: Model,
    wanted: Mapping[Treatment, Iterable[float]],
    engine: str = "scipy",
    progress: Progress | None = None,
) -> dict[Treatment, Outcome]:
    """Return a recording of each treatment at its times [min], or the error that it ended in."""
    outcomes: dict[Treatment, Outcome] = {}
    for done, (treatment, times) in enumerate(wanted.items(), start=1):
        try:
            outcomes[treatment] = _record(model, engine, treatment, sorted({0.0, *times}))
        except MtorkinError as error:
            outcomes[treatment] = error
        if progress is not None:
            progress(done, len(wanted))
    return outcomes


def wanted_times(claims: Iterable[Claim]) -> dict[Treatment, set[float]]:
    """Return the times [min] at which the criteria of some claims look at each treatment."""
    wanted: dict[Treatment, set[float]] = {}
    for claim in claims:
        for c in claim.criteria:
            looked = [(name, at) for name in c.runs for at in c.at]
            if c.of != START:
                looked.append((c.of, c.of_at))
            for name, at in looked:
                run = claim.runs[name]
                times = wanted.setdefault(run.treatment, {0.0})
                times.add(at)
                if run.every:
                    times.update(np.arange(0.0, run.until + 1e-9, run.every).tolist())
    return wanted


def changed(model: Model, cells: Cells) -> Model:
    """Return the model of some cells. Raises DeclarationError for an unknown name."""
    model = model.scaled(**dict(cells.scale)).mutated(*cells.mutants)
    multiplied = {id: factor * model.values.get(id, math.nan) for id, factor in cells.factor}
    return model.with_values(**multiplied).with_values(**dict(cells.set))


def _record(model: Model, engine: str, treatment: Treatment, times: list[float]) -> Recording:
    cells, protocol = changed(model, treatment.cells), _protocol(treatment)
    if treatment.origin is None:
        path = simulate(cells, protocol, times, engine, RTOL, ATOL)
    else:
        start = _state_in(model, engine, treatment.origin, treatment.origin_at)
        path = simulate_from(cells, protocol, times, start, engine, RTOL, ATOL)
    return Recording(path.times, {n: path[n] for n in path.observables}, cells.values)


def _protocol(treatment: Treatment) -> Protocol:
    return Protocol(Period(UNTIL_STEADY, **dict(treatment.medium)), *treatment.periods)


def _state_in(model: Model, engine: str, origin: Treatment, at: float) -> Array:
    """The concentrations [nM], shape (species,), that a treatment has led to at a time [min]."""
    if origin.origin is not None:
        raise SimulationError("a run can follow on one that began at rest, not on one that itself follows")
    times = [0.0, at] if at else [0.0]
    path = simulate(changed(model, origin.cells), _protocol(origin), times, engine, RTOL, ATOL)
    state: Array = path.species_values[-1]
    return state
