"""Virtual patients: the same cells with other abundances.

What differs between patients is how much they have of each molecule, log-normal around the model's
value (its median) and independent between molecules. That is a stand-in for what tumours show, not
data: the spread of a molecule is the doubt in its abundance, capped. Each molecule has random
numbers of its own, so that patient 7 of a seed stays the same whoever else is drawn and whatever
else varies.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mtorkin.errors import DeclarationError, listed, nearest
from mtorkin.model import ABUNDANCE, Model

__all__ = ["Cohort", "cohort"]

MOST = 0.5  # cap of the spread that a prior gives, natural logarithm


@dataclass(frozen=True, eq=False)
class Cohort:
    """Patients of a model: `factors` by which each multiplies abundances.

    `factors` has one row a patient (index "patient", from 1) and one column a molecule; `spread` is
    the standard deviation [natural logarithm] asked for each, `seed` what it was drawn with.
    """

    model: Model
    factors: pd.DataFrame
    spread: Mapping[str, float]
    seed: int

    def __len__(self) -> int:
        return len(self.factors)

    def __repr__(self) -> str:
        return f"Cohort({len(self)} patients, {self.factors.shape[1]} abundances vary, seed {self.seed})"

    @property
    def models(self) -> tuple[Model, ...]:
        """The model of each patient, in the order of `factors`."""
        rows = self.factors.to_dict("records")
        return tuple(self.model.scaled(**{str(k): float(v) for k, v in row.items()}) for row in rows)


def cohort(
    model: Model,
    n: int,
    seed: int,
    spread: Mapping[str, float] | None = None,
    others: float | None = None,
) -> Cohort:
    """Return `n` virtual patients whose abundances are log-normal around those of `model` (no unit).

    `spread` gives molecules (``{"ARD1": 0.6, "TSC2": 0}``) the standard deviation of the natural
    logarithm; `others` gives it for all molecules not named, by default that of each one's prior,
    at most 0.5. A molecule of which the cells have none, or whose spread is 0, does not vary. The
    same seed gives the same patients. Raises DeclarationError for an unknown molecule and for
    numbers that are not finite and from 0 up.
    """
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise DeclarationError(f"a cohort of {n!r} patients; give a whole number from 1 up")
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise DeclarationError(f"seed is {seed!r}; give a whole number from 0 up")
    given = _checked(model, spread or {}, others)
    columns = {
        name: np.exp(sd * np.random.default_rng([seed, zlib.crc32(name.encode())]).standard_normal(n))
        for name, sd in given.items()
        if sd and model.values[name + ABUNDANCE]
    }
    index = pd.RangeIndex(1, n + 1, name="patient")
    return Cohort(model, pd.DataFrame(columns, index=index), given, seed)


def _checked(model: Model, spread: Mapping[str, float], others: float | None) -> dict[str, float]:
    """The spread of every molecule, in the order of the model."""
    molecules = [id.removesuffix(ABUNDANCE) for id in model.values if id.endswith(ABUNDANCE)]
    for name in spread:
        if name not in molecules:
            raise DeclarationError(
                f"no abundance of {name!r} to vary{nearest(name, molecules)} "
                f"(there are {listed(sorted(molecules))})"
            )
    for name, sd in (*spread.items(), *([("the others", others)] if others is not None else [])):
        if isinstance(sd, bool) or not isinstance(sd, int | float) or not 0 <= sd < math.inf:
            raise DeclarationError(
                f"spread of {name} is {sd!r}; it is the standard deviation of a natural logarithm, "
                "a number from 0 up (0.5 is about ±60 %)"
            )
    return {name: spread.get(name, _default(model, name, others)) for name in molecules}


def _default(model: Model, name: str, others: float | None) -> float:
    if others is not None:
        return others
    row = model.table.rows.get(name + ABUNDANCE)
    return min(MOST, row.priorParameters[1]) if row and row.priorParameters else MOST
