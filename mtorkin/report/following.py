"""What follows from a fit within what the blots leave open: bands of its curves, and a prediction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from mtorkin.errors import MtorkinError
from mtorkin.fit.posterior import Posterior
from mtorkin.fit.prediction import Prediction, predict
from mtorkin.fit.result import FitResult
from mtorkin.protocol import NAMED

__all__ = ["PROLONGED", "Following", "following"]

PROLONGED = "rapamycin-prolonged"  # its first hour is rapamycin-short
DRUG = "rapamycin"
ALSO = ("S6K_pT389", "Akt_pS473", "mTORC1", "mTORC2")  # predicted whether they were blotted or not
CURVES = ("context", "condition", "time", "target", "best", "lower", "upper", "unit")
PREDICTED = ("context", "time", "observable", "best", "lower", "upper", "unit")


@dataclass(frozen=True, eq=False)
class Following:
    """Bands (95 %) of what a fit says, of its own blots and of short against prolonged rapamycin.

    - `curves`: context, condition, time (min), target, best, lower, upper, unit: those of the fit.
    - `predicted`: context, time (min), observable, best, lower, upper: shares of untreated cells.
    - `how`: where the parameter sets come from; `notes`: what could not be had, and why.
    """

    curves: pd.DataFrame
    predicted: pd.DataFrame
    how: str
    notes: tuple[str, ...] = ()


def following(
    result: FitResult,
    posterior: Posterior | None = None,
    *,
    sets: int = 200,
    seed: int = 1,
    threads: int = 1,
) -> Following:
    """Simulate the blots of a fit, and rapamycin for an hour and three days, at sets that blots allow.

    Sets are those of the posterior where there is one that converged, else from the covariance of
    blots and priors at the best fit; see `mtorkin.fit.predict`, which has `sets`, `seed` and `threads`.
    What cannot be had is said in the notes; nothing is raised for it.
    """
    notes = []
    if posterior is not None and not posterior.converged:
        notes.append("The sampled posterior has not converged, so that bands are not from it.")
        posterior = None

    bands = partial(predict, result, posterior=posterior, sets=sets, seed=seed, threads=threads)
    curves, ways, failed = _curves(result, bands)
    predicted, more, also = _predicted(result, bands)
    how = next(iter([*ways, *more]), "")
    return Following(curves, predicted, how, (*notes, *failed, *also))


def _curves(result: FitResult, bands: Callable[..., Prediction]) -> tuple[pd.DataFrame, list[str], list[str]]:
    parts, ways, notes = [], [], []
    for (context, condition), part in result.curves.groupby(["context", "condition"], sort=False):
        times, targets = np.unique(part["time"].to_numpy(float)), list(dict.fromkeys(part["target"]))
        try:
            found = bands(result.protocols[str(condition)], times, targets, context=str(context))
        except MtorkinError as error:
            notes.append(f"No bands of condition {condition}: {error}.")
            continue
        notes += _lost(found, f"condition {condition}")
        ways.append(found.how)
        table = found.table.rename(columns={"observable": "target"})
        parts.append(table.assign(context=str(context), condition=str(condition)))
    return _joined(parts, CURVES), ways, notes


def _predicted(
    result: FitResult, bands: Callable[..., Prediction]
) -> tuple[pd.DataFrame, list[str], list[str]]:
    named, parts, ways, notes = NAMED[PROLONGED], [], [], []
    models = result.solvable().models
    for context, model in models.items():
        where = f" in {context}" if len(models) > 1 else ""
        if DRUG not in model.inputs.index:
            notes.append(f"No prediction{where}: this model has no {DRUG}.")
            continue
        known = set(map(str, model.observables.index))
        names = [name for name in dict.fromkeys([*result.noise["target"], *ALSO]) if name in known]
        try:
            found = bands(named.protocol, named.times, names, context=context, relative=True)
        except MtorkinError as error:
            notes.append(f"No prediction{where}: {error}.")
            continue
        notes += _lost(found, "the prediction")
        ways.append(found.how)
        table = found.table
        none = sorted(set(table.loc[table["best"].isna(), "observable"]))
        if none:
            notes.append(f"Not predicted{where}, for untreated cells have none of it: {', '.join(none)}.")
        empty = set(table.loc[table["lower"].isna(), "observable"])
        notes += [
            f"{count} of {found.sets} sets have next to no {name} in untreated cells{where}"
            f"{', so that it is not predicted' if name in empty else ' and are not in its band'}."
            for name, count in found.without.items()
            if name not in none
        ]
        parts.append(table[~table["observable"].isin(empty)].assign(context=context))
    return _joined(parts, PREDICTED), ways, notes


def _lost(found: Prediction, what: str) -> list[str]:
    if not found.failed:
        return []
    return [f"{found.failed} of {found.sets} sets could not be simulated for {what}, and are left out."]


def _joined(parts: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame({column: [] for column in columns})
    return pd.concat(parts, ignore_index=True)[list(columns)]
