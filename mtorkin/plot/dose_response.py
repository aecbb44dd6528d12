"""Dose-response curves: points of the model, the Hill curve through them, the EC50."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from mtorkin.plot.style import COLOURS, end_labels, label, new_figure, save, styled
from mtorkin.response import DoseResponse

__all__ = ["log_doses", "plot_dose_response"]

COLUMNS = 4
ZERO = 3.0  # untreated cells stand this many times below the lowest dose


def plot_dose_response(
    result: DoseResponse,
    *,
    readouts: Sequence[str] | None = None,
    path: str | os.PathLike[str] | None = None,
) -> Figure:
    """Draw readouts (y, % of untreated cells or the readout's unit) over dose (x, log), a panel each.

    A colour is a time. Dots are the model, the line is the Hill curve and the open circle on it the
    EC50; where there is no curve the dots are joined by a thin line. Cells at rest stand at the left.
    With `path` the figure is written there, atomically. Raises DeclarationError for a readout that
    the result lacks.
    """
    shown = list(result.readouts if readouts is None else readouts)
    columns = min(len(shown), COLUMNS)
    rows = math.ceil(len(shown) / columns)
    with styled():
        figure = new_figure(2.3 * columns + 0.5, 2.0 * rows + 0.1)
        for i, readout in enumerate(shown):
            _panel(figure.add_subplot(rows, columns, i + 1), result, readout)
        if path is not None:
            save(figure, path)
    return figure


def _panel(axes: Axes, result: DoseResponse, readout: str) -> None:
    ends, top, unit = [], 0.0, "% of untreated"
    for time, colour in zip(result.times, _colours(len(result.times)), strict=True):
        seen, found = result.curve(readout, time), result.fit(readout, time)
        column = "percent"
        if seen["percent"].isna().any():
            column, unit = "value", result.units[result.readouts.index(readout)]
        x, y = seen["dose"].to_numpy(float), seen[column].to_numpy(float)
        top = max(top, float(y.max()))
        axes.plot(_placed(x), y, "o", ms=2.8, color=colour, mew=0, clip_on=False, zorder=3)
        if math.isnan(found.ec50):
            axes.plot(_placed(x), y, color=colour, lw=0.6)
        else:
            fine = np.geomspace(_placed(x)[0], x[-1], 300)
            axes.plot(fine, found(fine), color=colour)
            if not found.extrapolated:
                middle = float(found([found.ec50])[0])
                axes.plot([found.ec50], [middle], "o", ms=5.5, mfc="white", color=colour, zorder=4)
        ends.append((_said(time, found.ec50, found.extrapolated), float(y[-1]), colour))
    axes.set_ylim(0, 1.08 * top if top > 1e-9 else 1.0)
    axes.set_title(label(readout))
    axes.set_ylabel("relative" if unit == "1" else unit)
    axes.locator_params(axis="y", nbins=5)
    log_doses(axes, result.table["dose"])
    axes.set_xlabel(f"{result.drug.replace('_', ' ')}{_in(result.unit)}")
    end_labels(axes, ends, size=6.5)


def _placed(doses: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[float]:
    """Doses on a log axis, where 0 needs a place."""
    lowest = float(doses[doses > 0].min())
    return [dose if dose > 0 else lowest / ZERO for dose in doses.tolist()]


def log_doses(axes: Axes, doses: Sequence[float] | pd.Series[float]) -> None:
    """Give an x axis the scale and ticks of doses: decades, and 0 at its left end where it is given."""
    given = sorted(set(map(float, doses)))
    positive = [dose for dose in given if dose > 0]
    low = positive[0] / ZERO if given[0] == 0 else positive[0]
    axes.set_xscale("log")
    axes.set_xlim(low / 1.2, positive[-1] * 1.2)
    decades = range(
        math.ceil(math.log10(positive[0]) - 1e-9), math.floor(math.log10(positive[-1]) + 1e-9) + 1
    )
    step = max(1, math.ceil(len(decades) / 5))
    ticks = [10.0**d for d in decades if d % step == 0]
    if given[0] == 0:
        room = low * (positive[-1] / low) ** 0.15  # for the number under the tick
        ticks = [low, *(t for t in ticks if t > room)]
    axes.set_xticks(ticks, ["0" if given[0] == 0 and t == low else f"{t:g}" for t in ticks])
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(axis="x", which="minor", length=0)


def _said(time: float, ec50: float, extrapolated: bool) -> str:
    when = f"{time:g} min" if time < 120 and time != 60 else f"{time / 60:g} h"
    if math.isnan(ec50):
        return f"no EC50 ({when})"
    return f"EC50 {'≈ ' if extrapolated else ''}{ec50:.2g} ({when})"


def _in(unit: str) -> str:
    return " (relative)" if unit == "1" else f" ({unit})"


def _colours(count: int) -> list[str]:
    return [COLOURS[i % len(COLOURS)] for i in range(count)]
