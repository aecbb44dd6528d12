"""Directions of rules, and what is asked of molecules, as the BNGL printer needs them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mtorkin.language import Bind, Coupling, Make, Molecule, Parameter, Pattern, Remove
from mtorkin.language.molecule import Site
from mtorkin.language.rule import Rule

Values = dict[str, str]


@dataclass(frozen=True)
class Step:
    """One direction of a rule: what turns into what, at which constant."""

    name: str
    left: tuple[Pattern, ...]
    right: tuple[Pattern, ...]
    k: str
    unbinding: bool = False
    lossy: bool = False


def parts(molecule: Molecule) -> tuple[str, ...]:
    """The BNGL molecule types a molecule is made of (a drug in the medium is a type of its own)."""
    return molecule.parts if len(molecule.parts) > 1 else (molecule.name,)


def steps(rule: Rule) -> Iterator[Step]:
    """The directions of a rule."""
    left, right = rule.arrow.left.patterns, rule.arrow.right.patterns
    if isinstance(rule, Bind):
        yield Step(id_of(rule.kon), left, right, id_of(rule.kon))
        # what a complex is born with says nothing about how it falls apart: a mark may have changed
        asks = any(_marks(p) for p in left)
        back = right if asks else tuple(_without(p, _marks(p)) for p in right)
        yield Step(id_of(rule.koff), back, left, id_of(rule.koff), unbinding=True)
    else:
        k = id_of(rule.rate if isinstance(rule, Make) else rule.k)
        yield Step(k, left, right, k, lossy=isinstance(rule, Remove))


def is_bond(site: Site) -> bool:
    """Whether something sits on the site in one of its values."""
    return any(v.holds is not None for v in site.values)


def related(a: Molecule, b: Molecule) -> bool:
    """Whether two molecules share a part."""
    return bool(set(a.parts) & set(b.parts))


def made_of(pattern: Pattern, left: list[tuple[Molecule, Values]]) -> bool:
    return any(related(m, pattern.molecule) for m, _ in left)


def defaults(molecule: Molecule) -> Values:
    return {s.name: s.default for s in molecule.all_sites}


def _marks(pattern: Pattern) -> set[str]:
    return set(pattern.asked) & {s.name for g in pattern.molecule.groups for s in g}


def _without(pattern: Pattern, names: set[str]) -> Pattern:
    return Pattern(pattern.molecule, tuple((s, v) for s, v in pattern.where if s not in names))


def fits(coupling: Coupling, side: list[tuple[Molecule, Values]]) -> int:
    asked = coupling.pattern.asked
    return sum(
        m == coupling.pattern.molecule and all(v.get(s) == x for s, x in asked.items()) for m, v in side
    )


def id_of(x: object) -> str:
    if isinstance(x, Coupling):
        return id_of(x.factor)
    assert isinstance(x, Parameter), x
    return x.id
