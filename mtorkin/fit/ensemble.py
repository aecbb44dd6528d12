"""Walkers that explore the posterior: one ensemble, moved in whole halves, saved block by block.

The density is exp(-objective) within the bounds and nothing outside them. Scales are integrated out
and noise levels are at their best, which for corrected noise is the same as an even prior on their
logarithms, integrated out (`likelihood`), so that walkers move in the free parameters alone.

Moves are those of emcee: four in five along the difference of two other walkers, one in five through
a third (ter Braak and Vrugt's "snooker"). Half of the walkers move at once, so the engine simulates
that many sets in one call.

References: emcee, Foreman-Mackey et al., PASP 2013 (doi:10.1086/670067; not read here, named for the
method).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mtorkin.errors import DeclarationError, SimulationError, TableError
from mtorkin.files import atomic_path
from mtorkin.fit import likelihood
from mtorkin.fit.lanes import Floats
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.runs import ATOL, READOUT_FLOOR, RTOL
from mtorkin.many import simulate_many

__all__ = ["Block", "Density", "first_walkers", "run_ensemble"]

BLOCK = 50  # steps from one file to the next
TRIES = 20  # of finding places from which walkers can begin
INFLATED = 1.5  # how much wider than the curvature says walkers begin


@dataclass
class Density:
    """The log-posterior of many points at once, and a count of simulations."""

    problem: FitProblem
    threads: int = 1
    simulations: int = 0
    failed: int = 0

    def __call__(self, points: Floats) -> Floats:
        """Log-posterior (points,) of log-parameters (points, parameters); -inf where there is none."""
        problem = self.problem
        found = np.full(len(points), -math.inf)
        inside = np.all((points >= problem.lower) & (points <= problem.upper), axis=1)
        if not inside.any():
            return found
        readouts = self._readouts(points[inside])
        self.simulations += len(readouts)
        self.failed += int((~np.isfinite(readouts).all(axis=1)).sum())
        found[inside] = [self._one(x, row) for x, row in zip(points[inside], readouts, strict=True)]
        return found

    def _readouts(self, points: Floats) -> Floats:
        """Readouts of all lanes (points, lanes); nan where a simulation failed."""
        problem = self.problem
        readouts = np.full((len(points), len(problem.lanes)), np.nan)
        for each in problem.experiments:
            ids, places = problem.acting(each.context)
            table = pd.DataFrame(np.exp(points[:, places]), columns=ids, index=range(len(points)))
            found = simulate_many(
                problem.models[each.context],
                each.protocol,
                table,
                each.times,
                observables=list(each.targets),
                engine=problem.engine,
                rtol=RTOL,
                atol=ATOL,
                threads=self.threads,
            )
            readouts[:, each.lane] = found["value"].to_numpy()[:, 0, each.time, each.target]
        return readouts

    def _one(self, x: Floats, readouts: Floats) -> float:
        if not np.all(np.isfinite(readouts)):
            return -math.inf
        problem, logs = self.problem, np.log(np.maximum(readouts, READOUT_FLOOR))
        sigmas = likelihood.solve_sigmas(problem.data, logs)
        return -likelihood.negative_log_posterior(problem.data, logs, sigmas, problem.priors, x)


@dataclass(frozen=True, eq=False)
class Block:
    """Some steps of an ensemble: `points` (steps, walkers, parameters), `density` (steps, walkers).

    `accepted` counts moves; `random` is the state of the generator after the last step.
    """

    points: Floats
    density: Floats
    accepted: int
    simulations: int
    failed: int
    random: tuple[Any, ...] = field(repr=False)


def first_walkers(density: Density, best: Floats, spread: Floats, walkers: int, seed: int) -> Block:
    """Where walkers begin: around the best fit, `spread` (parameters, parameters) its covariance.

    What falls outside the bounds is drawn again evenly between the best fit and that bound. Raises
    SimulationError where too few such points can be simulated.
    """
    random = np.random.RandomState(seed)
    low, high = density.problem.lower, density.problem.upper
    kept, values = np.empty((0, len(best))), np.empty(0)
    for _ in range(TRIES):
        drawn = random.multivariate_normal(best, INFLATED**2 * spread, walkers)
        share = random.uniform(0.01, 0.99, drawn.shape)
        inner = np.clip(best, low, high)
        drawn = np.where(drawn < low, low + share * (inner - low), drawn)
        drawn = np.where(drawn > high, high - share * (high - inner), drawn)
        found = density(drawn)
        good = np.isfinite(found)
        kept, values = np.vstack([kept, drawn[good]]), np.append(values, found[good])
        if len(kept) >= walkers:
            return Block(
                kept[None, :walkers],
                values[None, :walkers],
                0,
                density.simulations,
                density.failed,
                tuple(random.get_state(legacy=True)),
            )
    raise SimulationError(
        f"only {len(kept)} of {walkers * TRIES} points around the best fit could be simulated: "
        "there is no place for the walkers to begin"
    )


def run_ensemble(
    density: Density,
    begin: Callable[[], Block],
    steps: int,
    path: Path | None,
    mark: str,
    resume: bool,
    done: Callable[[int], None],
) -> list[Block]:
    """Blocks of an ensemble up to `steps`, those already in `path` (a stem of file names) not run again.

    The answer does not depend on where it was interrupted. `done` receives the steps so far. Raises
    TableError for files of another fit or walk, and as `begin`.
    """
    blocks: list[Block] = []
    while resume and path is not None and (found := _load(_file(path, len(blocks)), mark)) is not None:
        blocks.append(found)
        if len(blocks) == 1 + math.ceil(steps / BLOCK):
            break
    if not blocks:
        blocks.append(begin())
        _save(path, 0, blocks[0], mark)
    while BLOCK * (len(blocks) - 1) < steps:
        done(BLOCK * (len(blocks) - 1))
        blocks.append(_moved(density, blocks[-1], BLOCK))
        _save(path, len(blocks) - 1, blocks[-1], mark)
    done(steps)
    return blocks


def _moved(density: Density, last: Block, steps: int) -> Block:
    emcee = imported()
    before = density.simulations, density.failed
    walkers, parameters = last.points.shape[1:]
    moves = [(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)]
    sampler = emcee.EnsembleSampler(walkers, parameters, density, moves=moves, vectorize=True)
    state = emcee.State(
        last.points[-1].copy(), log_prob=last.density[-1].copy(), random_state=last.random, copy=True
    )
    sampler.run_mcmc(state, steps, skip_initial_state_check=True)
    return Block(
        sampler.get_chain(),
        sampler.get_log_prob(),
        int(sampler.backend.accepted.sum()),
        density.simulations - before[0],
        density.failed - before[1],
        tuple(sampler.random_state),
    )


def imported() -> Any:
    """The package emcee. Raises DeclarationError where it is not installed."""
    try:
        import emcee
    except ImportError:
        raise DeclarationError(
            "sampling needs emcee and arviz-stats: pip install 'mtorkin[sampling]'"
        ) from None
    return emcee


def mark_of(problem: FitProblem, best: Floats, spread: Floats, walkers: int, seed: int) -> str:
    """A checksum by which saved blocks are known to answer the same question."""
    text = f"{problem.fingerprint} {walkers} {seed} {BLOCK}".encode()
    return hashlib.sha256(text + best.tobytes() + np.round(spread, 9).tobytes()).hexdigest()[:16]


def _file(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}_{number:04d}.npz")


def _save(path: Path | None, number: int, block: Block, mark: str) -> None:
    if path is None:
        return
    name, keys, place, has, cached = block.random
    numbers = [block.accepted, block.simulations, block.failed, place, has]
    with atomic_path(_file(path, number)) as temporary:
        np.savez(
            temporary,
            points=block.points,
            density=block.density,
            numbers=np.array(numbers),
            keys=keys,
            cached=np.array(cached),
            words=np.array([mark, name]),
        )


def _load(path: Path, mark: str) -> Block | None:
    if not path.is_file():
        return None
    try:
        with np.load(path, allow_pickle=False) as saved:
            found, name = (str(word) for word in saved["words"])
            accepted, simulations, failed, place, has = (int(each) for each in saved["numbers"])
            random = (name, saved["keys"], place, has, float(saved["cached"]))
            block = Block(saved["points"], saved["density"], accepted, simulations, failed, random)
    except (OSError, KeyError, ValueError):
        raise TableError(f"{path}: is damaged, and no walkers can be read from it; remove it") from None
    if found != mark:
        raise TableError(
            f"{path}: belongs to another fit, seed or number of walkers; choose another folder or remove it"
        )
    return block
