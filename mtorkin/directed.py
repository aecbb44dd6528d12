"""Rules as one-way processes, and the same with marks turned into structural sites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mtorkin.errors import DeclarationError
from mtorkin.language.expression import Expr, Leaf, as_expr
from mtorkin.language.expression import replace as replace_leaves
from mtorkin.language.mechanism import Assignment, Mechanism
from mtorkin.language.molecule import Molecule, Pattern, Site, Total, Value
from mtorkin.language.rule import Bind, Change, Make
from mtorkin.language.weight import Own, Weight, WeightedTotal


@dataclass(frozen=True)
class OneWay:
    """A rule in one direction. ``unbinding`` takes couplings; ``lossy`` may make or destroy matter."""

    name: str
    left: tuple[Pattern, ...]
    right: tuple[Pattern, ...]
    k: Expr
    mechanism: str
    where: str
    unbinding: bool = False
    lossy: bool = False

    def error(self, text: str) -> DeclarationError:
        """An error that says which rule, and where it was written."""
        return DeclarationError(f"{self.where}: rule {self.name!r} of {self.mechanism} {text}")

    @property
    def slug(self) -> str:
        """The name as an SBML id."""
        return re.sub(r"^(?=\d)", "_", re.sub(r"[^A-Za-z0-9]+", "_", self.name).strip("_"))


def directed(mechanism: Mechanism) -> Iterator[OneWay]:
    """Yield each rule of a mechanism, and for a Bind its reverse too."""
    for rule in mechanism.rules:
        left, right = rule.arrow.left.patterns, rule.arrow.right.patterns
        if isinstance(rule, Bind):
            yield OneWay(rule.name, left, right, rule.kon, mechanism.name, rule.where)
            back = right if any(map(_names_marks, left)) else tuple(map(_structural_part, right))
            yield OneWay(f"{rule.name}, reversed", back, left, rule.koff, mechanism.name, rule.where, True)
        elif isinstance(rule, Change):
            yield OneWay(rule.name, left, right, rule.k, mechanism.name, rule.where)
        else:
            k = rule.rate if isinstance(rule, Make) else rule.k
            yield OneWay(rule.name, left, right, k, mechanism.name, rule.where, lossy=True)


def _names_marks(pattern: Pattern) -> bool:
    structural = {s.name for s in pattern.molecule.sites}
    return any(s not in structural for s, _ in pattern.where)


def _structural_part(pattern: Pattern) -> Pattern:
    """A mark asked of a complex when it forms is reset; it is no condition on falling apart."""
    structural = {s.name for s in pattern.molecule.sites}
    return Pattern(pattern.molecule, tuple((s, v) for s, v in pattern.where if s in structural))


def explicit(rule: OneWay) -> OneWay:
    """The same rule over molecules whose marks are structural sites: the full expansion."""
    return replace(
        rule,
        left=tuple(map(explicit_pattern, rule.left)),
        right=tuple(map(explicit_pattern, rule.right)),
        k=explicit_expr(rule.k),
    )


def explicit_molecule(molecule: Molecule) -> Molecule:
    """The molecule with its marks as structural sites."""
    sites = tuple(Site(s.name, tuple(map(_explicit_value, s.values))) for s in molecule.all_sites)
    return replace(molecule, sites=sites, groups=())


def _explicit_value(value: Value) -> Value:
    return value if value.holds is None else Value(value.name, explicit_pattern(value.holds))


def explicit_pattern(pattern: Pattern) -> Pattern:
    """The pattern over the molecule with its marks as structural sites."""
    return Pattern(explicit_molecule(pattern.molecule), pattern.where)


def explicit_expr(expr: Expr) -> Expr:
    """The expression with every total and weight over explicit molecules."""

    def new(leaf: Leaf) -> Expr:
        match leaf:
            case Total():
                return replace(leaf, pattern=explicit_pattern(leaf.pattern))
            case WeightedTotal() | Own():
                return replace(leaf, weight=_explicit_weight(leaf.weight))
            case Assignment():
                return replace(leaf, expr=explicit_expr(leaf.expr))
        return leaf

    return replace_leaves(expr, new)


def _explicit_weight(weight: Weight) -> Weight:
    factors = tuple(
        (site, tuple((value, explicit_expr(as_expr(factor))) for value, factor in by_value))
        for site, by_value in weight.factors
    )
    return replace(weight, molecule=explicit_molecule(weight.molecule), factors=factors)


def explicit_mechanism(mechanism: Mechanism) -> Mechanism:
    """The mechanism with observables, couplings and contributions over explicit molecules.

    Its rules stay as they are: they are taken apart first.
    """
    return replace(
        mechanism,
        observables=tuple(replace(o, expr=explicit_expr(o.expr)) for o in mechanism.observables),
        couplings=tuple(replace(c, pattern=explicit_pattern(c.pattern)) for c in mechanism.couplings),
        contributions=tuple(replace(c, term=explicit_expr(c.term)) for c in mechanism.contributions),
    )
