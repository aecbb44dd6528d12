"""What an SBML file of others declares: read and checked, not yet assembled.

Levels 2 and 3. What is not supported is refused with element, id and reason; notes, annotations,
units and constraints, on which no number depends, are passed over.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mtorkin.foreign.declared import Compartment, Document, Event, Law, Quantity, Reaction
from mtorkin.foreign.refusal import NotRead
from mtorkin.foreign.xml import Node, file_bytes, parse

__all__ = ["document_of", "read_document"]

SBML = re.compile(r"http://www\.sbml\.org/sbml/level(2|3)(?:/version(\d))?(?:/core)?")
SID = re.compile(r"[A-Za-z_]\w*", re.ASCII)
MOST_PARTS = 20_000  # species, or parameters, or reactions


@dataclass(eq=False)
class _Reader:
    """One file while it is read; `ids` are taken."""

    source: str
    level: int
    ids: set[str] = field(default_factory=set)

    def refuse(self, node: Node, why: str) -> NotRead:
        id = node.attributes.get("id") or node.attributes.get("variable") or node.attributes.get("symbol")
        return NotRead(f"{self.source}:{node.line}: <{node.name}>{f' {id}' if id else ''}: {why}")

    def id(self, node: Node, *, new: bool = True) -> str:
        id = node.attributes.get("id", "")
        if not SID.fullmatch(id):
            raise self.refuse(node, f"the id {id[:80]!r} is not letters, digits and underscores")
        if new:
            if id in self.ids:
                raise self.refuse(node, "the id is used twice")
            self.ids.add(id)
        return id

    def number(self, node: Node, name: str) -> float | None:
        text = node.attributes.get(name)
        if text is None:
            return None
        try:
            value = float(text)
        except ValueError:
            raise self.refuse(node, f"{name}={text[:80]!r} is not a number") from None
        if math.isnan(value):
            return None
        if math.isinf(value):
            raise self.refuse(node, f"{name} is infinite")
        return value

    def flag(self, node: Node, name: str, default: bool = False) -> bool:
        text = node.attributes.get(name)
        if text not in (None, "true", "false", "0", "1"):
            raise self.refuse(node, f"{name}={text[:80]!r} is neither true nor false")
        return default if text is None else text in ("true", "1")

    def law(self, node: Node) -> Law:
        math_node = node.first("math")
        if math_node is None or len(math_node.children) != 1:
            raise self.refuse(node, "has no formula")
        id = next((node.attributes[k] for k in ("id", "variable", "symbol") if k in node.attributes), "")
        return Law(math_node.children[0], f"{self.source}:{node.line}: <{node.name}> {id}".rstrip())


def read_document(path: str | os.PathLike[str]) -> Document:
    """Return what an SBML file declares; formulas are not read yet. Raises NotRead."""
    return document_of(file_bytes(path), Path(path).name)


def document_of(text: bytes, source: str) -> Document:
    """Return what an SBML text declares; `source` is its name in errors. Raises NotRead."""
    root = parse(text, source)
    known = SBML.fullmatch(root.space)
    if root.name != "sbml" or not known:
        raise NotRead(f"{source}: not SBML of level 2 or 3 (the root is {root.name[:80]!r})")
    reader = _Reader(source, int(known[1]))
    for name, value in root.attributes.items():
        if name.endswith(" required") and value == "true":
            raise NotRead(
                f"{source}: needs the SBML package {name.removesuffix(' required')[:120]}, not supported"
            )
    model = root.first("model")
    if model is None:
        raise NotRead(f"{source}: has no model")
    if "conversionFactor" in model.attributes:
        raise reader.refuse(model, "conversion factors are not supported")
    compartments = {c.id: c for c in _compartments(reader, model)}
    quantities = {q.id: q for q in (*_species(reader, model, compartments), *_parameters(reader, model))}
    functions = {reader.id(n): reader.law(n) for n in model.listed("listOfFunctionDefinitions")}
    rules = list(_rules(reader, model))
    document = Document(
        source,
        model.attributes.get("id", "") or model.attributes.get("name", ""),
        compartments,
        quantities,
        functions,
        dict(_initial(reader, model)),
        {id: law for kind, id, law in rules if kind == "assignmentRule"},
        {id: law for kind, id, law in rules if kind == "rateRule"},
        tuple(_reactions(reader, model)),
        tuple(_events(reader, model)),
    )
    for name, parts in (("species and parameters", quantities), ("reactions", document.reactions)):
        if len(parts) > MOST_PARTS:
            raise document.refuse(f"has {len(parts)} {name}; {MOST_PARTS} are read")
    _check(document)
    return document


def _check(document: Document) -> None:
    known = {*document.quantities, *document.compartments}
    for id in (*document.initial, *document.assigned, *document.rates):
        if id not in known:
            raise document.refuse(f"a formula gives {id!r}, which is no compartment, species or parameter")
    for id in document.rates.keys() & document.assigned.keys():
        raise document.refuse(f"{id} has two rules")
    for id in document.initial.keys() & document.assigned.keys():
        raise document.refuse(f"{id} has a rule and an initial assignment")
    for id in (*document.assigned, *document.rates):
        if id in document.compartments:
            raise document.refuse(f"compartment {id} changes its size, which is not supported")
    for reaction in document.reactions:
        for id, _ in reaction.changes:
            if id not in document.quantities or not document.quantities[id].compartment:
                raise document.refuse(f"reaction {reaction.id}: {id!r} is no species")
    for event in document.events:
        for id, _ in event.assignments:
            if id not in document.quantities or id in document.assigned:
                raise document.refuse(
                    f"event {event.id}: cannot set {id!r}, no species or parameter without rule"
                )


def _compartments(reader: _Reader, model: Node) -> Iterator[Compartment]:
    for node in model.listed("listOfCompartments"):
        size = reader.number(node, "size")
        if size is not None and not size > 0:
            raise reader.refuse(node, "the size is not positive")
        if node.attributes.get("spatialDimensions") in ("0", "0.0"):
            size = 1.0  # amounts stand for themselves
        yield Compartment(reader.id(node), size, reader.flag(node, "constant", True))


def _species(reader: _Reader, model: Node, compartments: dict[str, Compartment]) -> Iterator[Quantity]:
    for node in model.listed("listOfSpecies"):
        id, place = reader.id(node), node.attributes.get("compartment", "")
        if place not in compartments:
            raise reader.refuse(node, f"compartment {place[:80]!r} is not declared")
        if "conversionFactor" in node.attributes:
            raise reader.refuse(node, "conversion factors are not supported")
        amount, value = reader.number(node, "initialAmount"), reader.number(node, "initialConcentration")
        constant = reader.flag(node, "constant")
        yield Quantity(
            id,
            value if amount is None else amount,
            constant,
            place,
            amount is not None,
            reader.flag(node, "hasOnlySubstanceUnits"),
            constant or reader.flag(node, "boundaryCondition"),
        )


def _parameters(reader: _Reader, model: Node) -> Iterator[Quantity]:
    for node in model.listed("listOfParameters"):
        yield Quantity(reader.id(node), reader.number(node, "value"), reader.flag(node, "constant", True))


def _initial(reader: _Reader, model: Node) -> Iterator[tuple[str, Law]]:
    seen = set()
    for node in model.listed("listOfInitialAssignments"):
        id = node.attributes.get("symbol", "")
        if id in seen:
            raise reader.refuse(node, "given twice")
        seen.add(id)
        yield id, reader.law(node)


def _rules(reader: _Reader, model: Node) -> Iterator[tuple[str, str, Law]]:
    seen = set()
    for node in model.listed("listOfRules"):
        id = node.attributes.get("variable", "")
        if node.name not in ("assignmentRule", "rateRule"):
            raise reader.refuse(node, "only assignment and rate rules are supported")
        if id in seen:
            raise reader.refuse(node, "has two rules")
        seen.add(id)
        yield node.name, id, reader.law(node)


def _reactions(reader: _Reader, model: Node) -> Iterator[Reaction]:
    for node in model.listed("listOfReactions"):
        id = reader.id(node)
        if reader.flag(node, "fast"):
            raise reader.refuse(node, "fast reactions are not supported")
        law = node.first("kineticLaw")
        if law is None:
            raise reader.refuse(node, "has no kinetic law")
        own = {}
        for each in (*law.listed("listOfParameters"), *law.listed("listOfLocalParameters")):
            value = reader.number(each, "value")
            if value is None:
                raise reader.refuse(each, f"a parameter of reaction {id} has no value")
            own[reader.id(each, new=False)] = value
        changes = [
            (each.attributes.get("species", ""), sign * _count(reader, each))
            for sign, side in ((-1.0, "listOfReactants"), (1.0, "listOfProducts"))
            for each in node.listed(side)
        ]
        yield Reaction(
            id, tuple(changes), Law(reader.law(law).math, f"{reader.source}:{node.line}: reaction {id}"), own
        )


def _count(reader: _Reader, node: Node) -> float:
    if node.first("stoichiometryMath") is not None or node.attributes.get("denominator", "1") != "1":
        raise reader.refuse(node, "a stoichiometry that is a formula is not supported")
    value = reader.number(node, "stoichiometry")
    if reader.level == 3 and not reader.flag(node, "constant", True):
        raise reader.refuse(node, "a stoichiometry that changes is not supported")
    if value is None:
        if reader.level == 3:
            raise reader.refuse(node, "has no stoichiometry")
        return 1.0
    return value


def _events(reader: _Reader, model: Node) -> Iterator[Event]:
    for i, node in enumerate(model.listed("listOfEvents"), start=1):
        id = node.attributes.get("id", f"number {i}")
        for unknown in ("delay", "priority"):
            if node.first(unknown) is not None:
                raise reader.refuse(node, f"events with a {unknown} are not supported")
        trigger = node.first("trigger")
        if trigger is None:
            raise reader.refuse(node, "has no trigger")
        assignments = [
            (each.attributes.get("variable", ""), reader.law(each))
            for each in node.listed("listOfEventAssignments")
        ]
        yield Event(
            id, reader.law(trigger), not reader.flag(trigger, "initialValue", True), tuple(assignments)
        )
