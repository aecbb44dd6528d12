"""Many protocols in one file: each later change of an input or dose is an event of its own.

The first change of insulin is one event, the second another, and so on for as many as the protocol
with most of them needs. Their times and doses are parameters, so that a protocol is a set of
numbers: what holds at time 0, and when each event happens. An event that a protocol does not need
happens at `NEVER`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mtorkin.sbml import Change, Start
from mtorkin.sbml.document import start_id, value_id

__all__ = ["NEVER", "Slot", "as_changes", "slots", "values_of"]

NEVER = 1e9  # min, 1,900 years

Situation = tuple[Start, tuple[Change, ...]]


@dataclass(frozen=True)
class Slot:
    """The `nth` change (from 0) of an input or a species [id]."""

    target: str
    nth: int


def slots(situations: Iterable[Situation]) -> tuple[Slot, ...]:
    """Return the slots that some protocols need, in the order in which they first need them."""
    most: dict[str, int] = {}
    for _, changes in situations:
        for id, later in _later(changes).items():
            most[id] = max(most.get(id, 0), len(later))
    return tuple(Slot(id, n) for id, count in most.items() for n in range(count))


def as_changes(needed: Sequence[Slot], situation: Situation) -> tuple[Change, ...]:
    """Return one change a slot, as the SBML writer takes them; times [min], values [nM or relative]."""
    start, changes = situation
    later = _later(changes)
    found = []
    for slot in needed:
        mine = later.get(slot.target, [])
        # unused, it holds what it would be set to if somebody gave it a time: nothing new
        value = mine[-1][1] if mine else start.inputs.get(slot.target, 0.0)
        when, what = mine[slot.nth] if slot.nth < len(mine) else (NEVER, value)
        found.append(Change(when, {slot.target: what}))
    return tuple(found)


def values_of(needed: Sequence[Slot], situation: Situation) -> dict[str, float]:
    """Return the numbers of a situation by id: inputs, species, times and values of the events."""
    start, _ = situation
    found: dict[str, float] = {**start.inputs, **start.species}
    for i, change in enumerate(as_changes(needed, situation), start=1):
        found[start_id(i)] = change.start
        for id, value in change.values.items():
            found[value_id(i, id)] = value
    return found


def _later(changes: Iterable[Change]) -> Mapping[str, list[tuple[float, float]]]:
    """When [min] each input or species changes, and to what."""
    found: dict[str, list[tuple[float, float]]] = {}
    for change in changes:
        for id, value in change.values.items():
            found.setdefault(id, []).append((change.start, value))
    return found
