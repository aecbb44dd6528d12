"""Data over model: one small panel an antibody, lanes on the axis of the readout."""

from __future__ import annotations

import math
import os
import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mtorkin.fit.result import FitResult
from mtorkin.plot.style import COLOURS, label, new_figure, save, styled, time_axis

__all__ = ["plot_fit"]

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LEGEND_WIDTH = 24  # characters


def plot_fit(result: FitResult, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw the fit: readouts (y, in the readout's unit) over time (x, min or h), one panel an antibody.

    Points are lanes divided by the scale of their blot, a marker a replicate; the line is the
    model at the best fit and the band one noise level up and down. Each condition has a colour.
    With `path`, the figure is written there (the suffix gives the format), atomically.
    """
    targets = list(dict.fromkeys(result.data["target"]))
    columns = min(3, len(targets)) if len(targets) < 7 else 4
    rows = math.ceil(len(targets) / columns)
    conditions = list(dict.fromkeys(result.data["condition"]))
    replicates = sorted(set(result.data["replicate"]))
    end = float(result.curves["time"].max())
    with styled():
        figure = new_figure(2.3 * columns + 0.3, 2.0 * rows + 0.3)
        figure.set_layout_engine("constrained", h_pad=0.07, w_pad=0.07, wspace=0.02)
        axes = figure.subplots(rows, columns, sharex=True, squeeze=False).ravel()
        for position, (panel, target) in enumerate(zip(axes, targets, strict=False)):
            _panel(panel, result, target, conditions, replicates)
            unit = time_axis(panel, 0.0, end)
            # panels that share an axis lose their numbers, all but the lowest row
            panel.tick_params(labelbottom=True)
            if position + columns >= len(targets):
                panel.set_xlabel(f"time ({unit})")
        _legend(figure, list(axes[len(targets) :]), _handles(conditions, replicates))
        if path is not None:
            save(figure, path)
    return figure


def _panel(
    panel: Axes,
    result: FitResult,
    target: str,
    conditions: Sequence[str],
    replicates: Sequence[str],
) -> None:
    sigma = float(result.noise.loc[result.noise["target"] == target, "sigma"].to_numpy(float)[0])
    factor = math.exp(sigma)
    unit = ""
    for condition, colour in zip(conditions, _cycle(COLOURS, len(conditions)), strict=True):
        curve = _of(result.curves, target, condition)
        lanes = _of(result.data, target, condition)
        time, readout = curve["time"].to_numpy(float), curve["readout"].to_numpy(float)
        panel.fill_between(time, readout / factor, readout * factor, color=colour, alpha=0.13, lw=0)
        panel.plot(time, readout, color=colour, lw=1.6)
        for replicate, marker in zip(replicates, _cycle(MARKERS, len(replicates)), strict=True):
            some = lanes[lanes["replicate"] == replicate]
            if some.empty:
                continue
            panel.plot(
                some["time"].to_numpy(float),
                some["scaled"].to_numpy(float),
                marker,
                color=colour,
                mfc="white",
                mew=1.1,
                ms=4.6,
                clip_on=False,
                zorder=3,
            )
        if len(curve):
            unit = str(curve["unit"].iloc[0])
    panel.set_ylim(bottom=0)
    panel.set_ylabel(unit)
    panel.set_title(label(target))
    panel.text(
        0.98,
        0.03,
        f"noise ×/÷ {factor:.2f}",
        transform=panel.transAxes,
        ha="right",
        va="bottom",
        fontsize=7,
    )


def _in_words(name: str) -> str:
    # names of conditions are words joined by underscores; lines break between words only
    words = name.replace("_", " ")
    return textwrap.fill(words, LEGEND_WIDTH, break_long_words=False, break_on_hyphens=False)


def _of(table: pd.DataFrame, target: str, condition: str) -> pd.DataFrame:
    return table[(table["target"] == target) & (table["condition"] == condition)]


def _cycle(values: Sequence[str], count: int) -> list[str]:
    return [values[int(i)] for i in np.arange(count) % len(values)]


def _legend(figure: Figure, spare: Sequence[Axes], handles: list[Line2D | Patch]) -> None:
    """Put the legend where a panel is missing, or above all panels."""
    for panel in spare:
        panel.set_axis_off()
    if len(spare):
        legend = spare[0].legend(handles=handles, loc="center left", frameon=False, fontsize=7.5)
        # a long condition may run past its panel: better than narrowing all of them
        legend.set_in_layout(False)
    else:
        figure.legend(
            handles=handles,
            loc="outside upper center",
            ncols=min(4, len(handles)),
            frameon=False,
            fontsize=7.5,
        )


def _handles(conditions: Sequence[str], replicates: Sequence[str]) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=colour, lw=1.6, label=_in_words(f"model, {condition}"))
        for condition, colour in zip(conditions, _cycle(COLOURS, len(conditions)), strict=True)
    ]
    handles.append(Patch(color="0.5", alpha=0.25, lw=0, label="± one noise level"))
    handles += [
        Line2D([], [], color="0.3", mfc="white", marker=marker, lw=0, ms=4.6, label=text)
        for marker, text in (
            (marker, f"replicate {replicate}" if replicate else "lane")
            for replicate, marker in zip(replicates, _cycle(MARKERS, len(replicates)), strict=True)
        )
    ]
    return handles
