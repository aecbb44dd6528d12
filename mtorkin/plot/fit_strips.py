"""Blots as they were and as the model has them: for each antibody two strips, lane under lane."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mtorkin.arrays import Array
from mtorkin.fit.result import FitResult
from mtorkin.plot.bands import LANE, ROW, band
from mtorkin.plot.style import FAINT, label, new_figure, save, styled

__all__ = ["plot_fit_strips"]

WIDE, HIGH = 0.3, 0.2  # inch, of a lane
FILM = 0.96


def plot_fit_strips(result: FitResult, blot: str, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw the lanes of a blot, one pair of strips an antibody: blot above, model below.

    Darkness is the value over the darkest lane of the pair, as an eye compares lanes on a film; a lane
    that was not measured is empty. With `path`, the figure is written there, atomically. Raises KeyError
    for a blot that was not fitted.
    """
    own = result.data[result.data["blot"] == blot]
    if own.empty:
        raise KeyError(blot)
    order = own.drop_duplicates("lane").sort_values(["condition", "time"], kind="stable")
    lanes, targets = list(order["lane"]), list(dict.fromkeys(own["target"]))
    with styled():
        figure = new_figure(1.9 + WIDE * len(lanes), 0.75 + (2 * HIGH + 0.08) * len(targets))
        figure.set_layout_engine("constrained", h_pad=0.01, hspace=0.0)
        axes = figure.subplots(len(targets), 1, squeeze=False).ravel()
        for panel, target in zip(axes, targets, strict=True):
            _pair(panel, own[own["target"] == target].set_index("lane"), lanes, label(str(target)))
        _lanes(axes[0], axes[-1], order)
        if path is not None:
            save(figure, path)
    return figure


def _pair(panel: Axes, table: pd.DataFrame, lanes: list[object], name: str) -> None:
    rows = np.full((2, len(lanes)), np.nan)
    for i, lane in enumerate(lanes):
        if lane in table.index:
            rows[:, i] = table[["value", "predicted"]].to_numpy(float)[table.index.get_loc(lane)]
    dark = rows / np.nanmax(rows)
    picture: Array = np.full((2 * ROW, LANE * len(lanes)), FILM)
    for row in range(2):
        for i in range(len(lanes)):
            if np.isfinite(dark[row, i]):
                place = np.s_[row * ROW : (row + 1) * ROW, i * LANE : (i + 1) * LANE]
                picture[place] -= 0.9 * band(float(max(dark[row, i], 0.0)))
    panel.imshow(picture, cmap="gray", vmin=0, vmax=1, aspect="auto", interpolation="bilinear")
    panel.axhline(ROW - 0.5, color="0.8", lw=0.6)
    panel.set_yticks([ROW - 0.5], [name])
    panel.set_xticks([])
    panel.tick_params(length=0)
    for row, text in enumerate(("blot", "model")):
        panel.text(
            1.01, 0.75 - 0.5 * row, text, transform=panel.transAxes, fontsize=6.5, va="center", color="0.4"
        )
    for spine in panel.spines.values():
        spine.set_visible(True)
        spine.set_color(FAINT)


def _lanes(top: Axes, bottom: Axes, order: pd.DataFrame) -> None:
    """Times under the last strip, and conditions, a line over their lanes, above the first."""
    places = [(i + 0.5) * LANE for i in range(len(order))]
    bottom.set_xticks(places, [f"{time:g}" for time in order["time"].to_numpy(float)], fontsize=6.5)
    bottom.set_xlabel("min")
    names = [str(name) for name in order["condition"]]
    starts = [i for i in range(len(names)) if i == 0 or names[i] != names[i - 1]]
    for start, stop in zip(starts, [*starts[1:], len(names)], strict=True):
        words = names[start].replace("_", " ")
        middle = (start + stop) / 2 * LANE
        if len(starts) > 1:
            top.plot([start * LANE + 8, stop * LANE - 8], [-9, -9], color=FAINT, lw=0.8, clip_on=False)
        top.text(middle, -14, words, ha="center", va="bottom", fontsize=7)
