"""Sets are cut into shares, which threads or an executor take one after the other.

Only a few shares wait at a time, and a share is the numbers of the table, so that what is in memory
is the table, the result, and a little more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from mtorkin.arrays import Array
from mtorkin.many.sets import Sets
from mtorkin.many.work import Answer, Work, do, do_sent, prepare
from mtorkin.pickles import dumps

__all__ = ["Progress", "Reasons", "fill", "share_size"]

MOST, LEAST = 256, 64  # sets in a share; at the end of one, lanes are idle
EACH = 4  # shares for each thread, so that one that is held up does not hold up the others
SENT = 64  # shares where it is not known how many workers there are
LOOK = 0.2  # s between looks at whether the user interrupts

Progress = Callable[[int, int], None]
Reasons = npt.NDArray[np.object_]
Places = npt.NDArray[np.integer[Any]]
Submit = Callable[[int, Array], "Future[Answer]"]


def fill(
    work: Sequence[Work],
    sets: Sets,
    values: Array,
    failed: Reasons,
    threads: int,
    executor: Executor | None,
    progress: Progress | None,
) -> None:
    """Put results into `values` (sets, conditions, times, ids) and reasons into `failed`, share by share."""
    good: Places = np.flatnonzero([not why for why in sets.refused])
    total, done = len(sets.refused) * len(work), (len(sets.refused) - len(good)) * len(work)
    size = share_size(len(good), len(work), threads, executor is not None)
    shares = ((c, good[i : i + size]) for c in range(len(work)) for i in range(0, len(good), size))
    ahead = 2 * threads if executor is None else 4 * SENT
    with _workers(work, threads, executor) as submit:
        pending: dict[Future[Answer], tuple[int, Places]] = {}
        while True:
            for c, rows in islice(shares, ahead - len(pending)):
                pending[submit(c, sets.given[rows])] = (c, rows)
            if not pending:
                return
            ready, _ = wait(pending, timeout=LOOK, return_when="FIRST_COMPLETED")
            for future in ready:
                c, rows = pending.pop(future)
                values[rows, c], failed[rows, c] = future.result()
                done += len(rows)
                if progress is not None:
                    progress(done, total)


def share_size(sets: int, conditions: int, threads: int, sent: bool) -> int:
    """Return how many sets make a share (no unit): as many shares as give every thread the same number."""
    if not sent and threads == 1:
        return MOST
    wanted = SENT if sent else EACH * threads
    size = min(MOST, max(LEAST, -(-sets * conditions // wanted)))
    shares = max(1, -(-sets // size))
    while not sent and shares * conditions % threads and shares < sets:
        shares += 1
    return max(1, -(-sets // shares))


@contextmanager
def _workers(work: Sequence[Work], threads: int, executor: Executor | None) -> Iterator[Submit]:
    """What shares are handed to. On an error or interrupt, work that has begun is told to stop."""
    if executor is not None:
        packed = [dumps(each) for each in work]
        sent: list[Future[Answer]] = []

        def send(c: int, given: Array) -> Future[Answer]:
            sent[:] = [future for future in sent if not future.done()]
            sent.append(executor.submit(do_sent, packed[c], given))
            return sent[-1]

        try:
            yield send
        finally:
            for future in sent:
                future.cancel()
        return
    stop = threading.Event()
    prepare(work[0])  # here, where an interrupt arrives, and once
    pool = ThreadPoolExecutor(threads)
    try:
        yield lambda c, given: pool.submit(do, work[c], given, stop.is_set)
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)
