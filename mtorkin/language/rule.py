"""Rules: what may happen to molecules, and how fast.

A rule remembers the file and line it was written on, so that ``build`` can point there.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field

from mtorkin.errors import DeclarationError
from mtorkin.language.dimension import unit_of
from mtorkin.language.expression import Expr, as_expr
from mtorkin.language.molecule import Arrow, Pattern, Side
from mtorkin.language.unit import Exponents, spelled


def _here() -> str:
    """Return ``file:line`` of the nearest caller outside the language."""
    frame = sys._getframe(1)
    home = os.path.dirname(__file__)
    while frame.f_back is not None and (
        os.path.dirname(frame.f_code.co_filename) == home or frame.f_code.co_filename[0] == "<"
    ):
        frame = frame.f_back
    return f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}"


@dataclass(frozen=True)
class Change:
    """Reactants turn into products at ``k`` times the product of the reactants; nothing is lost."""

    name: str
    arrow: Arrow
    k: Expr
    where: str = field(default_factory=_here, compare=False)

    def __post_init__(self) -> None:
        _check_rate(self.name, self.where, self.k, len(self.arrow.left.patterns))
        if self.arrow.left == self.arrow.right:
            raise DeclarationError(f"{self.where}: rule {self.name!r} changes nothing")


@dataclass(frozen=True)
class Bind:
    """Reversible binding: forward ``kon``, back ``koff`` times every coupling that fits the complex."""

    name: str
    arrow: Arrow
    kon: Expr
    koff: Expr
    where: str = field(default_factory=_here, compare=False)

    def __post_init__(self) -> None:
        _check_rate(self.name, self.where, self.kon, len(self.arrow.left.patterns))
        _check_rate(self.name, self.where, self.koff, len(self.arrow.right.patterns))


@dataclass(frozen=True)
class Make:
    """Synthesis of a molecule in its default state, at a rate [nM/min]."""

    name: str
    product: Pattern
    rate: Expr
    where: str = field(default_factory=_here, compare=False)

    def __post_init__(self) -> None:
        _check_rate(self.name, self.where, self.rate, 0)

    @property
    def arrow(self) -> Arrow:
        """Nothing turns into the product."""
        return Arrow(Side(), Side((self.product,)))


@dataclass(frozen=True)
class Remove:
    """Degradation: what is on the left and not on the right is lost; what else it held is set free."""

    name: str
    arrow: Arrow
    k: Expr
    where: str = field(default_factory=_here, compare=False)

    def __post_init__(self) -> None:
        _check_rate(self.name, self.where, self.k, len(self.arrow.left.patterns))


Rule = Change | Bind | Make | Remove


@dataclass(frozen=True)
class Coupling:
    """A complex that fits ``pattern`` holds its members ``factor`` times more weakly.

    Every unbinding in which the fit is lost gets the factor, so that thermodynamic cycles close.
    """

    pattern: Pattern
    factor: Expr
    where: str = field(default_factory=_here, compare=False)

    def __post_init__(self) -> None:
        if (unit := unit_of(as_expr(self.factor))) != (0, 0):
            raise DeclarationError(
                f"{self.where}: coupling {self.pattern} has a factor in {spelled(unit)}; it is a number"
            )


RATE_UNITS: dict[int, Exponents] = {0: (1, -1), 1: (0, -1), 2: (-1, -1)}


def _check_rate(name: str, where: str, k: Expr | float, reactants: int) -> None:
    if reactants not in RATE_UNITS:
        raise DeclarationError(f"{where}: rule {name!r} has {reactants} reactants; at most 2 meet")
    try:
        unit = unit_of(as_expr(k))
    except DeclarationError as error:
        raise DeclarationError(f"{where}: rule {name!r}: {error}") from error
    if unit != RATE_UNITS[reactants]:
        raise DeclarationError(
            f"{where}: rule {name!r} has a rate in {spelled(unit)}; with {reactants} reactants "
            f"it must be in {spelled(RATE_UNITS[reactants])}"
        )
