"""The reference engine: scipy's BDF with the analytic Jacobian, plain and dense.

LSODA is faster on many runs, but can stay with its non-stiff method where cells hardly change
(docs/decisions/0005-steady-states.md has the numbers).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.integrate import BDF

from mtorkin.arrays import Array
from mtorkin.engines.blas import single_threaded
from mtorkin.engines.stopped import Stopped
from mtorkin.equations import Equations

# An integrator bounds the error of a step, a user means the error of the result. Asking for this
# much more brings the one under the other.
SAFETY_RTOL, SAFETY_ATOL = 0.05, 0.001
FINEST = 1e-12  # rounding decides what is below
MOST_STEPS = 20_000


@single_threaded
def integrate(
    equations: Equations,
    constants: Sequence[float],
    y0: Array,
    times: Array,
    rtol: float,
    atol: float,
) -> Array:
    """Return concentrations [nM] at `times` [min, the first one 0], shape (times, species).

    Raises Stopped where the integration cannot go on.
    """
    result = np.empty((len(times), len(y0)))
    result[0] = y0
    if len(times) == 1:
        return result
    t, y = 0.0, y0
    try:
        _refuse_no_number(equations, constants, y0)
        with np.errstate(all="ignore"):  # overflow: the step is then refused
            solver = _solver(equations, constants, y0, float(times[-1]), rtol, atol)
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


def _solver(
    equations: Equations,
    constants: Sequence[float],
    y0: Array,
    end: float,
    rtol: float,
    atol: float,
) -> BDF:
    return BDF(
        lambda _t, y: equations.rhs(y, constants),
        0.0,
        y0,
        end,
        rtol=max(rtol * SAFETY_RTOL, FINEST),
        atol=atol * SAFETY_ATOL,
        jac=lambda _t, y: equations.jacobian(y, constants),
    )


def _refuse_no_number(equations: Equations, constants: Sequence[float], y0: Array) -> None:
    """BDF would choose its first step from it for ever."""
    if not np.all(np.isfinite(equations.rhs(y0, constants))):
        raise ArithmeticError("a rate is not a number")
