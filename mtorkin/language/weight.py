"""Weights: how much a molecule counts in an activity, site by site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mtorkin.errors import DeclarationError
from mtorkin.language.dimension import unit_of
from mtorkin.language.expression import Expr, Leaf, as_expr
from mtorkin.language.molecule import Molecule
from mtorkin.language.unit import spelled


@dataclass(frozen=True)
class Weight:
    """How much one molecule counts, as a product over its sites of a factor for the value it has.

    ``Weight("A_S6K", mTORC1, at={"lysosome": 1, "cytosol": w}, PRAS40={"PRAS40": 1 - e})``; values
    not named count 1. Structural sites are exact. Marks of one pool that sit in different groups are
    averaged group by group (a product of means, whose error is measured in the docs); in an explicit
    expansion the same declaration is exact.
    """

    id: str
    molecule: Molecule
    factors: tuple[tuple[str, tuple[tuple[str, Expr | float], ...]], ...]
    meaning: str = field(default="", compare=False)

    @property
    def total(self) -> WeightedTotal:
        """Sum of amount times weight [nM]: an activity, named in every export."""
        return WeightedTotal(self.id, "nM", self)

    @property
    def own(self) -> Own:
        """The weight [1] of the very molecule a rule acts on (autophosphorylation in cis)."""
        return Own(f"own({self.id})", "1", self)


def weight(id: str, molecule: Molecule, meaning: str, **factors: Mapping[str, Expr | float]) -> Weight:
    """Return a Weight; factor values are expressions or numbers, keys are values of the site."""
    for site, by_value in factors.items():
        for value, factor in by_value.items():
            molecule(**{site: value})
            if (unit := unit_of(as_expr(factor))) != (0, 0):
                raise DeclarationError(
                    f"weight {id}: the factor for {site}={value} is in {spelled(unit)}; it is a number"
                )
    return Weight(id, molecule, tuple((s, tuple(f.items())) for s, f in factors.items()), meaning)


@dataclass(frozen=True)
class WeightedTotal(Leaf):
    """See ``Weight.total``."""

    weight: Weight


@dataclass(frozen=True)
class Own(Leaf):
    """See ``Weight.own``."""

    weight: Weight
