"""How well a fit says what it was not shown: lanes that were kept back, with the fit's own scales."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from mtorkin.engines import default_engine
from mtorkin.errors import DeclarationError
from mtorkin.fit.blots import Blots
from mtorkin.fit.result import FitResult
from mtorkin.fit.runs import ATOL, RTOL
from mtorkin.simulate import simulate

__all__ = ["held_out", "split"]


def split(blots: Blots, kept_back: Callable[[pd.DataFrame], pd.Series]) -> tuple[Blots, Blots]:
    """Return the lanes to fit and those kept back; `kept_back` takes the table and gives booleans.

    Raises DeclarationError where one of the two would be empty.
    """
    back = kept_back(blots.table).to_numpy(bool)
    if back.all() or not back.any():
        raise DeclarationError(
            f"{int(back.sum())} of {len(back)} lanes would be kept back; keep some of each"
        )
    return replace(blots, table=blots.table[~back]), replace(blots, table=blots.table[back])


def held_out(result: FitResult, lanes: Blots) -> pd.DataFrame:
    """Predict lanes that were not fitted: scale times readout, plus background, as the fit found them.

    Lanes that are limits or could not be measured are left out: an error against a limit is none.

    Columns: context, blot, lane, condition, time (min), target, value, predicted (in the unit of the
    values), log_error (natural log of predicted over value). Raises DeclarationError for a blot and
    antibody of which the fit has no scale (keep back some of its lanes only), and for a context that
    was not fitted; SimulationError where a condition cannot be simulated.
    """
    problem = result.solvable()
    models = problem.models_at(np.log([result.best[name] for name in problem.names]))
    table = lanes.table.assign(context=_contexts(lanes, list(models)))
    limits = (table["censored"] != "") | table["saturated"] | table["below_detection"]
    table = table[~limits.astype(bool)]
    scales = result.scales.set_index(["blot", "target"])
    readout = pd.Series(np.nan, index=table.index)
    for (context, condition), part in table.groupby(["context", "condition"], sort=False):
        times = np.unique([0.0, *part["time"]])
        protocol = lanes.conditions[str(condition)].protocol
        found = simulate(models[str(context)], protocol, times, default_engine(), RTOL, ATOL)
        for row, (time, target) in zip(
            part.index, zip(part["time"], part["target"], strict=True), strict=True
        ):
            readout[row] = found[target][np.searchsorted(times, time)]
    groups = list(zip(table["blot"], table["target"], strict=True))
    if missing := sorted({group for group in groups if group not in scales.index}):
        raise DeclarationError(f"the fit has no scale of {missing[0][1]} on blot {missing[0][0]}")
    known = scales.loc[groups]
    predicted = known["background"].to_numpy(float) + known["scale"].to_numpy(float) * readout.to_numpy()
    shown = table[["context", "blot", "lane", "condition", "time", "target", "value"]].copy()
    shown["predicted"] = predicted
    shown["log_error"] = np.log(predicted / table["value"].to_numpy(float))
    return shown.reset_index(drop=True)


def _contexts(lanes: Blots, known: list[str]) -> list[str]:
    """The context of each lane: its column, or the cell line of its condition; or the only one."""
    if len(known) == 1:
        return known * len(lanes.table)
    column = lanes.table["context" if "context" in lanes.table else "cell_line"].astype(str).tolist()
    if unknown := sorted(set(column) - set(known)):
        raise DeclarationError(f"{unknown[0]!r} was not fitted (fitted: {', '.join(known)})")
    return column
