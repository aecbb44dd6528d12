"""The reference engine: scipy's BDF with the analytic Jacobian, plain and dense.

LSODA is faster on many runs, but can stay with its non-stiff method where cells hardly change
(docs/decisions/0005-steady-states.md has the numbers).
"""

from __future__ import annotations

import numpy as np
from scipy.integrate import BDF

from mtorkin.arrays import Array
from mtorkin.engines.blas import single_threaded
from mtorkin.engines.stopped import Stopped
from mtorkin.engines.stretch import Stretch

# An integrator bounds the error of a step, a user means the error of the result. Asking for this
# much more brings the one under the other.
SAFETY_RTOL, SAFETY_ATOL = 0.05, 0.001
FINEST = 1e-12  # rounding decides what is below
MOST_STEPS = 20_000
# Of the error that a step is allowed, how much its equations may be left unsolved. scipy takes the
# root of rtol, 2e-4 here: a fifth more evaluations, for a result that is no better
NEWTON = 0.03


@single_threaded
def integrate(stretch: Stretch) -> Array:
    """Return concentrations [nM] at the stretch's times, shape (times, species).

    Raises Stopped where the integration cannot go on.
    """
    times = stretch.times
    result = np.empty((len(times), len(stretch.y0)))
    result[0] = stretch.y0
    if len(times) == 1:
        return result
    t, y = 0.0, stretch.y0
    try:
        _refuse_no_number(stretch)
        with np.errstate(all="ignore"):  # overflow: the step is then refused
            solver = _solver(stretch)
            done = 1
            for _ in range(MOST_STEPS):
                message = solver.step()
                t, y = solver.t, solver.y
                if solver.status == "failed":
                    raise Stopped(str(message), t, y)
                until = int(np.searchsorted(times, t, side="right"))
                if until > done:
                    result[done:until] = solver.dense_output()(times[done:until]).T
                    done = until
                if solver.status == "finished":
                    return result
    except (ArithmeticError, ValueError, np.linalg.LinAlgError) as error:
        raise Stopped(str(error), t, y) from error
    raise Stopped(f"more than {MOST_STEPS} steps", t, y)


def _solver(stretch: Stretch) -> BDF:
    equations, constants = stretch.equations, stretch.constants
    solver = BDF(
        lambda _t, y: equations.rhs(y, constants),
        0.0,
        stretch.y0,
        float(stretch.times[-1]),
        rtol=max(stretch.rtol * SAFETY_RTOL, FINEST),
        atol=stretch.atol * SAFETY_ATOL,
        jac=lambda _t, y: equations.jacobian(y, constants),
    )
    solver.newton_tol = NEWTON
    return solver


def _refuse_no_number(stretch: Stretch) -> None:
    """BDF would choose its first step from it for ever."""
    if not np.all(np.isfinite(stretch.equations.rhs(stretch.y0, stretch.constants))):
        raise ArithmeticError("a rate is not a number")
