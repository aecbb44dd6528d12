"""Derivatives of readouts by log-parameters: forward sensitivities where the native engine is built.

With m the readout of a lane and p a parameter, d ln m / d ln p = (p / m) dm / dp. The closed-form
scales follow in `likelihood.project_jacobian`; noise levels are at their minimum, so the gradient of
the objective has no term for them.
"""

from __future__ import annotations

import numpy as np

from mtorkin.errors import SimulationError
from mtorkin.fit.lanes import Floats
from mtorkin.fit.optimise import Evaluator, forward_differences
from mtorkin.fit.problem import READOUT_FLOOR
from mtorkin.fit.runs import ATOL, RTOL
from mtorkin.sensitivities import sensitivities

__all__ = ["best_derivatives", "forward_sensitivities"]


def best_derivatives(evaluator: Evaluator, x: Floats) -> Floats:
    """d ln(readout) / d ln(parameter), (lanes, parameters), by the best way there is for the engine.

    Sensitivities for "native", finite differences for the others and where sensitivities fail.
    Raises SimulationError where both fail.
    """
    if evaluator.problem.engine != "native":
        return forward_differences(evaluator, x)
    try:
        return forward_sensitivities(evaluator, x)
    except SimulationError:  # the steps of a difference may succeed where the point itself is hard
        return forward_differences(evaluator, x)


def forward_sensitivities(evaluator: Evaluator, x: Floats) -> Floats:
    """d ln(readout) / d ln(parameter), (lanes, parameters), by the native engine.

    Counts as one simulation. A readout below what is taken as zero has no slope. Raises
    SimulationError where an integration fails.
    """
    problem = evaluator.problem
    model, values = problem.model_at(x), np.exp(x)
    evaluator.simulations += 1
    slopes = np.empty((len(problem.lanes), len(problem.free)))
    for each in problem.experiments:
        found = sensitivities(
            model, each.protocol, each.times, problem.free, observables=each.targets, rtol=RTOL, atol=ATOL
        )
        value = found["value"].to_numpy()[each.time, each.target]
        derivative = found["derivative"].to_numpy()[each.time, each.target]
        seen = value > READOUT_FLOOR
        slopes[each.lane] = np.where(seen, 1 / np.where(seen, value, 1.0), 0.0)[:, None] * derivative * values
    if not np.all(np.isfinite(slopes)):
        evaluator.failed += 1
        raise SimulationError("a derivative is not a finite number")
    return slopes
