"""One simulation at a time: the engine "native"."""

from __future__ import annotations

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines.native.library import load
from mtorkin.engines.native.tables import tables
from mtorkin.engines.native.task import Plan, Status, carry_out
from mtorkin.engines.stopped import Stopped
from mtorkin.engines.stretch import Stretch

__all__ = ["MOST_STEPS", "REASONS", "integrate", "tolerances"]

# An integrator bounds the error of a step, a user means the error of the result. Asking for this
# much more brings the one under the other.
SAFETY_RTOL, SAFETY_ATOL = 0.05, 0.001
FINEST = 1e-12  # rounding decides what is below
MOST_STEPS = 20_000
REASONS = {
    Status.NO_NUMBER: "a rate is not a number",
    Status.STEP_TOO_SMALL: "the step has become too small to move the time",
    Status.TOO_MANY_STEPS: f"more than {MOST_STEPS} steps",
    Status.NOT_AT_REST: "the cells do not come to rest",
}


def tolerances(rtol: float, atol: float) -> tuple[float, float]:
    """Return the relative [1] and absolute [nM] tolerance of steps for those of a result."""
    return max(rtol * SAFETY_RTOL, FINEST), atol * SAFETY_ATOL


def integrate(stretch: Stretch) -> Array:
    """Return concentrations [nM] at the stretch's times, shape (times, species).

    Raises Stopped where the integration cannot go on, NotBuilt where the engine was not compiled.
    """
    times = stretch.times
    call = load().one
    if len(times) == 1:
        return stretch.y0[None].copy()
    rtol, atol = tolerances(stretch.rtol, stretch.atol)
    plan = Plan(
        begin=np.zeros(1),
        end=times[-1:],
        inputs=np.empty((1, 0)),
        times=times[1:],
        times_to=np.array([len(times) - 1], dtype=np.int32),
        doses_to=np.zeros(1, dtype=np.int32),
        doses=(),
        rtol=rtol,
        atol=atol,
        most_steps=MOST_STEPS,
    )
    constants = np.array([stretch.constants], dtype=float)
    done = carry_out(call, tables(stretch.equations), plan, constants, stretch.y0[None])
    status = Status(int(done.status[0]))
    if status != Status.DONE:
        raise Stopped(REASONS[status], float(done.stopped_at[0]), done.last[0])
    assert done.species is not None
    return np.vstack([stretch.y0[None], done.species[0]])
