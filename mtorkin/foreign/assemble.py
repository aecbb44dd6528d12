"""From what an SBML file declares to equations that our engines read.

The state of a species is what its symbol stands for in the file: its concentration, or its amount
where the file says so. Volumes are numbers, so that a change of an amount becomes one of a
concentration in the stoichiometry. Piecewise formulas of the time become inputs that are constant
between known times.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from mtorkin.foreign.conditions import TIME, Condition, linear, with_leaves, within
from mtorkin.foreign.declared import Document, Law, Quantity
from mtorkin.foreign.formulas import LARGEST, Maths, size_of
from mtorkin.foreign.model import Foreign, Happening, Switch
from mtorkin.foreign.networks import equations_of
from mtorkin.foreign.refusal import NotRead
from mtorkin.language.expression import (
    Expr,
    Leaf,
    Number,
    Parameter,
    Variable,
    add,
    leaves,
    mul,
    replace,
)

__all__ = ["assemble"]


def assemble(
    document: Document, overridden: Iterable[str] = (), sizes: Mapping[str, float] | None = None
) -> Foreign:
    """Return the model of a file. Raises NotRead for what is not supported.

    `overridden` are species whose state at time 0, and parameters whose value, becomes a constant
    with the same id (a species: ``ID__start``) whatever formula the file gives; `sizes` replaces
    volumes.
    """
    return _Assembly(document, frozenset(overridden), dict(sizes or {})).model()


@dataclass(eq=False)
class _Assembly:
    document: Document
    overridden: frozenset[str]
    sizes: dict[str, float]
    switches: list[Switch] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    started: dict[str, Expr | None] = field(default_factory=dict)
    flat: dict[str, Expr] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def model(self) -> Foreign:
        self.maths = Maths(self.document.functions, self._piecewise)
        self._volumes()
        self._roles()
        formulas = {id: self._formula(law) for id, law in self.document.assigned.items()}
        formulas |= {id: self._at_start(id) for id in self.derived}
        order = self._ordered(formulas)
        rates, entries, own = self._reactions()
        initial = [self._at_start(id) for id in self.states]
        sets = tuple(self._happening(i) for i in range(len(self.document.events)))
        smooth = [*rates, *formulas.values(), *(Number(0.0) if self.states else TIME,)]
        if any(x == TIME for expr in smooth for x in leaves(expr)):
            self.states.append(TIME.id)
            initial.append(Number(0.0))
            entries.append((len(self.states) - 1, len(rates), 1.0))
            rates.append(Number(1.0))
        values = {**self.constants, **own}
        inputs = (*(s.id for s in self.switches), *self.inputs)
        equations = equations_of(
            dict(zip(self.states, initial, strict=True)),
            rates,
            entries,
            {id: formulas[id] for id in order},
            tuple(id for id in values if id not in self.inputs),
            inputs,
        )
        return Foreign(
            self.document.name,
            self.document.source,
            equations,
            values,
            tuple(initial),
            {id: self._flat(id, formulas) for id in order},
            tuple(self.switches),
            sets,
            self.sizes,
            tuple(self.notes),
        )

    def refuse(self, what: str) -> NotRead:
        return self.document.refuse(what)

    def _volumes(self) -> None:
        for id, compartment in self.document.compartments.items():
            if id in self.sizes:
                continue
            size = compartment.size
            if id in self.document.initial:
                found = self.maths.formula(self.document.initial[id], lambda _: None)
                size = found.value if isinstance(found, Number) else None
                if size is None or not size > 0:
                    raise self.refuse(f"compartment {id}: its size is a formula, which is not supported")
            if size is None:
                self.notes.append(f"compartment {id} has no size; 1 is taken")
            self.sizes[id] = 1.0 if size is None else size

    def _roles(self) -> None:
        """Who is a state, a constant, an input, or derived from constants."""
        document = self.document
        set_by_events = {id for e in document.events for id, _ in e.assignments}
        self.states: list[str] = []
        self.constants: dict[str, float] = {}
        self.inputs: list[str] = []
        self.derived: list[str] = []
        for id, quantity in document.quantities.items():
            if id in document.assigned:
                if id in self.overridden:
                    raise self.refuse(f"{id} follows a rule and cannot be given a value")
                continue
            if id in document.rates or (quantity.compartment and not quantity.fixed):
                self.states.append(id)
                if id in self.overridden:
                    self.constants[f"{id}__start"] = math.nan
            elif id in set_by_events:
                if id in document.initial:
                    raise self.refuse(f"{id} has an initial assignment and is set by an event: not supported")
                self.constants[id] = self._own_value(quantity)
                self.inputs.append(id)
            elif id in document.initial and id not in self.overridden:
                self.derived.append(id)
            else:
                self.constants[id] = self._own_value(quantity)
        clashes = [id for id in self.constants if id.endswith("__start") and id in document.quantities]
        if clashes:
            raise self.refuse(f"{clashes[0]} is a name that is needed for the start of a species")

    def _own_value(self, quantity: Quantity) -> float:
        """What its symbol stands for at time 0 as the file gives it; nan where it does not."""
        if quantity.value is None:
            return math.nan
        if not quantity.compartment or quantity.amount == quantity.only_amount:
            return quantity.value
        size = self.sizes[quantity.compartment]
        return quantity.value / size if quantity.amount else quantity.value * size

    def _name(self, id: str) -> Expr | None:
        if id in self.sizes:
            return Number(self.sizes[id])
        return Variable(id, "1") if id in self.document.quantities else None

    def _formula(self, law: Law) -> Expr:
        return self.maths.formula(law, self._name)

    def _at_start(self, id: str) -> Expr:
        """What an id stands for at time 0, as a formula of constants."""
        if id not in self.started:
            self.started[id] = None
            self.started[id] = self._bounded(self._start_of(id), id)
        found = self.started[id]
        if found is None:
            raise self.refuse(f"the start of {id} depends on itself")
        return found

    def _start_of(self, id: str) -> Expr:
        document, quantity = self.document, self.document.quantities[id]
        law = document.initial.get(id) or document.assigned.get(id)
        if id in self.overridden and id in self.states:
            return Parameter(f"{id}__start", "1")
        if law is not None and id not in self.overridden:
            return replace(self._formula(law), self._started_leaf)
        if id in self.states:
            value = self._own_value(quantity)
            if not math.isfinite(value):
                raise self.refuse(f"{id} has no value at time 0")
            return Number(value)
        return Variable(id, "1")

    def _started_leaf(self, leaf: Leaf) -> Expr:
        if leaf == TIME:
            return Number(0.0)
        return self._at_start(leaf.id) if leaf.id in self.document.quantities else leaf

    def _flat(self, id: str, formulas: Mapping[str, Expr]) -> Expr:
        """A formula with nothing in it that has a formula; called in order, so that it ends."""
        found = replace(formulas[id], lambda leaf: self.flat.get(leaf.id) or leaf)
        self.flat[id] = self._bounded(found, id)
        return found

    def _bounded(self, expr: Expr, id: str) -> Expr:
        if size_of(expr) > LARGEST:
            raise self.refuse(f"the formula of {id} has more than {LARGEST} parts")
        return expr

    def _ordered(self, formulas: Mapping[str, Expr]) -> list[str]:
        """Ids of formulas, each after those it needs."""
        needs = {id: {x.id for x in leaves(e)} & formulas.keys() for id, e in formulas.items()}
        order: list[str] = []
        done: set[str] = set()
        while len(order) < len(needs):
            ready = [id for id, inner in needs.items() if id not in done and inner <= done]
            if not ready:
                raise self.refuse(
                    f"rules that depend on each other: {', '.join(sorted(needs.keys() - done))[:200]}"
                )
            order += ready
            done.update(ready)
        return order

    def _reactions(self) -> tuple[list[Expr], list[tuple[int, int, float]], dict[str, float]]:
        row = {id: i for i, id in enumerate(self.states)}
        rates: list[Expr] = []
        entries: list[tuple[int, int, float]] = []
        own: dict[str, float] = {}
        for reaction in self.document.reactions:
            local = {id: self._unused(f"{reaction.id}__{id}") for id in reaction.own}
            own |= {local[id]: value for id, value in reaction.own.items()}
            names = {id: Variable(new, "1") for id, new in local.items()}
            rate = self.maths.formula(reaction.law, partial(self._local_name, names))
            for id, count in reaction.changes:
                quantity = self.document.quantities[id]
                if id in row and not quantity.fixed and id not in self.document.rates:
                    size = 1.0 if quantity.only_amount else self.sizes[quantity.compartment]
                    entries.append((row[id], len(rates), count / size))
            rates.append(rate)
        for id, law in self.document.rates.items():
            entries.append((row[id], len(rates), 1.0))
            rates.append(self._formula(law))
        return rates, entries, own

    def _local_name(self, names: Mapping[str, Expr], id: str) -> Expr | None:
        return names.get(id) or self._name(id)

    def _unused(self, id: str) -> str:
        while id in self.document.quantities or id in self.taken:
            id += "_"
        self.taken.add(id)
        return id

    def _condition(self, condition: Condition, place: str) -> Condition:
        """A condition of constants and the time. Raises NotRead for another one."""

        def new(leaf: Leaf) -> Expr:
            if leaf == TIME or (leaf.id in self.constants and leaf.id not in self.inputs):
                return leaf
            if leaf.id in self.derived:
                return self._at_start(leaf.id)
            raise NotRead(
                f"{place}: a condition depends on {leaf.id}, which changes; only conditions of the time and "
                "of constants are supported"
            )

        found = with_leaves(condition, new)
        if not linear(found):
            raise NotRead(f"{place}: a condition that is not linear in time is not supported")
        return found

    def _piecewise(self, cases: list[tuple[Expr, Condition]], otherwise: Expr, place: str) -> Expr:
        found = otherwise
        for value, condition in reversed(cases):
            known = self._condition(condition, place)
            id = next((s.id for s in self.switches if s.condition == known), "")
            if not id:
                id = self._unused(f"switch_{len(self.switches) + 1}")
                self.switches.append(Switch(id, known))
            on = Variable(id, "1")
            found = add(mul(on, value), mul(add(1.0, mul(-1.0, on)), found))
            self._bounded(found, place)
        return found

    def _happening(self, i: int) -> Happening:
        event = self.document.events[i]
        condition = self._condition(self.maths.condition(event.trigger, self._name), event.trigger.place)
        if not any(x == TIME for c in within(condition) for x in leaves(c.difference)):
            raise NotRead(f"{event.trigger.place}: a trigger that does not depend on time is not supported")
        sets = []
        for id, law in event.assignments:
            formula = replace(self._formula(law), self._constant_leaf(law.place))
            sets.append((id, formula))
        return Happening(event.id, condition, event.at_start, tuple(sets))

    def _constant_leaf(self, place: str) -> Callable[[Leaf], Expr]:
        def new(leaf: Leaf) -> Expr:
            if leaf == TIME or (leaf.id in self.constants and leaf.id not in self.inputs):
                return leaf
            if leaf.id in self.derived:
                return self._at_start(leaf.id)
            raise NotRead(f"{place}: an event that sets to what changes ({leaf.id}) is not supported")

        return new
