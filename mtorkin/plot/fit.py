"""Data over model: one small panel an antibody, lanes on the axis of the readout."""

from __future__ import annotations

import math
import os
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mtorkin.fit.lanes import Floats
from mtorkin.fit.noise import Normal
from mtorkin.fit.result import FitResult
from mtorkin.plot.style import COLOURS, label, new_figure, save, styled, time_axis

__all__ = ["plot_fit"]

Series = tuple[str, str]  # kind of cells, condition
LIMITS = {"below": "$\\downarrow$", "above": "$\\uparrow$"}
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
LEGEND_WIDTH = 24  # characters


def plot_fit(
    result: FitResult,
    path: str | os.PathLike[str] | None = None,
    *,
    bands: pd.DataFrame | None = None,
) -> Figure:
    """Draw the fit: readouts (y, in the readout's unit) over time (x, min or h), one panel an antibody.

    Points are lanes less background over the scale of their blot, a marker a replicate; an arrow is a
    lane that is at most (down) or at least (up) where it stands. The line is the model at the best fit
    and the band one noise level up and down. Each condition, of each kind of cells, has a colour.
    `bands` of the curves (context, condition, time [min], target, lower, upper) are drawn darker.
    With `path`, the figure is written there (the suffix gives the format), atomically.
    """
    targets = list(dict.fromkeys(result.data["target"]))
    columns = min(3, len(targets)) if len(targets) < 7 else 4
    rows = math.ceil(len(targets) / columns)
    conditions = list(dict.fromkeys(zip(result.data["context"], result.data["condition"], strict=True)))
    replicates = sorted(set(result.data["replicate"]))
    end = float(result.curves["time"].max())
    with styled():
        figure = new_figure(2.3 * columns + 0.3, 2.0 * rows + 0.3)
        figure.set_layout_engine("constrained", h_pad=0.07, w_pad=0.07, wspace=0.02)
        axes = figure.subplots(rows, columns, sharex=True, squeeze=False).ravel()
        for position, (panel, target) in enumerate(zip(axes, targets, strict=False)):
            _panel(panel, result, target, conditions, replicates, bands)
            unit = time_axis(panel, 0.0, end)
            # panels that share an axis lose their numbers, all but the lowest row
            panel.tick_params(labelbottom=True)
            if position + columns >= len(targets):
                panel.set_xlabel(f"time ({unit})")
        limits = bool((result.data["censored"] != "").any())
        handles = _handles(conditions, replicates, limits, bands is not None)
        _legend(figure, list(axes[len(targets) :]), handles, columns)
        if path is not None:
            save(figure, path)
    return figure


def _panel(
    panel: Axes,
    result: FitResult,
    target: str,
    conditions: Sequence[Series],
    replicates: Sequence[str],
    bands: pd.DataFrame | None,
) -> None:
    noise, unit = _noise(result, target), ""
    for condition, colour in zip(conditions, _cycle(COLOURS, len(conditions)), strict=True):
        curve = _of(result.curves, target, condition)
        lanes = _of(result.data, target, condition)
        time, readout = curve["time"].to_numpy(float), curve["readout"].to_numpy(float)
        panel.fill_between(time, *noise.band(readout), color=colour, alpha=0.13, lw=0)
        if bands is not None:
            known = _of(bands, target, condition)
            when, low, high = (known[name].to_numpy(float) for name in ("time", "lower", "upper"))
            panel.fill_between(when, low, high, color=colour, alpha=0.3, lw=0)
        panel.plot(time, readout, color=colour, lw=1.6)
        for replicate, marker in zip(replicates, _cycle(MARKERS, len(replicates)), strict=True):
            some = lanes[lanes["replicate"] == replicate]
            for censored, drawn in (("", marker), *LIMITS.items()):
                _points(panel, some[some["censored"] == censored], drawn, colour)
        if len(curve):
            unit = str(curve["unit"].iloc[0])
    panel.set_ylim(bottom=0)
    panel.set_ylabel(unit)
    panel.set_title(label(target))
    panel.text(
        0.98,
        0.03,
        noise.words,
        transform=panel.transAxes,
        ha="right",
        va="bottom",
        fontsize=7,
    )


@dataclass(frozen=True)
class _Noise:
    """One noise level of an antibody: a factor, or an amount in the readout's unit."""

    factor: float
    amount: float
    words: str

    def band(self, readout: Floats) -> tuple[Floats, Floats]:
        """A readout one noise level down and up."""
        return readout / self.factor - self.amount, readout * self.factor + self.amount


def _noise(result: FitResult, target: str) -> _Noise:
    sigma = float(result.noise.loc[result.noise["target"] == target, "sigma"].to_numpy(float)[0])
    if isinstance(result.scatter, Normal):
        mean = float(result.data.loc[result.data["target"] == target, "scaled"].mean())
        return _Noise(1.0, sigma * mean, f"noise ± {sigma:.0%} of the mean")
    factor = math.exp(sigma)
    return _Noise(factor, 0.0, f"noise ×/÷ {factor:.2f}")


def _points(panel: Axes, lanes: pd.DataFrame, marker: str, colour: str) -> None:
    if lanes.empty:
        return
    panel.plot(
        lanes["time"].to_numpy(float),
        lanes["scaled"].to_numpy(float),
        marker=marker,
        ls="",
        color=colour,
        mfc="white",
        mew=1.1,
        ms=4.6 if marker not in LIMITS.values() else 6.5,
        clip_on=False,
        zorder=3,
    )


def _in_words(name: str) -> str:
    # names of conditions are words joined by underscores; lines break between words only
    words = name.replace("_", " ")
    return textwrap.fill(words, LEGEND_WIDTH, break_long_words=False, break_on_hyphens=False)


def _of(table: pd.DataFrame, target: str, series: Series) -> pd.DataFrame:
    context, condition = series
    here = (table["context"] == context) & (table["condition"] == condition)
    return table[here & (table["target"] == target)]


def _cycle(values: Sequence[str], count: int) -> list[str]:
    return [values[int(i)] for i in np.arange(count) % len(values)]


def _legend(figure: Figure, spare: Sequence[Axes], handles: list[Line2D | Patch], columns: int) -> None:
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
            ncols=min(columns + 1, 4, len(handles)),
            frameon=False,
            fontsize=7.5,
        )


def _handles(
    conditions: Sequence[Series], replicates: Sequence[str], limits: bool, banded: bool
) -> list[Line2D | Patch]:
    several = len({context for context, _ in conditions}) > 1
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=colour, lw=1.6, label=_in_words(f"model, {name}"))
        for name, colour in zip(
            [f"{condition} in {context}" if several else condition for context, condition in conditions],
            _cycle(COLOURS, len(conditions)),
            strict=True,
        )
    ]
    handles.append(Patch(color="0.5", alpha=0.25, lw=0, label="± one noise level"))
    if banded:
        handles.append(Patch(color="0.5", alpha=0.55, lw=0, label="95 % of the curve"))
    handles += [
        Line2D([], [], color="0.3", mfc="white", marker=marker, lw=0, ms=4.6, label=text)
        for marker, text in (
            (marker, f"replicate {replicate}" if replicate else "lane")
            for replicate, marker in zip(replicates, _cycle(MARKERS, len(replicates)), strict=True)
        )
    ]
    if limits:
        arrow = LIMITS["below"]
        handles.append(
            Line2D([], [], color="0.3", marker=arrow, lw=0, ms=6.5, label="at most (up: at least)")
        )
    return handles
