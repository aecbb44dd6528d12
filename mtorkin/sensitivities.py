"""How observables change with parameters, initial amounts and what a protocol gives: forward, exact.

Steady states are differentiated too: J s + f_p = 0 with the totals that the parameters leave
(implicit function theorem). Derivatives by a parameter are computed as those by its logarithm, so
that all have the unit of the state; they are divided by it at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines.native.following import Direction, follow
from mtorkin.engines.native.readout import slopes_of_observables
from mtorkin.engines.native.task import Plan, Status
from mtorkin.engines.quick import observed
from mtorkin.errors import DeclarationError, SimulationError, nearest
from mtorkin.language.expression import evaluate, gradient
from mtorkin.many.planning import plan_of, reason
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol, doses
from mtorkin.simulate import checked_times
from mtorkin.steady import declared_state
from mtorkin.trajectory import resolved_all

if TYPE_CHECKING:
    import xarray

__all__ = ["derivatives", "sensitivities"]

STEADY = "steady"


def sensitivities(
    model: Model,
    protocol: Protocol,
    times: Sequence[float] | Array,
    parameters: Iterable[str],
    *,
    observables: Iterable[str] | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    controlled: bool = False,
) -> xarray.Dataset:
    """Return `value` (time, observable) and `derivative` (time, observable, parameter).

    `derivative` is in the observable's unit by the parameter's. `parameters` are ids of parameters, or
    what one period sets, with its start: ``insulin@0``, ``rapamycin@30``, ``insulin@steady``.
    `observables` are ids of observables, all by default. `controlled`: the errors of derivatives limit
    the steps too, which costs up to twice as much; without it they are about ten times the state's.

    Raises DeclarationError for unknown or doubled ids and as `simulate`; SimulationError where the
    simulation fails; NotBuilt where the native engine was not compiled.
    """
    if isinstance(parameters, str):
        raise DeclarationError(f"parameters is {parameters!r}; give a list: [{parameters!r}]")
    when, names = checked_times(times), list(parameters)
    known = tuple(o.id for o in model.network.observables)
    asked = known if observables is None else resolved_all(observables, known, "observables")
    places = [known.index(id) for id in asked]
    values, slopes = derivatives(model, protocol, when, names, rtol, atol, controlled)
    return _dataset(model, when, names, asked, values[:, places], slopes[:, places])


def derivatives(
    model: Model,
    protocol: Protocol,
    when: Array,
    names: list[str],
    rtol: float,
    atol: float,
    controlled: bool = False,
) -> tuple[Array, Array]:
    """Return all observables at `when` [min], shape (times, observables), and their derivatives.

    Derivatives have shape (times, observables, parameters). Raises as `sensitivities`.
    """
    plan = plan_of(model, protocol, when, rtol, atol)
    if not names:
        raise DeclarationError("no parameters are given; name at least one")
    if len(set(names)) < len(names):
        raise DeclarationError("a parameter is given twice; give each once")
    return _followed(model, plan, [_direction(model, protocol, plan, name) for name in names], controlled)


def _followed(model: Model, plan: Plan, directions: list[Direction], controlled: bool) -> tuple[Array, Array]:
    """All observables (times, observables), and their derivatives (times, observables, directions)."""
    equations = model.equations
    parameters = [p.id for p in model.network.parameters]
    constants = np.array([*(model.values[p] for p in parameters), *plan.inputs[0]])
    scales = np.array([d.scale for d in directions])
    slopes = _initial_slopes(model, directions) * scales[:, None]
    found, s = follow(equations, plan, constants, declared_state(model), directions, slopes, controlled)
    if found.status[0] != Status.DONE:
        raise SimulationError(reason(model, plan, constants, found, 0))
    assert found.species is not None
    period = np.searchsorted(plan.times_to, np.arange(len(plan.times)), side="right")
    rows = np.tile(constants, (len(plan.times), 1))
    rows[:, len(parameters) :] = plan.inputs[period]
    by_species, by_constants = slopes_of_observables(equations, found.species[0], rows)
    slopes_seen = np.einsum("tos,tds->tod", by_species, s)
    for i, d in enumerate(directions):
        if d.constant is not None:
            acts = np.isin(period, range(len(plan.begin)) if d.periods is None else d.periods)
            slopes_seen[acts, :, i] += scales[i] * by_constants[acts, :, d.constant]
    pairs = zip(found.species[0], rows, strict=True)
    values = np.vstack([observed(equations, y[None], p.tolist()) for y, p in pairs])
    return values, slopes_seen / scales


def _initial_slopes(model: Model, directions: list[Direction]) -> Array:
    """Derivatives of the declared state, shape (directions, species)."""
    found = np.zeros((len(directions), len(model.network.species)))
    place = {
        model.equations.constants[d.constant]: i for i, d in enumerate(directions) if d.constant is not None
    }
    for j, species in enumerate(model.network.species):
        for id, slope in gradient(species.initial).items():
            if id in place:
                found[place[id], j] = evaluate(slope, model.values)
    return found


def _direction(model: Model, protocol: Protocol, plan: Plan, name: str) -> Direction:
    constants = model.equations.constants
    if name in model.values:
        return Direction(constant=constants.index(name), scale=model.values[name] or 1.0)
    what, _, when = str(name).partition("@")
    if what not in model.inputs.index:
        allowed = [*model.values, *model.inputs.index]
        raise DeclarationError(
            f"no parameter {name!r}{nearest(what, allowed)} (see model.parameters, model.inputs)"
        )
    setting = {_label(p): dict(p.inputs)[what] for p in protocol.periods if what in dict(p.inputs)}
    if when not in setting:
        there = ", ".join(f"{what}@{label}" for label in setting) or "none"
        raise DeclarationError(f"no period sets {name!r} (there is: {there})")
    scale = setting[when] or 1.0
    labels = [STEADY if plan.steady else "", *(f"{start:g}" for start in plan.begin[1:])]
    if when not in labels:  # after the last time
        return Direction(scale=scale)
    first = labels.index(when)
    if what in (dosed := doses(model.network)):
        species = model.equations.species.index(dosed[what])
        before = int(plan.doses_to[first - 1]) if first else 0
        given = range(before, int(plan.doses_to[first]))
        return Direction(dose=next(i for i in given if plan.doses[i][0] == species), scale=scale)
    later = [k for k in range(first + 1, len(labels)) if labels[k] in setting]
    acts = tuple(range(first, later[0] if later else len(labels)))
    return Direction(constant=constants.index(what), periods=acts, scale=scale)


def _label(period: Period) -> str:
    return STEADY if period.start is UNTIL_STEADY else f"{period.start:g}"


def _dataset(
    model: Model, when: Array, names: list[str], asked: tuple[str, ...], values: Array, slopes: Array
) -> xarray.Dataset:
    import xarray  # here: it takes half a second, and most runs do not need it

    units = {o.id: o.unit for o in model.network.observables}
    return xarray.Dataset(
        {
            "value": (("time", "observable"), values),
            "derivative": (("time", "observable", "parameter"), slopes),
        },
        coords={
            "time": ("time", when, {"units": "min"}),
            "observable": list(asked),
            "parameter": names,
            "unit": ("observable", [units[id] for id in asked]),
        },
    )
