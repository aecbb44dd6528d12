"""A mechanism: some rules that belong together, what can be seen of them, and which mutants they
know.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mtorkin.errors import DeclarationError
from mtorkin.language.dimension import unit_of
from mtorkin.language.expression import Expr, Leaf, Parameter, check_id, leaves
from mtorkin.language.rule import Bind, Coupling, Make, Rule, _here
from mtorkin.language.unit import spelled


@dataclass(frozen=True)
class Assignment(Leaf):
    """A named expression: the same quantity in equations, exports and docs.

    In an expression it stands for its value; ``build`` finds it there and lists it in the network.
    """

    expr: Expr
    meaning: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        Leaf.__post_init__(self)
        unit = spelled(unit_of(self.expr))
        if unit != self.unit:
            raise DeclarationError(
                f"assignment {self.id} is declared in {self.unit}; its formula gives {unit}"
            )


@dataclass(frozen=True)
class Load(Leaf):
    """A sum to which mechanisms may add terms (drugs in one pocket); 0 where none does."""

    meaning: str = field(default="", compare=False)


@dataclass(frozen=True)
class Contribution:
    """A term that a mechanism adds to a load."""

    load: Load
    term: Expr

    def __post_init__(self) -> None:
        if unit_of(self.term) != unit_of(self.load):
            raise DeclarationError(
                f"a term of {self.load.id} must be in {self.load.unit}, not {spelled(unit_of(self.term))}"
            )


@dataclass(frozen=True)
class Observable:
    """What an instrument would show, by the name a blot has."""

    id: str
    expr: Expr
    meaning: str
    unit: str = "nM"
    where: str = field(default_factory=_here, compare=False)

    def __post_init__(self) -> None:
        check_id(self.id, f"{self.where}: observable")
        unit = spelled(unit_of(self.expr))
        if unit != self.unit:
            raise DeclarationError(
                f"{self.where}: observable {self.id} is declared in {self.unit}; its formula gives {unit}"
            )


@dataclass(frozen=True)
class Mutation:
    """A mutant, as the parameters it multiplies (0 abolishes, 1000 weakens a thousandfold)."""

    name: str
    factors: tuple[tuple[str, float], ...]
    meaning: str


def mutation(name: str, meaning: str, **factors: float) -> Mutation:
    """Return a mutant that multiplies the named parameters."""
    for id, factor in factors.items():
        if not (math.isfinite(factor) and factor >= 0):
            raise DeclarationError(f"mutant {name}: {id} times {factor}; a factor is a number from 0 up")
    return Mutation(name, tuple(factors.items()), meaning)


@dataclass(frozen=True)
class Mechanism:
    """Rules under one name; ``about`` is the module's docstring, which reads like a short paper."""

    name: str
    about: str
    rules: tuple[Rule, ...]
    couplings: tuple[Coupling, ...] = ()
    observables: tuple[Observable, ...] = ()
    mutations: tuple[Mutation, ...] = ()
    contributions: tuple[Contribution, ...] = ()

    @classmethod
    def of(
        cls,
        name: str,
        about: str | None,
        rules: Iterable[Rule],
        couplings: Iterable[Coupling] = (),
        observables: Iterable[Observable] = (),
        mutations: Iterable[Mutation] = (),
        contributions: Iterable[Contribution] = (),
    ) -> Mechanism:
        """Return a mechanism from any iterables."""
        return cls(
            name,
            about or "",
            tuple(rules),
            tuple(couplings),
            tuple(observables),
            tuple(mutations),
            tuple(contributions),
        )

    @property
    def expressions(self) -> Iterator[Expr]:
        """Every rate, factor, term and formula, as declared."""
        for rule in self.rules:
            if isinstance(rule, Bind):
                yield from (rule.kon, rule.koff)
            else:
                yield rule.rate if isinstance(rule, Make) else rule.k
        yield from (c.factor for c in self.couplings)
        yield from (c.term for c in self.contributions)
        yield from (o.expr for o in self.observables)


def parameters_named(mechanism: Mechanism) -> tuple[Parameter, ...]:
    """Return the parameters that stand in a mechanism's own formulas, each once, in order.

    Those inside named quantities (assignments, weights) belong to these.
    """
    found = (leaf for expr in mechanism.expressions for leaf in leaves(expr))
    return tuple(dict.fromkeys(leaf for leaf in found if isinstance(leaf, Parameter)))
