"""Two drugs: heat maps of their effect and of its excess, and the isobologram."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from mtorkin.plot.style import COLOURS, DARK, FAINT, INK, label, new_figure, save, styled
from mtorkin.response import Combination

__all__ = ["LEVELS", "plot_synergy"]

LEVELS = (0.25, 0.5, 0.75)  # effects whose isoboles are drawn
LEAST_SCALE = 10.0  # % points at which colours of an excess are full, at least
GREY = "#dddddd"


def plot_synergy(result: Combination, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw the effect (% of full) and its excess over Bliss and Loewe (% points) over doses.

    Numbers stand in the cells; blue is less and vermilion more than expected, white is 0, grey is
    undefined. The isobologram has doses as shares of those that have the effect alone; a straight
    line is additive, and below it is synergy. With `path` the figure is written there, atomically.
    """
    with styled():
        figure = new_figure(8.2, 6.6)
        grid = figure.subplots(2, 2)
        _heat(grid[0, 0], result, "effect", "effect (%)", diverging=False)
        _heat(grid[0, 1], result, "bliss", "excess over Bliss (% points)", diverging=True)
        _heat(grid[1, 0], result, "loewe", "excess over Loewe (% points)", diverging=True)
        _isobologram(grid[1, 1], result)
        when = f"{result.time:g} min" if result.time < 120 else f"{result.time / 60:g} h"
        figure.suptitle(f"{label(result.readout)}, {when}", fontsize=9.5, x=0.02, ha="left", weight="bold")
        if path is not None:
            save(figure, path)
    return figure


def _heat(axes: Axes, result: Combination, column: str, title: str, *, diverging: bool) -> None:
    matrix = 100 * result.matrix(column).T
    values = matrix.to_numpy(float)
    finite = np.abs(values[np.isfinite(values)])
    most = max(LEAST_SCALE, float(finite.max())) if diverging else 100.0
    scale = Normalize(-most, most) if diverging else Normalize(min(0.0, float(np.nanmin(values))), most)
    image = axes.pcolormesh(
        np.ma.masked_invalid(values),
        cmap="RdBu_r" if diverging else "Greys",
        norm=scale,
        edgecolors="white",
        linewidth=0.8,
    )
    axes.set_facecolor(GREY)
    for (row, col), value in np.ndenumerate(values):
        if math.isnan(value):
            text, ink = "–", FAINT
        else:
            text = f"{value:+.0f}" if diverging and abs(value) >= 0.5 else f"{abs(value):.0f}"
            dark = abs(value) > (0.62 if diverging else 0.5) * most
            ink = "white" if dark else INK
        axes.text(col + 0.5, row + 0.5, text, ha="center", va="center", fontsize=6.5, color=ink)
    axes.set_xticks(np.arange(values.shape[1]) + 0.5, _ticks(matrix.columns))
    axes.set_yticks(np.arange(values.shape[0]) + 0.5, _ticks(matrix.index))
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    _name_axes(axes, result)
    axes.set_title(title)
    bar = axes.figure.colorbar(image, ax=axes, shrink=0.75, aspect=18, pad=0.02)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=6.5, length=2)


def _isobologram(axes: Axes, result: Combination) -> None:
    axes.set_title("isobologram")
    drawn = False
    axes.plot([0, 1], [1, 0], color=FAINT, lw=0.9, ls=(0, (3, 2)), zorder=1)
    for level, colour in zip(LEVELS, COLOURS, strict=False):
        points = result.isobole(level)
        if points.isna().any().any() or len(points) < 3:
            continue
        x, y = points["share_a"].to_numpy(float), points["share_b"].to_numpy(float)
        axes.plot(x, y, "-o", ms=3, color=colour, label=f"{100 * level:.0f} % effect", clip_on=False)
        drawn = True
    high = max(1.05, *(float(np.max(line.get_xydata())) * 1.05 for line in axes.get_lines()))
    axes.set_xlim(0, high)
    axes.set_ylim(0, high)
    axes.set_aspect("equal")
    one, other = (name.replace("_", " ") for name in result.drugs)
    axes.set_xlabel(f"{one}, share of its dose for the effect")
    axes.set_ylabel(f"{other}, share of its dose")
    missing = [f"{100 * level:.0f} %" for level in LEVELS if level > result.common]
    if drawn:
        axes.legend(loc="upper right", fontsize=7)
    if missing:
        short = min(zip(result.curves, result.drugs, strict=True), key=lambda pair: pair[0].most)
        reached = f"{short[1].replace('_', ' ')} alone reaches {100 * short[0].most:.0f} %"
        text = f"no isobole of {' or '.join(missing)}:\n{reached}"
        axes.text(0.98, 0.8, text, transform=axes.transAxes, fontsize=6.5, color=DARK, ha="right", va="top")


def _ticks(doses: Iterable[object]) -> list[str]:
    return [f"{float(str(dose)):.3g}" for dose in doses]


def _name_axes(axes: Axes, result: Combination) -> None:
    names = [
        f"{name.replace('_', ' ')}{' (relative)' if unit == '1' else f' ({unit})'}"
        for name, unit in zip(result.drugs, result.units_of_doses, strict=True)
    ]
    axes.set_xlabel(names[0])
    axes.set_ylabel(names[1])
