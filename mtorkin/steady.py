"""The state of cells that have been left alone: what every experiment `UNTIL_STEADY` begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines.quick import observed
from mtorkin.errors import SimulationError
from mtorkin.language.expression import evaluate
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Interval, Period, Protocol, doses, intervals
from mtorkin.settle import settle

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "SteadyState",
    "constants_in",
    "declared_state",
    "dosed",
    "no_value",
    "observed_in",
    "rest",
    "steady_state",
]


@dataclass(frozen=True, eq=False)
class SteadyState:
    """Concentrations `y` [nM], shape (species,), at which nothing changes, under `inputs`.

    `state` and `observables` are Series by id; `residual` is the largest net rate of change as a
    share of what flows through a species; `minutes` is how long a run came before; `diagnosis` is
    "converged", since anything else raises.
    """

    y: Array
    state: pd.Series[float]
    observables: pd.Series[float]
    inputs: Mapping[str, float]
    residual: float
    minutes: float
    diagnosis: str = "converged"

    def __repr__(self) -> str:
        return (
            f"SteadyState({len(self.y)} species, {self.diagnosis} after {self.minutes:g} min, "
            f"residual {self.residual:.1g})"
        )


def steady_state(model: Model, inputs: Mapping[str, float] | None = None) -> SteadyState:
    """Return the steady state that cells reach from the declared state [nM].

    `inputs` changes those of fed cells; the name of a dose sets its species at the start. Raises
    DeclarationError for an unknown input, SimulationError where the cells oscillate, drift or
    cannot be simulated, with the species that does.
    """
    import pandas as pd  # here: slow to load, and a simulation does without

    interval = intervals(Protocol(Period(UNTIL_STEADY, **(inputs or {}))), model.network)[0]
    y, residual, minutes = rest(model, interval)
    seen = observed_in(model, y[None], interval)[0]
    ids = [o.id for o in model.network.observables]
    return SteadyState(
        y=y,
        state=pd.Series(y, index=list(model.equations.species), name="nM"),
        observables=pd.Series(seen, index=ids, name="value"),
        inputs=dict(interval.inputs),
        residual=residual,
        minutes=minutes,
    )


def rest(model: Model, interval: Interval) -> tuple[Array, float, float]:
    """Return concentrations [nM], residual [1] and minutes of run of the steady state in `interval`.

    Raises SimulationError as `steady_state`.
    """
    y0 = dosed(model, declared_state(model), interval)
    try:
        found = settle(model.equations, constants_in(model, interval), y0)
    except SimulationError as error:
        raise SimulationError(f"no steady state in the period {interval}: {error}") from error
    except ArithmeticError as error:
        raise no_value(model, y0[None], interval, error) from error
    return found.y, found.residual, found.minutes


def declared_state(model: Model) -> Array:
    """Return concentrations [nM], shape (species,), as the network declares them."""
    return np.array([evaluate(s.initial, model.values) for s in model.network.species])


def constants_in(model: Model, interval: Interval) -> list[float]:
    """Return the numbers of parameters and inputs, in the equations' order and their own units."""
    return model.equations.constants_of({**model.values, **dict(interval.inputs)})


def observed_in(model: Model, rows: Array, interval: Interval) -> Array:
    """Return the observables [their own units] of some states, shape (states, observables).

    `rows` has shape (states, species). Raises SimulationError where a formula has no value.
    """
    constants = constants_in(model, interval)
    try:
        return observed(model.equations, rows, constants)
    except ArithmeticError as error:
        raise no_value(model, rows, interval, error) from error


def no_value(model: Model, rows: Array, interval: Interval, error: ArithmeticError) -> SimulationError:
    """Return an error that names the formula which has no value at one of some states."""
    network = model.network
    formulas = [(a.id, a.expr) for a in network.assignments]
    formulas += [(o.id, o.expr) for o in network.observables]
    formulas += [(r.id, r.rate) for r in network.reactions]
    zero = ", ".join(id for id, value in model.values.items() if value == 0.0)
    where = "a formula"
    for row in rows.tolist():
        numbers = {**model.values, **dict(interval.inputs)}
        numbers |= zip(model.equations.species, row, strict=True)
        for id, expr in formulas:
            try:
                numbers[id] = evaluate(expr, numbers)
            except ArithmeticError:
                where = id
                break
    hint = f". Parameters that are 0: {zero}" if zero else ""
    return SimulationError(f"{where} has no value in the period {interval}: {error}{hint}")


def dosed(model: Model, y: Array, interval: Interval) -> Array:
    """Return `y` [nM] with the species that the interval doses set to its doses."""
    if not interval.doses:
        return y
    species = doses(model.network)
    after = y.copy()
    for name, value in interval.doses:
        after[model.equations.species.index(species[name])] = value
    return after
