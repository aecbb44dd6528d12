"""What a description says, in order, before it is Markdown or LaTeX."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mtorkin.export.header import address_of, header, sources
from mtorkin.language.expression import Expr, Parameter, leaves
from mtorkin.language.mechanism import Assignment, Mechanism, Observable
from mtorkin.model import Model
from mtorkin.network import Reaction
from mtorkin.sbml.names import reaction_names, species_names

__all__ = ["Balance", "Description", "Number", "Section", "Step", "description_of"]


@dataclass(frozen=True)
class Number:
    """A parameter or input: value in `unit`, what it means, how it is known (evidence, source)."""

    id: str
    value: float
    unit: str
    meaning: str
    evidence: str = ""
    source: str = ""


@dataclass(frozen=True)
class Step:
    """A reaction: its number in the model (from 1), id, name (what turns into what) and rate [nM/min]."""

    number: int
    id: str
    name: str
    rate: Expr
    compartment: str


@dataclass(frozen=True)
class Section:
    """A mechanism: its text, then what it is the first to use, its reactions and observables."""

    title: str
    about: str
    numbers: tuple[Number, ...]
    assignments: tuple[Assignment, ...]
    steps: tuple[Step, ...]
    observables: tuple[Observable, ...]


@dataclass(frozen=True)
class Balance:
    """A species: dc/dt is the sum of rates, each (factor, number of the reaction); `initial` [nM]."""

    id: str
    name: str
    compartment: str
    initial: Expr
    terms: tuple[tuple[float, int], ...]


@dataclass(frozen=True)
class Description:
    """A model: title, paragraphs, inputs, mechanisms, totals that cells start with, quantities that
    nothing uses here, balances, sources.
    """

    title: str
    notes: tuple[str, ...]
    compartments: tuple[tuple[str, float], ...]
    inputs: tuple[Number, ...]
    sections: tuple[Section, ...]
    totals: tuple[Number, ...]
    others: tuple[Assignment, ...]
    balances: tuple[Balance, ...]
    sources: tuple[tuple[str, str], ...]


def description_of(model: Model) -> Description:
    """Return what there is to say of a model."""
    network = model.network
    about = header(model, None)
    rules = {r.id: r.label.partition(": ")[0] for r in network.reactions}
    names = species_names(network)
    called = reaction_names(network, rules, names)
    said: set[str] = set()
    sections = tuple(_section(model, m, called, said) for m in network.mechanisms)
    rest = tuple(_number(model, p) for p in network.parameters if p.id not in said)
    used = {_source(model, p.id) for p in network.parameters} | set(sources(network.mechanisms))
    return Description(
        about.title or "mtorkin",
        tuple(p for p in about.notes.splitlines() if not p.startswith("Time 0")),
        tuple((c.id, c.size) for c in network.compartments),
        tuple(Number(i.id, i.default, i.unit, i.meaning) for i in network.inputs),
        sections,
        rest,
        tuple(a for a in network.assignments if a.id not in said),
        tuple(_balances(model, names)),
        tuple((key, address_of(key)) for key in sorted(used - {""})),
    )


def _section(model: Model, mechanism: Mechanism, called: dict[str, str], said: set[str]) -> Section:
    network = model.network
    steps = [(i, r) for i, r in enumerate(network.reactions, start=1) if r.mechanism == mechanism.name]
    own = {o.id for o in mechanism.observables}
    observables = tuple(o for o in network.observables if o.id in own)
    exprs = [r.rate for _, r in steps] + [o.expr for o in observables]
    assignments = tuple(_new_assignments(model, exprs, said))
    here = {x.id for e in (*exprs, *(a.expr for a in assignments)) for x in leaves(e)}
    numbers = [p for p in network.parameters if p.id in here and p.id not in said]
    said.update(p.id for p in numbers)
    return Section(
        mechanism.name,
        mechanism.about,
        tuple(_number(model, p) for p in numbers),
        assignments,
        tuple(_step(i, r, called) for i, r in steps),
        observables,
    )


def _new_assignments(model: Model, exprs: list[Expr], said: set[str]) -> list[Assignment]:
    by_id = {a.id: a for a in model.network.assignments}
    todo = [x.id for e in exprs for x in leaves(e)]
    found: set[str] = set()
    while todo:
        id = todo.pop()
        if id in by_id and id not in said | found:
            found.add(id)
            todo += [x.id for x in leaves(by_id[id].expr)]
    said |= found
    return [a for a in model.network.assignments if a.id in found]


def _step(number: int, reaction: Reaction, called: dict[str, str]) -> Step:
    return Step(number, reaction.id, called[reaction.id], reaction.rate, reaction.compartment)


def _number(model: Model, parameter: Parameter) -> Number:
    row = model.table.rows.get(parameter.id)
    id, value = parameter.id, model.values[parameter.id]
    if row is None:
        return Number(id, value, parameter.unit, parameter.meaning)
    changed = value != row.nominalValue  # a context, a fit or a user: the table's evidence is not of it
    evidence = f"changed from {row.nominalValue:g}" if changed else row.evidence
    source = ", ".join(x for x in (row.source, row.locator) if x)
    return Number(id, value, parameter.unit, parameter.meaning, evidence, "" if changed else source)


def _source(model: Model, id: str) -> str:
    row = model.table.rows.get(id)
    return row.source if row is not None and address_of(row.source) else ""


def _balances(model: Model, names: dict[str, str]) -> Iterator[Balance]:
    network = model.network
    volume = {c.id: c.size for c in network.compartments}
    terms: dict[str, list[tuple[float, int]]] = {s.id: [] for s in network.species}
    size = {s.id: volume[s.compartment] for s in network.species}
    for number, r in enumerate(network.reactions, start=1):
        for sign, side in ((-1.0, r.reactants), (1.0, r.products)):
            for id, n in side:
                terms[id].append((sign * n * volume[r.compartment] / size[id], number))
    for s in network.species:
        yield Balance(s.id, names[s.id], s.compartment, s.initial, tuple(terms[s.id]))
