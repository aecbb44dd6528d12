"""`profile`: what the blots say about each parameter, all others fitted anew."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from mtorkin.errors import DeclarationError, nearest
from mtorkin.fit.evaluator import Evaluator, Jacobian
from mtorkin.fit.gradients import best_derivatives
from mtorkin.fit.information import covariance
from mtorkin.fit.lanes import Floats
from mtorkin.fit.optimise import Settings, polish
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.profiles import Profiles, load_walk, profiles_of, save_walk
from mtorkin.fit.result import FitResult
from mtorkin.fit.walk import Walk, walk
from mtorkin.fit.workers import share
from mtorkin.pickles import dumps

__all__ = ["profile"]


def profile(
    result: FitResult,
    parameters: Sequence[str] | None = None,
    *,
    folder: str | os.PathLike[str] | None = None,
    resume: bool = False,
    jobs: int = 1,
    progress: bool = True,
    jacobian: Jacobian = best_derivatives,
) -> Profiles:
    """Profile likelihoods of free parameters of a fit, all of them by default.

    Each is held at values around the best fit while the others, the scales and the noise levels
    are fitted anew, until -2 log L is 3.84 (95 %, one degree of freedom) above its minimum or the
    bound of the table is met. `folder` receives one file a parameter as it ends, and with `resume`
    those already there are not computed again; the answer does not depend on `jobs`.

    In a script that uses `jobs` > 1, call this under `if __name__ == "__main__":`.

    Raises DeclarationError for parameters that the fit did not free or that are named twice, jobs
    below 1, and a result read from a file without `with_model`; TableError for files in `folder`
    that belong to another fit.
    """
    if jobs < 1:
        raise DeclarationError(f"jobs = {jobs}: at least 1 is needed")
    problem = result.solvable()
    chosen = _chosen(problem, parameters)
    settings = Settings()
    mark = _mark(result, settings)
    kept: dict[str, Walk] = {}
    if folder is not None and resume:
        found = {name: load_walk(Path(folder), name, mark) for name in chosen}
        kept = {name: each for name, each in found.items() if each is not None}

    def done(each: Walk) -> None:
        if folder is not None:
            save_walk(Path(folder), each, mark)

    best, sigmas = np.log(list(result.best.values())), result.noise["sigma"].to_numpy(float)
    # noise levels have fewer degrees of freedom here than while the fit was sought
    best, sigmas, objective = polish(Evaluator(problem), best, sigmas, settings, jacobian)
    spreads = dict(zip(problem.free, np.sqrt(np.diag(covariance(result))), strict=True))
    work = {name: (best, sigmas, float(spreads[name])) for name in chosen if name not in kept}
    common = dumps((problem, settings, jacobian))
    ran = share(partial(_profile, common), work, jobs, done, progress, "profiling", "parameters")
    walks = [(kept | ran).get(name) or _lost(name) for name in chosen]
    units = {str(name): str(unit) for name, unit in result.table["unit"].items()}
    return profiles_of(
        walks, units, problem.free, objective, problem.source, problem.fingerprint, result.objective
    )


def _profile(common: bytes, name: str, given: tuple[Floats, Floats, float]) -> Walk:
    """What a worker does (module level, so that it can be sent)."""
    problem, settings, jacobian = pickle.loads(common)
    best, sigmas, spread = given
    return walk(problem, name, best, sigmas, spread, settings, jacobian)


def _lost(name: str) -> Walk:
    """The record of a profile whose process died: no points, never saved."""
    return Walk(name, (), "failed", "failed", 0, 0, 0.0)


def _chosen(problem: FitProblem, parameters: Sequence[str] | None) -> list[str]:
    if parameters is None:
        return list(problem.free)
    if not parameters:
        raise DeclarationError("no parameter to profile: name at least one, or leave it out for all")
    for name in parameters:
        if name not in problem.free:
            raise DeclarationError(
                f"no free parameter {name!r} in this fit{nearest(name, problem.free)}; it freed "
                f"{', '.join(problem.free)}"
            )
        if list(parameters).count(name) > 1:
            raise DeclarationError(f"parameter {name!r} is named twice")
    return list(parameters)


def _mark(result: FitResult, settings: Settings) -> str:
    """A checksum of the fit and the settings, by which a saved profile is known to belong to it."""
    text = f"{result.settings['fingerprint']} {dict(result.best)!r} {settings}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
