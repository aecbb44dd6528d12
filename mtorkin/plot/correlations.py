"""Which parameters are known only together: correlations of their logarithms."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from mtorkin.arrays import Array
from mtorkin.plot.style import new_figure, save, styled

__all__ = ["plot_correlations"]

WORTH_A_NUMBER = 0.5


def plot_correlations(
    covariance: Array, names: Sequence[str], path: str | os.PathLike[str] | None = None
) -> Figure:
    """Draw correlations (no unit) from a covariance (parameters, parameters), numbers where 0.5 or more.

    With `path`, the figure is written there (the suffix gives the format), atomically.
    """
    sd = np.sqrt(np.diag(covariance))
    matrix = covariance / sd[:, None] / sd[None, :]
    size = 1.7 + 0.3 * len(names)
    with styled():
        figure = new_figure(size + 0.9, size)
        panel = figure.subplots()
        shown = np.ma.masked_where(np.triu(np.ones_like(matrix, dtype=bool)), matrix)
        image = panel.imshow(shown[1:, :-1], cmap="RdBu_r", vmin=-1, vmax=1)
        for i in range(1, len(names)):
            for j in range(i):
                value = float(matrix[i, j])
                if abs(value) >= WORTH_A_NUMBER:
                    colour = "white" if abs(value) > 0.7 else "black"
                    panel.text(
                        j,
                        i - 1,
                        f"{value:.1f}".replace("-", "−"),
                        ha="center",
                        va="center",
                        fontsize=6.5,
                        color=colour,
                    )
        panel.set_xticks(
            range(len(names) - 1), list(names[:-1]), rotation=45, ha="right", rotation_mode="anchor"
        )
        panel.set_yticks(range(len(names) - 1), list(names[1:]))
        panel.tick_params(length=0)
        for spine in panel.spines.values():
            spine.set_visible(False)
        bar = figure.colorbar(image, ax=panel, shrink=0.5, aspect=14, ticks=[-1, -0.5, 0, 0.5, 1])
        bar.outline.set_visible(False)
        bar.ax.tick_params(length=0)
        bar.set_label("correlation")
        if path is not None:
            save(figure, path)
    return figure
