"""MathML means what the expression means, and keeps its structure."""

from __future__ import annotations

import math as math_module

import libsbml
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtorkin.language.expression import (
    Expr,
    Number,
    Parameter,
    add,
    div,
    evaluate,
    mul,
    power,
)
from mtorkin.sbml.mathml import math, time_reached
from mtorkin.sbml.xml import document_text

VALUES = {"a": 1.25, "b": 0.3, "c": 7.0}
A, B, C = (Parameter(id, "1") for id in VALUES)

numbers = st.sampled_from([-2.5, -1.0, 0.5, 1.0, 3.0, 1e-9]).map(Number)
trees = st.recursive(
    st.one_of(numbers, st.sampled_from([A, B, C])),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(lambda x: add(*x)),
        st.lists(inner, min_size=2, max_size=3).map(lambda x: mul(*x)),
        st.tuples(inner, st.sampled_from([A, B, add(C, 1.0)])).map(lambda x: div(*x)),
        st.tuples(inner, st.integers(2, 5)).map(lambda x: power(*x)),
    ),
    max_leaves=12,
)


def node(expr: Expr, times: str = "") -> libsbml.ASTNode:
    """Our MathML as libSBML reads it (units on numbers need the namespace around them)."""
    text = document_text(math(expr, times)).split("\n", 1)[1].replace("sbml:units", "units")
    found = libsbml.readMathMLFromString(text)
    assert found is not None, text
    return found


def read(expr: Expr, times: str = "") -> str:
    """The formula in libSBML's spelling, without the units."""
    return str(libsbml.formulaToL3String(node(expr, times))).replace(" dimensionless", "")


def value(n: libsbml.ASTNode) -> float:
    """What a formula comes to, by its tree."""
    if n.isNumber():
        return float(n.getValue())
    if n.isName():
        return VALUES[n.getName()]
    parts = [value(n.getChild(i)) for i in range(n.getNumChildren())]
    match n.getType():
        case libsbml.AST_PLUS:
            return sum(parts)
        case libsbml.AST_TIMES:
            return math_module.prod(parts)
        case libsbml.AST_MINUS:
            return -parts[0] if len(parts) == 1 else parts[0] - parts[1]
        case libsbml.AST_DIVIDE:
            return parts[0] / parts[1]
        case libsbml.AST_POWER | libsbml.AST_FUNCTION_POWER:
            return float(parts[0] ** parts[1])
    raise AssertionError(n.getType())


@given(trees)
def test_means_what_the_expression_means(expr: Expr) -> None:
    want = evaluate(expr, VALUES)
    assert value(node(expr)) == pytest.approx(want, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("expr", "formula"),
    [
        (A - B - C, "a - b - c"),
        (A + B - 2 * C, "a + b - 2 * c"),
        (-A + B, "-a + b"),
        (1 - A, "1 - a"),
        (A / (B + C), "a / (b + c)"),
        (A * (B - C), "a * (b - c)"),
        ((A / B) ** 3, "(a / b) * (a / b) * (a / b)"),
        ((A + B) ** 12, "(a + b)^12"),
        (A * B / C, "a * b / c"),
    ],
)
def test_keeps_the_structure(expr: Expr, formula: str) -> None:
    assert read(expr) == formula


@pytest.mark.parametrize(
    ("expr", "formula"),
    [
        (A * B, "cell * a * b"),
        (A - B, "cell * (a - b)"),
        (-A * B, "cell * -(a * b)"),
        (A, "cell * a"),
    ],
)
def test_rates_are_multiplied_by_a_volume(expr: Expr, formula: str) -> None:
    assert read(expr, times="cell") == formula


def test_numbers_are_dimensionless() -> None:
    text = document_text(math(1 - A / 1e6))
    assert text.count("<cn") == text.count('sbml:units="dimensionless"') == 2
    assert "e-" not in text and "0.000001" in text


def test_a_rate_that_is_always_zero_has_a_unit() -> None:
    assert 'sbml:units="nM_per_min"' in document_text(math(Number(0.0), times="cell"))


def test_time_is_a_symbol() -> None:
    assert "symbols/time" in document_text(time_reached("later"))
