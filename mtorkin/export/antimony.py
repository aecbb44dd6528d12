"""A network with numbers as Antimony: text that a person reads, mechanism by mechanism.

Written here rather than converted from the SBML, because a converter keeps no sections, comments
or meanings. Ids, formulas and order are those of the SBML.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from mtorkin.language.expression import Expr, Mul, leaves
from mtorkin.language.infix import infix, number_text
from mtorkin.language.mechanism import Assignment, Mechanism
from mtorkin.language.unit import UNITS
from mtorkin.network import Network, Reaction
from mtorkin.sbml.document import (
    AS_DECLARED,
    Change,
    Start,
    change_parameters,
    initial_value,
    used_ids,
    value_id,
)
from mtorkin.sbml.names import reaction_names, species_names
from mtorkin.sbml.units import unit_id

__all__ = ["antimony_text"]

_WIDTH = 106


def antimony_text(
    network: Network,
    values: Mapping[str, float],
    *,
    start: Start = AS_DECLARED,
    changes: tuple[Change, ...] = (),
    name: str = "mtorkin",
    notes: str = "",
) -> str:
    """Return a network as Antimony; the arguments are those of `write_document`."""
    lines = [
        *_comment(notes),
        "",
        f"model *{name}()",
        *_units(),
        *_compartments(network),
        *_species(network, start),
        *_inputs(network, start, changes),
    ]
    said = {x.id for x in network.inputs}
    used = used_ids(network, start)
    names = _reaction_names(network)
    for mechanism in network.mechanisms:
        lines += _mechanism(network, mechanism, values, said, used, names)
    lines += _rest(network, values, said, used)
    lines += _changes(network, changes)
    return "\n".join((*lines, "end", ""))


def _comment(text: str, indent: str = "") -> Iterator[str]:
    for line in text.strip().splitlines():
        lead = f"{indent}// "
        yield from textwrap.wrap(
            line, _WIDTH, initial_indent=lead, subsequent_indent=lead, break_long_words=False
        ) or [lead.rstrip()]


def _heading(text: str) -> Iterator[str]:
    yield ""
    title = f" {text} "
    yield f"  // {title:-^90}"


def _units() -> Iterator[str]:
    yield from _heading("units: amounts in nmol, concentrations in nM, time in min")
    yield "  unit substance = 1e-9 mole; unit extent = substance;"
    yield "  unit volume = litre; unit time_unit = 60 second;"
    parts = {(1, 0): "1e-9 mole / litre", (0, 1): "60 second", (-1, 0): "litre / 1e-9 mole"}
    parts |= {(0, -1): "1 / 60 second", (1, -1): "1e-9 mole / (litre * 60 second)"}
    parts |= {(-1, -1): "litre / (1e-9 mole * 60 second)"}
    for unit, exponents in UNITS.items():
        if exponents != (0, 0):
            yield f"  unit {unit_id(unit)} = {parts[exponents]};"


def _compartments(network: Network) -> Iterator[str]:
    yield from _heading("compartments [litre]")
    for c in network.compartments:
        yield f"  compartment {c.id} = {number_text(c.size)}; {c.id} has litre;"


def _species(network: Network, start: Start) -> Iterator[str]:
    yield from _heading("species, with their concentrations at time 0 [nM]")
    names = species_names(network)
    for s in network.species:
        value = initial_value(s, start)
        at_start = infix(s.initial) if value is None else number_text(value)
        yield f"  species {s.id} in {s.compartment} = {at_start};"
        yield f'    {s.id} is "{_quoted(names[s.id])}";'


def _quoted(text: str) -> str:
    return text.replace('"', "'")


def _inputs(network: Network, start: Start, changes: tuple[Change, ...]) -> Iterator[str]:
    changed = {id for change in changes for id in change.values}
    yield from _heading("inputs")
    for x in network.inputs:
        value = start.inputs.get(x.id, x.default)
        kind = "var" if x.id in changed else "const"
        yield _number(kind, x.id, value, x.unit, x.meaning)


def _number(kind: str, id: str, value: float, unit: str, meaning: str) -> str:
    text = f"  {kind} {id} = {number_text(value)}; {id} has {unit_id(unit)};"
    return f"{text} // {' '.join(meaning.split())}" if meaning else text


def _mechanism(
    network: Network,
    mechanism: Mechanism,
    values: Mapping[str, float],
    said: set[str],
    used: set[str],
    names: Mapping[str, str],
) -> Iterator[str]:
    """One section: docstring, what it is the first to use, its reactions and observables."""
    reactions = [r for r in network.reactions if r.mechanism == mechanism.name]
    own = {o.id for o in mechanism.observables}
    observables = [o for o in network.observables if o.id in own]
    yield from _heading(mechanism.name)
    yield from _comment(mechanism.about, "  ")
    exprs = [r.rate for r in reactions] + [o.expr for o in observables]
    assignments = _new_assignments(network, exprs, said)
    exprs += [a.expr for a in assignments]
    yield from _new_parameters(network, exprs, values, said, used)
    yield from (_rule(a.id, a.expr, a.unit, a.meaning) for a in assignments)
    for reaction in reactions:
        yield from _reaction(reaction, names[reaction.id])
    yield from (_rule(o.id, o.expr, o.unit, o.meaning) for o in observables)
    said.update(own)


def _new_assignments(network: Network, exprs: Iterable[Expr], said: set[str]) -> list[Assignment]:
    """Assignments not yet printed that some formulas use, in the network's order."""
    by_id = {a.id: a for a in network.assignments}
    todo = [x.id for e in exprs for x in leaves(e)]
    found: set[str] = set()
    while todo:
        id = todo.pop()
        if id in by_id and id not in said | found:
            found.add(id)
            todo += [x.id for x in leaves(by_id[id].expr)]
    said |= found
    return [a for a in network.assignments if a.id in found]


def _new_parameters(
    network: Network,
    exprs: Iterable[Expr],
    values: Mapping[str, float],
    said: set[str],
    used: set[str],
) -> Iterator[str]:
    here = {x.id for e in exprs for x in leaves(e)}
    for p in network.parameters:
        if p.id in here & used and p.id not in said:
            said.add(p.id)
            yield _number("const", p.id, values[p.id], p.unit, p.meaning)


def _reaction_names(network: Network) -> dict[str, str]:
    """The names that reactions have in the SBML: the rule's, then what turns into what."""
    rules = {r.id: r.label.partition(": ")[0] for r in network.reactions}
    return reaction_names(network, rules, species_names(network))


def _rest(network: Network, values: Mapping[str, float], said: set[str], used: set[str]) -> Iterator[str]:
    """Quantities that no mechanism here uses, and totals that only initial concentrations use."""
    if others := [a for a in network.assignments if a.id not in said]:
        yield from _heading("quantities that nothing uses here")
        yield from _new_parameters(network, [a.expr for a in others], values, said, used)
        yield from (_rule(a.id, a.expr, a.unit, a.meaning) for a in others)
    rest = [p for p in network.parameters if p.id in used and p.id not in said]
    if rest:
        yield from _heading("totals that a cell starts with")
        yield from (_number("const", p.id, values[p.id], p.unit, p.meaning) for p in rest)


def _rule(id: str, expr: Expr, unit: str, meaning: str) -> str:
    text = f"  var {id} := {infix(expr)}; {id} has {unit_id(unit)};"
    return f"{text} // {' '.join(meaning.split())}" if meaning else text


def _reaction(r: Reaction, name: str) -> Iterator[str]:
    left, right = (
        " + ".join(id if n == 1 else f"{n} {id}" for id, n in side) for side in (r.reactants, r.products)
    )
    rate = infix(r.rate)
    law = f"{r.compartment}*{rate}" if isinstance(r.rate, Mul) else f"{r.compartment}*({rate})"
    if rate.startswith("-"):
        law = f"{r.compartment}*({rate})"
    yield f'  {r.id} is "{_quoted(name)}";'
    yield f"  {r.id} in {r.compartment}: {left} => {right}; {law};"


def _changes(network: Network, changes: tuple[Change, ...]) -> Iterator[str]:
    if not changes:
        return
    yield from _heading("what the protocol does after time 0")
    for id, unit, value in change_parameters(network, changes):
        yield _number("const", id, value, unit, "")
    for i, change in enumerate(changes, start=1):
        sets = ", ".join(f"{id} = {value_id(i, id)}" for id in change.values)
        yield f"  change_{i}: at time >= change_{i}_start, t0 = true, persistent = true: {sets};"
