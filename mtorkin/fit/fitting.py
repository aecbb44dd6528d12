"""`fit`: from a model and blots to a `FitResult`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from mtorkin.errors import DeclarationError, SimulationError
from mtorkin.fit.blots import Blots
from mtorkin.fit.evaluator import Jacobian
from mtorkin.fit.gradients import best_derivatives
from mtorkin.fit.lanes import Floats
from mtorkin.fit.making import make_problem
from mtorkin.fit.noise import LogNormal, Noise, Normal
from mtorkin.fit.optimise import Settings
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.result import FitResult
from mtorkin.fit.starts import Start, first_points, load_start, save_start
from mtorkin.fit.summing import found_by, with_information
from mtorkin.fit.workers import run_starts
from mtorkin.model import Model

__all__ = ["INSULIN_FREE", "fit"]

# What blots of starved cells given insulin and amino acids have something to say about: one step
# for each site that is usually blotted, and the two thresholds that set the level in starved cells.
# More would be decided by the priors alone (the rank of the Jacobian is about this many).
INSULIN_FREE = (
    "K_insulin",
    "K_amino_acids",
    "k_PIP3",
    "k_Akt_T308",
    "kcat_Akt_S473",
    "k_PRAS40_T246",
    "kcat_TSC2_T1462",
    "k_TSC2_on_Rheb",
    "K_Rheb_mTORC1",
    "kcat_S6K_T389",
    "kcat_FourEBP1_T37_46",
    "kcat_IRS_pS636",
    "k_IRS_pS636_off",
)


def fit(
    model: Model,
    blots: Blots,
    free: Sequence[str] = INSULIN_FREE,
    *,
    noise: Noise = LogNormal(),  # noqa: B008 - frozen
    offset: Collection[str] = (),
    contexts: Mapping[str, Model] | None = None,
    starts: int = 4,
    seed: int = 1,
    engine: str | None = None,
    jobs: int = 1,
    settings: Settings = Settings(),  # noqa: B008 - frozen
    folder: str | os.PathLike[str] | None = None,
    resume: bool = False,
    progress: bool = True,
    jacobian: Jacobian = best_derivatives,
) -> FitResult:
    """Fit parameters of `model` to `blots` from several starting points; returns the best.

    `free` are ids of parameters, or `id@context` for one kind of cells and `id@*` for each; bounds and
    priors are those of their tables. `noise` is `LogNormal()` or `Normal()`, with a level for each
    antibody. Each blot and antibody has a scale; the antibodies in `offset` have a background as well.
    `contexts` are models by kind of cells in the blots, which are then fitted together.

    The first start is at the model's own values, the others are drawn with `seed`; the same seed gives
    the same result whatever `jobs` is. `folder` receives one file a start as it ends, and with `resume`
    those already there are not run again. `progress` shows a bar on standard error. `jacobian`
    gives the derivatives: sensitivities of the native engine, else finite differences.

    In a script that uses `jobs` > 1, call this under `if __name__ == "__main__":`.

    Raises DeclarationError for unknown or doubled parameters, antibodies and contexts and for numbers
    of starts or jobs below 1, TableError for blots that cannot be fitted, and SimulationError where no
    start could be simulated at all.
    """
    _check(starts, jobs, noise)
    problem = make_problem(model, blots, free, engine, noise=noise, offset=offset, contexts=contexts)
    points = dict(enumerate(first_points(problem, starts, seed)))
    mark = _mark(problem, settings, points)
    kept: list[Start] = []
    if folder is not None and resume:
        found = [load_start(Path(folder), index, mark[index]) for index in points]
        kept = [start for start in found if start is not None]
        points = {i: p for i, p in points.items() if all(i != start.index for start in kept)}

    def done(start: Start) -> None:
        if folder is not None and start.status != "lost":
            save_start(Path(folder), start, mark[start.index])

    ran = run_starts(problem, points, settings, jacobian, jobs, done, progress) if points else []
    everything = sorted([*kept, *ran], key=lambda start: start.index)
    best = min(everything, key=lambda start: start.objective)
    if not np.isfinite(best.objective):
        raise SimulationError(
            f"none of {starts} starts could be simulated; the first said: {everything[0].message}"
        )
    said = {"seed": str(seed), "engine": problem.engine}
    return with_information(found_by(problem, everything, best, said), problem, jacobian)


def _check(starts: int, jobs: int, noise: object) -> None:
    for name, number in (("starts", starts), ("jobs", jobs)):
        if number < 1:
            raise DeclarationError(f"{name} = {number}: at least 1 is needed")
    if not isinstance(noise, LogNormal | Normal):
        raise DeclarationError(f"noise={noise!r}: give mtorkin.LogNormal() or mtorkin.Normal()")


def _mark(problem: FitProblem, settings: Settings, points: dict[int, Floats]) -> dict[int, str]:
    """A checksum for each start, by which a saved one is known to answer the same question."""
    base = f"{problem.fingerprint} {settings}"
    return {
        index: hashlib.sha256(base.encode() + point.tobytes()).hexdigest()[:16]
        for index, point in points.items()
    }
