"""A network with numbers as SBML Level 3 Version 1.

Core only, and little of it: compartments, species, parameters, assignment rules, reactions with
inline rates, and an event a period. What tools read differently (function definitions, local
parameters, algebraic rules, `piecewise` of time, delays, initial work at time 0) is not used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mtorkin.language.expression import Expr, Number, Parameter, leaves
from mtorkin.language.infix import number_text
from mtorkin.language.mechanism import Assignment, Observable
from mtorkin.network import Network, Reaction, Species
from mtorkin.sbml.ids import check_ids
from mtorkin.sbml.mathml import math, time_reached
from mtorkin.sbml.units import AMOUNT, MODEL_UNITS, VOLUME, unit_definitions, unit_id
from mtorkin.sbml.xml import Tag, document_text, tag

__all__ = ["AS_DECLARED", "Change", "Start", "write_document"]

CORE = "http://www.sbml.org/sbml/level3/version1/core"
XHTML = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True)
class Start:
    """What holds at time 0: inputs and species [nM]; the rest is as the network declares it."""

    inputs: Mapping[str, float] = field(default_factory=dict)
    species: Mapping[str, float] = field(default_factory=dict)


AS_DECLARED = Start()


@dataclass(frozen=True)
class Change:
    """From `start` [min], later than 0, these inputs and species have these values."""

    start: float
    values: Mapping[str, float]


def write_document(
    network: Network,
    values: Mapping[str, float],
    *,
    start: Start = AS_DECLARED,
    changes: tuple[Change, ...] = (),
    name: str = "mtorkin",
    notes: str = "",
) -> str:
    """Return an SBML document; `values` gives every parameter of the network, in its unit.

    `name` becomes the model's id, `notes` (one paragraph a line) its description. Amounts are nmol
    in a cell of 1 litre, so that concentrations are nM; time is min. Raises DeclarationError where
    an id cannot stand in a file.
    """
    parameters = [*_parameters(network, values, start, changes), *_calculated_parameters(network)]
    parts = {
        "listOfCompartments": [_compartment(c.id, c.size) for c in network.compartments],
        "listOfSpecies": list(_species(network, start)),
        "listOfParameters": parameters,
        "listOfInitialAssignments": list(_initial(network, start)),
        "listOfRules": [_rule(a.id, a.expr) for a in calculated(network)],
        "listOfReactions": list(_reactions(network)),
        "listOfEvents": [_event(i, c) for i, c in _numbered(changes)],
    }
    check_ids(_ids(parts.values()), name)
    lists = [tag(what, children) for what, children in parts.items() if children]
    model = tag(
        "model",
        [*_notes(notes.splitlines()), unit_definitions(), *lists],
        id=name,
        name="mtorkin: mTOR signalling",
        **MODEL_UNITS,
    )
    return document_text(tag("sbml", [model], xmlns=CORE, xmlns_sbml=CORE, level="3", version="1"))


def _numbered(changes: tuple[Change, ...]) -> Iterator[tuple[int, Change]]:
    return enumerate(changes, start=1)


def _ids(lists: Iterable[list[Tag]]) -> Iterator[str]:
    for children in lists:
        for child in children:
            yield from (value for key, value in child.attributes if key == "id")


def _notes(paragraphs: Iterable[str]) -> list[Tag]:
    written = [tag("p", (), p) for p in paragraphs if p.strip()]
    return [tag("notes", [tag("body", written, xmlns=XHTML)])] if written else []


def _compartment(id: str, size: float) -> Tag:
    return tag(
        "compartment",
        id=id,
        spatialDimensions="3",
        size=number_text(size),
        units=VOLUME,
        constant="true",
    )


def _species(network: Network, start: Start) -> Iterator[Tag]:
    names = _unique([s.label for s in network.species], [s.id for s in network.species])
    for species, label in zip(network.species, names, strict=True):
        value = initial_value(species, start)
        yield tag(
            "species",
            id=species.id,
            name=label,
            compartment=species.compartment,
            initialConcentration=None if value is None else number_text(value),
            substanceUnits=AMOUNT,
            hasOnlySubstanceUnits="false",
            boundaryCondition="false",
            constant="false",
        )


def _unique(labels: list[str], ids: list[str]) -> list[str]:
    """Labels, with the id behind those that more than one thing has (COPASI needs unique names)."""
    count = Counter(labels)
    return [x if count[x] == 1 else f"{x} [{id}]" for x, id in zip(labels, ids, strict=True)]


def initial_value(species: Species, start: Start) -> float | None:
    """The number at time 0, or None where an initial assignment gives it."""
    if species.id in start.species:
        return start.species[species.id]
    return species.initial.value if isinstance(species.initial, Number) else None


def _initial(network: Network, start: Start) -> Iterator[Tag]:
    for species in network.species:
        if initial_value(species, start) is None:
            yield tag("initialAssignment", [math(species.initial)], symbol=species.id)


def calculated(network: Network) -> list[Assignment | Observable]:
    """Return what has a formula instead of a value: assignments, then observables."""
    return [*network.assignments, *network.observables]


def used_ids(network: Network, start: Start) -> set[str]:
    """Return the ids that a formula of the file uses; other parameters are left out of it."""
    exprs: list[Expr] = [r.rate for r in network.reactions]
    exprs += [x.expr for x in calculated(network)]
    exprs += [s.initial for s in network.species if initial_value(s, start) is None]
    return {leaf.id for expr in exprs for leaf in leaves(expr)}


def _parameters(
    network: Network, values: Mapping[str, float], start: Start, changes: tuple[Change, ...]
) -> Iterator[Tag]:
    changed = {id for change in changes for id in change.values}
    used = used_ids(network, start)
    for x in network.inputs:
        value = start.inputs.get(x.id, x.default)
        yield _parameter(x.id, x.unit, value, constant=x.id not in changed, meaning=x.meaning)
    for p in network.parameters:
        if p.id in used:
            yield _parameter(p.id, p.unit, values[p.id], constant=True, meaning=p.meaning)
    for id, unit, value in change_parameters(network, changes):
        yield _parameter(id, unit, value, constant=True, meaning="")


def _calculated_parameters(network: Network) -> Iterator[Tag]:
    for x in calculated(network):
        yield _parameter(x.id, x.unit, None, constant=False, meaning=x.meaning)


def _parameter(id: str, unit: str, value: float | None, *, constant: bool, meaning: str) -> Tag:
    return tag(
        "parameter",
        _notes([meaning]),
        id=id,
        value=None if value is None else number_text(value),
        units=unit_id(unit),
        constant="true" if constant else "false",
    )


def _rule(id: str, expr: Expr) -> Tag:
    return tag("assignmentRule", [math(expr)], variable=id)


def _reactions(network: Network) -> Iterator[Tag]:
    names = _unique([r.label for r in network.reactions], [r.id for r in network.reactions])
    for reaction, label in zip(network.reactions, names, strict=True):
        yield tag(
            "reaction",
            list(_reaction_parts(reaction)),
            id=reaction.id,
            name=label,
            reversible="false",
            fast="false",
            compartment=reaction.compartment,
        )


def _reaction_parts(reaction: Reaction) -> Iterator[Tag]:
    for what, side in (("Reactants", reaction.reactants), ("Products", reaction.products)):
        if side:
            yield tag(f"listOf{what}", [_reference(id, n) for id, n in side])
    if reaction.modifiers:
        modifiers = [tag("modifierSpeciesReference", species=id) for id in reaction.modifiers]
        yield tag("listOfModifiers", modifiers)
    yield tag("kineticLaw", [math(reaction.rate, times=reaction.compartment)])


def _reference(id: str, n: int) -> Tag:
    return tag("speciesReference", species=id, stoichiometry=str(n), constant="true")


def change_parameters(network: Network, changes: tuple[Change, ...]) -> Iterator[tuple[str, str, float]]:
    """Yield id, unit and value of the parameters that hold a protocol's times and doses."""
    units = {x.id: x.unit for x in network.inputs}
    for i, change in _numbered(changes):
        yield start_id(i), "min", change.start
        for id, value in change.values.items():
            yield value_id(i, id), units.get(id, "nM"), value


def start_id(i: int) -> str:
    """Return the id of the time [min] at which change `i` (from 1) happens."""
    return f"change_{i}_start"


def value_id(i: int, id: str) -> str:
    """Return the id of the value that change `i` (from 1) gives to an input or species."""
    return f"change_{i}_{id}"


def _event(i: int, change: Change) -> Tag:
    """One event a change, at a time after 0: an event at 0 is silently lost by some tools."""
    trigger = tag("trigger", [time_reached(start_id(i))], initialValue="true", persistent="true")
    assignments = [
        tag("eventAssignment", [math(Parameter(value_id(i, id), "nM"))], variable=id) for id in change.values
    ]
    return tag(
        "event",
        [trigger, tag("listOfEventAssignments", assignments)],
        id=f"change_{i}",
        useValuesFromTriggerTime="true",
    )
