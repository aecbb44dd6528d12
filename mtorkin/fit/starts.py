"""Where the optimiser begins, and what one start found."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from mtorkin.errors import TableError
from mtorkin.files import write_text
from mtorkin.fit.lanes import Floats
from mtorkin.fit.problem import FitProblem

__all__ = ["Start", "first_points", "load_start", "lost_start", "named", "save_start"]


@dataclass(frozen=True)
class Start:
    """One run of the optimiser.

    `begin` and `best` are free parameters by id, in their own units; `objective` is the negative
    log-posterior at `best` (inf where nothing could be simulated); `status` is "converged",
    "stopped" (out of steps), "failed" (nothing to start from) or "lost" (its process died);
    `sigmas` are noise levels by antibody (natural-log
    units); `trace` is the objective after each round.
    """

    index: int
    begin: dict[str, float]
    best: dict[str, float]
    objective: float
    status: str
    message: str
    sigmas: dict[str, float]
    simulations: int
    failed_simulations: int
    seconds: float
    trace: tuple[float, ...]


def first_points(problem: FitProblem, starts: int, seed: int) -> Floats:
    """Natural logs of where each start begins (starts, parameters).

    The first is the model's own values. The others are a Latin hypercube through the prior cut
    off at the bounds or, where a parameter has none, through the logarithm between the bounds.
    The same seed gives the same points, and more starts with it are a different set.
    """
    from scipy.stats import norm, qmc  # here: it is a third of the time that mtorkin takes to import

    points = [problem.start]
    if starts > 1:
        cube = qmc.LatinHypercube(len(problem.free), rng=np.random.default_rng(seed))
        unit = cube.random(starts - 1)
        low, high = problem.lower, problem.upper
        flat = low + unit * (high - low)
        has = problem.priors.has
        mean, sd = problem.priors.mean[has], problem.priors.sd[has]
        below, above = norm.cdf((low[has] - mean) / sd), norm.cdf((high[has] - mean) / sd)
        drawn = mean + sd * norm.ppf(below + unit[:, has] * (above - below))
        flat[:, has] = np.clip(drawn, low[has], high[has])
        points.extend(flat)
    return np.stack(points)


def named(problem: FitProblem, x: Floats) -> dict[str, float]:
    """Free parameters by id, in their own units, from their natural logs (parameters,)."""
    return dict(zip(problem.free, map(float, np.exp(x)), strict=True))


def lost_start(problem: FitProblem, index: int, point: Floats, why: str) -> Start:
    """The record of a start whose process died: infinitely bad, never the best (no unit)."""
    return Start(
        index=index,
        begin=named(problem, point),
        best=named(problem, point),
        objective=math.inf,
        status="lost",
        message=f"the worker process died: {why}",
        sigmas={},
        simulations=0,
        failed_simulations=0,
        seconds=0.0,
        trace=(math.inf,),
    )


def start_path(folder: Path, index: int) -> Path:
    """The file of one start in the folder of a fit."""
    return folder / f"start_{index:03d}.json"


def save_start(folder: Path, start: Start, fingerprint: str) -> None:
    """Write one start to its own file in `folder`, atomically."""
    record = asdict(start) | {"fingerprint": fingerprint}
    if not math.isfinite(start.objective):
        record["objective"] = None
    record["trace"] = [value if math.isfinite(value) else None for value in start.trace]
    write_text(start_path(folder, start.index), json.dumps(record, indent=1, allow_nan=False))


def load_start(folder: Path, index: int, fingerprint: str) -> Start | None:
    """A start saved before, or None where there is none (no unit).

    Raises TableError where the file belongs to another problem or cannot be read.
    """
    path = start_path(folder, index)
    if not path.is_file():
        return None
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        found = record.pop("fingerprint")
        if record["objective"] is None:
            record["objective"] = math.inf
        record["trace"] = tuple(math.inf if value is None else value for value in record["trace"])
        start = Start(**record)
    except (KeyError, TypeError, ValueError):
        raise TableError(f"{path}: is damaged, and no start can be read from it; remove it") from None
    if found != fingerprint:
        raise TableError(
            f"{path}: belongs to another fit (other data, model, bounds or free parameters); "
            "choose another folder or remove it"
        )
    return start
