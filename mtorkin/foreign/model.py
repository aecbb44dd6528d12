"""A model of others, ready for our engines: equations, numbers, and what happens at known times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from mtorkin.arrays import Array
from mtorkin.equations import Equations
from mtorkin.errors import DeclarationError, SimulationError, nearest
from mtorkin.foreign.conditions import TIME, Condition, change_times, holds
from mtorkin.language.expression import Expr, Leaf, evaluate, leaves, replace

__all__ = ["Foreign", "Happening", "Switch"]


@dataclass(frozen=True)
class Switch:
    """An input that is 1 where a condition on the time holds, else 0."""

    id: str
    condition: Condition


@dataclass(frozen=True)
class Happening:
    """An event: when its condition becomes true, species and inputs get the values of formulas."""

    id: str
    condition: Condition
    at_start: bool
    sets: tuple[tuple[str, Expr], ...]


@dataclass(frozen=True, eq=False)
class Foreign:
    """An SBML model; everything in the units of its file, which are not looked at.

    `values` are numbers by constant, and nan where the file gives none; `initial` are formulas of
    constants by species; `inputs` are constants that events set, by default as in `values`.
    `formulas` are what assignment rules and initial assignments give, by id, with nothing in them but
    species, constants, inputs and the time.
    """

    name: str
    source: str
    equations: Equations
    values: Mapping[str, float]
    initial: tuple[Expr, ...]
    formulas: Mapping[str, Expr]
    switches: tuple[Switch, ...]
    happenings: tuple[Happening, ...]
    sizes: Mapping[str, float]
    notes: tuple[str, ...] = ()
    _inlined: dict[str, Expr] = field(default_factory=dict, repr=False)

    @property
    def species(self) -> tuple[str, ...]:
        """What changes by differential equations, in the order of states."""
        return self.equations.species

    @property
    def known(self) -> frozenset[str]:
        """Every id that a formula may name."""
        return frozenset({*self.species, *self.values, *self.formulas, *self.sizes})

    def numbers(self, changed: Mapping[str, float]) -> dict[str, float]:
        """Return every constant by id, some `changed`.

        Raises DeclarationError where an id is no constant, SimulationError where one has no value.
        """
        for id in changed:
            if id not in self.values:
                raise DeclarationError(f"{self.source}: no constant {id!r} to set{nearest(id, self.values)}")
        numbers = {**self.values, **changed}
        for id, value in numbers.items():
            if not np.isfinite(value):
                raise SimulationError(f"{self.source}: {id} has no value")
        return numbers

    def start(self, numbers: Mapping[str, float]) -> Array:
        """Return the state at time 0, shape (species,). Raises SimulationError."""
        known = {**numbers, **self.settings(numbers, 0.0), TIME.id: 0.0}
        try:
            return np.array([evaluate(expr, known) for expr in self.initial], dtype=float)
        except (ArithmeticError, ValueError) as error:
            raise SimulationError(f"{self.source}: the state at time 0 has no value: {error}") from error

    def leaf_level(self, expr: Expr) -> Expr:
        """Return an expression with formulas put in, so that species, constants and time are left."""

        def new(leaf: Leaf) -> Expr:
            return self.formulas.get(leaf.id, leaf)

        return replace(expr, new)

    def settings(
        self, numbers: Mapping[str, float], after: float, until: float | None = None
    ) -> dict[str, float]:
        """Return the switches between two times at which nothing changes (no unit)."""
        time = after if until is None else (after + until) / 2
        return {s.id: float(holds(s.condition, numbers, time)) for s in self.switches}

    def breaks(self, numbers: Mapping[str, float]) -> list[float]:
        """Return the times after 0 at which a switch may change, increasing."""
        found = {t for s in self.switches for t in change_times(s.condition, numbers) if t > 0}
        return sorted(found)

    def events(self, numbers: Mapping[str, float], until: float) -> list[tuple[float, str, float]]:
        """Return what events before `until` set: time, species or input, value; in the order of time.

        Events that are never to happen may all be put at one late time. Raises SimulationError where
        two events set the same at the same time.
        """
        found: list[tuple[float, str, float]] = []
        for each in self.happenings:
            for time in self._becomes_true(each, numbers):
                if time >= until:
                    continue
                at = {**numbers, TIME.id: time, **self.settings(numbers, time)}
                for id, expr in each.sets:
                    if any(t == time and id == other for t, other, _ in found):
                        raise SimulationError(f"{self.source}: two events set {id} at time {time:g}")
                    found.append((time, id, float(evaluate(expr, at))))
        return sorted(found, key=lambda event: event[0])

    def _becomes_true(self, each: Happening, numbers: Mapping[str, float]) -> Iterator[float]:
        edges = sorted({0.0, *(t for t in change_times(each.condition, numbers) if t > 0)})
        before = not each.at_start
        for edge, end in zip(edges, [*edges[1:], edges[-1] + 1.0], strict=True):
            now = holds(each.condition, numbers, (edge + end) / 2)
            if now and not before:
                yield edge
            before = now

    def fixed_by_time(self) -> frozenset[str]:
        """Constants on which the times of switches and what events do depend."""
        from mtorkin.foreign.conditions import within

        exprs = [c.difference for s in self.switches for c in within(s.condition)]
        exprs += [c.difference for h in self.happenings for c in within(h.condition)]
        exprs += [e for h in self.happenings for _, e in h.sets]
        return frozenset(x.id for expr in exprs for x in leaves(expr))
