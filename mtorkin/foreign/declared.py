"""What an SBML file declares: its parts, with formulas still as MathML."""

from __future__ import annotations

from dataclasses import dataclass

from mtorkin.foreign.refusal import NotRead
from mtorkin.foreign.xml import Node

__all__ = ["Compartment", "Document", "Event", "Law", "Quantity", "Reaction"]


@dataclass(frozen=True)
class Compartment:
    """A volume; `size` is None where the file gives none."""

    id: str
    size: float | None
    constant: bool


@dataclass(frozen=True)
class Quantity:
    """A species or a parameter. `compartment` is "" for a parameter.

    A species has `amount` or a concentration as `value`; its symbol stands for its amount where
    `only_amount`. `fixed`: no reaction changes it.
    """

    id: str
    value: float | None
    constant: bool
    compartment: str = ""
    amount: bool = False
    only_amount: bool = False
    fixed: bool = False


@dataclass(frozen=True, eq=False)
class Law:
    """A formula, as MathML, and the `place` it is in."""

    math: Node
    place: str


@dataclass(frozen=True, eq=False)
class Reaction:
    """`changes` are species and how many are made; `own` are local parameters by their local id."""

    id: str
    changes: tuple[tuple[str, float], ...]
    law: Law
    own: dict[str, float]


@dataclass(frozen=True, eq=False)
class Event:
    """What happens once, when `trigger` becomes true; `at_start`: also where it is true from the start."""

    id: str
    trigger: Law
    at_start: bool
    assignments: tuple[tuple[str, Law], ...]


@dataclass(frozen=True, eq=False)
class Document:
    """One SBML model. Formulas by the id of what they give: `initial`, `assigned`, `rates`."""

    source: str
    name: str
    compartments: dict[str, Compartment]
    quantities: dict[str, Quantity]
    functions: dict[str, Law]
    initial: dict[str, Law]
    assigned: dict[str, Law]
    rates: dict[str, Law]
    reactions: tuple[Reaction, ...]
    events: tuple[Event, ...]

    def refuse(self, what: str) -> NotRead:
        """An error about this file, to be raised by the caller."""
        return NotRead(f"{self.source}: {what}")
