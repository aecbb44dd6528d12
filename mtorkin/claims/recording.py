"""What measures look at: what was recorded of runs and cohorts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mtorkin.arrays import Array
from mtorkin.claims.statement import Criterion, Readout, Run
from mtorkin.errors import DeclarationError, nearest
from mtorkin.model import Model
from mtorkin.network import Network

__all__ = ["Evidence", "Measure", "Patients", "Recording", "change", "ratio"]


@dataclass(frozen=True, eq=False)
class Recording:
    """Observables of one run over `times` [min]; those at time 0 are of the state before anything acts.

    `values` are the parameters of the cells, `cells` the model of them, `medium` what they were at
    rest in.
    """

    times: Array
    observables: Mapping[str, Array]
    values: Mapping[str, float]
    cells: Model | None = None
    medium: Mapping[str, float] = field(default_factory=dict)

    def course(self, readout: Readout) -> Array:
        """Return the readout at each time, shape (times,). Raises DeclarationError if there is none."""
        found = self._observable(readout.id)
        if readout.minus:
            found = found - self._observable(readout.minus)
        if readout.per:
            total = np.sum([self._observable(id) for id in readout.per], axis=0)
            found = np.divide(found, total, out=np.full_like(found, math.nan), where=total != 0)
        return found

    def at(self, readout: Readout, time: float) -> float:
        """Return the readout at a recorded time [min], which for cells at rest is any time.

        Raises KeyError where it was not recorded.
        """
        if len(self.times) == 1:
            return float(self.course(readout)[0])
        index = int(np.searchsorted(self.times, time))
        if index == len(self.times) or self.times[index] != time:
            raise KeyError(time)
        return float(self.course(readout)[index])

    def _observable(self, id: str) -> Array:
        if id not in self.observables:
            raise DeclarationError(f"no observable {id!r}{nearest(id, self.observables)}")
        return self.observables[id]


@dataclass(frozen=True, eq=False)
class Patients:
    """A cohort: `factors` of abundances, one row a patient, and a recording of each, or why there is none."""

    factors: pd.DataFrame
    recorded: tuple[Recording | str, ...]


@dataclass(frozen=True, eq=False)
class Evidence:
    """The runs of a claim, what was recorded of each and of its cohorts, by name, and the network."""

    runs: Mapping[str, Run]
    recorded: Mapping[str, Recording]
    network: Network | None = None
    cohorts: Mapping[str, Patients] = field(default_factory=dict)


Measure = Callable[[Criterion, Evidence], float]


def ratio(one: float, other: float) -> float:
    """Return one number over another, not a number where that is 0 or not finite (no unit)."""
    return one / other if other != 0 and math.isfinite(other) else math.nan


def change(recorded: Recording, readout: Readout, at: float) -> float:
    """Return a readout at a time [min] over that at 0 (no unit)."""
    return ratio(recorded.at(readout, at), recorded.at(readout, 0.0))
