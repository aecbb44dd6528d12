"""Predictions with bands: one small panel a readout."""

from __future__ import annotations

import math
import os

from matplotlib.figure import Figure

from mtorkin.fit.prediction import Prediction
from mtorkin.plot.style import COLOURS, label, new_figure, save, styled, time_axis

__all__ = ["plot_prediction"]


def plot_prediction(prediction: Prediction, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw readouts (y, their unit) over time (x, min or h): the best fit and its 95 % band.

    With `path`, the figure is written there (the suffix gives the format), atomically.
    """
    table = prediction.table
    names = list(dict.fromkeys(table["observable"]))
    columns = min(3, len(names)) if len(names) < 7 else 4
    rows = math.ceil(len(names) / columns)
    with styled():
        figure = new_figure(max(2.3 * columns, 3.2), 1.8 * rows + 0.2)
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for name, panel in zip(names, axes, strict=False):
            part = table[table["observable"] == name]
            time = part["time"].to_numpy(float)
            lower, upper = part["lower"].to_numpy(float), part["upper"].to_numpy(float)
            panel.fill_between(time, lower, upper, color=COLOURS[0], alpha=0.2, lw=0)
            panel.plot(time, part["best"].to_numpy(float), color=COLOURS[0], lw=1.6)
            panel.set_ylim(0, 1.1 * float(upper.max()) or 1.0)
            panel.set_title(label(str(name)))
            unit = str(part["unit"].iloc[0])
            panel.set_ylabel("" if unit == "1" else unit)
            panel.set_xlabel(f"time ({time_axis(panel, float(time[0]), float(time[-1]))})")
        for spare in axes[len(names) :]:
            spare.set_axis_off()
        if path is not None:
            save(figure, path)
    return figure
