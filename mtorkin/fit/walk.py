"""One profile: a parameter is held at one value after another and the others are fitted anew.

From the best fit the walk goes down, then up. A step is made longer where the objective hardly
changed and repeated at half its length where it changed much, and each fit begins on the line
through the two before it. A side ends where both -2 log L (the blots, and the priors of the other
parameters) and -2 log posterior (its own prior too) are above the threshold, or at the bound.

The own prior is left out of `objective` because it depends on the held value alone: what is left
says what the blots determine, and adding it back needs no further fit.

References: profile likelihood for ODE models, Raue et al., Bioinformatics 2009
(doi:10.1093/bioinformatics/btp358; not read here, named for the idea).
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np

from mtorkin.engines.blas import single_threaded
from mtorkin.fit.evaluator import Evaluator, Jacobian
from mtorkin.fit.lanes import Floats
from mtorkin.fit.optimise import Settings, polish
from mtorkin.fit.problem import FitProblem

__all__ = ["THRESHOLD", "Point", "Walk", "walk"]

THRESHOLD = 3.841458820694124  # 95 % of chi-squared with one degree of freedom
MOST_RISE = 1.5  # of -2 log L in one step
MOST_POINTS = 40  # a side
MOST_TRIES = 4  # shorter steps where nothing can be simulated


@dataclass(frozen=True)
class Point:
    """The best fit with the parameter held: `log_value` (natural log), all parameters in `best`.

    `objective` is the negative log-posterior without the own prior, `own` the term of that prior.
    """

    log_value: float
    objective: float
    own: float
    best: tuple[float, ...]


@dataclass(frozen=True)
class Walk:
    """The points of one parameter in order of its value, and why each side ended.

    An end is "threshold", "bound", "failed" (nothing could be simulated further on) or "stopped"
    (too many points).
    """

    parameter: str
    points: tuple[Point, ...]
    lower_end: str
    upper_end: str
    simulations: int
    failed_simulations: int
    seconds: float


@dataclass(frozen=True, eq=False)
class _Held:
    """What all points of a walk share. `reach` is the first step (natural log)."""

    problem: FitProblem
    place: int
    settings: Settings
    jacobian: Jacobian
    counts: dict[str, int]

    def at(self, log_value: float, guess: Floats, sigmas: Floats) -> tuple[Point, Floats] | None:
        """The point at a value from a guess of all parameters, and its noise; None where it failed."""
        evaluator = Evaluator(self.problem.pinned(self.problem.free[self.place], log_value))
        others = np.delete(guess, self.place)
        x, noise, objective = polish(evaluator, others, sigmas, self.settings, self.jacobian)
        self.counts["simulations"] += evaluator.simulations
        self.counts["failed"] += evaluator.failed
        if not math.isfinite(objective):
            return None
        best = np.insert(x, self.place, log_value)
        return Point(log_value, objective, self.own(log_value), tuple(map(float, best))), noise

    def own(self, log_value: float) -> float:
        """The term of the own prior at a value (no unit)."""
        mean, sd = self.problem.priors.mean[self.place], self.problem.priors.sd[self.place]
        has = math.isfinite(mean) and math.isfinite(sd)
        return 0.5 * float((log_value - mean) / sd) ** 2 if has else 0.0


@single_threaded
def walk(
    problem: FitProblem,
    parameter: str,
    best: Floats,
    sigmas: Floats,
    spread: float,
    settings: Settings,
    jacobian: Jacobian,
) -> Walk:
    """Profile one parameter from the best fit `best` (parameters,), natural logs, noise `sigmas`.

    `spread` is its expected standard deviation (natural log), from which the first step is taken.
    Never raises for a failed simulation: such points are left out and counted.
    """
    began = time.perf_counter()
    place = problem.free.index(parameter)
    held = _Held(problem, place, settings, jacobian, {"simulations": 0, "failed": 0})
    origin = held.at(float(best[place]), best, sigmas)
    points: list[Point] = []
    ends = ["failed", "failed"]
    if origin is not None:
        points = [origin[0]]
        for side, bound in enumerate((problem.lower[place], problem.upper[place])):
            ends[side] = _side(held, points, origin, float(bound), spread)
    return Walk(
        parameter=parameter,
        points=tuple(sorted(points, key=lambda point: point.log_value)),
        lower_end=ends[0],
        upper_end=ends[1],
        simulations=held.counts["simulations"],
        failed_simulations=held.counts["failed"],
        seconds=time.perf_counter() - began,
    )


def _side(held: _Held, points: list[Point], origin: tuple[Point, Floats], bound: float, spread: float) -> str:
    """Walk from the origin towards a bound, adding to `points`; returns why it ended."""
    (last, sigmas), before = origin, None
    whole = float(held.problem.upper[held.place] - held.problem.lower[held.place])
    shortest, longest = whole / 1000, whole / 10
    sign = math.copysign(1.0, bound - last.log_value)
    step = min(max(spread / 2, shortest), longest)
    tries = 0
    for _ in range(MOST_POINTS):
        room = abs(bound - last.log_value)
        if room < 1e-9:
            return "bound"
        step = room if step > 0.8 * room else step
        to = bound if step == room else last.log_value + sign * step
        found = _step(held, to, last, before, sigmas)
        if found is None:
            tries += 1
            if tries == MOST_TRIES:
                return "failed"
            step /= 4
            continue
        rise = 2 * abs(found[0].objective - last.objective)
        if rise > MOST_RISE and step > shortest:
            step = max(step / 2, shortest)
            continue
        before, (last, sigmas) = last, found
        points.append(last)
        if _is_over(points):
            return "threshold"
        step = min(step * (2 if rise < MOST_RISE / 4 else 1), longest)
    return "stopped"


def _step(
    held: _Held, to: float, last: Point, before: Point | None, sigmas: Floats
) -> tuple[Point, Floats] | None:
    """The point at `to`, begun on the line through the last two or, where that fails, at the last."""
    here = np.array(last.best)
    if before is not None:
        share = (to - last.log_value) / (last.log_value - before.log_value)
        found = held.at(to, here + share * (here - np.array(before.best)), sigmas)
        if found is not None:
            return found
    return held.at(to, here, sigmas)


def _is_over(points: list[Point]) -> bool:
    """Whether the last point is above the threshold with and without its own prior."""
    without = min(point.objective for point in points)
    with_own = min(point.objective + point.own for point in points)
    last = points[-1]
    rises = (last.objective - without, last.objective + last.own - with_own)
    return 2 * min(rises) > THRESHOLD
