"""Exact derivatives for a fit: forward sensitivities instead of one simulation a parameter."""

from __future__ import annotations

import numpy as np

from mtorkin.fit.likelihood import Floats
from mtorkin.fit.optimise import Evaluator
from mtorkin.fit.problem import READOUT_FLOOR
from mtorkin.fit.runs import ATOL, RTOL
from mtorkin.sensitivities import derivatives

__all__ = ["exact"]


def exact(evaluator: Evaluator, x: Floats) -> Floats:
    """d ln(readout) / d ln(parameter), (lanes, parameters), at log-parameters `x`.

    A readout below the floor that its logarithm has does not change. Raises SimulationError where a
    simulation fails, NotBuilt where the native engine was not compiled.
    """
    problem, p = evaluator.problem, np.exp(x)
    model, free = problem.model_at(x), list(problem.free)
    place = {o.id: i for i, o in enumerate(model.network.observables)}
    found = np.zeros((len(problem.lanes), len(free)))
    for each in problem.experiments:
        evaluator.simulations += 1
        values, slopes = derivatives(model, each.protocol, each.times, free, RTOL, ATOL)
        target = np.array([place[id] for id in each.targets])[each.target]
        value, slope = values[each.time, target], slopes[each.time, target]
        seen = value > READOUT_FLOOR
        found[each.lane[seen]] = slope[seen] * p / value[seen, None]
    return found
