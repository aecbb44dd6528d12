"""Expressions as text, valid in Antimony and in SBML's L3 formula syntax."""

from __future__ import annotations

from collections.abc import Callable

from mtorkin.language.expression import Add, Div, Expr, Leaf, Mul, Number, Pow, mul


def number_text(value: float) -> str:
    """Return the shortest text that reads back as the same number; whole numbers without a point."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def infix(expr: Expr, name: Callable[[str], str] = lambda id: id, power_sign: str = "^") -> str:
    """Return the formula as text, valid in Antimony and in SBML's L3 formula syntax."""

    def show(e: Expr, tight: int) -> str:
        match e:
            case Number(value):
                text, level = number_text(value), 1 if value < 0 else 4
            case Leaf():
                return name(e.id)
            case Add(terms):
                text, level = _signed_sum([show(t, 1) for t in terms]), 1
            case Mul(factors):
                if factors[0] == Number(-1.0):
                    text, level = "-" + show(mul(*factors[1:]), 2), 1
                else:
                    text, level = (
                        "*".join(show(f, 2 if i == 0 else 3) for i, f in enumerate(factors)),
                        2,
                    )
            case Div(n, d):
                text, level = f"{show(n, 2)}/{show(d, 3)}", 2
            case Pow(base, n):
                text, level = f"{show(base, 4)}{power_sign}{n}", 3
            case _:
                raise TypeError(f"not an expression: {e!r}")
        return f"({text})" if level < tight else text

    return show(expr, 0)


def _signed_sum(terms: list[str]) -> str:
    text = terms[0]
    for term in terms[1:]:
        text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
    return text
