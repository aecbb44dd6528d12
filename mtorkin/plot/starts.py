"""Waterfall of a fit: how far each start came, best first."""

from __future__ import annotations

import os

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from mtorkin.fit.result import FitResult
from mtorkin.plot.style import COLOURS, DARK, FAINT, new_figure, save, styled

__all__ = ["plot_starts"]

AGREE = 1.0  # of the objective: what counts as the same optimum
COLOUR = {"converged": COLOURS[0], "stopped": COLOURS[4]}


def plot_starts(result: FitResult, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw the objective above the best (y, no unit, log scale from 1) of each start (x), best first.

    Below the dotted line starts agree. Crosses at the top could not be simulated. With `path`, the
    figure is written there (the suffix gives the format), atomically.
    """
    table = result.starts.sort_values("objective", kind="stable")
    above = table["objective"].to_numpy(float) - result.objective
    finite = np.isfinite(above)
    top = max(10.0, 3 * float(1 + above[finite].max()))
    with styled():
        figure = new_figure(max(3.0, min(6.5, 1.6 + 0.16 * len(table))), 2.2)
        panel = figure.subplots()
        panel.set_yscale("log")
        panel.axhline(1 + AGREE, color=DARK, lw=0.8, ls=":")
        panel.plot(np.flatnonzero(finite) + 1, 1 + above[finite], color=FAINT, lw=0.8, zorder=1)
        for status, colour in COLOUR.items():
            some = finite & (table["status"] == status).to_numpy()
            if some.any():
                panel.plot(
                    np.flatnonzero(some) + 1,
                    1 + above[some],
                    "o",
                    color=colour,
                    ms=4.5,
                    label=status,
                    clip_on=False,
                )
        if not finite.all():
            where = np.flatnonzero(~finite) + 1
            panel.plot(
                where, np.full(len(where), top), "x", color=COLOURS[1], ms=5, label="failed", clip_on=False
            )
        panel.set_ylim(0.8, top)
        panel.set_xlim(0.4, len(table) + 0.6)
        panel.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))
        panel.yaxis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{value - 1:g}" if value >= 1 else "")
        )
        panel.yaxis.set_minor_locator(NullLocator())
        panel.set_yticks([y for y in (1.0, 2.0, 11.0, 101.0, 1001.0, 10001.0, 1e5 + 1) if y <= top])
        panel.set_xlabel("start, best first")
        panel.set_ylabel("objective above the best")
        panel.text(
            0.99,
            1 + AGREE,
            "agree",
            transform=panel.get_yaxis_transform(),
            ha="right",
            va="bottom",
            fontsize=7,
        )
        panel.legend(loc="upper left", fontsize=7.5)
        if path is not None:
            save(figure, path)
    return figure
