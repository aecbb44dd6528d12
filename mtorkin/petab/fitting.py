"""Many starts of a bounded trust-region method on a PEtab problem, each in its own file.

The Hessian is the Fisher information of readouts and noise, which forward sensitivities give.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines.blas import single_threaded
from mtorkin.errors import DeclarationError, SimulationError
from mtorkin.fit.starts import Start, load_start, save_start
from mtorkin.foreign.refusal import NotRead
from mtorkin.petab.descent import Point, descend, imported
from mtorkin.petab.inner import Inner, inner_of, solved
from mtorkin.petab.likelihood import (
    Readouts,
    linear_values,
    negative_log_likelihood,
    on_scale,
    readouts,
)
from mtorkin.petab.priors import prior_curvatures, prior_terms
from mtorkin.petab.problem import PetabProblem
from mtorkin.petab.simulating import Tolerances

__all__ = ["Fitted", "first_points", "fit_petab", "run_start"]

TOLERANCES = Tolerances(1e-6, 1e-9)
FINE = 1e-2  # of these, for the last descent: in a narrow valley, errors of gradients hide the way down
# of the points drawn for a start, how many are descended from, and for how many steps, before one goes on
HEATS, SHORT = 5, 40


@dataclass(frozen=True)
class Fitted:
    """All starts of a fit, the best first; `names` are the estimated parameters."""

    source: str
    names: tuple[str, ...]
    starts: tuple[Start, ...]

    @property
    def best(self) -> Start:
        """The start with the lowest objective. Raises SimulationError where none could be simulated."""
        if not math.isfinite(self.starts[0].objective):
            raise SimulationError(f"{self.source}: no start could be simulated: {self.starts[0].message}")
        return self.starts[0]


@dataclass(eq=False)
class Objective:
    """Residuals and their derivatives at a point, with a memory of the last one."""

    problem: PetabProblem
    tolerances: Tolerances
    whole: Array
    inner: Inner
    best: tuple[float, Array]
    simulations: int = 0
    failed: int = 0
    message: str = ""
    last: tuple[Array, Readouts | None] | None = field(default=None, repr=False)

    def readouts(self, x: Array) -> Readouts | None:
        """What the model says at `x`, None where it cannot be simulated."""
        if self.last is None or not np.array_equal(self.last[0], x):
            self.simulations += 1
            found: Readouts | None = None
            try:
                found = readouts(self.problem, x, self.tolerances)
                on_scale(self.problem, found)
            except SimulationError as error:
                self.failed += 1
                self.message, found = str(error), None
            self.last = (x.copy(), found)
        return self.last[1]

    def begun(self, x: Array) -> Point | None:
        """The same at a new point `x` of all parameters, where a descent begins."""
        self.whole = x.copy()
        return self.point(x[self.inner.outer])

    def refined(self, there: Point) -> Point | None:
        """The same at finer tolerances, by which everything is judged from now on.

        None, and everything as it was, where nothing simulates at these.
        """
        coarse, best = self.tolerances, self.best
        self.tolerances = Tolerances(FINE * coarse.rtol, FINE * coarse.atol)
        self.last, self.best = None, (math.inf, best[1])
        fine = self.point(there.x)
        if fine is None:
            self.last, self.best, self.tolerances = None, best, coarse
        return fine

    def point(self, outer: Array) -> Point | None:
        """Value, gradient and Fisher information by the outer parameters; None where nothing simulates.

        Scales and noise levels are at their optimum, which `whole` has.
        """
        self.whole[self.inner.outer] = outer
        found = self.readouts(self.whole)
        if found is None:
            return None
        try:
            x, found = solved(self.problem, self.inner, self.whole, found)
            value, gradient = negative_log_likelihood(self.problem, found)
            _, _, rate, _ = on_scale(self.problem, found)
        except SimulationError as error:
            self.failed, self.message = self.failed + 1, str(error)
            return None
        terms, by_prior = prior_terms(self.problem, x)
        of_data = found.slopes * (rate / found.noise)[:, None]
        of_noise = found.noise_slopes / found.noise[:, None]
        hessian = of_data.T @ of_data + 2 * of_noise.T @ of_noise + np.diag(prior_curvatures(self.problem))
        value, gradient = value + float(terms.sum()), gradient + by_prior
        if not (math.isfinite(value) and np.all(np.isfinite(gradient)) and np.all(np.isfinite(hessian))):
            self.message = "the objective or its slopes are not finite"
            return None
        if value < self.best[0]:
            self.best = (value, x)
        out = self.inner.outer
        return Point(outer.copy(), value, gradient[out], self._without_inner(hessian, x))

    def _without_inner(self, hessian: Array, x: Array) -> Array:
        """The Schur complement: what is known of the outer parameters while the inner ones follow."""
        low, high = self.problem.bounds()
        out = self.inner.outer
        moving = np.array([k for k in self.inner.places if low[k] < x[k] < high[k]], dtype=np.int64)
        whole: Array = hessian[np.ix_(out, out)]
        if not len(moving):
            return whole
        cross, own = hessian[np.ix_(out, moving)], hessian[np.ix_(moving, moving)]
        return np.asarray(whole - cross @ np.linalg.lstsq(own, cross.T, rcond=1e-12)[0])


def first_points(problem: PetabProblem, starts: int, seed: int) -> Array:
    """Return points (starts, parameters) of a Latin hypercube between the bounds.

    On the scales of the parameters. The nominal values are not among them.
    """
    from scipy.stats import qmc  # here: it is slow to import

    low, high = problem.bounds()
    if not (np.all(np.isfinite(low)) and np.all(np.isfinite(high))):
        raise DeclarationError(f"{problem.source}: starts are drawn between bounds, and a parameter has none")
    unit = qmc.LatinHypercube(len(low), rng=np.random.default_rng(seed)).random(starts)
    points: Array = low + unit * (high - low)
    return points


@single_threaded
def run_start(
    problem: PetabProblem, index: int, points: Array, steps: int = 1500, tolerances: Tolerances = TOLERANCES
) -> Start:
    """Optimise from the best of some points (points, parameters) on the parameters' scales.

    Of several, a few of the lowest are descended from for a few steps, and the lowest of these for
    `steps`, at finer tolerances; where these do not simulate, the lowest is the end. A failed run does
    not raise: its objective is infinite.
    """
    began = time.perf_counter()
    low, high = problem.bounds()
    inner = inner_of(problem)
    lowest = _screened(problem, inner, np.clip(points, low, high), tolerances)
    objective = Objective(problem, tolerances, lowest[0].copy(), inner, (math.inf, lowest[0]))
    out = inner.outer
    box = low[out], high[out]
    heats: list[tuple[float, int, Array, Point]] = []
    for point in lowest:
        there = objective.begun(point)
        if there is not None:
            several = len(lowest) > 1
            end = descend(objective.point, there, *box, SHORT, whole=False).point if several else there
            heats.append((end.value, len(heats), point, end))
    won = min(heats, default=None)
    begin = lowest[0] if won is None else won[2]
    there = None if won is None else objective.refined(won[3])
    if won is None:
        status, message = "failed", f"the first point cannot be simulated: {objective.message}"
    elif there is None:
        status = "stopped"
        message = f"finer tolerances fail where the first steps end: {objective.message}"
    else:
        ended = descend(objective.point, there, *box, steps)
        status, message = "converged" if ended.converged else "stopped", ended.message
    value, x = objective.best
    return Start(
        index=index,
        begin=_named(problem, begin),
        best=_named(problem, x),
        objective=value,
        status=status,
        message=message,
        sigmas={},
        simulations=objective.simulations,
        failed_simulations=objective.failed,
        seconds=time.perf_counter() - began,
        trace=(value,),
    )


def fit_petab(
    problem: PetabProblem,
    starts: int = 20,
    seed: int = 1,
    steps: int = 1500,
    draws: int = 60,
    out: Path | None = None,
    watch: Callable[[Start], None] = lambda start: None,
) -> Fitted:
    """Optimise from many points; every start becomes a file in `out`, and is not done again.

    A start draws `draws` points, since most of a wide box explains nothing, and is what `run_start` makes
    of them. The same seed gives the same points and results. `watch` is called with each start as it ends.
    Raises NotRead where laplace noise is asked for, whose residuals have no square; TableError where
    `out` has starts of another problem; DeclarationError where fides is not installed.
    """
    imported()
    if any(o.laplace for o in problem.observables):
        raise NotRead(f"{problem.source}: Laplace noise is evaluated, but not fitted")
    found = []
    settings = (steps, starts, draws, seed, HEATS, SHORT, TOLERANCES.rtol, TOLERANCES.atol, FINE)
    print_of = fingerprint(problem, settings)
    points = first_points(problem, starts * draws, seed).reshape(starts, draws, -1)
    for index, drawn in enumerate(points):
        start = None if out is None else load_start(out, index, print_of)
        if start is None:
            start = run_start(problem, index, drawn, steps)
            if out is not None:
                save_start(out, start, print_of)
        watch(start)
        found.append(start)
    return Fitted(problem.source, problem.free, tuple(sorted(found, key=lambda s: s.objective)))


def _screened(problem: PetabProblem, inner: Inner, points: Array, tolerances: Tolerances) -> list[Array]:
    """The points with the lowest objectives, lowest first; the first one where none has one."""
    ranked: list[tuple[float, int]] = []
    for i, x in enumerate(points if len(points) > 1 else ()):
        try:
            _, found = solved(problem, inner, x, readouts(problem, x, tolerances, slopes=False))
            value, _ = negative_log_likelihood(problem, found)
        except SimulationError:
            continue
        if math.isfinite(value):
            ranked.append((value, i))
    return [np.asarray(points[i]) for _, i in sorted(ranked)[:HEATS]] or [np.asarray(points[0])]


def fingerprint(problem: PetabProblem, settings: tuple[float, ...]) -> str:
    """Return a checksum of everything that decides where a start ends (no unit)."""
    d = problem.document
    said = [repr(x) for x in (problem.parameters, problem.observables, problem.simulations, settings)]
    said += [repr((d.quantities, d.compartments))]
    said += [f"{r.changes} {r.own} {math_text(r.law.math)}" for r in d.reactions]
    named = [pair for laws in (d.functions, d.initial, d.assigned, d.rates) for pair in laws.items()]
    for event in d.events:
        named += [(f"{event.at_start}", event.trigger), *event.assignments]
    said += [f"{id} {math_text(law.math)}" for id, law in named]
    said += [problem.measurements.value.tobytes().hex(), problem.measurements.time.tobytes().hex()]
    said += [repr(problem.measurements.placeholders)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def math_text(node: object) -> str:
    """Return a formula of a file as text (no unit)."""
    return repr(node)


def _named(problem: PetabProblem, x: Array) -> dict[str, float]:
    values, _ = linear_values(problem, x)
    return {id: values[id] for id in problem.free}
