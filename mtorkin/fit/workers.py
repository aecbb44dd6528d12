"""Running starts one after another or in worker processes, with progress.

Workers are fresh interpreters ("spawn"): forking a process that holds compiled simulators is not
safe. Each receives the problem once, pickled, and reports through small files.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mtorkin.files import write_text
from mtorkin.fit.lanes import Floats
from mtorkin.fit.optimise import Jacobian, Settings, run_start
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.starts import Start, lost_start
from mtorkin.pickles import dumps

__all__ = ["run_starts", "share"]

Watch = Callable[[int, int, float], None]
Done = Callable[[Start], None]


def run_starts(
    problem: FitProblem,
    points: dict[int, Floats],
    settings: Settings,
    jacobian: Jacobian,
    jobs: int,
    done: Done,
    progress: bool,
) -> list[Start]:
    """Optimise from each point (start number to log-parameters), in up to `jobs` processes.

    `done` is called with each start as it ends, in this process. Results are the same whatever
    `jobs` is, in the order of the start numbers. A worker that dies counts as a failed start.
    """
    with _watching(len(points), progress) as (watch, finished):

        def ended(start: Start) -> None:
            done(start)
            finished(start)

        if jobs > 1:
            found = _in_pool(problem, points, settings, jacobian, jobs, watch, ended)
        else:
            found = []
            for index, point in points.items():
                start = run_start(problem, index, point, settings, jacobian, partial(watch, index))
                ended(start)
                found.append(start)
    return sorted(found, key=lambda start: start.index)


def _in_pool(
    problem: FitProblem,
    points: dict[int, Floats],
    settings: Settings,
    jacobian: Jacobian,
    jobs: int,
    watch: Watch,
    done: Done,
) -> list[Start]:
    context = multiprocessing.get_context("spawn")
    task = dumps((problem, settings, jacobian))
    found: list[Start] = []
    with tempfile.TemporaryDirectory() as board:
        pool = ProcessPoolExecutor(min(jobs, len(points)), mp_context=context, initializer=_end_with_parent)
        try:
            pending = {
                pool.submit(_work, task, index, point, Path(board)): index for index, point in points.items()
            }
            while pending:
                finished, _ = wait(pending, timeout=0.3, return_when=FIRST_COMPLETED)
                _look(Path(board), watch)
                for future in finished:
                    index = pending.pop(future)
                    try:
                        start = future.result()
                    except BrokenProcessPool as error:
                        start = lost_start(problem, index, points[index], str(error))
                    done(start)
                    found.append(start)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        pool.shutdown()
    return found


T = TypeVar("T")
R = TypeVar("R")


def share(
    work: Callable[[str, T], R],
    given: Mapping[str, T],
    jobs: int,
    done: Callable[[R], None],
    progress: bool,
    title: str,
    unit: str,
) -> dict[str, R]:
    """`work(name, what)` for each of `given`, in up to `jobs` processes; results by name.

    `done` is called with each result as it ends, in this process. One whose process died is missing.
    """
    columns = (TextColumn(title), BarColumn(bar_width=24), MofNCompleteColumn(), TextColumn(unit))
    bar = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), disable=not progress)
    found: dict[str, R] = {}
    with bar:
        task = bar.add_task(title, total=len(given))
        for name, result in _shared(work, given, jobs):
            done(result)
            found[name] = result
            bar.advance(task)
    return found


def _shared(work: Callable[[str, T], R], given: Mapping[str, T], jobs: int) -> Iterator[tuple[str, R]]:
    if jobs == 1 or len(given) < 2:
        for name, what in given.items():
            yield name, work(name, what)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, len(given)), mp_context=context, initializer=_end_with_parent)
    try:
        pending = {pool.submit(work, name, what): name for name, what in given.items()}
        while pending:
            finished, _ = wait(pending, timeout=0.3, return_when=FIRST_COMPLETED)
            for future in finished:
                name = pending.pop(future)
                try:
                    result = future.result()
                except BrokenProcessPool:
                    continue
                yield name, result
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def _end_with_parent() -> None:
    """Let a worker end when its parent was killed: it would wait for work that nobody gives, for ever."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _work(task: bytes, index: int, point: Floats, board: Path) -> Start:
    """What a worker does (module level, so that it can be sent)."""
    problem, settings, jacobian = pickle.loads(task)

    def report(simulations: int, objective: float) -> None:
        write_text(board / str(index), f"{simulations} {objective}")

    return run_start(problem, index, point, settings, jacobian, report)


def _look(board: Path, watch: Watch) -> None:
    for note in board.iterdir():
        if note.name.isdigit():
            simulations, objective = note.read_text(encoding="utf-8").split()
            watch(int(note.name), int(simulations), float(objective))


@contextmanager
def _watching(starts: int, progress: bool) -> Iterator[tuple[Watch, Done]]:
    """Progress on standard error: a bar of starts and, for each running one, its best so far."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TextColumn("starts, best {task.fields[best]}, {task.fields[simulations]} simulations"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not progress,
    )
    best: dict[int, float] = {}
    counts: dict[int, int] = {}
    with bar:
        task = bar.add_task("fitting", total=starts, best="–", simulations=0)

        def watch(index: int, simulations: int, objective: float) -> None:
            best[index] = min(objective, best.get(index, math.inf))
            counts[index] = simulations
            lowest = min(best.values())
            bar.update(
                task,
                best=f"{lowest:.2f}" if math.isfinite(lowest) else "–",
                simulations=sum(counts.values()),
            )

        def finished(start: Start) -> None:
            watch(start.index, start.simulations, start.objective)
            bar.advance(task)

        yield watch, finished
