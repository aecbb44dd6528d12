"""What a closure has made so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mtorkin.entities import Entity, Ledger, Pool, State, default_state
from mtorkin.language.molecule import Pattern


class Made:
    """What has been made so far, in order of discovery."""

    def __init__(self) -> None:
        self.pools: dict[str, list[Pool]] = {}
        self.states: dict[tuple[Pool, int], list[State]] = {}
        self.marks: Counter[Pool] = Counter()  # how many states, of any group, a pool was seen in
        self._seen: set[Entity] = set()

    def add(self, entity: Entity) -> None:
        """Remember an entity; a known one changes nothing."""
        if entity in self._seen:
            return
        self._seen.add(entity)
        if isinstance(entity, Pool):
            self.pools.setdefault(entity.molecule.name, []).append(entity)
        else:
            self.states.setdefault((entity.pool, entity.group), []).append(entity.state)
            self.marks[entity.pool] += 1

    @property
    def size(self) -> int:
        """How many species there are."""
        return len(self._seen)

    def fitting(self, pattern: Pattern) -> list[Pool]:
        """Pools that satisfy the structural part of a pattern."""
        return [p for p in self.pools.get(pattern.molecule.name, []) if p.fits(pattern)]

    def marked(self, pool: Pool, group: int) -> list[State]:
        """States of a group, other than the unmarked one, that the pool has been seen in."""
        return self.states.get((pool, group), [])

    def fits_any(self, pattern: Pattern) -> bool:
        """Whether anything made satisfies a pattern, its marks included."""
        return any(self._reaches(pool, pattern) for pool in self.fitting(pattern))

    def _reaches(self, pool: Pool, pattern: Pattern) -> bool:
        asked = {s: v for s, v in pattern.where if s not in pool.by_site}
        for g, sites in enumerate(pool.molecule.groups):
            mine = [(i, asked[s.name]) for i, s in enumerate(sites) if s.name in asked]
            states = (default_state(sites), *self.marked(pool, g))
            if not any(all(state[i] == v for i, v in mine) for state in states):
                return False
        return True

    def entities(self) -> Iterator[Entity]:
        """Every species: each pool followed by its ledgers."""
        for pools in self.pools.values():
            for pool in pools:
                yield pool
                for g in range(len(pool.molecule.groups)):
                    for state in sorted(self.marked(pool, g)):
                        yield Ledger(pool, g, state)
