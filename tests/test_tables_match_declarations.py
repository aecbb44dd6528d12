"""Rows and declarations are one to one: each table holds what the mechanism of that name declares."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from mtorkin import activities, molecules
from mtorkin.build import build
from mtorkin.language import Assignment, Expr, Mechanism, Molecule, Parameter, Weight
from mtorkin.language.expression import Leaf, as_expr, leaves
from mtorkin.language.weight import Own, WeightedTotal
from mtorkin.mechanisms import ALL, ON_REQUEST, drugs, pharmacokinetics
from mtorkin.resolve import POOL_FLOOR
from mtorkin.tables import Row

ABUNDANCE = "_abundance"
SHARED = {"drugs": (*drugs.STANDARD, *drugs.ON_REQUEST), "pharmacokinetics": pharmacokinetics.ON_REQUEST}


def parameters_in(expr: Expr) -> Iterator[Parameter]:
    """Every parameter an expression comes to, through assignments and weights."""
    for leaf in leaves(expr):
        yield from _behind(leaf)


def _behind(leaf: Leaf) -> Iterator[Parameter]:
    match leaf:
        case Parameter():
            yield leaf
        case Assignment():
            yield from parameters_in(leaf.expr)
        case WeightedTotal() | Own():
            yield from of_weight(leaf.weight)


def of_weight(weight: Weight) -> Iterator[Parameter]:
    for _, factors in weight.factors:
        for _, factor in factors:
            yield from parameters_in(as_expr(factor))  # type: ignore[arg-type]


def of_mechanism(mechanism: Mechanism) -> Iterator[Parameter]:
    for expr in mechanism.expressions:
        yield from parameters_in(expr)


def table_of(mechanism: Mechanism) -> str:
    """Drugs share a table, as they share a package; so do those given to a subject."""
    for table, mechanisms in SHARED.items():
        if mechanism in mechanisms:
            return table
    return mechanism.name


@cache
def declared() -> dict[str, dict[str, Parameter]]:
    """Table -> the parameters it must hold, in the order in which they are declared first."""
    shared: dict[str, Parameter] = {POOL_FLOOR.id: POOL_FLOOR}
    for value in vars(activities).values():
        if isinstance(value, Assignment):
            shared |= {p.id: p for p in parameters_in(value)}
        elif isinstance(value, Weight):
            shared |= {p.id: p for p in of_weight(value)}
    cell = {p.id: p for v in vars(molecules).values() if isinstance(v, Parameter) for p in (v,)}
    cell |= {m.abundance.id: m.abundance for m in vars(molecules).values() if isinstance(m, Molecule)}
    used = {p.id for p in build().network.parameters}
    cell = {id: p for id, p in cell.items() if id in used}  # of what is on request, in its own table
    tables = {"activities": {id: p for id, p in shared.items() if not id.endswith(ABUNDANCE)}}
    known = set(shared) | set(cell)
    for mechanism in (*ALL, *ON_REQUEST):
        new = {p.id: p for p in of_mechanism(mechanism) if p.id not in known}
        known |= set(new)
        if new:
            tables.setdefault(table_of(mechanism), {}).update(new)
    tables["abundances"] = cell
    return tables


@cache
def rows() -> dict[str, dict[str, Row]]:
    table = build().table
    found: dict[str, dict[str, Row]] = {}
    for id, row in table.rows.items():
        found.setdefault(table.origin[id], {})[id] = row
    return found


def test_there_is_a_table_for_everything_that_declares_numbers_and_no_other() -> None:
    assert set(rows()) == set(declared())


@pytest.mark.parametrize("table", sorted(declared()))
def test_rows_and_declarations_are_one_to_one(table: str) -> None:
    here, there = set(rows()[table]), set(declared()[table])
    assert here == there, (
        f"without a row: {sorted(there - here)}; without a declaration: {sorted(here - there)}"
    )


@pytest.mark.parametrize("table", sorted(declared()))
def test_units_are_equal(table: str) -> None:
    differ = [
        f"{rows()[table][id].where}: {id} in {rows()[table][id].unit}, declared in {p.unit}"
        for id, p in declared()[table].items()
        if rows()[table][id].unit != p.unit
    ]
    assert differ == []


def test_every_row_is_used_by_the_whole_model_or_by_a_drug_on_request() -> None:
    model = build()
    on_request = {p.id for m in ON_REQUEST for p in of_mechanism(m)} - set(model.values)
    assert set(model.table.unused(model.network)) == on_request
    assert set(model.values) | on_request == set(model.table.rows)


def test_an_abundance_scales_a_molecule_or_a_level() -> None:
    cell = rows()["abundances"].values()
    assert {r.unit for r in cell} == {"nM", "1"}
    assert all(r.parameterId.endswith(ABUNDANCE) for r in cell)


def test_what_is_assumed_says_why() -> None:
    silent = [r.where for t in rows().values() for r in t.values() if r.evidence == "assumed" and not r.note]
    assert silent == []


def test_what_is_free_in_a_fit_has_a_prior() -> None:
    bare = [r.where for t in rows().values() for r in t.values() if r.estimate and not r.priorDistribution]
    assert bare == []
