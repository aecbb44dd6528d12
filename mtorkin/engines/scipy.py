"""The reference engine: LSODA of scipy with the analytic Jacobian, plain and dense."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from scipy.integrate import LSODA

from mtorkin.arrays import Array
from mtorkin.engines.blas import single_threaded
from mtorkin.engines.stopped import Stopped
from mtorkin.equations import Equations

# An integrator bounds the error of a step, a user means the error of the result. Asking for this
# much more brings the one near the other, and costs a third more steps (docs/decisions/0005).
SAFETY = 0.01
FINEST = 1e-13  # LSODA refuses a relative tolerance below 100 units of rounding
MOST_STEPS = 100_000


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
    solver = LSODA(
        lambda _t, y: equations.rhs(y, constants),
        0.0,
        y0,
        times[-1],
        rtol=max(rtol * SAFETY, FINEST),
        atol=atol * SAFETY,
        jac=lambda _t, y: equations.jacobian(y, constants),
    )
    done = 1
    for _ in range(MOST_STEPS):
        _step(solver)
        until = int(np.searchsorted(times, solver.t, side="right"))
        if until > done:
            result[done:until] = solver.dense_output()(times[done:until]).T
            done = until
        if solver.status == "finished":
            return result
    raise Stopped(f"more than {MOST_STEPS} steps", solver.t, solver.y)


def _step(solver: LSODA) -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        message = solver.step()
    if solver.status == "failed" or not np.all(np.isfinite(solver.y)):
        why = " ".join([message or "not a number", *(str(w.message) for w in said)])
        raise Stopped(why, solver.t, solver.y)
