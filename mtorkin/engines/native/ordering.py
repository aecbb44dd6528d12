"""In which order to eliminate species so that few new nonzeros appear, and where they do.

Next comes the species whose elimination makes the fewest, among those with the fewest products
(Markowitz's rule on the diagonal), as to look at all takes longer than it saves. The order is found once
for each network, and every parameter set uses it.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mtorkin.arrays import Indices

__all__ = ["Factors", "eliminate", "order_of"]

LOOKED_AT = 24  # species of which the next is chosen
FULL = 0.8  # share of nonzeros from where a trailing block is treated as dense
BLOCK = 4  # its size is a multiple, so that it falls into tiles
SMALLEST = 24  # below that, tiles gain nothing


@dataclass(frozen=True, eq=False)
class Factors:
    """Nonzeros of L below and U above the diagonal, compressed by rows; dense from row `dense` on.

    Of rows from `dense` on, L lists only columns before it and U lists none.
    """

    l_starts: Indices
    l_columns: Indices
    u_starts: Indices
    u_columns: Indices
    dense: int


def order_of(rows: Sequence[Iterable[int]]) -> list[int]:
    """Return the species in order of elimination; ``rows[i]`` are the columns of row i."""
    row, column = _sets(rows)
    left = set(range(len(row)))
    order = []
    while left:
        products = {i: (row[i].bit_count() - 1) * (column[i].bit_count() - 1) for i in left}
        few = heapq.nsmallest(LOOKED_AT, left, key=lambda i: (products[i], i))
        best = (
            few[0] if not products[few[0]] else min(few, key=lambda i: (_new(row, column, i), products[i], i))
        )
        order.append(best)
        left.discard(best)
        itself = 1 << best
        for k in _members(column[best] ^ itself):
            row[k] = (row[k] | row[best]) & ~itself
        for k in _members(row[best] ^ itself):
            column[k] = (column[k] | column[best]) & ~itself
    return order


def _sets(rows: Sequence[Iterable[int]]) -> tuple[list[int], list[int]]:
    """Columns of each row and rows of each column, as the bits of an integer; the diagonal is among them."""
    row, column = [1 << i for i in range(len(rows))], [1 << i for i in range(len(rows))]
    for i, r in enumerate(rows):
        for j in r:
            row[i] |= 1 << j
            column[j] |= 1 << i
    return row, column


def _new(row: list[int], column: list[int], i: int) -> int:
    """How many nonzeros appear where i is eliminated."""
    return sum((row[i] & ~row[k]).bit_count() for k in _members(column[i] ^ (1 << i)))


def _members(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def eliminate(rows: Sequence[Iterable[int]]) -> Factors:
    """Return where L and U are not zero for rows and columns that are in order of elimination."""
    n = len(rows)
    lower: list[list[int]] = []
    upper: list[list[int]] = []
    for i, r in enumerate(rows):
        full, k = {*r, i}, 0
        below = []
        while k < i:
            if k in full:
                below.append(k)
                full.update(upper[k])
            k += 1
        lower.append(below)
        upper.append(sorted(j for j in full if j > i))
    dense = _dense_from(lower, upper)
    kept = [r if i < dense else [j for j in r if j < dense] for i, r in enumerate(lower)]
    l_starts, l_columns = compressed(kept)
    u_starts, u_columns = compressed([r if i < dense else [] for i, r in enumerate(upper)])
    assert n == len(l_starts) - 1
    return Factors(l_starts, l_columns, u_starts, u_columns, dense)


def _dense_from(lower: list[list[int]], upper: list[list[int]]) -> int:
    """Return the first row of the largest trailing block that is nearly full."""
    n = len(lower)
    first, filled = n, 0
    below = [0] * n  # entries of L in the rows after a column
    for r in lower:
        for j in r:
            below[j] += 1
    for s in range(n - 1, -1, -1):
        size = n - s
        filled += 1 + len(upper[s]) + below[s]
        if size % BLOCK == 0 and size >= SMALLEST and filled >= FULL * size * size:
            first = s
    return first


def compressed(rows: Sequence[Sequence[int]]) -> tuple[Indices, Indices]:
    """Return starts (rows + 1,) and entries of lists of integers."""
    starts = np.cumsum([0, *(len(r) for r in rows)]).astype(np.int32)
    return starts, np.array([x for r in rows for x in r], dtype=np.int32)
