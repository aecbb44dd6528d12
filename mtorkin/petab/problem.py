"""A PEtab problem of others: parameters, observables, measurements and the simulations they need."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mtorkin.arrays import Array
from mtorkin.foreign.declared import Document
from mtorkin.foreign.refusal import NotRead
from mtorkin.language.expression import Expr

__all__ = [
    "Measurements",
    "Observable",
    "Parameter",
    "Period",
    "PetabProblem",
    "Prior",
    "Reference",
    "Simulation",
]

# a number, a parameter of the table, or a formula: of parameters, and where a simulation has already
# begun also of what is there just before
Reference = float | str | Expr
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Prior:
    """A prior of the objective: `kind` as PEtab 1 or 2 names it, its numbers, and what bounds cut off.

    `within` is the probability between the bounds, where they truncate the prior, else 1. `flat`: it
    is the same wherever the parameter may be.
    """

    kind: str
    numbers: tuple[float, ...]
    within: float = 1.0
    flat: bool = False


@dataclass(frozen=True)
class Parameter:
    """A row of the parameter table; bounds and `nominal` are linear, whatever the `scale`."""

    id: str
    scale: str
    lower: float
    upper: float
    nominal: float
    estimated: bool
    prior: Prior | None

    def scaled(self, value: float) -> float:
        """The value on the scale of the parameter. Raises ValueError where it has none there."""
        if self.scale == "lin":
            return value
        return math.log10(value) if self.scale == "log10" else math.log(value)


@dataclass(frozen=True)
class Observable:
    """Formulas of the readout and its noise; `transformation` lin, log or log10; `laplace` noise."""

    id: str
    formula: Expr
    noise: Expr
    transformation: str
    laplace: bool


@dataclass(frozen=True)
class Period:
    """From `start`, in the unit of the file, on: what it `sets`, and what is `held` as it was before.

    What it neither sets nor holds is as the model has it: species go on, all else begins anew.
    `start` is -inf where the model comes to rest.
    """

    start: float
    sets: dict[str, Reference]
    held: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Measurements:
    """One row a measurement: `value`, `time`, and what stands for its placeholders."""

    value: Array
    time: Array
    observable: Integers
    placeholders: tuple[dict[str, Reference], ...]


@dataclass(frozen=True)
class Simulation:
    """Periods, one after another; the first after one of rest where `before` is not None.

    `name` is for errors; `rows` are the measurements that it explains.
    """

    name: str
    before: Period | None
    periods: tuple[Period, ...]
    rows: Integers


@dataclass(frozen=True, eq=False)
class PetabProblem:
    """A problem as it was read. `parameters` by id, in the order of the table."""

    source: str
    document: Document
    parameters: dict[str, Parameter]
    observables: tuple[Observable, ...]
    measurements: Measurements
    simulations: tuple[Simulation, ...]

    @property
    def free(self) -> tuple[str, ...]:
        """Ids of the parameters that are estimated."""
        return tuple(p.id for p in self.parameters.values() if p.estimated)

    def nominal(self) -> Array:
        """Nominal values of the estimated parameters on their scales (parameters,).

        Raises NotRead where one has no nominal value, or no logarithm that its scale needs.
        """
        for id in self.free:
            p = self.parameters[id]
            if not math.isfinite(p.nominal) or (p.scale != "lin" and p.nominal <= 0):
                raise NotRead(
                    f"{self.source}: the nominal value of {id} is {p.nominal:g}, on the scale {p.scale}"
                )
        return np.array([self.parameters[id].scaled(self.parameters[id].nominal) for id in self.free])

    def bounds(self) -> tuple[Array, Array]:
        """Bounds of the estimated parameters on their scales."""
        chosen = [self.parameters[id] for id in self.free]
        return np.array([p.scaled(p.lower) for p in chosen]), np.array([p.scaled(p.upper) for p in chosen])
