"""What an engine is asked: one stretch of constant inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtorkin.arrays import Array
from mtorkin.equations import Equations


@dataclass(frozen=True, eq=False)
class Stretch:
    """Equations to be followed from `y0` [nM], shape (species,), at time 0.

    `constants` are the numbers of `equations.constants`; `times` [min], shape (times,), begin with
    0 and increase; `rtol` [1] and `atol` [nM] say how accurate the result is meant to be.
    """

    equations: Equations
    constants: Sequence[float]
    y0: Array
    times: Array
    rtol: float
    atol: float
