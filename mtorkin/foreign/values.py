"""Formulas on arrays: one number for each row."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mtorkin.arrays import Array
from mtorkin.language.expression import Add, Div, Expr, Leaf, Mul, Number, Pow
from mtorkin.language.functions import Exp, Ln, RealPower

__all__ = ["values_of"]


def values_of(expr: Expr, known: Mapping[str, Array | float]) -> Array:
    """Return what a formula has, one number a row; not a number where it has none.

    `known` gives every leaf, by id, as rows or one number.
    """
    with np.errstate(all="ignore"):
        return np.asarray(_value(expr, known), dtype=float)


def _value(expr: Expr, known: Mapping[str, Array | float]) -> Array:
    match expr:
        case Number(value):
            return np.asarray(value)
        case Leaf():
            return np.asarray(known[expr.id])
        case Add(terms):
            total = _value(terms[0], known)
            for term in terms[1:]:
                total = total + _value(term, known)
            return total
        case Mul(factors):
            product = _value(factors[0], known)
            for factor in factors[1:]:
                product = product * _value(factor, known)
            return product
        case Div(n, d):
            return np.asarray(_value(n, known) / _value(d, known))
        case Pow(base, exponent):
            return np.asarray(_value(base, known) ** exponent)
        case Exp(args):
            return np.asarray(np.exp(_value(args[0], known)))
        case Ln(args, of_zero):
            x = _value(args[0], known)
            return np.asarray(np.where(x > 0, np.log(np.where(x > 0, x, 1.0)), 0.0) if of_zero else np.log(x))
        case RealPower(args):
            x, power = (_value(a, known) for a in args)
            lifted = np.where((x < 0) & (power != np.rint(power)), 0.0, x)
            return np.asarray(np.power(lifted, power))
    raise TypeError(f"not an expression: {expr!r}")
