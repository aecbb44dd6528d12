"""A blot table as strips: one dark band a lane, as dark as its value, so that slips meet the eye.

Drawn from the numbers and nothing else: no noise, no image. Darkness is the value over the highest
of its strip (one antibody on one blot), as an eye compares lanes on a film.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mtorkin.arrays import Array
from mtorkin.fit.blots import Blots
from mtorkin.plot.style import DARK, FAINT, INK, label, new_figure, save, styled

__all__ = ["plot_strips"]

LANE, STRIP, HEAD = 0.27, 0.235, 0.72  # inch: width of a lane, height of a strip, what is above the strips
LEFT, RIGHT = 1.15, 0.5  # inch, for the names of antibodies and for the range
WIDEST = 24  # lanes in a panel
FILM, BAND = 0.945, 0.06  # grey of the film and of the darkest band
PIXELS = (30, 26)  # of a lane: along the strip, and across
LETTER = 0.057  # inch that a letter of a condition's name takes
SLANT = 35.0  # degrees, for names that are wider than their lanes
LONGEST = 34  # letters of a condition's name


@dataclass(frozen=True)
class _Panel:
    """A part of a blot that fits on one line: its title, its lanes (one row each), its antibodies."""

    title: str
    lanes: pd.DataFrame
    targets: tuple[str, ...]
    table: pd.DataFrame

    @property
    def groups(self) -> list[tuple[int, int, str]]:
        """Runs of lanes of one condition: first lane, one past the last, name as it is drawn."""
        names, found, start = [str(name) for name in self.lanes["condition"]], [], 0
        for stop in range(1, len(names) + 1):
            if stop == len(names) or names[stop] != names[start]:
                words = names[start].replace("_", " ")
                found.append((start, stop, words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"))
                start = stop
        return found

    @property
    def slanted(self) -> bool:
        """Whether a name is too long to stand level above its lanes."""
        return any(len(name) * LETTER > (stop - start) * LANE for start, stop, name in self.groups)

    @property
    def head(self) -> float:
        """Inches above the strips."""
        if not self.slanted:
            return HEAD
        return HEAD + LETTER * max(len(name) for _, _, name in self.groups) * math.sin(math.radians(SLANT))

    @property
    def width(self) -> float:
        """Inches from the names of antibodies to the ranges."""
        room = RIGHT
        if self.slanted:
            start, stop, name = self.groups[-1]
            over = LETTER * len(name) * math.cos(math.radians(SLANT)) - (stop - start) * LANE / 2
            room = max(room, over + 0.1)
        return LEFT + LANE * len(self.lanes) + room

    @property
    def height(self) -> float:
        """Inches from the title to below the last strip."""
        return self.head + STRIP * len(self.targets) + 0.16


def plot_strips(blots: Blots, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw every blot of a table as strips, an antibody each, lanes labelled with condition and time.

    At the right of a strip stands how many times its darkest band is above its faintest. With
    `path`, the figure is written there (the suffix gives the format), atomically.
    """
    panels = _panels(blots.table)
    widest = max(panel.width for panel in panels)
    columns = 2 if widest < 5.6 and len(panels) > 1 else 1
    rows = [panels[i : i + columns] for i in range(0, len(panels), columns)]
    heights = [max(panel.height for panel in row) for row in rows]
    width, height = columns * widest, sum(heights) + 0.3
    with styled():
        figure = new_figure(width, height)
        figure.set_layout_engine("none")
        top = height
        for row, tall in zip(rows, heights, strict=True):
            for column, panel in enumerate(row):
                box = (
                    (column * widest + LEFT) / width,
                    (top - panel.head - STRIP * len(panel.targets)) / height,
                    LANE * len(panel.lanes) / width,
                    STRIP * len(panel.targets) / height,
                )
                _draw(figure.add_axes(box), panel)
            top -= tall
        text = (
            "darkness: value over the highest of its strip (blot and antibody); ×: highest over lowest; "
            "<: below detection; >: saturated; –: not measured"
        )
        figure.text(0.12 / width, 0.09 / height, text, fontsize=6.5, color=FAINT)
        if path is not None:
            save(figure, path)
    return figure


def _panels(table: pd.DataFrame) -> list[_Panel]:
    found = []
    for blot, of_blot in table.groupby("blot", sort=False):
        lanes = of_blot.drop_duplicates("lane")[["lane", "condition", "time"]]
        order = {name: i for i, name in enumerate(dict.fromkeys(lanes["condition"]))}
        lanes = lanes.assign(order=lanes["condition"].map(order)).sort_values(
            ["order", "time"], kind="stable"
        )
        targets = tuple(dict.fromkeys(of_blot["target"]))
        parts = math.ceil(len(lanes) / WIDEST)
        for part in range(parts):
            some = lanes.iloc[part * WIDEST : (part + 1) * WIDEST]
            title = f"{blot}" + (f", part {part + 1} of {parts}" if parts > 1 else "")
            found.append(_Panel(title, some, targets, of_blot))
    return found


def _draw(axes: Axes, panel: _Panel) -> None:
    count = len(panel.lanes)
    axes.set_xlim(0, count)
    axes.set_ylim(len(panel.targets), 0)
    axes.set_axis_off()
    for row, target in enumerate(panel.targets):
        series = panel.table[panel.table["target"] == target].set_index("lane")
        _strip(axes, row, panel, series)
        axes.text(-0.25, row + 0.5, label(target), ha="right", va="center", fontsize=7.5)
    _header(axes, panel)


def _strip(axes: Axes, row: int, panel: _Panel, series: pd.DataFrame) -> None:
    """One antibody: its bands, its marks, and its range at the right."""
    usable = series[series["value"] > 0]["value"]
    most = float(usable.max()) if len(usable) else 1.0
    shades, marks = [], []
    for position, lane in enumerate(panel.lanes["lane"]):
        value = float(series.loc[lane, "value"]) if lane in series.index else math.nan
        shades.append(0.0 if math.isnan(value) else max(value, 0.0) / most)
        marks.append((position, _mark(series, lane), shades[-1]))
    extent = (0, len(shades), row + 0.94, row + 0.06)
    axes.imshow(
        _film(shades), cmap="gray", vmin=0, vmax=1, extent=extent, aspect="auto", interpolation="bilinear"
    )
    axes.add_patch(Rectangle((0, row + 0.06), len(shades), 0.88, fill=False, ec=DARK, lw=0.5))
    for position, mark, shade in marks:
        colour = "white" if shade > 0.45 else DARK
        axes.text(position + 0.5, row + 0.5, mark, ha="center", va="center", fontsize=6.5, color=colour)
    if len(usable) > 1:
        fold = most / float(usable.min())
        text = f"×{fold:.0f}" if fold >= 9.95 else f"×{fold:.1f}"
        axes.text(len(shades) + 0.2, row + 0.5, text, va="center", fontsize=6.5, color=DARK)


def _mark(series: pd.DataFrame, lane: str) -> str:
    if lane not in series.index:
        return "–"
    censored = series.loc[lane, "censored"]
    if censored == "above":
        return ">"
    return "<" if censored == "below" or bool(series.loc[lane, "below_detection"]) else ""


def _film(shades: list[float]) -> Array:
    """A strip of film (pixels across, pixels along): a soft-edged band in each lane."""
    along, across = PIXELS
    x = (np.arange(along) + 0.5) / along - 0.5
    y = (np.arange(across) + 0.5) / across - 0.5
    band = np.exp(-((np.abs(y) / 0.24) ** 3))[:, None] * np.exp(-((np.abs(x) / 0.40) ** 8))[None, :]
    film: Array = np.concatenate([FILM - (FILM - BAND) * shade * band for shade in shades], axis=1)
    return film


def _header(axes: Axes, panel: _Panel) -> None:
    """Times above the lanes, conditions above the times, the name of the blot above all."""
    times = panel.lanes["time"].to_numpy(float)
    hours = times.max() > 180 and all(time % 30 == 0 for time in times)
    scale = STRIP  # one unit of y is a strip: heights above are given in inch
    for position, time in enumerate(times):
        text = f"{time / 60 if hours else time:.4g}"
        axes.text(position + 0.5, -0.1 / scale, text, ha="center", va="center", fontsize=6.5)
    unit = "h" if hours else "min"
    axes.text(-0.25, -0.1 / scale, unit, ha="right", va="center", fontsize=6.5, color=DARK)
    line = -0.205 / scale
    for start, stop, name in panel.groups:
        axes.plot([start + 0.12, stop - 0.12], [line, line], color=INK, lw=0.7, clip_on=False)
        middle = (start + stop) / 2
        if panel.slanted:
            axes.text(middle, -0.25 / scale, name, rotation=SLANT, rotation_mode="anchor", fontsize=6.5)
        else:
            axes.text(middle, -0.3 / scale, name, ha="center", va="center", fontsize=6.5)
    left, high = -LEFT / LANE + 0.35, -(panel.head - 0.2) / scale
    axes.text(left, high, panel.title, ha="left", va="center", fontsize=8.5, weight="bold")
