"""How a readout follows the dose of a drug, at several times."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mtorkin.arrays import Array
from mtorkin.errors import DeclarationError, nearest
from mtorkin.model import Model
from mtorkin.protocol import Protocol
from mtorkin.response.giving import Setting, resting_dose, setting
from mtorkin.response.hill import HillFit, fit_hill
from mtorkin.response.points import checked_doses, dose_at

__all__ = ["DoseResponse", "dose_response"]

NOTHING = 1e-6  # an untreated readout below it has no percent

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class DoseResponse:
    """Readouts over doses of a drug that is given at time 0.

    `table` is tidy: dose [`unit`], time [min], readout, value [the readout's unit], percent of the
    untreated cells at the same time (NaN where these have none). Cells at the dose `resting` are
    the untreated ones. `units` are those of the readouts.
    """

    drug: str
    unit: str
    resting: float
    times: tuple[float, ...]
    readouts: tuple[str, ...]
    units: tuple[str, ...]
    background: Protocol
    table: pd.DataFrame

    def curve(self, readout: str, time: float) -> pd.DataFrame:
        """Return dose, value and percent of one readout at one time [min], in order of dose.

        Raises DeclarationError where that was not asked for.
        """
        if readout not in self.readouts:
            raise DeclarationError(
                f"no readout {readout!r} here{nearest(readout, self.readouts)} "
                f"(there are: {', '.join(self.readouts)})"
            )
        if time not in self.times:
            times = ", ".join(f"{t:g}" for t in self.times)
            raise DeclarationError(f"nothing was looked at at {time} min (only at {times} min)")
        rows = (self.table["readout"] == readout) & (self.table["time"] == time)
        return self.table.loc[rows, ["dose", "value", "percent"]].reset_index(drop=True)

    def fit(self, readout: str, time: float) -> HillFit:
        """Return the Hill curve of one readout at one time: in percent, or in its unit without any.

        Raises DeclarationError as `curve`.
        """
        seen = self.curve(readout, time)
        column = "value" if seen["percent"].isna().any() else "percent"
        return fit_hill(seen["dose"].to_numpy(float), seen[column].to_numpy(float))

    def fits(self) -> pd.DataFrame:
        """Return a row for each readout and time: the Hill curve, its intervals, EC50 and IC50.

        `top` and `bottom` are in `unit`; `ec50` (half way between them), `ec50_interpolated` (half
        way without a curve) and `ic50` (half of the untreated, interpolated) in the doses'. What
        cannot be had is NaN; `reason` says why there is no curve.
        """
        rows = [self._row(readout, time) for readout in self.readouts for time in self.times]
        return pd.DataFrame.from_records(rows)

    def _row(self, readout: str, time: float) -> dict[str, object]:
        seen, found = self.curve(readout, time), self.fit(readout, time)
        percent = not seen["percent"].isna().any()
        row: dict[str, object] = {
            "readout": readout,
            "time": time,
            "unit": "%" if percent else self.units[self.readouts.index(readout)],
        }
        for name in ("ec50", "hill", "top", "bottom"):
            row[name] = getattr(found, name)
            row[f"{name}_low"], row[f"{name}_high"] = found.intervals[name]
        doses, share = seen["dose"].to_numpy(float), seen["percent"].to_numpy(float)
        return row | {
            "ec50_interpolated": found.interpolated,
            "ic50": dose_at(doses, share, 50.0) if percent else math.nan,
            "extrapolated": found.extrapolated,
            "rmse": found.rmse,
            "r_squared": found.r_squared,
            "reason": found.reason,
            "notes": "; ".join(found.notes),
        }


def dose_response(
    model: Model,
    drug: str,
    doses: Sequence[float] | Array,
    at: float | Sequence[float] | Array,
    readouts: Sequence[str] | None = None,
    background: Protocol | None = None,
    engine: str | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    progress: Progress | None = None,
) -> DoseResponse:
    """Return readouts [their own units] over doses of a drug, at times `at` [min] after it is given.

    `drug` is any input or dose of the model, `doses` are in its unit. Without `readouts`, all
    observables. The drug is given at 0 to cells that live through `background` (fed cells at rest
    by default), one simulation a dose; what the cells have of it otherwise (0 of a drug, full medium
    of a nutrient) is the untreated, and is always among the doses. Where the background sets the
    drug later, as 0, that is a washout. `progress` is called with how many doses are done, of how many.

    Raises DeclarationError for unknown names, doses or times that are none, and SimulationError as
    `simulate`.
    """
    around = setting(model, [drug], at, readouts, background, engine, rtol, atol)
    resting = resting_dose(model, around.background, drug)
    levels = sorted({resting, *checked_doses(doses, drug)})
    seen = np.empty((len(levels), len(around.times), len(around.readouts)))
    for i, level in enumerate(levels):
        seen[i] = around.under({} if level == resting else {drug: level})
        if progress is not None:
            progress(i + 1, len(levels))
    return DoseResponse(
        drug=drug,
        unit=around.unit_of_dose(drug),
        resting=resting,
        times=around.times,
        readouts=around.readouts,
        units=tuple(around.unit(id) for id in around.readouts),
        background=around.background,
        table=_tidy(around, levels, seen, levels.index(resting)),
    )


def _tidy(around: Setting, levels: Sequence[float], seen: Array, untreated: int) -> pd.DataFrame:
    """Table of what was seen, shape (doses, times, readouts), by readout, time and dose."""
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = np.where(seen[untreated] > NOTHING, 100 * seen / seen[untreated], math.nan)
    records = [
        (level, time, readout, seen[i, j, k], percent[i, j, k])
        for k, readout in enumerate(around.readouts)
        for j, time in enumerate(around.times)
        for i, level in enumerate(levels)
    ]
    return pd.DataFrame.from_records(records, columns=["dose", "time", "readout", "value", "percent"])
