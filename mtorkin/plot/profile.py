"""Profile likelihoods: one small panel a parameter, with the 95 % threshold."""

from __future__ import annotations

import math
import os
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from mtorkin.fit.profiles import Profiles
from mtorkin.fit.walk import THRESHOLD
from mtorkin.plot.style import COLOURS, DARK, FAINT, new_figure, save, styled

__all__ = ["plot_profiles"]

TOP = 2.2 * THRESHOLD
KIND_COLOURS = {"identifiable": COLOURS[2], "one-sided": COLOURS[4], "not identifiable": COLOURS[1]}


def plot_profiles(profiles: Profiles, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw -2 log L above its minimum (y, no unit) over each parameter (x, its own unit, log scale).

    The line is what the blots say, the broken one adds the parameter's own prior; the dotted
    threshold is 95 %, the band the interval, the tick the best fit. With `path`, the figure is
    written there (the suffix gives the format), atomically.
    """
    table, curves = profiles.table, profiles.curves
    columns = min(4, len(table))
    rows = math.ceil(len(table) / columns)
    with styled():
        figure = new_figure(max(2.0 * columns, 4.2), 1.75 * rows + 0.45)
        figure.set_layout_engine("constrained", h_pad=0.05, w_pad=0.05, wspace=0.02)
        axes = figure.subplots(rows, columns, sharey=True, squeeze=False).ravel()
        for name, panel in zip(table.index, axes, strict=False):
            own = curves[curves["parameter"] == name] if len(curves) else curves
            _panel(panel, str(name), own, table.loc[name])
        for spare in axes[len(table) :]:
            spare.set_axis_off()
        for panel in axes[::columns]:
            panel.set_ylabel("−2 log L above minimum")
        figure.legend(handles=_handles(), loc="outside upper center", ncols=3, frameon=False, fontsize=7.5)
        if path is not None:
            save(figure, path)
    return figure


def _panel(panel: Axes, name: str, curve: pd.DataFrame, row: pd.Series) -> None:
    colour = KIND_COLOURS[str(row["kind"])]
    unit = "" if row["unit"] == "1" else f" ({row['unit']})"
    panel.set_title(name, fontsize=7.5)
    panel.set_xlabel(f"value{unit}")
    panel.set_ylim(0, TOP)
    panel.axhline(THRESHOLD, color=DARK, lw=0.8, ls=":")
    box = {"facecolor": "white", "alpha": 0.8, "lw": 0, "pad": 1.5}
    kind = str(row["kind"])
    panel.text(
        0.97, 0.95, kind, transform=panel.transAxes, ha="right", va="top", fontsize=7, bbox=box, zorder=5
    )
    if curve.empty:
        return
    values = curve["value"].to_numpy(float)
    panel.set_xscale("log")
    panel.set_xlim(values.min() / 1.05, values.max() * 1.05)
    subs = (1.0, 3.0) if values.max() / values.min() < 300 else (1.0,)
    # less than a decade: LogLocator would give way to one that crowds the numbers
    narrow = values.max() / values.min() < 10
    panel.xaxis.set_major_locator(MaxNLocator(3) if narrow else LogLocator(subs=subs, numticks=5))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.xaxis.set_minor_formatter(NullFormatter())
    ends = np.clip([row["lower"], row["upper"]], *panel.get_xlim())
    panel.axvspan(ends[0], ends[1], color=colour, alpha=0.16, lw=0)
    panel.plot(values, curve["rise_with_prior"], color=FAINT, lw=1.1, ls="--")
    panel.plot(values, curve["rise"], color=colour, lw=1.6, marker="o", ms=2.2)
    panel.plot([row["value"]] * 2, [0, 0.07 * TOP], color=DARK, lw=1.6)


def _handles() -> list[Line2D | Patch]:
    line: dict[str, Any] = {"color": "0.35", "lw": 1.6}
    return [
        Line2D([], [], marker="o", ms=2.2, label="blots", **line),
        Line2D([], [], color=FAINT, lw=1.1, ls="--", label="with its own prior"),
        Line2D([], [], color=DARK, lw=0.8, ls=":", label="95 % threshold"),
        *(Patch(color=c, alpha=0.4, lw=0, label=kind) for kind, c in KIND_COLOURS.items()),
    ]
