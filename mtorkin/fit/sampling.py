"""`sample`: the posterior of the free parameters, by walkers that start around the best fit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from mtorkin.engines.blas import single_threaded
from mtorkin.errors import DeclarationError
from mtorkin.fit.ensemble import Block, Density, first_walkers, imported, mark_of, run_ensemble
from mtorkin.fit.information import covariance
from mtorkin.fit.posterior import Posterior
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.result import FitResult

__all__ = ["sample"]

ENSEMBLES = 2  # apart from each other: without a second there is nothing to compare the first with
FEWEST_STEPS = 100


@single_threaded
def sample(
    result: FitResult,
    *,
    steps: int = 2000,
    walkers: int | None = None,
    seed: int = 1,
    folder: str | os.PathLike[str] | None = None,
    resume: bool = False,
    threads: int = 1,
    progress: bool = True,
) -> Posterior:
    """Draw parameter sets from the posterior of a fit: blots and priors, within the bounds.

    Two ensembles of `walkers` (four for each free parameter by default) begin around the best fit, as
    wide as its curvature says and half again, and take `steps` steps each; the first third is left out. The
    same `seed` gives the same sets whatever `threads` is, with which the engine simulates half an
    ensemble at a time. `folder` receives a file every 50 steps, and with `resume` those already there
    are not run again; a larger `steps` goes on from them.

    Look at `Posterior.converged` and its words before using the sets. Raises DeclarationError for too
    few steps or walkers, a result without its model, and where emcee is not installed; SimulationError
    where walkers find no place to begin or the fit has no derivatives; TableError for files in
    `folder` of another fit.
    """
    problem = _unspent(result.solvable())
    count = 4 * len(problem.free) if walkers is None else walkers
    if steps < FEWEST_STEPS:
        raise DeclarationError(f"steps = {steps}: at least {FEWEST_STEPS} are needed")
    if count < 2 * len(problem.free) or count < 4 or count % 2:
        least = max(4, 2 * len(problem.free))
        raise DeclarationError(f"walkers = {count}: an even number from {least} up (two a free parameter)")
    imported()
    best, spread = np.log(list(result.best.values())), covariance(result)
    found: list[list[Block]] = []
    with _watching(steps, progress) as done:
        for number in range(ENSEMBLES):
            density, own = Density(problem, threads), 1000 * seed + number
            found.append(
                run_ensemble(
                    density,
                    partial(first_walkers, density, best, spread, count, own),
                    steps,
                    None if folder is None else Path(folder) / f"ensemble_{number}",
                    mark_of(problem, best, spread, count, own),
                    resume,
                    partial(done, number),
                )
            )
    return _posterior(result, found, steps, seed)


def _unspent(problem: FitProblem) -> FitProblem:
    """The problem with all degrees of freedom of its noise: walkers integrate over the parameters.

    Noise levels that already paid for these, as profiles have them, would pay twice.
    """
    return replace(problem, data=replace(problem.data, spent=np.zeros(problem.data.antibodies)))


def _posterior(result: FitResult, found: list[list[Block]], steps: int, seed: int) -> Posterior:
    problem = result.solvable()
    points = np.stack([np.concatenate([b.points for b in blocks[1:]])[:steps] for blocks in found])
    density = np.stack([np.concatenate([b.density for b in blocks[1:]])[:steps] for blocks in found])
    moves = sum(block.points.shape[0] * block.points.shape[1] for blocks in found for block in blocks[1:])
    return Posterior(
        points=points,
        density=density,
        free=problem.free,
        units={str(name): str(unit) for name, unit in result.table["unit"].items()},
        bounds=np.stack([problem.lower, problem.upper]),
        accepted=sum(block.accepted for blocks in found for block in blocks) / moves,
        simulations=sum(block.simulations for blocks in found for block in blocks),
        failed=sum(block.failed for blocks in found for block in blocks),
        objective=result.objective,
        seed=seed,
        source=problem.source,
        fingerprint=problem.fingerprint,
    )


@contextmanager
def _watching(total: int, progress: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar that is fed with which ensemble walks, and how many of its steps are done."""
    said = TextColumn("sampling, ensemble {task.description}")
    columns = (said, BarColumn(bar_width=24), MofNCompleteColumn(), TextColumn("steps"))
    bar = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), disable=not progress)
    with bar:
        task = bar.add_task(f"1 of {ENSEMBLES}", total=total)
        yield lambda number, ran: bar.update(
            task, completed=min(ran, total), description=f"{number + 1} of {ENSEMBLES}"
        )
