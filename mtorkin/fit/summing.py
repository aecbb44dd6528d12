"""From the starts of a fit to its `FitResult`: scales, data over model, curves, and what is odd."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from mtorkin.errors import SimulationError, counted
from mtorkin.fit import likelihood
from mtorkin.fit.evaluator import Evaluator, Jacobian
from mtorkin.fit.free import parse, rows_of
from mtorkin.fit.lanes import Floats
from mtorkin.fit.nuisance import Solved, solve
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.result import FitResult, parameter_table
from mtorkin.fit.starts import Start
from mtorkin.simulate import simulate

__all__ = ["found_by", "with_information"]

CURVE_POINTS = 121
REFERENCE = "scipy"
AGREES = 0.01


def found_by(problem: FitProblem, starts: Sequence[Start], best: Start, said: dict[str, str]) -> FitResult:
    """The result of a fit, all but its information; `said` are settings to keep."""
    x = np.log(np.array(list(best.best.values())))
    doubts = _overfitted(problem, best)
    # the best point once more, with the reference engine: a check of the engine that found it
    checked = replace(problem, engine=REFERENCE)
    try:
        readouts, curves = checked.log_readouts(checked.runs(x)), _curves(checked, x)
    except SimulationError as error:  # the fit is not lost for it
        readouts, curves = problem.log_readouts(problem.runs(x)), _curves(problem, x)
        doubts = [*doubts, f"{REFERENCE} could not simulate the best point: {error}"]
    sigmas = np.array([best.sigmas[name] for name in problem.antibodies])
    solved = solve(problem.data, readouts, sigmas)
    doubts += [*_flat(problem, solved), *_disagreement(problem, best, readouts, x)]
    return FitResult(
        best=best.best,
        objective=best.objective,
        starts=_starts(starts),
        table=parameter_table(rows_of([parse(name) for name in problem.free], problem.models), best.best),
        scales=_scales(problem, solved),
        noise=_noise(problem, sigmas),
        data=_data_over_model(problem, readouts, solved),
        curves=curves,
        notes=(*problem.notes, *_together(problem), *doubts),
        settings={
            **said,
            "source": Path(problem.source).name,
            "context": problem.model.context,
            "fingerprint": problem.fingerprint,
            "mtorkin": _version(),
        },
        fisher=pd.DataFrame(),
        values={context: dict(model.values) for context, model in problem.models.items()},
        contexts={context: model.context for context, model in problem.models.items()},
        protocols={each.condition: each.protocol for each in problem.experiments},
        scatter=problem.data.noise,
        offset=problem.offset,
        problem=problem,
    )


def with_information(found: FitResult, problem: FitProblem, jacobian: Jacobian) -> FitResult:
    """The same with the information of the lanes at the best point, or a note why there is none.

    Noise levels are found once more, less the degrees of freedom that the free parameters took: with
    J the derivatives of residuals (lanes and priors), lane i is fitted to the share h_i, the diagonal of
    J (J'J)^-1 J', and the h_i of an antibody are taken off its degrees of freedom. This is what
    integrating the parameters out, too, gives where the model is straight in them (REML).
    """
    evaluator, x = Evaluator(problem), np.log(list(found.best.values()))
    try:
        slopes = jacobian(evaluator, x)
        readouts = evaluator.log_readouts(x)
        if readouts is None:
            raise SimulationError(evaluator.message)
    except SimulationError as error:
        note = f"no derivatives at the best point, so nothing is said on what the blots determine: {error}"
        return replace(found, notes=(*found.notes, note))
    data, priors = problem.data, problem.priors
    sigmas = found.noise["sigma"].to_numpy(float)
    whole = likelihood.project_jacobian(data, readouts, slopes, sigmas, priors)
    if data.noise.corrected and data.noise.sigma is None:
        data = replace(data, spent=_spent(problem, whole))
        sigmas = likelihood.solve_sigmas(data, readouts)
        whole = likelihood.project_jacobian(data, readouts, slopes, sigmas, priors)
    lanes, names = whole[: len(problem.lanes)], list(problem.free)
    solved = replace(problem, data=data)
    return replace(
        found,
        fisher=pd.DataFrame(lanes.T @ lanes, index=names, columns=names),
        noise=_noise(solved, sigmas),
        problem=solved,
    )


def _spent(problem: FitProblem, jacobian: Floats) -> Floats:
    """Degrees of freedom that the free parameters took from each antibody (antibodies,)."""
    left, sizes, _ = np.linalg.svd(jacobian, full_matrices=False)
    shares = (left[:, sizes > 1e-8 * sizes[0]] ** 2).sum(axis=1)[: len(problem.lanes)]
    return np.bincount(problem.data.antibody, weights=shares).astype(np.float64)


def _starts(starts: Sequence[Start]) -> pd.DataFrame:
    columns = ["objective", "status", "message", "simulations", "failed_simulations", "seconds"]
    return pd.DataFrame(
        [[getattr(start, column) for column in columns] for start in starts],
        columns=columns,
        index=pd.Index([start.index for start in starts], name="start"),
    )


def _noise(problem: FitProblem, sigmas: Floats) -> pd.DataFrame:
    lanes = problem.lanes.groupby("target", sort=False).size()
    return pd.DataFrame(
        {
            "target": problem.antibodies,
            "sigma": sigmas,
            "lanes": lanes.to_numpy(),
            "freedom": problem.data.freedom,
            "spent": problem.data.spent,
        }
    )


def _together(problem: FitProblem) -> list[str]:
    """Notes on what was fitted together, and on limits."""
    notes, limits = [], int((~problem.data.seen).sum())
    if limits:
        notes.append(f"{limits} lanes say only that their band is below or above a limit")
    if len(problem.models) > 1:
        shared = [name for name in problem.free if parse(name).context is None]
        cells = ", ".join(f"{name} (model: {m.context})" for name, m in problem.models.items())
        one = f"one value for all: {', '.join(shared)}" if shared else "no value in common"
        notes.append(f"fitted together: {cells}; {one}")
    return notes


def _overfitted(problem: FitProblem, best: Start) -> list[str]:
    """Notes, in plain words, on signs that the blots cannot hold what is free."""
    fewer = "free fewer with --free A,B (in Python, free=[...]), or add lanes"
    notes, lanes, free, data = [], len(problem.lanes), len(problem.free), problem.data
    solved = int(data.solved.sum())
    scales = ("scale or offset", "scales and offsets") if data.offset.any() else ("scale", "scales")
    if free + solved >= lanes:
        notes.append(
            f"{counted(free, 'free parameter')} and {counted(solved, *scales)} for {counted(lanes, 'lane')}: "
            "as many unknowns as measurements or more, so a good agreement means nothing and the priors "
            f"decide; {fewer}"
        )
    floor = data.noise.floor
    exact = [name for name, sigma in best.sigmas.items() if sigma <= floor]
    # a noise that the caller fixed says nothing about the blots
    if exact and data.noise.sigma is None:
        notes.append(
            f"the model goes through the lanes of {', '.join(exact)} more closely than blots can be "
            f"read (noise at its floor of {floor:.0%}): a sign of overfitting; {fewer}"
        )
    ceiling = [name for name, sigma in best.sigmas.items() if sigma >= likelihood.CEILING]
    if ceiling:
        notes.append(
            f"the limits of {', '.join(ceiling)} contradict its measured lanes: its noise is without end"
        )
    return notes


def _flat(problem: FitProblem, solved: Solved) -> list[str]:
    """A note on blots that are taken for background alone."""
    flat = _groups(problem)[solved.share >= 1]
    names = [f"{target} on blot {blot}" for blot, target in flat.to_numpy()]
    if not names:
        return []
    return [f"taken for nothing but background: {', '.join(names)}; the model does not describe these bands"]


def _disagreement(problem: FitProblem, best: Start, readouts: Floats, x: Floats) -> list[str]:
    sigmas = np.array([best.sigmas[name] for name in problem.antibodies])
    again = likelihood.negative_log_posterior(problem.data, readouts, sigmas, problem.priors, x)
    if abs(again - best.objective) < AGREES:
        return []
    return [
        f"engine {problem.engine} gives an objective of {best.objective:.3f} and {REFERENCE} "
        f"{again:.3f} at the same point: look into the engine before trusting the fit"
    ]


def _groups(problem: FitProblem) -> pd.DataFrame:
    """Blot and target of each group, in the order of the scales."""
    groups = problem.lanes.assign(group=problem.data.group).groupby("group")
    return groups[["blot", "target"]].first()


def _scales(problem: FitProblem, solved: Solved) -> pd.DataFrame:
    whole = problem.data.noise.scale(solved.level, problem.data.width)
    table = _groups(problem)
    table["scale"] = whole * (1 - solved.share) / solved.mean
    table["background"] = whole * solved.share
    table["lanes"] = np.bincount(problem.data.group)
    return table.reset_index(drop=True)


def _data_over_model(problem: FitProblem, readouts: Floats, solved: Solved) -> pd.DataFrame:
    scales, group = _scales(problem, solved), problem.data.group
    scale, background = scales["scale"].to_numpy()[group], scales["background"].to_numpy()[group]
    columns = ["context", "blot", "lane", "condition", "time", "target", "replicate", "value"]
    table = problem.lanes[[*columns, "censored", "normalised"]].copy()
    value, readout = table["value"].to_numpy(float), np.exp(readouts)
    flat = scale <= 0
    table["scaled"] = np.where(flat, np.nan, (value - background) / np.where(flat, 1.0, scale))
    table["readout"] = readout
    table["predicted"] = scale * readout + background
    table["residual"] = problem.data.coordinate - solved.eta
    return table


def _curves(problem: FitProblem, x: Floats) -> pd.DataFrame:
    models, units = problem.models_at(x), problem.model.observables["unit"]
    parts = []
    for each in problem.experiments:
        end = float(each.times[-1])
        times = np.unique(np.concatenate([each.times, np.linspace(0, end, CURVE_POINTS)]))
        run = simulate(models[each.context], each.protocol, times, engine=problem.engine)
        parts += [
            pd.DataFrame(
                {
                    "context": each.context,
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
