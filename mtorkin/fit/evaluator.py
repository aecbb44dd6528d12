"""A problem being looked at from one point after another: counts, and a memory of the last point."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mtorkin.errors import SimulationError
from mtorkin.fit import likelihood
from mtorkin.fit.lanes import Floats
from mtorkin.fit.runs import Run

if TYPE_CHECKING:
    from mtorkin.fit.problem import FitProblem

__all__ = ["Evaluator", "Jacobian"]


@dataclass
class Evaluator:
    """Readouts of a problem with a count of simulations, a memory of one point and of the best.

    The memory spares the simulation that least squares would ask for twice, once for residuals
    and once for the Jacobian. `sigmas` (antibodies,) are noise levels; None solves them.
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

    def sigmas(self, x: Floats) -> Floats | None:
        """Best noise levels (antibodies,) at log-parameters `x`; None where it failed."""
        readouts = self.log_readouts(x)
        return None if readouts is None else likelihood.solve_sigmas(self.problem.data, readouts)

    def residuals(self, x: Floats, sigmas: Floats | None = None) -> Floats:
        """Residuals for least squares (lanes + priors,), all inf where the simulation failed."""
        problem = self.problem
        readouts, noise = self.log_readouts(x), self.sigmas(x) if sigmas is None else sigmas
        if readouts is None or noise is None:
            lanes = len(problem.lanes) + int(problem.priors.has.sum())
            return np.full(lanes, np.inf)
        return likelihood.residuals(problem.data, readouts, noise, problem.priors, x)

    def objective(self, x: Floats, sigmas: Floats | None = None) -> float:
        """Negative log-posterior at log-parameters `x` (no unit); inf where it failed."""
        problem = self.problem
        readouts, noise = self.log_readouts(x), self.sigmas(x) if sigmas is None else sigmas
        if readouts is None or noise is None:
            return math.inf
        return likelihood.negative_log_posterior(problem.data, readouts, noise, problem.priors, x)

    def jacobian(self, x: Floats, derivatives: Jacobian, sigmas: Floats | None = None) -> Floats:
        """Derivatives of `residuals` (lanes + priors, parameters), less what is solved takes up.

        Times the residuals it is the exact gradient of `objective`; see `likelihood`. Raises
        SimulationError where the point or its derivatives cannot be had.
        """
        problem = self.problem
        readouts, noise = self.log_readouts(x), self.sigmas(x) if sigmas is None else sigmas
        if readouts is None or noise is None:
            raise SimulationError(self.message)
        slopes = derivatives(self, x)
        return likelihood.project_jacobian(problem.data, readouts, slopes, noise, problem.priors)


# d ln(readout) / d ln(parameter), (lanes, parameters), at log-parameters x. Other derivatives plug in
# here; raise SimulationError where they cannot be had.
Jacobian = Callable[[Evaluator, Floats], Floats]
