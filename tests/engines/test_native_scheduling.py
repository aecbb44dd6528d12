"""Steps are put in an order that is valid, that keeps sums to the bit, and in which few wait."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtorkin.engines.native import ordering
from mtorkin.engines.native.ordering import eliminate, order_of
from mtorkin.engines.native.scheduling import LATENCY, in_turn
from mtorkin.model import Model

NOWHERE = 99


@st.composite
def steps(draw: st.DrawFn) -> tuple[list[list[int]], list[list[int]]]:
    """Steps that change places and read others, which nobody changes any more."""
    reads: list[list[int]] = []
    changes: list[list[int]] = []
    read: set[int] = set()
    for _ in range(draw(st.integers(0, 25))):
        places = st.lists(st.integers(0, 12), max_size=3, unique=True)
        changed = [q for q in draw(places) if q not in read]
        seen = [q for q in draw(places) if q not in changed]
        read.update(seen)
        reads.append(seen)
        changes.append([*changed, NOWHERE])
    return reads, changes


@given(steps())
def test_what_a_step_reads_is_what_it_was(given: tuple[list[list[int]], list[list[int]]]) -> None:
    reads, changes = given
    order = in_turn(reads, changes, NOWHERE)
    assert sorted(order) == list(range(len(reads)))
    rank = {i: at for at, i in enumerate(order)}
    for i, places in enumerate(reads):
        touched = {*places, *changes[i]} - {NOWHERE}
        assert all(rank[j] < rank[i] for j in range(i) if touched & set(changes[j]))


def test_chains_run_side_by_side() -> None:
    """Four chains of four steps, one after the other: each step of a chain waits for the one before."""
    reads = [[10 * chain + k] for chain in range(LATENCY) for k in range(4)]
    changes = [[10 * chain + k + 1] for chain in range(LATENCY) for k in range(4)]
    order = in_turn(reads, changes, NOWHERE)
    chains = [i // 4 for i in order]
    assert all(len(set(chains[k : k + LATENCY])) == LATENCY for k in range(0, 16, LATENCY))


def test_a_place_that_was_read_may_not_be_changed() -> None:
    with pytest.raises(AssertionError, match="after it was read"):
        in_turn([[1], [5]], [[2], [1]], NOWHERE)


def test_fewer_nonzeros_than_by_the_fewest_products(core: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    e = core.equations
    jacobian = e.jacobian(np.ones(len(e.species)), [1.0] * len(e.constants))
    rows = [np.flatnonzero(row).tolist() for row in jacobian]

    def nonzeros() -> int:
        order = order_of(rows)
        rank = {i: q for q, i in enumerate(order)}
        factors = eliminate([sorted(rank[j] for j in rows[i]) for i in order])
        return len(factors.l_columns) + len(factors.u_columns) + (len(rows) - factors.dense) ** 2

    few = nonzeros()
    monkeypatch.setattr(ordering, "LOOKED_AT", 1)
    assert few < nonzeros()
