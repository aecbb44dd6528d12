"""In which order to do steps of which some need what others have changed."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

__all__ = ["in_turn"]

LATENCY = 4  # so many steps later what a step has changed can be used without waiting


def in_turn(reads: Sequence[Sequence[int]], changes: Sequence[Sequence[int]], nowhere: int) -> list[int]:
    """Return an order of steps in which few wait for the one before; what most others wait for comes first.

    A step that reads or changes a place comes after all that changed it before, in their order, so that every
    sum is added up as in the given order, to the last bit. No place may be changed once it has been read. The
    place `nowhere` does not count.
    """
    after, waits = _needs(reads, changes, nowhere)
    height = [0] * len(waits)
    for i in range(len(waits) - 1, -1, -1):
        height[i] = 1 + max((height[j] for j in after[i]), default=0)
    ready = [(-height[i], i) for i, count in enumerate(waits) if not count]
    heapq.heapify(ready)
    later: list[tuple[int, int]] = []
    order: list[int] = []
    while len(order) < len(waits):
        now = len(order)
        while later and (later[0][0] <= now or not ready):
            _, i = heapq.heappop(later)
            heapq.heappush(ready, (-height[i], i))
        _, i = heapq.heappop(ready)
        order.append(i)
        for j in after[i]:
            waits[j] -= 1
            if not waits[j]:
                heapq.heappush(later, (now + LATENCY, j))
    return order


def _needs(
    reads: Sequence[Sequence[int]], changes: Sequence[Sequence[int]], nowhere: int
) -> tuple[list[list[int]], list[int]]:
    """Which steps come after each, and how many come before it."""
    last: dict[int, int] = {}
    seen: set[int] = set()
    after: list[list[int]] = [[] for _ in reads]
    waits = []
    for i, (read, changed) in enumerate(zip(reads, changes, strict=True)):
        seen.update(read)
        assert not seen.intersection(changed) - {nowhere}, "a place is changed after it was read"
        before = {last[q] for q in (*read, *changed) if q in last}
        waits.append(len(before))
        for j in before:
            after[j].append(i)
        last.update((q, i) for q in changed if q != nowhere)
    return after, waits
