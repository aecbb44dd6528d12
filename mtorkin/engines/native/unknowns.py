"""Which assignments stay unknowns of the linear systems that each step solves.

An activity that sums up ten species and speeds up ten reactions fills the Jacobian with the products of
what it reads and what reads it. As an unknown with an equation of its own it costs their sum instead. An
assignment where that gains nothing is put in where it is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from mtorkin.engines.native.graph import Node

__all__ = ["kept_assignments"]


def kept_assignments(
    species: Sequence[AbstractSet[Node]], assignments: Mapping[Node, AbstractSet[Node]]
) -> list[Node]:
    """Return the assignments that stay, in an order in which each reads only those before it.

    `species`: by species, which species and assignments its rate of change reads; `assignments`: what
    each reads.
    """
    equations: dict[int, set[Node]] = {-1 - i: set(row) for i, row in enumerate(species)}
    equations |= {a: set(assignments[a]) for a in _reached(species, assignments)}
    readers: dict[Node, set[int]] = {a: set() for a in assignments}
    for key, row in equations.items():
        for a in row & readers.keys():
            readers[a].add(key)
    for a in sorted(equations, key=lambda a: (len(equations[a]) * len(readers[a]) if a >= 0 else 0, a)):
        if a < 0:
            continue
        inner, grown = equations[a], sum(len(equations[a] - equations[key]) for key in readers[a])
        if grown > len(inner) + len(readers[a]):
            continue
        for key in readers[a]:
            equations[key] = (equations[key] - {a}) | inner
        for b in inner & readers.keys():
            readers[b] = (readers[b] - {a}) | readers[a]
        del equations[a]
    return sorted(a for a in equations if a >= 0)


def _reached(
    species: Sequence[AbstractSet[Node]], assignments: Mapping[Node, AbstractSet[Node]]
) -> set[Node]:
    """The assignments that rates of change read, themselves or through others."""
    found: set[Node] = set()
    todo = [a for row in species for a in row & assignments.keys()]
    while todo:
        a = todo.pop()
        if a not in found:
            found.add(a)
            todo += assignments[a] & assignments.keys()
    return found
