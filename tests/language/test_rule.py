"""Rules and mechanisms: units are checked where they are written, and the message says where."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from mtorkin.errors import DeclarationError
from mtorkin.language import (
    NOTHING,
    Assignment,
    Bind,
    Change,
    Contribution,
    Input,
    Load,
    Make,
    Observable,
    Parameter,
    Remove,
    hill,
    michaelis_menten,
    molecule,
    saturating,
)

A, B, C = molecule("A", sites={"T1": ("u", "p")}), molecule("B"), molecule("C")
first, second, zeroth = Parameter("k", "1/min"), Parameter("kon", "1/(nM*min)"), Parameter("v", "nM/min")
HERE = r"test_rule\.py:\d+: "


@pytest.mark.parametrize(
    ("declare", "text"),
    [
        (
            lambda: Change("A is phosphorylated", A(T1="u") >> A(T1="p"), second),
            r"rule 'A is phosphorylated' has a rate in 1/\(nM\*min\); with 1 reactants it must be in 1/min",
        ),
        (
            lambda: Bind("A binds B", A() + B() >> C(), first, first),
            r"rule 'A binds B' has a rate in 1/min; with 2 reactants it must be in 1/\(nM\*min\)",
        ),
        (
            lambda: Bind("A binds B", A() + B() >> C(), second, second),
            r"rule 'A binds B' has a rate in 1/\(nM\*min\); with 1 reactants it must be in 1/min",
        ),
        (
            lambda: Make("A is made", A(), first),
            r"rule 'A is made' has a rate in 1/min; with 0 reactants it must be in nM/min",
        ),
        (
            lambda: Remove("A decays", A() >> NOTHING, zeroth),
            r"rule 'A decays' has a rate in nM/min; with 1 reactants it must be in 1/min",
        ),
        (
            lambda: Change("three meet", A() + B() + C() >> C(), second),
            r"rule 'three meet' has 3 reactants; at most 2 meet",
        ),
        (
            lambda: Change("bare number", A(T1="u") >> A(T1="p"), 0.5),  # type: ignore[arg-type]
            r"rule 'bare number' has a rate in 1; with 1 reactants it must be in 1/min",
        ),
        (
            lambda: Change("sum", A(T1="u") >> A(T1="p"), first + second),
            r"rule 'sum': cannot add \[1/\(nM\*min\)\] to \[1/min\]: \(kon\) to \(k\)",
        ),
    ],
    ids=["change", "bind", "unbind", "make", "remove", "three", "number", "sum"],
)
def test_a_rate_must_have_the_unit_of_its_order(declare: Callable[[], object], text: str) -> None:
    with pytest.raises(DeclarationError, match="^" + HERE + text + "$"):
        declare()


def test_a_rule_remembers_where_it_was_written() -> None:
    rule = Change("A is phosphorylated", A(T1="u") >> A(T1="p"), first)
    assert re.fullmatch(r"test_rule\.py:\d+", rule.where)


def test_an_assignment_must_have_its_unit() -> None:
    total = A().total
    with pytest.raises(DeclarationError, match="assignment share is declared in 1; its formula gives nM"):
        Assignment("share", "1", total)


def test_an_observable_must_have_its_unit() -> None:
    text = HERE + "observable ratio is declared in nM; its formula gives 1"
    with pytest.raises(DeclarationError, match=text):
        Observable("ratio", A(T1="p").total / A().total, "a share")


def test_a_contribution_must_have_the_unit_of_its_load() -> None:
    load, drug = Load("pocket", "1"), Input("drug", "nM")
    Contribution(load, drug / Parameter("Ki", "nM"))
    with pytest.raises(DeclarationError, match="a term of pocket must be in 1, not nM"):
        Contribution(load, drug)


@pytest.mark.parametrize(
    ("law", "text"),
    [
        (lambda: Assignment("x", "1", saturating(A().total, first)), "cannot add"),
        (lambda: Assignment("x", "1", hill(A().total, first, 2)), "cannot add"),
        (
            lambda: Assignment("x", "1/min", michaelis_menten(first, A().total, second, B().total)),
            "cannot add",
        ),
    ],
    ids=["saturating", "hill", "michaelis-menten"],
)
def test_rate_laws_do_not_add_different_units(law: Callable[[], object], text: str) -> None:
    with pytest.raises(DeclarationError, match=text):
        law()


@pytest.mark.parametrize("n", [1.5, -1, 2.0])
def test_a_hill_coefficient_is_a_whole_number(n: float) -> None:
    K = Parameter("K", "nM")
    with pytest.raises(DeclarationError, match="is not allowed: exponents are whole numbers from 0 up"):
        hill(A().total, K, n)  # type: ignore[arg-type]


def test_competitor_and_its_constant_come_together() -> None:
    K = Parameter("K", "nM")
    with pytest.raises(DeclarationError, match="competitor and Ki come together"):
        michaelis_menten(first, A().total, K, B().total, competitor=C().total)


@pytest.mark.parametrize("leaf", [Parameter, Input, lambda id, unit: Load(id, unit)])
def test_units_are_a_closed_list(leaf: Callable[[str, str], object]) -> None:
    with pytest.raises(DeclarationError, match=r"k: unit 'uM' is not one of 1, nM, min, 1/min, 1/nM"):
        leaf("k", "uM")
    with pytest.raises(DeclarationError, match=r"did you mean 'nM/min'\?"):
        leaf("k", "nM/mn")
