"""Data over model: one small panel an antibody, lanes on the axis of the readout."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mtorkin.files import atomic_path
from mtorkin.fit.result import FitResult

__all__ = ["plot_fit"]

# Okabe and Ito's palette, told apart in every common colour vision
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.direction": "out",
    "ytick.direction": "out",
}


def plot_fit(result: FitResult, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw the fit: readouts (y, in the readout's unit) over time (x, min), one panel an antibody.

    Points are lanes divided by the scale of their blot, a marker a replicate; the line is the
    model at the best fit and the band one noise level up and down. Each condition has a colour.
    With `path`, the figure is written there (the suffix gives the format), atomically.
    """
    targets = list(dict.fromkeys(result.data["target"]))
    columns = min(3, len(targets)) if len(targets) < 7 else 4
    rows = math.ceil(len(targets) / columns)
    conditions = list(dict.fromkeys(result.data["condition"]))
    replicates = sorted(set(result.data["replicate"]))
    with matplotlib.rc_context(STYLE):
        layout = ConstrainedLayoutEngine(h_pad=0.07, w_pad=0.07, wspace=0.02)
        figure = Figure(figsize=(2.6 * columns + 0.3, 2.2 * rows + 0.3), layout=layout)
        FigureCanvasAgg(figure)
        axes = figure.subplots(rows, columns, sharex=True, squeeze=False).ravel()
        for position, (panel, target) in enumerate(zip(axes, targets, strict=False)):
            _panel(panel, result, target, conditions, replicates)
            if position + columns >= len(targets):
                panel.set_xlabel("time (min)")
                panel.tick_params(labelbottom=True)
        _legend(figure, list(axes[len(targets) :]), _handles(conditions, replicates))
        if path is not None:
            with atomic_path(Path(path)) as temporary:
                figure.savefig(temporary, dpi=160)
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
    panel.set_title(target)
    panel.text(
        0.98,
        0.03,
        f"noise ×/÷ {factor:.2f}",
        transform=panel.transAxes,
        ha="right",
        va="bottom",
        fontsize=8,
    )


def _wrapped(label: str) -> str:
    # break at the underscore nearest to the width of a panel
    if len(label) <= 24:
        return label
    cut = label.rfind("_", 0, 24) + 1 or 24
    return f"{label[:cut]}\n{label[cut:]}"


def _of(table: pd.DataFrame, target: str, condition: str) -> pd.DataFrame:
    return table[(table["target"] == target) & (table["condition"] == condition)]


def _cycle(values: Sequence[str], count: int) -> list[str]:
    return [values[int(i)] for i in np.arange(count) % len(values)]


def _legend(figure: Figure, spare: Sequence[Axes], handles: list[Line2D | Patch]) -> None:
    """Put the legend where a panel is missing, or above all panels."""
    for panel in spare:
        panel.set_axis_off()
    if len(spare):
        legend = spare[0].legend(handles=handles, loc="center left", frameon=False, fontsize=8.5)
        # a long condition may run past its panel: better than narrowing all of them
        legend.set_in_layout(False)
    else:
        figure.legend(
            handles=handles,
            loc="outside upper center",
            ncols=min(4, len(handles)),
            frameon=False,
            fontsize=8.5,
        )


def _handles(conditions: Sequence[str], replicates: Sequence[str]) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=colour, lw=1.6, label=_wrapped(f"model, {condition}"))
        for condition, colour in zip(conditions, _cycle(COLOURS, len(conditions)), strict=True)
    ]
    handles.append(Patch(color="0.5", alpha=0.25, lw=0, label="± one noise level"))
    handles += [
        Line2D([], [], color="0.3", mfc="white", marker=marker, lw=0, ms=4.6, label=label)
        for marker, label in (
            (marker, f"replicate {replicate}" if replicate else "lane")
            for replicate, marker in zip(replicates, _cycle(MARKERS, len(replicates)), strict=True)
        )
    ]
    return handles
