"""The first hour and the days after it, side by side in each panel: short against prolonged."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mtorkin.model import Model
from mtorkin.plot.bands import draw_bands
from mtorkin.plot.doses import doses, draw_doses
from mtorkin.plot.style import FAINT, end_labels, new_figure, save, styled
from mtorkin.protocol import Protocol

__all__ = ["Curve", "Subject", "plot_two_scales"]

CUT = 60.0  # min, where the scale changes
MARGIN = 6.0  # min shown before 0
COLUMNS = 4
LETTERS = "abcdefghijklmnop"

# inches: a panel is the early and the late part, with room for numbers left and labels right
LEFT, EARLY, GAP, LATE, RIGHT = 0.56, 0.62, 0.05, 0.86, 0.62
ABOVE, HIGH, BAR, BELOW = 0.3, 1.15, 0.13, 0.43
WIDE, TALL = LEFT + EARLY + GAP + LATE + RIGHT, ABOVE + HIGH + 0.05 + BAR + BELOW
FOOT, NAMES = 0.22, 0.42  # for the note, and for the names of inputs at the left of the figure


@dataclass(frozen=True, eq=False)
class Curve:
    """Values over time: a series with time [min] as index; a dashed line is a comparison."""

    text: str
    values: pd.Series[float]
    colour: str
    dashed: bool = False


@dataclass(frozen=True, eq=False)
class Subject:
    """A panel: its title, its curves and what the y axis says."""

    title: str
    unit: str
    curves: tuple[Curve, ...]


def plot_two_scales(
    subjects: Sequence[Subject],
    protocol: Protocol,
    model: Model,
    *,
    bands: pd.DataFrame | None = None,
    lanes: Sequence[float] = (),
    note: str = "",
    path: str | os.PathLike[str] | None = None,
) -> Figure:
    """Draw curves (y, in each subject's unit) over the first hour (x, min) and the days after (x, h).

    `bands` (a column a readout, time [min] as index) is drawn as the bands of a blot at the times
    `lanes` in what is left of the last row; `note` stands at the foot. With `path` the figure is
    written there, atomically.
    """
    page = _Page(-(-len(subjects) // COLUMNS))
    end = float(subjects[0].curves[0].values.index[-1])
    with styled():
        figure = new_figure(NAMES + COLUMNS * WIDE, page.height)
        figure.set_layout_engine("none")
        for i, subject in enumerate(subjects):
            row, column = divmod(i, COLUMNS)
            x, y = page.corner(row, column)
            _draw(*_halves(figure, x, y + BELOW + BAR + 0.05, HIGH), subject, end)
            early, late = _halves(figure, x, y + BELOW, BAR)
            _strip(early, late, protocol, model, end, named=column == 0)
            _at(figure, x - LEFT + 0.05, y + TALL - 0.22, LETTERS[i])
        left = len(subjects) % COLUMNS
        if bands is not None and left:
            x, y = page.corner(page.rows - 1, left)
            x, width = x + 0.55, (COLUMNS - left) * WIDE - LEFT - 0.75
            draw_bands(_axes(figure, x, y + BELOW, width, HIGH + BAR + 0.05), bands, lanes)
            _at(figure, x - LEFT - 0.5, y + TALL - 0.22, LETTERS[len(subjects)])
        _at(figure, NAMES, 0.08, note, size=7, weight="normal")
        if path is not None:
            save(figure, path)
    return figure


@dataclass(frozen=True)
class _Page:
    """Where things are, in inches from the lower left."""

    rows: int

    @property
    def height(self) -> float:
        return FOOT + self.rows * TALL

    def corner(self, row: int, column: int) -> tuple[float, float]:
        """The left end of a panel's axis, and the foot of its row."""
        return NAMES + column * WIDE + LEFT, FOOT + (self.rows - 1 - row) * TALL


def _axes(figure: Figure, x: float, y: float, width: float, height: float) -> Axes:
    across, up = figure.get_size_inches()
    return figure.add_axes((x / across, y / up, width / across, height / up))


def _at(figure: Figure, x: float, y: float, text: str, size: float = 10, weight: str = "bold") -> None:
    across, up = figure.get_size_inches()
    figure.text(x / across, y / up, text, fontsize=size, weight=weight)


def _halves(figure: Figure, x: float, y: float, height: float) -> tuple[Axes, Axes]:
    early = _axes(figure, x, y, EARLY, height)
    return early, _axes(figure, x + EARLY + GAP, y, LATE, height)


def _draw(early: Axes, late: Axes, subject: Subject, end: float) -> None:
    top = 1.08 * max(float(np.nanmax(curve.values)) for curve in subject.curves)
    for curve in subject.curves:
        times, values = curve.values.index.to_numpy(float), curve.values.to_numpy(float)
        style: dict[str, Any] = {"color": curve.colour, "ls": (0, (3, 1.6)) if curve.dashed else "-"}
        early.plot([-MARGIN, *times], [values[0], *values], **style)
        late.plot(times[times >= CUT], values[times >= CUT], **style)
    for axes in (early, late):
        axes.set_ylim(0, max(top, 1e-9))
        axes.set_xticks([])
        axes.spines["bottom"].set_color(FAINT)
    _spans(early, late, end)
    late.spines["left"].set_visible(False)
    late.set_yticks([])
    early.locator_params(axis="y", nbins=4)
    early.set_ylabel(subject.unit)
    early.set_title(subject.title)
    _cut(early, late)
    end_labels(late, [(c.text, float(c.values.iloc[-1]), c.colour) for c in subject.curves])


def _spans(early: Axes, late: Axes, end: float) -> None:
    early.set_xlim(-MARGIN, CUT)
    late.set_xlim(CUT, end)


def _cut(early: Axes, late: Axes) -> None:
    """A slanted stroke on either side of the place where the scale changes."""
    mark: dict[str, Any] = {
        "marker": [(-0.5, -1), (0.5, 1)],
        "ms": 5,
        "ls": "none",
        "color": FAINT,
        "clip_on": False,
    }
    early.plot([1], [0], transform=early.transAxes, **mark)
    late.plot([0], [0], transform=late.transAxes, **mark)


def _strip(early: Axes, late: Axes, protocol: Protocol, model: Model, end: float, *, named: bool) -> None:
    given = doses(protocol, model, end)
    draw_doses(early, given, -MARGIN, CUT, named=named)
    draw_doses(late, given, CUT, end, named=False)
    _spans(early, late, end)
    early.set_xticks([0, 30, 60], ["0", "30", "60"])
    days = range(1, int(end // 1440) + 1)
    late.set_xticks([1440 * d for d in days], [f"{24 * d}" for d in days])
    early.set_xlabel("min", labelpad=1)
    late.set_xlabel("h", labelpad=1)
