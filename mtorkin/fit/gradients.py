"""Derivatives of readouts by log-parameters: forward sensitivities where the native engine is built.

With m the readout of a lane and p a parameter, d ln m / d ln p = (p / m) dm / dp. Scales and
backgrounds that are solved follow in `likelihood.project_jacobian`; noise levels are at their minimum,
so the gradient of the objective has no term for them. A parameter of one context has no effect in the
others.
"""

from __future__ import annotations

import numpy as np

from mtorkin.errors import SimulationError
from mtorkin.fit.evaluator import Evaluator
from mtorkin.fit.lanes import Floats
from mtorkin.fit.runs import ATOL, READOUT_FLOOR, RTOL
from mtorkin.sensitivities import sensitivities

__all__ = ["best_derivatives", "forward_differences", "forward_sensitivities"]

# in ln(parameter): well above the noise that rtol 1e-8 leaves, well below where curvature shows
STEP = 1e-3


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
    models, values = problem.models_at(x), np.exp(x)
    evaluator.simulations += 1
    slopes = np.zeros((len(problem.lanes), len(problem.free)))
    for each in problem.experiments:
        ids, columns = problem.acting(each.context)
        if not ids:
            continue
        found = sensitivities(
            models[each.context], each.protocol, each.times, ids,
            observables=each.targets, rtol=RTOL, atol=ATOL,
        )  # fmt: skip
        value = found["value"].to_numpy()[each.time, each.target]
        derivative = found["derivative"].to_numpy()[each.time, each.target]
        seen = value > READOUT_FLOOR
        by_log = np.where(seen, 1 / np.where(seen, value, 1.0), 0.0)[:, None] * derivative * values[columns]
        slopes[np.ix_(each.lane, np.array(columns))] = by_log
    if not np.all(np.isfinite(slopes)):
        evaluator.failed += 1
        raise SimulationError("a derivative is not a finite number")
    return slopes


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
