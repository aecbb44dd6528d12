"""Expressions against SymPy: values, derivatives, and text that reads back as the same formula."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from mtorkin.errors import DeclarationError
from mtorkin.language.dimension import unit_of
from mtorkin.language.expression import (
    ONE,
    ZERO,
    Add,
    Div,
    Expr,
    Leaf,
    Mul,
    Number,
    Parameter,
    Pow,
    Variable,
    add,
    children,
    div,
    evaluate,
    gradient,
    leaves,
    mul,
    power,
    replace,
)
from mtorkin.language.infix import infix, number_text

NAMES = ("a", "b", "c")
a, b, c = (Parameter(n, "1") for n in NAMES)
SYMBOLS = {n: sympy.Symbol(n, positive=True) for n in NAMES}
POINT = {"a": 0.7, "b": 1.9, "c": 3.1}

atoms = st.sampled_from([a, b, c]) | st.sampled_from([-3.0, -1.0, 0.25, 2.0, 1e-5]).map(Number)


def _grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(inner, min_size=2, max_size=3)
    positive = inner.map(lambda e: add(1.0, power(e, 2)))  # a denominator without zeros
    return st.one_of(
        several.map(lambda parts: add(*parts)),
        several.map(lambda parts: mul(*parts)),
        st.tuples(inner, positive).map(lambda pair: div(*pair)),
        st.tuples(inner, st.integers(0, 3)).map(lambda pair: power(*pair)),
    )


expressions = st.recursive(atoms, _grown, max_leaves=10)


def in_sympy(expr: Expr) -> sympy.Expr:
    """The same formula, built by SymPy from the parts (not from our text)."""
    match expr:
        case Number(value):
            return sympy.Rational(value)
        case Leaf():
            return SYMBOLS[expr.id]
        case Add(terms):
            return sympy.Add(*map(in_sympy, terms))
        case Mul(factors):
            return sympy.Mul(*map(in_sympy, factors))
        case Div(n, d):
            return in_sympy(n) / in_sympy(d)
        case Pow(base, n):
            return in_sympy(base) ** n
    raise TypeError(expr)


def number(formula: sympy.Expr) -> float:
    return float(formula.evalf(30, subs={SYMBOLS[n]: v for n, v in POINT.items()}))


def close(value: float, exact: float) -> bool:
    return value == pytest.approx(exact, rel=1e-9, abs=1e-12)


@settings(deadline=None, max_examples=100)
@given(expressions)
def test_values_are_those_of_sympy(expr: Expr) -> None:
    assert close(evaluate(expr, POINT), number(in_sympy(expr)))


@settings(deadline=None, max_examples=100)
@given(expressions)
def test_derivatives_are_those_of_sympy(expr: Expr) -> None:
    ours = gradient(expr)
    for name, symbol in SYMBOLS.items():
        exact = number(sympy.diff(in_sympy(expr), symbol))
        assert close(evaluate(ours.get(name, ZERO), POINT), exact)
    assert set(ours) == {leaf.id for leaf in leaves(expr)}


@settings(deadline=None, max_examples=100)
@given(expressions, st.sampled_from(["^", "**"]))
def test_text_reads_back_as_the_same_formula(expr: Expr, sign: str) -> None:
    text = infix(expr, power_sign=sign).replace("^", "**")
    read = sympy.parse_expr(text, local_dict=SYMBOLS)
    assert close(number(read), number(in_sympy(expr)))


@settings(deadline=None, max_examples=60)
@given(expressions)
def test_replacing_leaves_by_themselves_changes_nothing(expr: Expr) -> None:
    assert replace(expr, lambda leaf: leaf) == expr
    assert infix(replace(expr, lambda leaf: leaf)) == infix(expr)


@pytest.mark.parametrize(
    ("expr", "text"),
    [
        (a - b, "a - b"),
        (a - (b - c), "a - (b - c)"),
        (a / (b * c), "a/(b*c)"),
        (a / b / c, "a/b/c"),
        (a / (b / c), "a/(b/c)"),
        (a * (b / c), "a*(b/c)"),
        ((a / b) * c, "a/b*c"),
        ((a + b) ** 2, "(a + b)^2"),
        (-(a + b), "-(a + b)"),
        (1 / (1 + a), "1/(1 + a)"),
        (2 * a - 3, "-3 + 2*a"),
        (1e-5 * a, "1e-05*a"),
    ],
)
def test_formulas_stay_as_written(expr: Expr, text: str) -> None:
    assert infix(expr) == text


@pytest.mark.parametrize(("value", "text"), [(3.0, "3"), (-1.0, "-1"), (0.1, "0.1"), (1e300, "1e+300")])
def test_numbers_read_back_as_the_same(value: float, text: str) -> None:
    assert number_text(value) == text
    assert float(number_text(value)) == value


@pytest.mark.parametrize(
    ("expr", "same"),
    [
        (a + 0, a),
        (0 + a, a),
        (1 * a, a),
        (0 * a, ZERO),
        (a**1, a),
        (a**0, ONE),
        (0 / a, ZERO),
        ((a + b) + c, a + (b + c)),
        ((a * b) * c, a * (b * c)),
    ],
)
def test_what_is_simplified(expr: Expr, same: Expr) -> None:
    assert expr == same


def test_nothing_else_is_simplified() -> None:
    assert a - a != ZERO
    assert a / a != ONE
    assert (a + b) * c != a * c + b * c
    assert a + b != b + a  # the order is the modeller's


def test_a_quotient_by_the_constant_0_is_refused() -> None:
    with pytest.raises(DeclarationError, match="a rate law divides by the constant 0"):
        div(a, 0)
    with pytest.raises(DeclarationError, match="a rate law divides by the constant 0"):
        div(a, mul(0.0, b))


@pytest.mark.parametrize("exponent", [0.5, -1, 2.0, "2"])
def test_exponents_are_whole_numbers_from_0_up(exponent: object) -> None:
    with pytest.raises(DeclarationError, match=r"exponent .* is not allowed"):
        power(a, exponent)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expr", "unit"),
    [
        (lambda x, k: x * k, (1, -1)),
        (lambda x, k: x / (x + x), (0, 0)),
        (lambda x, k: 1 / (1 + x / x), (0, 0)),
        (lambda x, k: k**2, (0, -2)),
        (lambda x, k: x - x, (1, 0)),
    ],
)
def test_units_of_expressions(expr: Callable[[Expr, Expr], Expr], unit: tuple[int, int]) -> None:
    assert unit_of(expr(Variable("x", "nM"), Parameter("k", "1/min"))) == unit


@pytest.mark.parametrize("bad", [lambda x, k: x + k, lambda x, k: 1 + x, lambda x, k: x * (1 - k)])
def test_unlike_units_are_not_added(bad: Callable[[Expr, Expr], Expr]) -> None:
    with pytest.raises(DeclarationError, match="cannot add"):
        unit_of(bad(Variable("x", "nM"), Parameter("k", "1/min")))


def test_leaves_come_in_order_with_repeats() -> None:
    assert [leaf.id for leaf in leaves(a * b + a / c)] == ["a", "b", "a", "c"]
    assert children(a) == ()
