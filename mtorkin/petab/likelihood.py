"""How well parameters explain the measurements of a PEtab problem, and the derivatives of that.

For a measurement m with readout y and noise s, on the scale of the observable,

    normal:  ln(2 pi s^2) / 2 + ((m - y) / s)^2 / 2,      Laplace:  ln(2 s) + |m - y| / s,

and for the scales log and log10 the logarithm of the derivative of the scale, at m, is added.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mtorkin.arrays import Array
from mtorkin.errors import SimulationError
from mtorkin.foreign.conditions import TIME
from mtorkin.foreign.model import Foreign
from mtorkin.foreign.values import values_of
from mtorkin.language.expression import Expr, Leaf, Number, gradient, replace
from mtorkin.petab.problem import Integers, PetabProblem, Prior, Reference
from mtorkin.petab.simulating import Prepared, Seen, Tolerances, prepared, seen

__all__ = ["Readouts", "linear_values", "negative_log_likelihood", "prior_terms", "readouts"]

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
    rests: dict[object, tuple[Array, Array]] = {}
    for one in prepared(problem):
        run = seen(one, values, free, tolerances, engine, rests)
        _read(problem, one, run, values, free, found)
    if not np.all(np.isfinite(found.value)) or not np.all(found.noise > 0):
        bad = int(np.argmin(np.isfinite(found.value) & (found.noise > 0)))
        id = problem.observables[problem.measurements.observable[bad]].id
        raise SimulationError(
            f"{problem.source}: {id} is {found.value[bad]:g} with noise {found.noise[bad]:g}; "
            "a readout is a number and its noise positive"
        )
    return Readouts(found.value, found.noise, found.slopes * rates, found.noise_slopes * rates)


@dataclass(frozen=True, eq=False)
class _Formula:
    expr: Expr
    slopes: dict[str, Expr]


@lru_cache(maxsize=256)
def _formula(model: Foreign, expr: Expr) -> _Formula:
    """A formula with nothing in it that has a formula, and its derivatives."""

    def new(leaf: Leaf) -> Expr:
        if leaf.id == "time" and "time" not in model.known:
            return TIME
        return Number(model.sizes[leaf.id]) if leaf.id in model.sizes else leaf

    flat = model.leaf_level(replace(expr, new))
    return _Formula(flat, gradient(flat))


def _read(
    problem: PetabProblem,
    one: Prepared,
    run: Seen,
    values: Mapping[str, float],
    free: Mapping[str, int],
    found: Readouts,
) -> None:
    """Put the measurements of one simulation in their places."""
    kinds = problem.measurements.observable[one.rows]
    for kind in np.unique(kinds):
        here = np.flatnonzero(kinds == kind)
        observable = problem.observables[kind]
        rows = one.rows[here]
        for expr, value, slope in (
            (observable.formula, found.value, found.slopes),
            (observable.noise, found.noise, found.noise_slopes),
        ):
            formula = _formula(one.model, expr)
            leaves = _Leaves(problem, one, run, values, free, here, rows)
            known = {id: leaves.value(id) for id in formula.slopes}
            value[rows] = values_of(formula.expr, known)
            for id, partial in formula.slopes.items() if free else ():
                by_free = leaves.slopes(id)
                if by_free is not None:
                    outer = np.broadcast_to(values_of(partial, known), rows.shape)
                    slope[rows] += outer[:, None] * by_free


@dataclass(frozen=True, eq=False)
class _Leaves:
    """What names in a formula have in some rows (`here` in the run, `rows` in the problem)."""

    problem: PetabProblem
    one: Prepared
    run: Seen
    values: Mapping[str, float]
    free: Mapping[str, int]
    here: Integers
    rows: Integers

    def _references(self, id: str) -> list[Reference]:
        return [self.problem.measurements.placeholders[row][id] for row in self.rows]

    def value(self, id: str) -> Array | float:
        model = self.one.model
        if id == TIME.id:
            return np.asarray(self.run.times[self.here])
        if id in model.species:
            return np.asarray(self.run.states[self.here, model.species.index(id)])
        inputs = [x.id for x in model.equations.network.inputs]
        if id in inputs:
            return np.asarray(self.run.inputs[self.here, inputs.index(id)])
        if id in self.run.numbers:
            return self.run.numbers[id]
        if id in self.values:
            return self.values[id]
        return np.array([self.values[r] if isinstance(r, str) else r for r in self._references(id)])

    def slopes(self, id: str) -> Array | None:
        """Derivatives (rows, parameters) on the linear scale; None where there are none."""
        model = self.one.model
        if id == TIME.id:
            return None
        if id in model.species:
            return np.asarray(self.run.slopes[self.here, :, model.species.index(id)])
        if id in self.run.numbers or id in self.values:
            reference = self.one.refers.get(id, id)
            return self._one(reference) if isinstance(reference, str) and reference in self.free else None
        if id in {x.id for x in model.equations.network.inputs}:
            return None
        found = np.zeros((len(self.rows), len(self.free)))
        for i, reference in enumerate(self._references(id)):
            if isinstance(reference, str) and reference in self.free:
                found[i, self.free[reference]] = 1.0
        return found

    def _one(self, id: str) -> Array:
        found = np.zeros((len(self.rows), len(self.free)))
        found[:, self.free[id]] = 1.0
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


def prior_terms(problem: PetabProblem, x: Array) -> tuple[Array, Array]:
    """Return minus the logarithm of each prior, and its derivative, by estimated parameter at `x`."""
    values, rates = linear_values(problem, x)
    terms, slopes = np.zeros(len(x)), np.zeros(len(x))
    for i, id in enumerate(problem.free):
        prior = problem.parameters[id].prior
        if prior is None:
            continue
        if prior.kind.startswith("parameterScale"):
            terms[i], slopes[i] = _prior(
                prior.kind.removeprefix("parameterScale").lower(), prior, float(x[i])
            )
        elif prior.kind.startswith("log"):
            value, slope = _prior(prior.kind.removeprefix("log").lower(), prior, math.log(values[id]))
            terms[i] = value + math.log(values[id])
            slopes[i] = (slope + 1.0) * rates[i] / values[id]
        else:
            terms[i], slope = _prior(prior.kind, prior, values[id])
            slopes[i] = slope * rates[i]
    return terms, slopes


def _prior(kind: str, prior: Prior, at: float) -> tuple[float, float]:
    a, b = prior.first, prior.second
    if kind == "uniform":
        return (math.log(b - a) if a <= at <= b else math.inf), 0.0
    if kind == "normal":
        return 0.5 * math.log(2 * math.pi * b**2) + 0.5 * ((at - a) / b) ** 2, (at - a) / b**2
    return math.log(2 * b) + abs(at - a) / b, math.copysign(1.0, at - a) / b


def prior_curvatures(problem: PetabProblem) -> Array:
    """Return second derivatives of the terms of normal priors on the parameters' scales, else 0."""
    priors = [problem.parameters[id].prior for id in problem.free]
    return np.array(
        [1 / p.second**2 if p is not None and p.kind == "parameterScaleNormal" else 0.0 for p in priors]
    )
