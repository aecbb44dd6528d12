"""Which parameters a readout hangs on: bars of relative sensitivities, the largest first."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mtorkin.plot.style import COLOURS, DARK, FAINT, label, new_figure, save, styled

__all__ = ["plot_sensitivity"]

SHOWN = 12
COLUMNS = 3


def plot_sensitivity(
    table: pd.DataFrame, shown: int = SHOWN, path: str | os.PathLike[str] | None = None
) -> Figure:
    """Draw one panel for each readout and time of a table of relative sensitivities [1].

    The columns are readout, time [min], parameter and relative. Each panel has its `shown` largest;
    bars to the right rise with the parameter. With `path` the figure is written there, atomically.
    """
    panels = list(table.groupby(["readout", "time"], sort=False))
    columns = min(COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    with styled():
        figure = new_figure(2.9 * columns, rows * (0.7 + 0.19 * shown))
        grid = np.atleast_1d(figure.subplots(rows, columns, squeeze=False).ravel())
        for axes, ((readout, time), part) in zip(grid, panels, strict=False):
            _bars(axes, part.dropna(subset=["relative"]), shown)
            minutes = float(str(time))
            when = f"{minutes:g} min" if minutes < 120 else f"{minutes / 60:g} h"
            axes.set_title(f"{label(str(readout))}, {when}")
        for axes in grid[len(panels) :]:
            axes.set_visible(False)
        figure.supxlabel("change in % for 1 % more of the parameter", fontsize=8)
        if path is not None:
            save(figure, path)
    return figure


def _bars(axes: Axes, part: pd.DataFrame, shown: int) -> None:
    largest = part.reindex(part["relative"].abs().sort_values(ascending=False).index).head(shown)
    values = largest["relative"].to_numpy(float)
    places = np.arange(len(values))[::-1]
    axes.barh(places, values, height=0.7, color=[COLOURS[0] if v > 0 else COLOURS[1] for v in values])
    axes.axvline(0, color=FAINT, lw=0.7)
    axes.set_yticks(places, largest["parameter"].astype(str).tolist(), fontsize=6.5, color=DARK)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_ylim(-0.7, shown - 0.3)
    if not len(values):
        axes.text(0.5, 0.5, "no value to compare with", transform=axes.transAxes, ha="center", color=FAINT)
