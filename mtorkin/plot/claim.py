"""One claim as a small figure: courses of its readouts, and each criterion between its bounds."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator

from mtorkin.arrays import Array
from mtorkin.plot.style import COLOURS, DARK, FAINT, INK, end_labels, new_figure, save, styled, time_axis

__all__ = ["Line", "Mark", "plot_claim"]

MOST_MARKS = 8
WIDE = 400  # % from which on the axis is logarithmic
BAND = "#D6E6F2"
DOTS = {True: COLOURS[0], False: COLOURS[1], None: DARK}  # met, not met, not judged


@dataclass(frozen=True, eq=False)
class Line:
    """A readout over `times` [min], in `percent` of what it was at 0."""

    label: str
    times: Array
    percent: Array


@dataclass(frozen=True)
class Mark:
    """A criterion: its value and bounds, in one unit, and whether it is met (None: not judged)."""

    value: float
    low: float
    high: float
    met: bool | None


def plot_claim(
    lines: Sequence[Line], marks: Sequence[Mark], title: str, path: str | os.PathLike[str]
) -> Path:
    """Write the figure of a claim and return its path; the suffix gives the format.

    On the left are the `lines`, under the `title` of what they share; on the right a row for each of
    the first eight `marks`, numbered, from 0 to what is needed to show value and bounds: the band
    is what the criterion allows, the dot what came out. Raises OSError.
    """
    rows = min(len(marks), MOST_MARKS)
    height = 0.35 + max(0.19 * rows, 1.0 if lines else 0.0)
    with styled():
        figure = new_figure(5.6 if lines else 2.7, height)
        grid = figure.add_gridspec(1, 2, width_ratios=(1.6, 1)) if lines else figure.add_gridspec(1, 1)
        if lines:
            _courses(figure.add_subplot(grid[0, 0]), lines, title)
        _strip(figure.add_subplot(grid[0, -1]), marks)
        return save(figure, path)


def _courses(axes: Axes, lines: Sequence[Line], title: str) -> None:
    begin = min(float(line.times[0]) for line in lines)
    end = max(float(line.times[-1]) for line in lines)
    ends = []
    for line, colour in zip(lines, COLOURS, strict=False):
        axes.plot(np.round(line.times, 2), np.round(line.percent, 2), color=colour, lw=1.2)
        ends.append((line.label, float(line.percent[-1]), colour))
    top = max(float(np.nanmax(line.percent)) for line in lines)
    if top > WIDE:
        least = min(float(np.nanmin(line.percent)) for line in lines)
        axes.set_yscale("log")
        axes.yaxis.set_minor_locator(NullLocator())
        axes.set_yticks([t for t in (1, 10, 100, 1000, 10000) if t < 1.5 * top])
        axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}"))
        axes.set_ylim(max(0.7 * least, 1), 1.5 * top)
    else:
        axes.set_ylim(0, 1.08 * max(top, 100))
    axes.set_xlim(begin, end)
    axes.axhline(100, color=FAINT, lw=0.5, zorder=0)
    unit = time_axis(axes, begin, end)
    axes.tick_params(labelsize=6)
    axes.set_xlabel(unit, fontsize=6, labelpad=1)
    axes.set_ylabel("% of start", fontsize=6, labelpad=2)
    axes.set_title(title, fontsize=6.5, pad=3)
    end_labels(axes, ends, size=5.5)


def _strip(axes: Axes, marks: Sequence[Mark]) -> None:
    shown = marks[:MOST_MARKS]
    rows = range(len(shown))
    sizes = [_scale(mark) for mark in shown]
    lows = [max(m.low / s, 0.0) if math.isfinite(m.low) else 0.0 for m, s in zip(shown, sizes, strict=True)]
    highs = [
        min(m.high / s, 1.0) if math.isfinite(m.high) else 1.0 for m, s in zip(shown, sizes, strict=True)
    ]
    axes.hlines(rows, 0, 1, color=FAINT, lw=0.4, zorder=0)
    axes.hlines(rows, lows, highs, color=BAND, lw=7, zorder=1)
    for met, colour in DOTS.items():
        dots = [
            (min(max(mark.value / size, 0.0), 1.0), row)
            for row, mark, size in zip(rows, shown, sizes, strict=True)
            if mark.met is met and math.isfinite(mark.value)
        ]
        if dots:
            across, down = zip(*dots, strict=True)
            axes.scatter(across, down, s=12, color=colour, clip_on=False, zorder=2)
    for row, mark in enumerate(shown):
        axes.text(-0.03, row, f"{row + 1}", fontsize=5.5, va="center", ha="right", color=INK)
        if math.isfinite(mark.value):
            axes.text(1.04, row, f"{mark.value:.3g}", fontsize=5.5, va="center", color=DOTS[mark.met])
    more = len(marks) - len(shown)
    if more:
        axes.text(0.5, len(shown) - 0.2, f"and {more} more", fontsize=5.5, ha="center", color=FAINT)
    axes.set_xlim(-0.02, 1.2)
    axes.set_ylim(max(len(shown), 1) - 0.2 + 0.5 * (more > 0), -0.6)
    axes.set_axis_off()
    axes.set_title("criteria", fontsize=6.5, pad=3)


def _scale(mark: Mark) -> float:
    """What a row ends at: value and finite bounds with some room beyond."""
    finite = [abs(x) for x in (mark.value, mark.low, mark.high) if math.isfinite(x)]
    bounds = [abs(x) for x in (mark.low, mark.high) if math.isfinite(x)]
    most = 1.25 * max([*finite, 1e-12])
    return min(most, 4 * max(bounds)) if bounds and max(bounds) > 0 else most
