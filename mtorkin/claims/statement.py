"""What a claim is: a sentence of the literature, experiments that test it, and what must come out.

Claims are data (the TOML files in `statements/`); this module gives them a shape. Cells are the
model with explicit changes, a treatment is what happens to cells, a run is a treatment with the
times at which it is looked at, a cohort is a run in cells that differ as patients do, and a
criterion is a measure of runs or of a cohort with its bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mtorkin.protocol import Period

__all__ = [
    "KINDS",
    "START",
    "Cells",
    "Claim",
    "CohortPlan",
    "Criterion",
    "Readout",
    "Run",
    "Treatment",
]

START = "start"  # the control of a treated run: the same cells just before
KINDS = ("M", "Co", "N")  # one model, a cohort or population, a record that is not judged
Pairs = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Cells:
    """The model with changes, made in this order.

    `drugs` are mechanisms added to the model's, `context` a kind of cell laid over its values
    ("": as it is), `scale` multiplies abundances, `mutants` are the model's mutations, `factor`
    multiplies parameters, `set` gives them values in their own units.
    """

    scale: Pairs = ()
    mutants: tuple[str, ...] = ()
    factor: Pairs = ()
    set: Pairs = ()
    context: str = ""
    drugs: tuple[str, ...] = ()


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

    @property
    def contexts(self) -> tuple[str, ...]:
        """The contexts that its cells, and those of its origin, are of (no unit)."""
        earlier = self.origin.contexts if self.origin else ()
        return (self.cells.context, *earlier) if self.cells.context else earlier


@dataclass(frozen=True)
class Run:
    """A treatment, followed until `until` [min] and, where `every` [min] is not 0, recorded on a grid.

    A run that belongs to a series of doses has the `series`' name, the `drug` and its `dose`.
    """

    name: str
    treatment: Treatment
    until: float = 0.0
    every: float = 0.0
    series: str = ""
    drug: str = ""
    dose: float = 0.0


@dataclass(frozen=True)
class CohortPlan:
    """`n` patients drawn with `seed`, in each of which `run` is carried out.

    `vary` has the standard deviation [natural logarithm] of abundances; `others` that of the
    abundances that are not named, None: what their priors say.
    """

    n: int
    seed: int
    run: Run
    vary: Pairs = ()
    others: float | None = None


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

    @property
    def ids(self) -> tuple[str, ...]:
        """The observables that it needs (no unit)."""
        return (self.id, *([self.minus] if self.minus else []), *self.per)


@dataclass(frozen=True)
class Criterion:
    """`low` <= measure <= `high`.

    `measure` is a name of `measures.MEASURES`, which says what the other fields do in it. `fails`
    is the known reason why the model does not meet it, or "". A criterion with `literal` is a
    sentence of a review as it stands, which is read otherwise, for the reason given: it is not
    meant to be met. `series` names the series that the runs are, and `others` are the runs of a
    series `of`.
    """

    measure: str
    readout: Readout
    runs: tuple[str, ...]
    at: tuple[float, ...]
    of: str = START
    of_at: float = 0.0
    others: tuple[str, ...] = ()
    series: str = ""
    against: Readout | None = None
    readouts: tuple[Readout, ...] = ()
    to: float = 50.0
    dose: str = ""
    rates: tuple[str, ...] = ()
    expected: Pairs = ()
    share: float = 0.0
    starts: int = 0
    seed: int = 0
    relative: bool = False
    cohort: str = ""
    factor: str = ""
    low: float = float("-inf")
    high: float = float("inf")
    words: str = ""
    fails: str = ""
    literal: str = ""

    @property
    def shown(self) -> Iterator[Readout]:
        """Every readout that the measure may look at (no unit)."""
        yield self.readout
        yield from self.readouts
        if self.against is not None:
            yield self.against

    @property
    def controls(self) -> tuple[str, ...]:
        """The runs that are compared with: none for the start, several for a series (no unit)."""
        return self.others or (() if self.of == START else (self.of,))

    @property
    def looks(self) -> Iterator[tuple[str, float]]:
        """Every run and time [min] that the measure may look at."""
        yield from ((name, at) for name in self.runs for at in self.at)
        yield from ((name, self.of_at) for name in self.controls)


@dataclass(frozen=True)
class Claim:
    """A statement with its experiments; `pending` are parts that cannot be tested yet, and why.

    `kind` is one of `KINDS`; the parts and criteria of a record ("N") are reported, not judged.
    """

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
    cohorts: Mapping[str, CohortPlan] = field(default_factory=dict)
    kind: str = "M"
