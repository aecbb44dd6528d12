"""`fit`: from a model and blots to a `FitResult`."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from mtorkin.errors import DeclarationError, SimulationError
from mtorkin.fit import likelihood
from mtorkin.fit.blots import Blots
from mtorkin.fit.gradients import best_derivatives
from mtorkin.fit.lanes import Floats
from mtorkin.fit.optimise import Evaluator, Jacobian, Settings
from mtorkin.fit.problem import FitProblem, make_problem
from mtorkin.fit.result import FitResult, parameter_table
from mtorkin.fit.starts import Start, first_points, load_start, save_start
from mtorkin.fit.workers import run_starts
from mtorkin.model import Model
from mtorkin.simulate import simulate

__all__ = ["INSULIN_FREE", "fit"]

CURVE_POINTS = 121
REFERENCE = "scipy"
AGREES = 0.01

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

    `free` are ids of parameters; bounds and priors are those of their tables. The first start is
    at the model's own values, the others are drawn with `seed`; the same seed gives the same
    result whatever `jobs` is. `folder` receives one file a start as it ends, and with `resume`
    those already there are not run again. `progress` shows a bar on standard error. `jacobian`
    gives the derivatives: sensitivities of the native engine, else finite differences.

    In a script that uses `jobs` > 1, call this under `if __name__ == "__main__":`.

    Raises DeclarationError for unknown or doubled parameters and for numbers of starts or jobs
    below 1, TableError for blots that cannot be fitted, and SimulationError where no start could
    be simulated at all.
    """
    for name, number in (("starts", starts), ("jobs", jobs)):
        if number < 1:
            raise DeclarationError(f"{name} = {number}: at least 1 is needed")
    problem = make_problem(model, blots, free, engine)
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
    doubts = _overfitted(problem, best, settings)
    said = {"seed": str(seed), "engine": problem.engine}
    said["sigma"] = "" if settings.sigma is None else repr(settings.sigma)
    result = _result(problem, everything, best, said, doubts)
    return _with_information(result, problem, jacobian)


def _mark(problem: FitProblem, settings: Settings, points: dict[int, Floats]) -> dict[int, str]:
    """A checksum for each start, by which a saved one is known to answer the same question."""
    base = f"{problem.fingerprint} {settings}"
    return {
        index: hashlib.sha256(base.encode() + point.tobytes()).hexdigest()[:16]
        for index, point in points.items()
    }


def _overfitted(problem: FitProblem, best: Start, settings: Settings) -> list[str]:
    """Notes, in plain words, on signs that the blots cannot hold what is free."""
    fewer = "free fewer with --free A,B (in Python, free=[...]), or add lanes"
    notes, lanes, free, scales = [], len(problem.lanes), len(problem.free), problem.data.groups
    if free + scales >= lanes:
        notes.append(
            f"{free} free parameters and {scales} scales for {lanes} lanes: as many unknowns as "
            f"measurements or more, so a good agreement means nothing and the priors decide; {fewer}"
        )
    floor = likelihood.SIGMA_FLOOR
    exact = [name for name, sigma in best.sigmas.items() if sigma <= floor]
    # a noise that the caller fixed says nothing about the blots
    if exact and settings.sigma is None:
        notes.append(
            f"the model goes through the lanes of {', '.join(exact)} more closely than blots can be "
            f"read (noise at its floor of {floor:.0%}): a sign of overfitting; {fewer}"
        )
    return notes


def _result(
    problem: FitProblem, starts: list[Start], best: Start, settings: dict[str, str], doubts: list[str]
) -> FitResult:
    x = np.log(np.array(list(best.best.values())))
    # the best point once more, with the reference engine: a check of the engine that found it
    checked = replace(problem, engine=REFERENCE)
    try:
        readouts, curves = checked.log_readouts(checked.runs(x)), _curves(checked, x)
    except SimulationError as error:  # the fit is not lost for it
        readouts, curves = problem.log_readouts(problem.runs(x)), _curves(problem, x)
        doubts = [*doubts, f"{REFERENCE} could not simulate the best point: {error}"]
    sigmas = [best.sigmas[name] for name in problem.antibodies]
    lanes = problem.lanes.groupby("target", sort=False).size()
    columns = ["objective", "status", "message", "simulations", "failed_simulations", "seconds"]
    return FitResult(
        best=best.best,
        objective=best.objective,
        starts=pd.DataFrame(
            [[getattr(start, column) for column in columns] for start in starts],
            columns=columns,
            index=pd.Index([start.index for start in starts], name="start"),
        ),
        table=parameter_table(problem.model.parameters, best.best),
        scales=_scales(problem, readouts),
        noise=pd.DataFrame({"target": problem.antibodies, "sigma": sigmas, "lanes": lanes.to_numpy()}),
        data=_data_over_model(problem, readouts),
        curves=curves,
        notes=(*problem.notes, *doubts, *_disagreement(problem, best, readouts, x)),
        settings={
            **settings,
            "source": Path(problem.source).name,
            "context": problem.model.context,
            "fingerprint": problem.fingerprint,
            "mtorkin": _version(),
        },
        fisher=pd.DataFrame(),
        values=dict(problem.model.values),
        protocols={each.condition: each.protocol for each in problem.experiments},
        problem=problem,
    )


def _with_information(found: FitResult, problem: FitProblem, jacobian: Jacobian) -> FitResult:
    x, sigmas = np.log(list(found.best.values())), found.noise["sigma"].to_numpy(float)
    try:
        slopes = jacobian(Evaluator(problem), x)
    except SimulationError as error:
        note = f"no derivatives at the best point, so nothing is said on what the blots determine: {error}"
        return replace(found, notes=(*found.notes, note))
    lanes = likelihood.project_jacobian(problem.data, slopes, sigmas, problem.priors)[: len(slopes)]
    names = list(problem.free)
    return replace(found, fisher=pd.DataFrame(lanes.T @ lanes, index=names, columns=names))


def _disagreement(problem: FitProblem, best: Start, readouts: Floats, x: Floats) -> list[str]:
    sigmas = np.array([best.sigmas[name] for name in problem.antibodies])
    again = likelihood.negative_log_posterior(problem.data, readouts, sigmas, problem.priors, x)
    if abs(again - best.objective) < AGREES:
        return []
    return [
        f"engine {problem.engine} gives an objective of {best.objective:.3f} and {REFERENCE} "
        f"{again:.3f} at the same point: look into the engine before trusting the fit"
    ]


def _scales(problem: FitProblem, readouts: Floats) -> pd.DataFrame:
    groups = problem.lanes.assign(group=problem.data.group).groupby("group")
    table = groups[["blot", "target"]].first()
    table["scale"] = np.exp(likelihood.solve_scales(problem.data, readouts))
    table["lanes"] = groups.size()
    return table.reset_index(drop=True)


def _data_over_model(problem: FitProblem, readouts: Floats) -> pd.DataFrame:
    scales = np.exp(likelihood.solve_scales(problem.data, readouts))
    columns = ["blot", "lane", "condition", "time", "target", "replicate", "value"]
    table = problem.lanes[columns].copy()
    table["scaled"] = table["value"].to_numpy(float) / scales[problem.data.group]
    table["readout"] = np.exp(readouts)
    table["residual"] = likelihood.log_residuals(problem.data, readouts)
    return table


def _curves(problem: FitProblem, x: Floats) -> pd.DataFrame:
    model, units = problem.model_at(x), problem.model.observables["unit"]
    parts = []
    for each in problem.experiments:
        end = float(each.times[-1])
        times = np.unique(np.concatenate([each.times, np.linspace(0, end, CURVE_POINTS)]))
        run = simulate(model, each.protocol, times, engine=problem.engine)
        parts += [
            pd.DataFrame(
                {
                    "condition": each.condition,
                    "time": times,
                    "target": target,
                    "readout": run[target],
                    "unit": units[target],
                }
            )
            for target in each.targets
        ]
    return pd.concat(parts, ignore_index=True)


def _version() -> str:
    try:
        return importlib.metadata.version("mtorkin")
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
