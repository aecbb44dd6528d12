"""A network with numbers as SBML Level 3 Version 1.

Core only, and little of it: compartments, species, parameters, assignment rules, reactions with
inline rates, and an event a period. What tools read differently (function definitions, local
parameters, algebraic rules, `piecewise` of time, delays, initial work at time 0) is not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mtorkin.language.expression import Expr, Number, Parameter, leaves
from mtorkin.language.infix import number_text
from mtorkin.language.mechanism import Assignment, Observable
from mtorkin.network import Network, Species
from mtorkin.sbml.annotation import (
    History,
    Relation,
    Remark,
    annotated,
    meta_id,
    noted,
    of_place,
    of_quantity,
    of_species,
)
from mtorkin.sbml.diagram import drawings, layouts
from mtorkin.sbml.diagram.write import LAYOUT, RENDER
from mtorkin.sbml.groups import GROUPS, groups
from mtorkin.sbml.identifiers import Known, known_in
from mtorkin.sbml.ids import check_ids
from mtorkin.sbml.mathml import math, time_reached
from mtorkin.sbml.names import species_names
from mtorkin.sbml.processes import reactions
from mtorkin.sbml.quantities import of_quantity_kind, roles
from mtorkin.sbml.sbo import COMPARTMENT, of_species_kind, sbo
from mtorkin.sbml.units import AMOUNT, MODEL_UNITS, VOLUME, unit_definitions, unit_id
from mtorkin.sbml.xml import Tag, document_text, tag

__all__ = ["AS_DECLARED", "Change", "Header", "Start", "write_document"]

CORE = "http://www.sbml.org/sbml/level3/version1/core"


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


@dataclass(frozen=True)
class Header:
    """What a file says of itself: title, notes (one paragraph a line), annotations, who made it.

    `mechanisms` and `parameters` say more of each, by name and by id.
    """

    title: str | None = None
    notes: str = ""
    relations: tuple[Relation, ...] = ()
    history: History | None = None
    mechanisms: Mapping[str, Remark] = field(default_factory=dict)
    parameters: Mapping[str, Remark] = field(default_factory=dict)


BARE = Header()


def write_document(
    network: Network,
    values: Mapping[str, float],
    *,
    start: Start = AS_DECLARED,
    changes: tuple[Change, ...] = (),
    name: str = "mtorkin",
    header: Header = BARE,
) -> str:
    """Return an SBML document; `values` gives every parameter of the network, in its unit.

    `name` becomes the model's id, `header` what the file says of itself. Amounts are nmol in a cell
    of 1 litre, so that concentrations are nM; time is min. Raises DeclarationError where an id cannot
    stand in a file.
    """
    return document_text(document(network, values, start, changes, name, header))


def document(
    network: Network,
    values: Mapping[str, float],
    start: Start,
    changes: tuple[Change, ...],
    name: str,
    header: Header,
    *,
    diagram: bool = True,
) -> Tag:
    """Return the document of `write_document` as a tree; without its pictures where asked."""
    known = known_in(network)
    kinds = roles(network)
    parameters = [
        *_parameters(network, values, start, changes, kinds, known, header.parameters),
        *_calculated_parameters(network, kinds),
    ]
    parts = {
        "listOfCompartments": [_compartment(c.id, c.size, known) for c in network.compartments],
        "listOfSpecies": list(_species(network, start, known)),
        "listOfParameters": parameters,
        "listOfInitialAssignments": list(_initial(network, start)),
        "listOfRules": [_rule(a.id, a.expr) for a in calculated(network)],
        "listOfReactions": list(reactions(network, known)),
        "listOfEvents": [_event(i, c) for i, c in _numbered(changes)],
    }
    ids = list(_ids(parts.values()))
    check_ids(ids, name)
    lists = [tag(what, children) for what, children in parts.items() if children]
    about = annotated(name, header.relations, header.history)
    grouped = groups(network, ids, header.mechanisms)
    pictures = layouts(drawings(network)) if diagram else []
    model = tag(
        "model",
        [*noted(header.notes.splitlines()), *about, unit_definitions(), *lists, *grouped, *pictures],
        metaid=meta_id(name) if about else None,
        id=name,
        name=header.title,
        **MODEL_UNITS,
    )
    packages = {"groups": GROUPS} if grouped else {}
    packages |= {"layout": LAYOUT, "render": RENDER} if pictures else {}
    declared = {f"xmlns_{p}": uri for p, uri in packages.items()}
    needed = {f"{p}_required": "false" for p in packages}
    return tag("sbml", [model], xmlns=CORE, xmlns_sbml=CORE, **declared, level="3", version="1", **needed)


def _numbered(changes: tuple[Change, ...]) -> Iterator[tuple[int, Change]]:
    return enumerate(changes, start=1)


def _ids(lists: Iterable[list[Tag]]) -> Iterator[str]:
    for children in lists:
        for child in children:
            yield from (value for key, value in child.attributes if key == "id")


def _compartment(id: str, size: float, known: Known) -> Tag:
    about = annotated(id, of_place(id, known))
    return tag(
        "compartment",
        about,
        metaid=meta_id(id) if about else None,
        id=id,
        sboTerm=sbo(COMPARTMENT),
        spatialDimensions="3",
        size=number_text(size),
        units=VOLUME,
        constant="true",
    )


def _species(network: Network, start: Start, known: Known) -> Iterator[Tag]:
    names = species_names(network)
    for species in network.species:
        value = initial_value(species, start)
        about = annotated(species.id, of_species(species, known))
        yield tag(
            "species",
            about,
            metaid=meta_id(species.id) if about else None,
            id=species.id,
            name=names[species.id],
            sboTerm=sbo(of_species_kind(species, known)),
            compartment=species.compartment,
            initialConcentration=None if value is None else number_text(value),
            substanceUnits=AMOUNT,
            hasOnlySubstanceUnits="false",
            boundaryCondition="false",
            constant="false",
        )


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
    network: Network,
    values: Mapping[str, float],
    start: Start,
    changes: tuple[Change, ...],
    kinds: dict[str, int],
    known: Known,
    remarks: Mapping[str, Remark],
) -> Iterator[Tag]:
    changed = {id for change in changes for id in change.values}
    used = used_ids(network, start)
    quantities = [
        (x.id, x.unit, start.inputs.get(x.id, x.default), x.id not in changed, x.meaning)
        for x in network.inputs
    ]
    quantities += [(p.id, p.unit, values[p.id], True, p.meaning) for p in network.parameters if p.id in used]
    for id, unit, value, constant, meaning in quantities:
        remark = remarks.get(id, Remark())
        relations = (*of_quantity(id, known), Relation("bqbiol:isDescribedBy", remark.papers))
        kind = of_quantity_kind(id, unit, kinds)
        notes = (meaning, *remark.paragraphs)
        yield _parameter(id, unit, value, kind, constant=constant, notes=notes, relations=relations)
    for id, unit, value in change_parameters(network, changes):
        yield _parameter(id, unit, value, of_quantity_kind("", unit, kinds), constant=True)


def _calculated_parameters(network: Network, kinds: dict[str, int]) -> Iterator[Tag]:
    for x in calculated(network):
        kind = of_quantity_kind("", x.unit, kinds)
        yield _parameter(x.id, x.unit, None, kind, constant=False, notes=(x.meaning,))


def _parameter(
    id: str,
    unit: str,
    value: float | None,
    kind: int,
    *,
    constant: bool,
    notes: tuple[str, ...] = (),
    relations: tuple[Relation, ...] = (),
) -> Tag:
    about = annotated(id, relations)
    return tag(
        "parameter",
        [*noted(notes), *about],
        metaid=meta_id(id) if about else None,
        id=id,
        sboTerm=sbo(kind),
        value=None if value is None else number_text(value),
        units=unit_id(unit),
        constant="true" if constant else "false",
    )


def _rule(id: str, expr: Expr) -> Tag:
    return tag("assignmentRule", [math(expr)], variable=id)


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
