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
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from mtorkin.engines.blas import single_threaded
from mtorkin.errors import DeclarationError, SimulationError
from mtorkin.fit.evaluator import Evaluator, Jacobian
from mtorkin.fit.gradients import forward_differences
from mtorkin.fit.lanes import Floats
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.starts import Start, named

__all__ = ["Evaluator", "Jacobian", "Settings", "forward_differences", "polish", "run_start"]

FIRST_SIGMA = 0.3
GAIN = 0.01


@dataclass(frozen=True)
class Settings:
    """How long to try: least-squares steps a round, and rounds."""

    steps: int = 25
    rounds: int = 5

    def __post_init__(self) -> None:
        if self.steps < 1 or self.rounds < 1:
            raise DeclarationError(f"steps = {self.steps}, rounds = {self.rounds}: each is at least 1")


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
    sigmas = np.full(problem.data.antibodies, problem.data.noise.sigma or FIRST_SIGMA)
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
        sigmas = _noise(evaluator, x, sigmas)
        trace.append(evaluator.objective(x, sigmas))
        if report is not None:
            report(evaluator.simulations, trace[-1])
        if reason:
            return x, sigmas, "stopped", reason
        settled = len(trace) > 1 and trace[-2] - trace[-1] < GAIN
        if done and (settled or evaluator.problem.data.noise.sigma is not None):
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
        return evaluator.jacobian(point, jacobian, sigmas)

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
    found = evaluator.sigmas(x)
    return sigmas if found is None else found
