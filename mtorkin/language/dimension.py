"""The unit that an expression has, from those of its leaves."""

from __future__ import annotations

from mtorkin.errors import DeclarationError
from mtorkin.language.expression import Add, Div, Expr, Leaf, Mul, Number, Pow, leaves
from mtorkin.language.unit import Exponents, exponents, spelled

__all__ = ["unit_of"]


def unit_of(expr: Expr) -> Exponents:
    """Return the unit of an expression; raise DeclarationError where terms do not agree."""
    match expr:
        case Leaf():
            return exponents(expr.unit, expr.id)
        case Add(terms):
            first = unit_of(terms[0]) if not isinstance(terms[0], Number) else (0, 0)
            for term in terms[1:]:
                if unit_of(term) != first:
                    raise DeclarationError(
                        f"cannot add [{spelled(unit_of(term))}] to [{spelled(first)}]: "
                        f"{_named(term)} to {_named(terms[0])}"
                    )
            return first
        case Mul(factors):
            units = [unit_of(f) for f in factors]
            return (sum(u[0] for u in units), sum(u[1] for u in units))
        case Div(n, d):
            top, bottom = unit_of(n), unit_of(d)
            return (top[0] - bottom[0], top[1] - bottom[1])
        case Pow(base, n):
            b = unit_of(base)
            return (b[0] * n, b[1] * n)
    return (0, 0)


def _named(expr: Expr) -> str:
    return "(" + ", ".join(dict.fromkeys(x.id for x in leaves(expr))) + ")"
