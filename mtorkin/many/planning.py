"""From a protocol to the time axis that the native engine reads, and from its results to words."""

from __future__ import annotations

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines.native.single import MOST_STEPS, REASONS, tolerances
from mtorkin.engines.native.task import Plan, Results, Status
from mtorkin.model import Model
from mtorkin.protocol import Protocol, doses, intervals
from mtorkin.settle import fastest
from mtorkin.simulate import NEGATIVE

__all__ = ["plan_of", "reason"]


def plan_of(
    model: Model, protocol: Protocol, when: Array, rtol: float, atol: float, shared: bool = False
) -> Plan:
    """Return the plan of a protocol with values at `when` [min], shape (times,).

    `rtol` [1] and `atol` [nM] are those of the result; `shared` as in `Plan`. Raises
    DeclarationError as `intervals`.
    """
    network = model.network
    pieces = intervals(protocol, network)
    steady = pieces[0].end == 0.0
    # a value at 0 is the one before anything acts
    first = pieces[0] if steady else intervals(Protocol(), network)[0]
    rest = pieces[1:] if steady else pieces
    later = [p for p in rest if p.start < when[-1]]
    end = [0.0, *(min(p.end, float(when[-1])) for p in later)]
    held = np.array([[v for _, v in p.inputs] for p in (first, *later)], dtype=float)
    place = {s: i for i, s in enumerate(model.equations.species)}
    dosed = doses(network)
    given = [p.doses for p in (first, *later)] if steady else [(), *(p.doses for p in later)]
    step_rtol, step_atol = tolerances(rtol, atol)
    return Plan(
        begin=np.array([0.0, *(p.start for p in later)]),
        end=np.array(end),
        inputs=held.reshape(1 + len(later), len(network.inputs)),
        times=when,
        times_to=np.searchsorted(when, end, side="right").astype(np.int32),
        doses_to=np.cumsum([len(d) for d in given]).astype(np.int32),
        doses=tuple((place[dosed[name]], value) for d in given for name, value in d),
        rtol=step_rtol,
        atol=step_atol,
        most_steps=MOST_STEPS * (1 + len(later)),
        steady=steady,
        negative=NEGATIVE * atol,
        shared=shared,
    )


def reason(model: Model, plan: Plan, constants: Array, found: Results, i: int) -> str:
    """Return why the i-th set has no result, or "" where it has one (no unit)."""
    status = Status(int(found.status[i]))
    if status == Status.DONE:
        return ""
    time, y = float(found.stopped_at[i]), found.last[i]
    if status == Status.BELOW_ZERO:
        species = model.equations.species[int(found.culprit[i])]
        return (
            f"{species} is below 0 at {time:g} min: tolerances are too loose, or a rate does not vanish "
            "with what it consumes"
        )
    k = int(np.searchsorted(plan.begin[1:], time, side="right")) if status != Status.NOT_AT_REST else 0
    p = constants.copy()
    p[len(p) - plan.inputs.shape[1] :] = plan.inputs[k]
    return f"stopped at {time:g} min: {REASONS[status]}; {fastest(model.equations, p.tolist(), y)}"
