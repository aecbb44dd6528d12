"""Functions that rate laws of others use: exp, ln, and powers that are not whole.

Our own mechanisms do not need them (docs/decisions/0004). A power of what is not a whole number has
no value where the base is below 0, and rounding brings concentrations there: such a base counts as 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from mtorkin.language.expression import ONE, Expr, Function, Number, as_expr, div, mul, power

__all__ = ["Exp", "Ln", "RealPower", "exp", "ln", "real_power"]

LARGEST_WHOLE = 64  # a whole power above it is computed as any other


@dataclass(frozen=True)
class Exp(Function):
    """The exponential function of one argument."""

    args: tuple[Expr, ...]

    def of(self, args: tuple[Expr, ...]) -> Expr:
        """The same function of other arguments."""
        return exp(*args)

    def slopes(self) -> tuple[Expr, ...]:
        """The derivative by the argument."""
        return (self,)

    def value(self, *numbers: float) -> float:
        """The number it has. Raises OverflowError where it is too large."""
        return math.exp(numbers[0])


@dataclass(frozen=True)
class Ln(Function):
    """The natural logarithm of one argument; `of_zero`: 0 where the argument is not positive."""

    args: tuple[Expr, ...]
    of_zero: bool = False

    def of(self, args: tuple[Expr, ...]) -> Expr:
        """The same function of other arguments."""
        return Ln(args, True) if self.of_zero else ln(*args)

    def slopes(self) -> tuple[Expr, ...]:
        """The derivative by the argument."""
        return (div(1.0, self.args[0]),)

    def value(self, *numbers: float) -> float:
        """The number it has. Raises ValueError where the argument is not positive."""
        return 0.0 if self.of_zero and numbers[0] <= 0 else math.log(numbers[0])


@dataclass(frozen=True)
class RealPower(Function):
    """A base to any exponent."""

    args: tuple[Expr, ...]

    def of(self, args: tuple[Expr, ...]) -> Expr:
        """The same function of other arguments."""
        return real_power(*args)

    def slopes(self) -> tuple[Expr, ...]:
        """The derivative by base and by exponent."""
        base, exponent = self.args
        return mul(exponent, real_power(base, exponent - 1)), mul(self, Ln((base,), True))

    def value(self, *numbers: float) -> float:
        """The number it has. Raises ZeroDivisionError for 0 to a negative exponent."""
        base, exponent = numbers
        if base < 0 and not float(exponent).is_integer():
            base = 0.0
        return float(base**exponent)


def exp(x: Expr | float) -> Expr:
    """Return the exponential of an expression; a number where it is one (no unit)."""
    x = as_expr(x)
    return Number(math.exp(x.value)) if isinstance(x, Number) and x.value < 700 else Exp((x,))


def ln(x: Expr | float) -> Expr:
    """Return the natural logarithm of an expression; a number where it is one (no unit)."""
    x = as_expr(x)
    return Number(math.log(x.value)) if isinstance(x, Number) and x.value > 0 else Ln((x,))


def real_power(base: Expr | float, exponent: Expr | float) -> Expr:
    """Return a base to any exponent; a whole power or its reciprocal where the exponent is whole."""
    b, e = as_expr(base), as_expr(exponent)
    if isinstance(e, Number) and e.value.is_integer() and abs(e.value) <= LARGEST_WHOLE:
        whole = power(b, int(abs(e.value)))
        return whole if e.value >= 0 else div(ONE, whole)
    if isinstance(b, Number) and isinstance(e, Number) and b.value > 0:
        found = e.value * math.log(b.value)
        if abs(found) < 700:
            return Number(math.exp(found))
    return RealPower((b, e))
