"""Expressions: sums, products, quotients and whole powers of named quantities with units.

Why not a computer-algebra library: a rate law must stay as the modeller wrote it (it is printed in
SBML, Antimony and the docs), its units are checked where it is written, and the order of terms must
be the same on every machine. Derivatives of this small closed set need 20 lines; tests compare them
with SymPy. See docs/decisions/0004.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from mtorkin.errors import DeclarationError
from mtorkin.language.ids import check_id as check_id
from mtorkin.language.unit import exponents


class Expr:
    """Base of all expressions; supplies arithmetic. Plain numbers are dimensionless."""

    __slots__ = ()

    def __add__(self, other: Expr | float) -> Expr:
        return add(self, other)

    def __radd__(self, other: float) -> Expr:
        return add(other, self)

    def __sub__(self, other: Expr | float) -> Expr:
        return add(self, mul(-1.0, other))

    def __rsub__(self, other: float) -> Expr:
        return add(other, mul(-1.0, self))

    def __mul__(self, other: Expr | float) -> Expr:
        return mul(self, other)

    def __rmul__(self, other: float) -> Expr:
        return mul(other, self)

    def __truediv__(self, other: Expr | float) -> Expr:
        return div(self, other)

    def __rtruediv__(self, other: float) -> Expr:
        return div(other, self)

    def __pow__(self, exponent: int) -> Expr:
        return power(self, exponent)

    def __neg__(self) -> Expr:
        return mul(-1.0, self)


@dataclass(frozen=True)
class Number(Expr):
    """A dimensionless constant of the mathematics (1, -1, 2), never a measured quantity."""

    value: float


@dataclass(frozen=True)
class Leaf(Expr):
    """Anything that has a name and a unit from the closed list."""

    id: str
    unit: str

    def __post_init__(self) -> None:
        exponents(self.unit, self.id)


@dataclass(frozen=True)
class Variable(Leaf):
    """A species or an assignment of a network, by its id."""


@dataclass(frozen=True)
class Parameter(Leaf):
    """A number that a table row gives; ``at_most`` is 1 for a share, which would turn a rate negative."""

    meaning: str = ""
    at_most: float = math.inf

    def __post_init__(self) -> None:
        Leaf.__post_init__(self)
        check_id(self.id, "parameter")


@dataclass(frozen=True)
class Input(Leaf):
    """What the periods of a protocol set and hold; ``default`` is fed cells, ``at_most`` the limit."""

    default: float = 0.0
    meaning: str = ""
    at_most: float = math.inf

    def __post_init__(self) -> None:
        Leaf.__post_init__(self)
        check_id(self.id, "input")
        if not (math.isfinite(self.default) and 0 <= self.default <= self.at_most):
            most = f", {self.at_most:g} or less" if math.isfinite(self.at_most) else ""
            raise DeclarationError(f"input {self.id}: the default is {self.default}; it is 0 or more{most}")


@dataclass(frozen=True)
class Add(Expr):
    """A sum."""

    terms: tuple[Expr, ...]


@dataclass(frozen=True)
class Mul(Expr):
    """A product."""

    factors: tuple[Expr, ...]


@dataclass(frozen=True)
class Div(Expr):
    """A quotient."""

    numerator: Expr
    denominator: Expr


@dataclass(frozen=True)
class Pow(Expr):
    """A whole power."""

    base: Expr
    exponent: int


class Function(Expr):
    """Base of what models of others need beyond these (`mtorkin.language.functions`)."""

    __slots__ = ()
    args: tuple[Expr, ...]

    def of(self, args: tuple[Expr, ...]) -> Expr:
        """The same function of other arguments."""
        raise NotImplementedError

    def slopes(self) -> tuple[Expr, ...]:
        """The derivative by every argument."""
        raise NotImplementedError

    def value(self, *numbers: float) -> float:
        """The number it has."""
        raise NotImplementedError


ZERO = Number(0.0)
ONE = Number(1.0)


def as_expr(x: Expr | float) -> Expr:
    """Return ``x`` as an expression."""
    return x if isinstance(x, Expr) else Number(float(x))


def add(*terms: Expr | float) -> Expr:
    """Sum, flattened, with constants gathered and zeros dropped; the order is kept."""
    flat: list[Expr] = []
    constant = 0.0
    for term in map(as_expr, terms):
        for t in term.terms if isinstance(term, Add) else (term,):
            if isinstance(t, Number):
                constant += t.value
            else:
                flat.append(t)
    if constant:
        flat.insert(0, Number(constant))
    return ZERO if not flat else flat[0] if len(flat) == 1 else Add(tuple(flat))


def mul(*factors: Expr | float) -> Expr:
    """Product, flattened, with constants gathered and ones dropped; the order is kept."""
    flat: list[Expr] = []
    constant = 1.0
    for factor in map(as_expr, factors):
        for f in factor.factors if isinstance(factor, Mul) else (factor,):
            if isinstance(f, Number):
                constant *= f.value
            else:
                flat.append(f)
    if constant == 0.0:
        return ZERO
    if constant != 1.0:
        flat.insert(0, Number(constant))
    return ONE if not flat else flat[0] if len(flat) == 1 else Mul(tuple(flat))


def div(numerator: Expr | float, denominator: Expr | float) -> Expr:
    """Quotient."""
    n, d = as_expr(numerator), as_expr(denominator)
    if isinstance(d, Number):
        if d.value == 0.0:
            raise DeclarationError("a rate law divides by the constant 0")
        return mul(1.0 / d.value, n)
    return ZERO if n == ZERO else Div(n, d)


def power(base: Expr | float, exponent: int) -> Expr:
    """Whole power; a fitted, broken Hill coefficient would have no value at a slightly negative x."""
    if not isinstance(exponent, int) or exponent < 0:
        raise DeclarationError(f"exponent {exponent!r} is not allowed: exponents are whole numbers from 0 up")
    b = as_expr(base)
    return ONE if exponent == 0 else b if exponent == 1 else Pow(b, exponent)


def children(expr: Expr) -> tuple[Expr, ...]:
    """Return the direct parts of a node (none for a leaf)."""
    match expr:
        case Add(terms):
            return terms
        case Mul(factors):
            return factors
        case Div(n, d):
            return (n, d)
        case Pow(base, _):
            return (base,)
        case Function():
            return expr.args
    return ()


def leaves(expr: Expr) -> Iterator[Leaf]:
    """Yield every leaf, left to right, repeats included."""
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Leaf):
            yield node
        else:
            waiting.extend(reversed(children(node)))


def replace(expr: Expr, new: Callable[[Leaf], Expr]) -> Expr:
    """Rebuild the expression with every leaf replaced by ``new(leaf)``."""
    match expr:
        case Leaf():
            return new(expr)
        case Add(terms):
            return add(*(replace(t, new) for t in terms))
        case Mul(factors):
            return mul(*(replace(f, new) for f in factors))
        case Div(n, d):
            return div(replace(n, new), replace(d, new))
        case Pow(base, n):
            return power(replace(base, new), n)
        case Function():
            return expr.of(tuple(replace(a, new) for a in expr.args))
    return expr


def gradient(expr: Expr) -> dict[str, Expr]:
    """Return the partial derivative with respect to every leaf id that occurs."""
    match expr:
        case Leaf():
            return {expr.id: ONE}
        case Add(terms):
            return _sum_of(gradient(t) for t in terms)
        case Mul(factors):
            rest = [mul(*factors[:i], *factors[i + 1 :]) for i in range(len(factors))]
            return _sum_of(
                {k: mul(r, g) for k, g in gradient(f).items()} for f, r in zip(factors, rest, strict=True)
            )
        case Div(n, d):
            over = {k: div(g, d) for k, g in gradient(n).items()}
            under = {k: mul(-1.0, div(mul(n, g), power(d, 2))) for k, g in gradient(d).items()}
            return _sum_of((over, under))
        case Pow(base, n):
            outer = mul(float(n), power(base, n - 1))
            return {k: mul(outer, g) for k, g in gradient(base).items()}
        case Function():
            pairs = zip(expr.args, expr.slopes(), strict=True)
            return _sum_of({k: mul(slope, g) for k, g in gradient(a).items()} for a, slope in pairs)
    return {}


def _sum_of(parts: Iterator[dict[str, Expr]] | tuple[dict[str, Expr], ...]) -> dict[str, Expr]:
    total: dict[str, Expr] = {}
    for part in parts:
        for key, value in part.items():
            total[key] = add(total[key], value) if key in total else value
    return total


def evaluate(expr: Expr, values: Mapping[str, float]) -> float:
    """Return the number an expression has, given every leaf's value by id."""
    match expr:
        case Number(value):
            return value
        case Leaf():
            return values[expr.id]
        case Add(terms):
            return sum(evaluate(t, values) for t in terms)
        case Mul(factors):
            product = 1.0
            for f in factors:
                product *= evaluate(f, values)
            return product
        case Div(n, d):
            return evaluate(n, values) / evaluate(d, values)
        case Pow(base, n):
            return float(evaluate(base, values) ** n)
        case Function():
            return expr.value(*(evaluate(a, values) for a in expr.args))
    raise TypeError(f"not an expression: {expr!r}")
