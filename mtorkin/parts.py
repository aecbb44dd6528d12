"""The parts of a network: compartments, species and reactions."""

from __future__ import annotations

from dataclasses import dataclass

from mtorkin.entities import Entity, Ledger
from mtorkin.language.expression import Expr

CELL, MEDIUM, BLOOD = "cell", "medium", "blood"


@dataclass(frozen=True)
class Compartment:
    """A volume, in units of the cells' own: the medium above them is about a thousand times larger.

    Blood exchanges with the rest without being depleted, so that its size says nothing.
    """

    id: str
    size: float


@dataclass(frozen=True)
class Species:
    """A pool, or the ledger of a mark on one. ``dose``: the name by which a period sets it."""

    id: str
    label: str
    compartment: str
    initial: Expr
    dose: str
    entity: Entity

    @property
    def meaning(self) -> str:
        """What the molecule says of itself; most say nothing."""
        pool = self.entity.pool if isinstance(self.entity, Ledger) else self.entity
        return pool.molecule.meaning

    @property
    def is_ledger(self) -> bool:
        """Whether this is part of a pool rather than a pool."""
        return isinstance(self.entity, Ledger)


@dataclass(frozen=True)
class Reaction:
    """``rate`` [nM/min] holds per volume of ``compartment``; modifiers take part unchanged."""

    id: str
    label: str
    mechanism: str
    reactants: tuple[tuple[str, int], ...]
    products: tuple[tuple[str, int], ...]
    modifiers: tuple[str, ...]
    rate: Expr
    compartment: str
