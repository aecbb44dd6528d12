"""One simulation with its sensitivities, natively."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines.native.library import FollowBlock, load, pointer
from mtorkin.engines.native.tables import tables
from mtorkin.engines.native.task import Plan, Results, carry_out
from mtorkin.equations import Equations
from mtorkin.errors import SimulationError

__all__ = ["Direction", "follow"]


@dataclass(frozen=True)
class Direction:
    """What a simulation is differentiated by: one constant, the same in some `periods` or in all.

    `constant` is its place in `equations.constants`, or None for a dose, the `dose`-th of
    the plan. What comes out is `scale` times the derivative.
    """

    constant: int | None = None
    periods: tuple[int, ...] | None = None
    dose: int | None = None
    scale: float = 1.0


def follow(
    equations: Equations,
    plan: Plan,
    constants: Array,
    start: Array,
    directions: list[Direction],
    slopes: Array,
    controlled: bool,
) -> tuple[Results, Array]:
    """Return one simulation, and its scaled derivatives, shape (times, directions, species).

    `start` (species,) [nM] and `slopes` (directions, species), its scaled derivatives. `controlled`: the
    errors of derivatives limit the steps too. Raises NotBuilt, SimulationError where memory is short.
    """
    by = tuple(sorted({d.constant for d in directions if d.constant is not None}))
    made = tables(equations, by)
    rank = np.argsort(made.order)
    terms = [
        (d, int(species), entry, period)
        for d, each in enumerate(directions)
        if each.constant is not None
        for period in ((-1,) if each.periods is None else each.periods)
        for entry, species in enumerate(made.g_species)
        if made.g_constants[entry] == each.constant
    ]
    columns = np.array(terms, dtype=np.int32).reshape(len(terms), 4).T.copy()
    own = {d.dose: i for i, d in enumerate(directions) if d.dose is not None}
    arrays: dict[str, Any] = {
        "start": np.ascontiguousarray(slopes[:, made.order], dtype=float),
        "scale": np.array([d.scale for d in directions], dtype=float),
        "term_direction": columns[0],
        "term_species": columns[1],
        "term_entry": columns[2],
        "term_period": columns[3],
        "dose_direction": np.array([own.get(k, -1) for k in range(len(plan.doses))], dtype=np.int32),
        "seen": np.full((len(plan.times), len(directions), len(start)), np.nan),
    }
    block = FollowBlock(
        count=len(directions),
        terms=len(terms),
        controlled=controlled,
        **{name: pointer(array) for name, array in arrays.items()},
    )
    library = load()

    def prepare(ensemble: int) -> None:
        if library.follow(ensemble, ctypes.addressof(block)) < 0:
            raise SimulationError(f"not enough memory for {len(directions)} directions")

    found = carry_out(library.one, made, plan, constants[None], start[None], prepare=prepare)
    return found, arrays["seen"][..., rank]
