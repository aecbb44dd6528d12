"""Matter: which rules may make or lose it, and which totals are kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from mtorkin.entities import Flux, content
from mtorkin.parts import Compartment, Reaction, Species


@dataclass(frozen=True)
class ConservedTotal:
    """An elementary molecule that is neither made nor lost: ``sum(weight * concentration)``."""

    name: str
    weights: tuple[tuple[str, float], ...]


def check_matter(flux: Flux) -> None:
    """Refuse a flux that makes or loses an elementary molecule."""
    balance: Counter[str] = Counter()
    for entity, n in flux.change:
        for part, m in content(entity).items():
            balance[part] += n * m
    if lost := {p: n for p, n in balance.items() if n}:
        what = ", ".join(f"{'loses' if n < 0 else 'makes'} {abs(n)} {p}" for p, n in lost.items())
        raise flux.rule.error(f"{what}: only Make and Remove may")


def conserved_totals(
    species: tuple[Species, ...],
    reactions: tuple[Reaction, ...],
    compartments: tuple[Compartment, ...],
) -> tuple[ConservedTotal, ...]:
    """Return the elementary molecules that no reaction makes or loses, as sums over species."""
    volume = {c.id: c.size for c in compartments}
    of = {s.id: content(s.entity) for s in species}
    moved = {part for r in reactions for part in _moved(r, of)}
    kept = [p for p in dict.fromkeys(p for c in of.values() for p in c) if p not in moved]
    return tuple(
        ConservedTotal(
            part,
            tuple((s.id, of[s.id][part] * volume[s.compartment]) for s in species if of[s.id][part]),
        )
        for part in kept
    )


def _moved(reaction: Reaction, of: dict[str, Counter[str]]) -> Iterator[str]:
    balance: Counter[str] = Counter()
    for sign, side in ((-1, reaction.reactants), (1, reaction.products)):
        for s, n in side:
            for part, m in of[s].items():
                balance[part] += sign * n * m
    return (p for p, n in balance.items() if n)
