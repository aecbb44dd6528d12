"""Carries out runs: what several claims ask of the same cells is simulated once, within one call.

Pure: results are keyed by treatments, which are values, and passed along; nothing is kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from mtorkin.arrays import Array
from mtorkin.build import in_context, with_drugs
from mtorkin.claims.recording import Patients, Recording
from mtorkin.claims.statement import Cells, Claim, CohortPlan, Treatment
from mtorkin.cohort.patients import cohort
from mtorkin.cohort.simulating import simulate_cohort
from mtorkin.errors import MtorkinError, SimulationError
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate, simulate_from

__all__ = ["Outcomes", "Progress", "changed", "conduct"]

RTOL, ATOL = 1e-4, 1e-6  # criteria are about whole percents

Progress = Callable[[int, int], None]
Look = tuple[set[float], dict[str, None]]  # times [min] and readouts, in order


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What was recorded of each treatment and cohort, or the error that it ended in."""

    runs: Mapping[Treatment, Recording | MtorkinError]
    cohorts: Mapping[CohortPlan, Patients | MtorkinError]

    def of_run(self, treatment: Treatment) -> Recording:
        """Return what was recorded of a treatment. Raises the error that it ended in."""
        found = self.runs[treatment]
        if isinstance(found, MtorkinError):
            raise found
        return found

    def of_cohort(self, plan: CohortPlan) -> Patients:
        """Return what was recorded of a cohort. Raises the error that it ended in."""
        found = self.cohorts[plan]
        if isinstance(found, MtorkinError):
            raise found
        return found


def conduct(
    model: Model,
    claims: Iterable[Claim],
    engine: str,
    progress: Progress | None = None,
) -> Outcomes:
    """Return what was recorded of all that some claims ask for, each treatment once."""
    asked = list(claims)
    wanted, plans = wanted_times(asked), wanted_cohorts(asked)
    todo = len(wanted) + sum(plan.n for plan in plans)
    runs: dict[Treatment, Recording | MtorkinError] = {}
    cohorts: dict[CohortPlan, Patients | MtorkinError] = {}
    done = 0

    def tell(more: int, _: int = 0) -> None:
        if progress is not None:
            progress(done + more, todo)

    for treatment, times in wanted.items():
        try:
            runs[treatment] = _record(model, engine, treatment, sorted({0.0, *times}))
        except MtorkinError as error:
            runs[treatment] = error
        done += 1
        tell(0)
    for plan, look in plans.items():
        try:
            cohorts[plan] = _record_cohort(model, engine, plan, look, tell)
        except MtorkinError as error:
            cohorts[plan] = error
        done += plan.n
    return Outcomes(runs, cohorts)


def wanted_times(claims: Iterable[Claim]) -> dict[Treatment, set[float]]:
    """Return the times [min] at which the criteria of some claims look at each treatment."""
    wanted: dict[Treatment, set[float]] = {}
    for claim in claims:
        for c in claim.criteria:
            for name, at in () if c.cohort else c.looks:
                run = claim.runs[name]
                times = wanted.setdefault(run.treatment, {0.0})
                if run.treatment.is_change:  # cells at rest look the same at any time
                    times.add(at)
                if run.every:
                    times.update(np.arange(0.0, run.until + 1e-9, run.every).tolist())
    return wanted


def wanted_cohorts(claims: Iterable[Claim]) -> dict[CohortPlan, Look]:
    """Return the times [min] and readouts at which the criteria of some claims look at each cohort."""
    wanted: dict[CohortPlan, Look] = {}
    for claim in claims:
        for c in claim.criteria:
            if c.cohort:
                times, readouts = wanted.setdefault(claim.cohorts[c.cohort], ({0.0}, {}))
                if claim.cohorts[c.cohort].run.treatment.is_change:
                    times.update(c.at)
                readouts.update((id, None) for readout in c.shown for id in readout.ids if id)
    return wanted


def changed(model: Model, cells: Cells) -> Model:
    """Return the model of some cells. Raises DeclarationError for an unknown name."""
    if cells.drugs:
        model = with_drugs(model, *cells.drugs)
    if cells.context:
        model = in_context(model, cells.context)
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
    observables = {n: path[n] for n in path.observables}
    return Recording(path.times, observables, cells.values, cells, dict(treatment.medium))


def _record_cohort(model: Model, engine: str, plan: CohortPlan, look: Look, progress: Progress) -> Patients:
    treatment, (times, readouts) = plan.run.treatment, look
    patients = cohort(changed(model, treatment.cells), plan.n, plan.seed, dict(plan.vary), plan.others)
    table = simulate_cohort(
        patients,
        _protocol(treatment),
        sorted(times),
        readouts,
        engine=engine,
        rtol=RTOL,
        atol=ATOL,
        progress=progress,
    )
    recorded: list[Recording | str] = []
    for (_, rows), cells in zip(table.groupby("patient", sort=True), patients.models, strict=True):
        failed = str(rows["failed"].iloc[0])
        seen = {str(id): rows[id].to_numpy(dtype=float) for id in readouts}
        recorded.append(failed or Recording(rows["time"].to_numpy(dtype=float), seen, cells.values))
    return Patients(patients.factors, tuple(recorded))


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
