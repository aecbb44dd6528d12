"""What a network is made of: pools, the ledgers of their marks, amounts of either, and fluxes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from mtorkin.directed import OneWay
from mtorkin.language.molecule import Molecule, Pattern, Site

State = tuple[str, ...]


class _ById:
    """Equal where the ids are: comparing molecules site by site would cost most of a closure."""

    id: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)


@dataclass(frozen=True, eq=False)
class Pool(_ById):
    """One molecule with a value on each structural site."""

    molecule: Molecule
    values: State

    @cached_property
    def by_site(self) -> dict[str, str]:
        """Value by site name."""
        return {s.name: v for s, v in zip(self.molecule.sites, self.values, strict=True)}

    def fits(self, pattern: Pattern) -> bool:
        """Whether the pool satisfies the structural part of a pattern."""
        mine = self.by_site
        return self.molecule.name == pattern.molecule.name and all(
            mine[s] == v for s, v in pattern.where if s in mine
        )

    @cached_property
    def id(self) -> str:  # type: ignore[override]  # worked out once
        """SBML id: the name, then every structural site with its value."""
        return "__".join([self.molecule.name, *(f"{s}_{v}" for s, v in self.by_site.items())])


@dataclass(frozen=True, eq=False)
class Ledger(_ById):
    """The amount of a pool that bears one state of one group of marks."""

    pool: Pool
    group: int
    state: State

    @property
    def sites(self) -> tuple[Site, ...]:
        """The marks of the group."""
        return self.pool.molecule.groups[self.group]

    @cached_property
    def by_site(self) -> dict[str, str]:
        """Value by mark name."""
        return {s.name: v for s, v in zip(self.sites, self.state, strict=True)}

    @cached_property
    def id(self) -> str:  # type: ignore[override]  # worked out once
        """SBML id: the pool's, then what it bears."""
        marks = "__".join(f"{s}_{v}" for s, v in self.by_site.items())
        return f"{self.pool.id}__with__{marks}"


Entity = Pool | Ledger


@dataclass(frozen=True)
class Amount:
    """A pool, or the part of it in one state (bearing marks or bearing none) of a group."""

    pool: Pool
    group: int | None = None
    state: State = ()


class Kind(Enum):
    """Why a flux is there; only labels tell the difference."""

    STRUCTURAL = "moves molecules between pools"
    RIDING = "carries a ledger along with its pool"
    MARK = "sets or clears a mark inside one pool"


@dataclass(frozen=True)
class Flux:
    """One elementary process: ``rule.k`` times the amounts changes these entities."""

    rule: OneWay
    amounts: tuple[Amount, ...]
    change: tuple[tuple[Entity, int], ...]
    before: tuple[Pool, ...]
    after: tuple[Pool, ...]
    kind: Kind


def default_state(group: tuple[Site, ...]) -> State:
    """The state of a group that bears no mark."""
    return tuple(s.default for s in group)


def seed(pattern: Pattern) -> Pool:
    """The pool of a pattern with every unnamed site at its default."""
    asked = pattern.asked
    return Pool(pattern.molecule, tuple(asked.get(s.name, s.default) for s in pattern.molecule.sites))


def content(entity: Entity) -> Counter[str]:
    """The elementary molecules in one unit of a species; a ledger counts only what the mark holds."""
    if isinstance(entity, Pool):
        total, sites = Counter(entity.molecule.parts), entity.molecule.sites
    else:
        total, sites = Counter(), entity.sites
    for site in sites:
        if (held := site.value(entity.by_site[site.name]).holds) is not None:
            total += content(seed(held))
    return total
