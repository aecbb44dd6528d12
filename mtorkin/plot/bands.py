"""Bands as a blot would show them: darkness in proportion to the model, each row to its darkest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mtorkin.arrays import Array
from mtorkin.plot.style import FAINT, label

__all__ = ["LANE", "ROW", "band", "draw_bands"]

LANE, ROW = 60, 40  # pixels


def draw_bands(axes: Axes, table: pd.DataFrame, lanes: Sequence[float]) -> None:
    """Draw a row of bands a column of `table` (any unit), a lane each of the times `lanes` [min].

    Values between the times of the table are interpolated.
    """
    times = table.index.to_numpy(float)
    picture = np.ones((ROW * len(table.columns), LANE * len(lanes)))
    for i, id in enumerate(table.columns):
        values = np.interp(lanes, times, table[id].to_numpy(float))
        darkest = max(float(values.max()), 1e-12)
        for j, value in enumerate(values):
            picture[i * ROW : (i + 1) * ROW, j * LANE : (j + 1) * LANE] -= 0.92 * band(float(value / darkest))
    axes.imshow(picture, cmap="gray", vmin=0, vmax=1, aspect="auto", interpolation="bilinear")
    for i in range(1, len(table.columns)):
        axes.axhline(i * ROW - 0.5, color="0.8", lw=0.6)
    axes.set_yticks([(i + 0.5) * ROW for i in range(len(table.columns))], [label(str(c)) for c in table])
    axes.set_xticks([(j + 0.5) * LANE for j in range(len(lanes))], [_lane(t) for t in lanes])
    axes.tick_params(length=0, labelsize=7)
    axes.set_xlabel("time in the drug")
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color(FAINT)


def band(amount: float) -> Array:
    """Darkness of one band (ROW, LANE), 0 to 1; strong bands are a little thicker."""
    y = np.linspace(-1, 1, ROW)[:, None] / (0.3 + 0.16 * amount)
    x = np.linspace(-1, 1, LANE)[None, :] / 0.74
    darkness: Array = amount * np.exp(-(y**4)) * np.exp(-(x**8))
    return darkness


def _lane(time: float) -> str:
    if time == 0:
        return "0"
    return f"{time:g} min" if time < 60 else f"{time / 60:g} h"
