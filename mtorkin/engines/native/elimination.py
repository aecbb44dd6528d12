"""The products of a factorisation and of a solution as flat lists, for `src/factor.h` to go through.

Short loops over rows of a sparse matrix end where the processor does not expect it, which costs more
than what they do. So the products are listed once a network, four at a time, in an order in which few wait
for the one before; what is missing to four goes to, or comes from, a place that does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from mtorkin.arrays import Indices
from mtorkin.engines.native.ordering import Factors, compressed
from mtorkin.engines.native.scheduling import in_turn
from mtorkin.errors import SimulationError

__all__ = ["Elimination", "planned"]


# as in src/task.h
FOUR = np.dtype([("other", np.uint16, 4), ("first", np.int32), ("one", np.uint16), ("unused", np.uint16)])
MOST = 2**16 - 2  # unknowns that fit
Records = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Elimination:
    """A row while it is eliminated: its entries of L, the diagonal and U, or of L and the full block.

    `row_sizes` (unknowns,) are its places, after which comes one for the test vector; `j_places`
    (nonzeros,) where the Jacobian's go and `blanks` the others, by row from `blank_starts`. `updates` by
    row from `update_starts`; `l_terms`, `u_terms` are the products of a solution. U is stored by rows, each
    followed by its number of the test vector.
    """

    row_sizes: Indices
    j_places: Indices
    blank_starts: Indices
    blanks: Indices
    update_starts: Indices
    updates: Records
    l_terms: Records
    u_terms: Records


def planned(factors: Factors, rows: Sequence[Sequence[int]]) -> Elimination:
    """Return the lists for factors of a matrix; ``rows[i]`` are the columns of row i that are not zero.

    Raises SimulationError for more unknowns than 16 bits can number.
    """
    n, dense = len(rows), factors.dense
    if n > MOST:
        raise SimulationError(
            f"{n} unknowns are more than the native engine can number ({MOST}); use another engine"
        )
    lower = _rows(factors.l_starts, factors.l_columns)
    upper = _rows(factors.u_starts, factors.u_columns)
    u_first = factors.u_starts[:-1] + np.arange(n)
    tested = [np.append(row, n) for row in upper]  # the test vector is one more column
    place = np.zeros(n + 1, dtype=np.int64)
    sizes, given, blanks, updates = [], [], [], []
    for i, row in enumerate(rows):
        right = [[i], upper[i]] if i < dense else [np.arange(dense, n)]
        columns = np.concatenate([lower[i], *right])
        place[columns] = np.arange(len(columns))
        place[n] = len(columns)
        sizes.append(len(columns))
        given.append(place[np.array(row, dtype=np.int64)])
        blanks.append(np.setdiff1d(np.arange(len(columns)), given[-1]).tolist())
        fours = _fours([(q, place[tested[k]], u_first[k]) for q, k in enumerate(lower[i])], n + 1)
        updates.append(fours[in_turn([[q] for q in fours["one"]], fours["other"].tolist(), n + 1)])
    blank_starts, blank_list = compressed(blanks)
    backwards = [(i, upper[i], u_first[i]) for i in range(n - 1, -1, -1)]
    return Elimination(
        row_sizes=np.array(sizes, dtype=np.int32),
        j_places=np.concatenate(given).astype(np.int32),
        blank_starts=blank_starts,
        blanks=blank_list,
        update_starts=np.cumsum([0, *map(len, updates)]).astype(np.int32),
        updates=np.concatenate(updates),
        l_terms=_solving([(i, row, factors.l_starts[i]) for i, row in enumerate(lower)], n),
        u_terms=_solving(backwards, n),
    )


def _rows(starts: Indices, columns: Indices) -> list[Indices]:
    return [columns[lo:hi] for lo, hi in pairwise(starts.tolist())]


def _fours(products: Sequence[tuple[int, Indices, int]], nowhere: int) -> Records:
    """Cut products of one with some others into four at a time, filled up with `nowhere`."""
    cuts = [
        (one, others[k : k + 4].tolist(), first + k)
        for one, others, first in products
        for k in range(0, len(others), 4)
    ]
    made = np.zeros(len(cuts), dtype=FOUR)
    if cuts:
        made["one"] = [one for one, _, _ in cuts]
        made["other"] = [others + [nowhere] * (4 - len(others)) for _, others, _ in cuts]
        made["first"] = [first for _, _, first in cuts]
    return made


def _solving(products: Sequence[tuple[int, Indices, int]], n: int) -> Records:
    fours = _fours(products, n)
    return fours[in_turn(fours["other"].tolist(), [[q] for q in fours["one"].tolist()], n)]
