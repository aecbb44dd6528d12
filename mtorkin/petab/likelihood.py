"""How well parameters explain the measurements of a PEtab problem, and the derivatives of that.

For a measurement m with readout y and noise s, on the scale of the observable,

    normal:  ln(2 pi s^2) / 2 + ((m - y) / s)^2 / 2,      Laplace:  ln(2 s) + |m - y| / s,

and for the scales log and log10 the logarithm of the derivative of the scale, at m, is added.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from mtorkin.arrays import Array
from mtorkin.errors import SimulationError
from mtorkin.foreign.conditions import TIME
from mtorkin.foreign.values import values_of
from mtorkin.petab.formulas import formula_in
from mtorkin.petab.preparing import prepared
from mtorkin.petab.problem import Integers, PetabProblem, Reference
from mtorkin.petab.simulating import Run, Seen, Tolerances, seen

__all__ = ["Readouts", "linear_values", "negative_log_likelihood", "readouts"]

LN10 = math.log(10.0)
TOLERANCES = Tolerances()


@dataclass(frozen=True, eq=False)
class Readouts:
    """By measurement: `value`, `noise`, and derivatives by the estimated parameters on their scales."""

    value: Array
    noise: Array
    slopes: Array
    noise_slopes: Array


def linear_values(problem: PetabProblem, x: Array) -> tuple[dict[str, float], Array]:
    """Return every parameter's value, and d value / d x of the estimated ones, for x on their scales."""
    values = {id: p.nominal for id, p in problem.parameters.items()}
    rates = np.ones(len(x))
    for i, id in enumerate(problem.free):
        scale = problem.parameters[id].scale
        power = float(x[i]) * (LN10 if scale == "log10" else 1.0)
        values[id] = float(x[i]) if scale == "lin" else math.exp(min(power, 700.0))
        if scale != "lin":
            rates[i] = values[id] * (LN10 if scale == "log10" else 1.0)
    return values, rates


def readouts(
    problem: PetabProblem,
    x: Array,
    tolerances: Tolerances = TOLERANCES,
    slopes: bool = True,
    engine: str | None = None,
) -> Readouts:
    """Return what the model says of every measurement at parameters `x` on their scales.

    Derivatives need the native engine; without `slopes` they are 0. Raises SimulationError where a
    simulation fails or a formula has no value, NotBuilt.
    """
    values, rates = linear_values(problem, x)
    free = {id: i for i, id in enumerate(problem.free)} if slopes else {}
    n = len(problem.measurements.value)
    found = Readouts(np.empty(n), np.empty(n), np.zeros((n, len(x))), np.zeros((n, len(x))))
    run = Run(values, free, tolerances, engine)
    for one in prepared(problem):
        for stage in seen(one, run):
            _read(problem, stage, run, found)
    if not np.all(np.isfinite(found.value)) or not np.all(found.noise > 0):
        bad = int(np.argmin(np.isfinite(found.value) & (found.noise > 0)))
        id = problem.observables[problem.measurements.observable[bad]].id
        raise SimulationError(
            f"{problem.source}: {id} is {found.value[bad]:g} with noise {found.noise[bad]:g}; "
            "a readout is a number and its noise positive"
        )
    return Readouts(found.value, found.noise, found.slopes * rates, found.noise_slopes * rates)


def _read(problem: PetabProblem, stage: Seen, run: Run, found: Readouts) -> None:
    """Put the measurements of one stage in their places."""
    kinds = problem.measurements.observable[stage.rows]
    for kind in np.unique(kinds):
        here = np.flatnonzero(kinds == kind)
        observable = problem.observables[kind]
        rows = stage.rows[here]
        for expr, value, slope in (
            (observable.formula, found.value, found.slopes),
            (observable.noise, found.noise, found.noise_slopes),
        ):
            formula = formula_in(stage.model, expr)
            leaves = _Leaves(problem, stage, run, here, rows)
            known = {id: leaves.value(id) for id in formula.slopes}
            value[rows] = values_of(formula.expr, known)
            for id, partial in formula.slopes.items() if run.free else ():
                by_free = leaves.slopes(id)
                if by_free is not None:
                    outer = np.broadcast_to(values_of(partial, known), rows.shape)
                    slope[rows] += outer[:, None] * by_free


@dataclass(frozen=True, eq=False)
class _Leaves:
    """What names in a formula have in some rows (`here` in the stage, `rows` in the problem)."""

    problem: PetabProblem
    stage: Seen
    run: Run
    here: Integers
    rows: Integers

    def _references(self, id: str) -> list[Reference]:
        return [self.problem.measurements.placeholders[row][id] for row in self.rows]

    def value(self, id: str) -> Array | float:
        stage, values = self.stage, self.run.values
        if id == TIME.id:
            return np.asarray(stage.times[self.here])
        if id in stage.model.species:
            return np.asarray(stage.states[self.here, stage.model.species.index(id)])
        inputs = [x.id for x in stage.model.equations.network.inputs]
        if id in inputs:
            return np.asarray(stage.inputs[self.here, inputs.index(id)])
        if id in stage.numbers:
            return stage.numbers[id]
        if id in values:
            return values[id]
        return np.array([values[r] if isinstance(r, str) else r for r in self._references(id)])

    def slopes(self, id: str) -> Array | None:
        """Derivatives (rows, parameters) on the linear scale; None where there are none."""
        stage, free = self.stage, self.run.free
        if id == TIME.id:
            return None
        if id in stage.model.species:
            return np.asarray(stage.slopes[self.here, :, stage.model.species.index(id)])
        if id in stage.numbers:
            return stage.weights.get(id)
        found = np.zeros((len(self.rows), len(free)))
        if id in self.run.values:
            if id not in free:
                return None
            found[:, free[id]] = 1.0
            return found
        if id in {x.id for x in stage.model.equations.network.inputs}:
            return None
        for i, reference in enumerate(self._references(id)):
            if isinstance(reference, str) and reference in free:
                found[i, free[reference]] = 1.0
        return found


def on_scale(problem: PetabProblem, found: Readouts) -> tuple[Array, Array, Array, Array]:
    """Measurements and readouts on the scale of their observable, d scaled / d readout, and its jump.

    The last is the logarithm of the derivative of the scale at the measurement. Raises
    SimulationError where a readout has no logarithm.
    """
    m, y = problem.measurements.value, found.value
    scale = np.array([o.transformation for o in problem.observables])[problem.measurements.observable]
    base = np.where(scale == "log10", LN10, 1.0)
    logs = scale != "lin"
    if np.any(logs & ((m <= 0) | (y <= 0))):
        raise SimulationError(
            f"{problem.source}: a measurement or readout is not positive and has no logarithm"
        )
    safe_m, safe_y = np.where(logs, m, 1.0), np.where(logs, y, 1.0)
    data = np.where(logs, np.log(safe_m) / base, m)
    model = np.where(logs, np.log(safe_y) / base, y)
    rate = np.where(logs, 1.0 / (safe_y * base), 1.0)
    return data, model, rate, np.where(logs, np.log(safe_m * base), 0.0)


def negative_log_likelihood(problem: PetabProblem, found: Readouts) -> tuple[float, Array]:
    """Return the negative log-likelihood and its gradient by the parameters on their scales.

    Raises SimulationError where a readout has no logarithm.
    """
    data, model, rate, jump = on_scale(problem, found)
    laplace = np.array([o.laplace for o in problem.observables])[problem.measurements.observable]
    s, r = found.noise, (data - model) / found.noise
    terms = np.where(laplace, np.log(2 * s) + np.abs(r), 0.5 * np.log(2 * np.pi * s**2) + 0.5 * r**2) + jump
    by_model = np.where(laplace, -np.sign(r), -r) / s * rate
    by_noise = np.where(laplace, 1.0 - np.abs(r), 1.0 - r**2) / s
    return float(terms.sum()), by_model @ found.slopes + by_noise @ found.noise_slopes
