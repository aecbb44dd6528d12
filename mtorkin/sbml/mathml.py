"""Formulas as MathML that keeps their structure: a reader sees the rate law that was written.

Every number is dimensionless mathematics (a measured quantity is a named parameter) and says so:
checkers of units otherwise have to guess.
"""

from __future__ import annotations

from decimal import Decimal

from mtorkin.language.expression import Add, Div, Expr, Leaf, Mul, Number, Pow, mul
from mtorkin.language.infix import number_text
from mtorkin.sbml.units import unit_id
from mtorkin.sbml.xml import Tag, tag

__all__ = ["math", "time_reached"]

MATHML = "http://www.w3.org/1998/Math/MathML"
TIME = "http://www.sbml.org/sbml/symbols/time"
# squares and cubes are products: simulators call a library for a power, which was a fifth of the
# time of a run in libRoadRunner
WRITTEN_OUT = 4


def math(expr: Expr, times: str = "") -> Tag:
    """Return the `math` element of a formula.

    `times` is the id of a volume that a rate [nM/min] is multiplied by.
    """
    content = _content(expr)
    if times:
        if isinstance(expr, Number):  # a rate that is always 0 has nothing else to carry its unit
            content = _number(expr.value, unit_id("nM/min"))
        product = isinstance(expr, Mul) and not _negative(expr)
        factors = content.children[1:] if product else (content,)
        content = _apply("times", _name(times), *factors)
    return tag("math", [content], xmlns=MATHML)


def time_reached(id: str) -> Tag:
    """Return the `math` element of `time >= id`."""
    now = tag("csymbol", (), "time", encoding="text", definitionURL=TIME)
    return tag("math", [_apply("geq", now, _name(id))], xmlns=MATHML)


def _content(expr: Expr) -> Tag:
    match expr:
        case Number(value):
            return _number(value) if value >= 0 else _apply("minus", _number(-value))
        case Leaf():
            return _name(expr.id)
        case Add(terms):
            return _sum(terms)
        case Mul(factors):
            if _negative(expr):
                return _apply("minus", _content(_opposite(expr)))
            return _apply("times", *map(_content, factors))
        case Div(numerator, denominator):
            return _apply("divide", _content(numerator), _content(denominator))
        case Pow(base, exponent) if exponent <= WRITTEN_OUT:
            return _apply("times", *[_content(base)] * exponent)
        case Pow(base, exponent):
            return _apply("power", _content(base), _number(exponent))
    raise TypeError(f"not an expression: {expr!r}")


def _sum(terms: tuple[Expr, ...]) -> Tag:
    """Plus over runs of positive terms, minus for each negative one, in the order written."""
    run = [_content(terms[0])]
    for term in terms[1:]:
        if _negative(term):
            run = [_apply("minus", _plus(run), _content(_opposite(term)))]
        else:
            run.append(_content(term))
    return _plus(run)


def _plus(terms: list[Tag]) -> Tag:
    return terms[0] if len(terms) == 1 else _apply("plus", *terms)


def _negative(expr: Expr) -> bool:
    match expr:
        case Number(value):
            return value < 0
        case Mul((Number(value), *_)):
            return value < 0
    return False


def _opposite(expr: Expr) -> Expr:
    return Number(-expr.value) if isinstance(expr, Number) else mul(-1.0, expr)


def _apply(operator: str, *arguments: Tag) -> Tag:
    return tag("apply", [tag(operator), *arguments])


def _name(id: str) -> Tag:
    return tag("ci", (), id)


def _number(value: float, unit: str = "dimensionless") -> Tag:
    text = f"{Decimal(number_text(value)):f}"  # without an exponent, which needs a type of its own
    kind = "integer" if text.lstrip("-").isdigit() else None
    return tag("cn", (), text, type=kind, sbml_units=unit)
