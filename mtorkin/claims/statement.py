"""What a claim is: a sentence of the literature, experiments that test it, and what must come out.

Claims are data (the TOML files in `statements/`); this module gives them a shape. Cells are the
model with explicit changes, a treatment is what happens to cells, a run is a treatment with the
times at which it is looked at, and a criterion is a measure of runs with its bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mtorkin.protocol import Period

__all__ = ["START", "Cells", "Claim", "Criterion", "Readout", "Run", "Treatment"]

START = "start"  # the control of a treated run: the same cells just before
Pairs = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Cells:
    """The model with changes, made in this order.

    `scale` multiplies abundances, `mutants` are the model's mutations, `factor` multiplies
    parameters, `set` gives them values in their own units.
    """

    scale: Pairs = ()
    mutants: tuple[str, ...] = ()
    factor: Pairs = ()
    set: Pairs = ()


@dataclass(frozen=True)
class Treatment:
    """What happens to some cells: `medium` until steady, then `periods` from time 0 [min] on.

    With `origin` the cells are not at rest at time 0: they are in the state in which the origin was
    at `origin_at` [min], so that a change of the cells acts from time 0 on.
    """

    cells: Cells = Cells()
    medium: Pairs = ()
    periods: tuple[Period, ...] = ()
    origin: Treatment | None = None
    origin_at: float = 0.0

    @property
    def is_change(self) -> bool:
        """Whether something happens at time 0, so that the state at 0 is a control (no unit)."""
        return bool(self.periods) or self.origin is not None


@dataclass(frozen=True)
class Run:
    """A treatment, followed until `until` [min] and, where `every` [min] is not 0, recorded on a grid."""

    name: str
    treatment: Treatment
    until: float = 0.0
    every: float = 0.0


@dataclass(frozen=True)
class Readout:
    """An observable, or what is left of it after `minus`, over the sum of the observables `per`."""

    id: str
    minus: str = ""
    per: tuple[str, ...] = ()

    def __str__(self) -> str:
        above = f"{self.id} - {self.minus}" if self.minus else self.id
        if not self.per:
            return above
        return f"{f'({above})' if self.minus else above} per {' + '.join(self.per)}"


@dataclass(frozen=True)
class Criterion:
    """`low` <= measure <= `high`.

    `measure` is a name of `measures.MEASURES`, which says what the other fields do in it. `fails`
    is the known reason why the model does not meet it, or "".
    """

    measure: str
    readout: Readout
    runs: tuple[str, ...]
    at: tuple[float, ...]
    of: str = START
    of_at: float = 0.0
    against: Readout | None = None
    to: float = 50.0
    dose: str = ""
    rates: tuple[str, ...] = ()
    low: float = float("-inf")
    high: float = float("inf")
    words: str = ""
    fails: str = ""


@dataclass(frozen=True)
class Claim:
    """A statement with its experiments; `pending` are parts that cannot be tested yet, and why."""

    id: str
    group: str
    statement: str
    experiment: str
    essential: bool
    verified: tuple[str, ...]
    unverified: tuple[str, ...]
    runs: Mapping[str, Run]
    criteria: tuple[Criterion, ...]
    pending: tuple[tuple[str, str], ...] = ()
