"""From one starting point to the nearest optimum: bounded least squares, noise levels in turn.

Round 1 minimises with the same noise (30 %) for every antibody, so that a bad start does not
declare its worst antibody to be noise. Later rounds alternate: noise levels in closed form from
the residuals, then least squares with these fixed, until a round gains less than `GAIN`. Every
round after the first lowers the same negative log-posterior.

A simulation that fails makes the objective infinite, so the step is refused and the trust region
shrinks; it is counted, and never mistaken for a good fit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import least_squares

from mtorkin.engines.blas import single_threaded
from mtorkin.errors import DeclarationError, SimulationError
from mtorkin.fit import likelihood
from mtorkin.fit.lanes import Floats
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.runs import Run
from mtorkin.fit.starts import Start, named

__all__ = ["Evaluator", "Jacobian", "Settings", "forward_differences", "polish", "run_start"]

FIRST_SIGMA = 0.3
GAIN = 0.01
# in ln(parameter): well above the noise that rtol 1e-8 leaves, well below where curvature shows
STEP = 1e-3


@dataclass(frozen=True)
class Settings:
    """How long to try: least-squares steps a round, rounds, and a fixed noise or None.

    `sigma` (natural-log units; 0.25 is about 25 %) fixes the noise of every antibody; None solves
    one level for each.
    """

    steps: int = 25
    rounds: int = 5
    sigma: float | None = None

    def __post_init__(self) -> None:
        if self.steps < 1 or self.rounds < 1:
            raise DeclarationError(f"steps = {self.steps}, rounds = {self.rounds}: each is at least 1")
        if self.sigma is not None and not (math.isfinite(self.sigma) and self.sigma > 0):
            raise DeclarationError(f"sigma = {self.sigma}: a noise level is a positive number, or None")


@dataclass
class Evaluator:
    """Readouts of a problem with a count of simulations, a memory of one point and of the best.

    The memory spares the simulation that least squares would ask for twice, once for residuals
    and once for the Jacobian.
    """

    problem: FitProblem
    simulations: int = 0
    failed: int = 0
    message: str = ""
    _last: tuple[Floats, tuple[Run, ...], Floats] | None = field(default=None, repr=False)

    def log_readouts(self, x: Floats) -> Floats | None:
        """Natural logs of the readouts (lanes,) at log-parameters `x`; None where it failed."""
        if self._last is not None and np.array_equal(self._last[0], x):
            return self._last[2]
        self.simulations += 1
        try:
            runs = self.problem.runs(x)
            readouts = self.problem.log_readouts(runs)
        except SimulationError as error:
            self._failed(error)
            return None
        self._last = (x.copy(), runs, readouts)
        return readouts

    def log_readouts_near(self, x: Floats) -> Floats | None:
        """The same for `x` a small step from the point remembered, which stays remembered."""
        if self._last is None:
            return self.log_readouts(x)
        self.simulations += 1
        try:
            return self.problem.log_readouts(self.problem.runs_near(x, self._last[1]))
        except SimulationError as error:
            self._failed(error)
            return None

    def _failed(self, error: SimulationError) -> None:
        self.failed += 1
        self.message = str(error)

    def residuals(self, x: Floats, sigmas: Floats) -> Floats:
        """Residuals for least squares (lanes + priors,), all inf where the simulation failed."""
        problem = self.problem
        readouts = self.log_readouts(x)
        if readouts is None:
            lanes = len(problem.lanes) + int(problem.priors.has.sum())
            return np.full(lanes, np.inf)
        return likelihood.residuals(problem.data, readouts, sigmas, problem.priors, x)

    def objective(self, x: Floats, sigmas: Floats) -> float:
        """Negative log-posterior at log-parameters `x` (no unit); inf where it failed."""
        readouts = self.log_readouts(x)
        if readouts is None:
            return math.inf
        return likelihood.negative_log_posterior(self.problem.data, readouts, sigmas, self.problem.priors, x)


# d ln(readout) / d ln(parameter), (lanes, parameters), at log-parameters x. Analytic derivatives
# plug in here; raise SimulationError where they cannot be had.
Jacobian = Callable[[Evaluator, Floats], Floats]


def forward_differences(evaluator: Evaluator, x: Floats) -> Floats:
    """d ln(readout) / d ln(parameter), (lanes, parameters), by one simulation a parameter.

    Steps away from a bound, and to the other side where a simulation fails. Raises
    SimulationError where both sides fail.
    """
    base = evaluator.log_readouts(x)
    if base is None:
        raise SimulationError(evaluator.message)
    columns = []
    for j, name in enumerate(evaluator.problem.free):
        first = STEP if x[j] + STEP <= evaluator.problem.upper[j] else -STEP
        for step in (first, -first):
            moved = x.copy()
            moved[j] += step
            readouts = evaluator.log_readouts_near(moved)
            if readouts is not None:
                columns.append((readouts - base) / step)
                break
        else:
            raise SimulationError(f"no derivative by {name}: {evaluator.message}")
    return np.stack(columns, axis=1)


Report = Callable[[int, float], None]


@single_threaded
def run_start(
    problem: FitProblem,
    index: int,
    point: Floats,
    settings: Settings,
    jacobian: Jacobian = forward_differences,
    report: Report | None = None,
) -> Start:
    """Optimise from one point (parameters,), in natural logs; never raises for a failed run.

    `report` is called with the number of simulations and the best objective so far, often. Errors
    other than SimulationError (a wrong input in a protocol, say) do raise.
    """
    began = time.perf_counter()
    evaluator = Evaluator(problem)
    x = np.clip(point, problem.lower, problem.upper)
    trace: list[float] = []
    sigmas = np.full(problem.data.antibodies, settings.sigma or FIRST_SIGMA)
    status, message = "failed", ""
    if evaluator.log_readouts(x) is None:
        message = f"the first point cannot be simulated: {evaluator.message}"
        trace.append(math.inf)
    else:
        x, sigmas, status, message = _rounds(evaluator, x, sigmas, settings, jacobian, trace, report)
    return Start(
        index=index,
        begin=named(problem, point),
        best=named(problem, x),
        objective=trace[-1],
        status=status,
        message=message,
        sigmas=dict(zip(problem.antibodies, map(float, sigmas), strict=True)),
        simulations=evaluator.simulations,
        failed_simulations=evaluator.failed,
        seconds=time.perf_counter() - began,
        trace=tuple(trace),
    )


def polish(
    evaluator: Evaluator,
    x: Floats,
    sigmas: Floats,
    settings: Settings,
    jacobian: Jacobian,
) -> tuple[Floats, Floats, float]:
    """The optimum next to a good point `x` (parameters,) with noise `sigmas`: point, noise, objective.

    Noise levels are renewed before the first round, and the objective is inf where `x` cannot be
    simulated. A problem without free parameters is evaluated.
    """
    x = np.clip(x, evaluator.problem.lower, evaluator.problem.upper)
    if evaluator.log_readouts(x) is None:
        return x, sigmas, math.inf
    if settings.sigma is None:
        sigmas = _noise(evaluator, x, sigmas)
    trace = [evaluator.objective(x, sigmas)]
    if not evaluator.problem.free:
        return x, sigmas, trace[0]
    found, noise, _, _ = _rounds(evaluator, x, sigmas, settings, jacobian, trace, None)
    better = trace[-1] <= trace[0]
    return (found, noise, trace[-1]) if better else (x, sigmas, trace[0])


def _rounds(
    evaluator: Evaluator,
    x: Floats,
    sigmas: Floats,
    settings: Settings,
    jacobian: Jacobian,
    trace: list[float],
    report: Report | None,
) -> tuple[Floats, Floats, str, str]:
    """Alternate least squares and noise levels; returns point, noise, status and message."""
    status, message = "stopped", f"still improving after {settings.rounds} rounds"
    for _ in range(settings.rounds):
        x, done, reason = _least_squares(evaluator, x, sigmas, settings.steps, jacobian, report)
        if settings.sigma is None:
            sigmas = _noise(evaluator, x, sigmas)
        trace.append(evaluator.objective(x, sigmas))
        if report is not None:
            report(evaluator.simulations, trace[-1])
        if reason:
            return x, sigmas, "stopped", reason
        settled = len(trace) > 1 and trace[-2] - trace[-1] < GAIN
        if done and (settled or settings.sigma is not None):
            return x, sigmas, "converged", f"the last round gained less than {GAIN}"
    return x, sigmas, status, message


def _least_squares(
    evaluator: Evaluator,
    x: Floats,
    sigmas: Floats,
    steps: int,
    jacobian: Jacobian,
    report: Report | None,
) -> tuple[Floats, bool, str]:
    """One run at fixed noise: the best point, whether it ended by itself, and what stopped it."""
    problem = evaluator.problem
    best: list[tuple[float, Floats]] = []

    def residuals(point: Floats) -> Floats:
        r = evaluator.residuals(point, sigmas)
        cost = float(r @ r)
        if math.isfinite(cost) and (not best or cost < best[0][0]):
            best[:] = [(cost, point.copy())]
            if report is not None:
                report(evaluator.simulations, evaluator.objective(point, sigmas))
        return r

    def slopes(point: Floats) -> Floats:
        return likelihood.project_jacobian(problem.data, jacobian(evaluator, point), sigmas, problem.priors)

    try:
        found = least_squares(
            residuals,
            x,
            slopes,
            bounds=(problem.lower, problem.upper),
            ftol=1e-5,
            xtol=1e-5,
            gtol=1e-6,
            max_nfev=steps,
        )
    except SimulationError as error:
        return (best[0][1] if best else x), False, f"no derivative could be had: {error}"
    except ValueError as error:  # scipy moves a start off its bound, and there nothing simulates
        if "not finite" not in str(error):
            raise
        return (best[0][1] if best else x), False, f"nothing could be simulated next to the start: {error}"
    return found.x, found.status > 0, ""


def _noise(evaluator: Evaluator, x: Floats, sigmas: Floats) -> Floats:
    readouts = evaluator.log_readouts(x)
    if readouts is None:
        return sigmas
    data = evaluator.problem.data
    return likelihood.solve_sigmas(data, likelihood.log_residuals(data, readouts))
