"""Readouts relative to untreated cells over an hour and over days, on one axis that shows both."""

from __future__ import annotations

import math
import os

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mtorkin.arrays import Array
from mtorkin.plot.style import COLOURS, FAINT, label, new_figure, save, styled

__all__ = ["plot_short_and_prolonged"]

BEND = 10.0  # min: before it time is even, after it logarithmic
TICKS = {0: "0", 15: "15 min", 60: "1 h", 360: "6 h", 1440: "1 d", 4320: "3 d"}
SHORT = 60.0


def plot_short_and_prolonged(table: pd.DataFrame, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw readouts (y, % of untreated cells) over time in a drug (x, min to days): best and 95 % band.

    `table` has the columns context, time [min], observable, best, lower and upper (shares); each
    context has a colour. With `path`, the figure is written there, atomically.
    """
    names, contexts = (list(dict.fromkeys(table[column])) for column in ("observable", "context"))
    columns = min(3, len(names)) if len(names) < 7 else 4
    rows = math.ceil(len(names) / columns)
    with styled():
        figure = new_figure(max(2.3 * columns, 3.2), 1.85 * rows + 0.3)
        figure.set_layout_engine("constrained", h_pad=0.06, w_pad=0.06, wspace=0.02)
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for name, panel in zip(names, axes, strict=False):
            _panel(panel, table[table["observable"] == name], contexts)
            panel.set_title(label(str(name)))
        for panel in axes[: len(names) : columns]:
            panel.set_ylabel("% of untreated")
        for spare in axes[len(names) :]:
            spare.set_axis_off()
        if len(contexts) > 1:
            handles = [
                Line2D([], [], color=_colour(i), lw=1.6, label=str(name)) for i, name in enumerate(contexts)
            ]
            figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), fontsize=7.5)
        if path is not None:
            save(figure, path)
    return figure


def _panel(panel: Axes, table: pd.DataFrame, contexts: list[str]) -> None:
    panel.set_xscale("function", functions=(_bent, _straight))
    panel.axhline(100, color=FAINT, lw=0.6, ls=":")
    panel.axvline(SHORT, color=FAINT, lw=0.6, ls=":")
    for i, context in enumerate(contexts):
        part = table[table["context"] == context]
        time = part["time"].to_numpy(float)
        lower, best, upper = (100 * part[key].to_numpy(float) for key in ("lower", "best", "upper"))
        panel.fill_between(time, lower, upper, color=_colour(i), alpha=0.2, lw=0)
        panel.plot(time, best, color=_colour(i), lw=1.6)
    end = float(table["time"].max())
    panel.set_xlim(0, end)
    panel.set_ylim(0, 1.06 * max(100.0, 100 * float(table["upper"].max())))
    panel.set_xticks([t for t in TICKS if t <= end], [text for t, text in TICKS.items() if t <= end])
    panel.tick_params(axis="x", labelsize=6.5)
    panel.minorticks_off()


def _bent(time: Array) -> Array:
    bent: Array = np.log1p(np.maximum(np.asarray(time, dtype=float), 0) / BEND)
    return bent


def _straight(place: Array) -> Array:
    time: Array = BEND * np.expm1(np.asarray(place, dtype=float))
    return time


def _colour(place: int) -> str:
    return COLOURS[place % len(COLOURS)]
