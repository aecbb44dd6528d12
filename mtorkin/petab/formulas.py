"""Formulas of a problem, in the terms of one model: nothing in them that has a formula itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mtorkin.foreign.conditions import TIME
from mtorkin.foreign.model import Foreign
from mtorkin.language.expression import Expr, Leaf, Number, gradient, leaves, replace
from mtorkin.petab.problem import Reference

__all__ = ["Formula", "formula_in", "names_in"]


@dataclass(frozen=True, eq=False)
class Formula:
    """A formula of species, constants, inputs, parameters and the time, and its derivatives by each."""

    expr: Expr
    slopes: dict[str, Expr]


@lru_cache(maxsize=256)
def formula_in(model: Foreign, expr: Expr) -> Formula:
    """Return a formula of a table as one of what `model` has (a pure function, remembered)."""

    def new(leaf: Leaf) -> Expr:
        if leaf.id == "time" and "time" not in model.known:
            return TIME
        return Number(model.sizes[leaf.id]) if leaf.id in model.sizes else leaf

    flat = model.leaf_level(replace(expr, new))
    return Formula(flat, gradient(flat))


def names_in(reference: Reference) -> Iterator[str]:
    """Yield the names that a reference depends on."""
    if isinstance(reference, str):
        yield reference
    elif isinstance(reference, Expr):
        yield from (leaf.id for leaf in leaves(reference))
