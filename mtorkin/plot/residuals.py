"""What a fit leaves over: against what it says, and against what noise would leave."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from mtorkin.fit.noise import Normal
from mtorkin.fit.result import FitResult
from mtorkin.plot.style import COLOURS, DARK, FAINT, new_figure, save, styled

__all__ = ["plot_residuals", "standardised"]

FAR = 3.0


def standardised(result: FitResult) -> pd.DataFrame:
    """Measured lanes with `z`, residual over noise level, and `share`, prediction over the blot's mean."""
    lanes = result.data[result.data["censored"] == ""]
    sigma = result.noise.set_index("target")["sigma"]
    mean = lanes.groupby(["blot", "target"])["predicted"].transform("mean")
    return lanes.assign(
        z=lanes["residual"].to_numpy(float) / sigma[lanes["target"]].to_numpy(float),
        share=lanes["predicted"].to_numpy(float) / mean.to_numpy(float),
    )


def plot_residuals(result: FitResult, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw residuals in noise levels over the predicted band (left) and over normal quantiles (right).

    A band is a share of the mean band of its blot. Lanes further than three noise levels from the
    model are orange. With `path`, the figure is written there (the suffix gives the format), atomically.
    """
    from scipy.stats import norm  # here: slow to import

    lanes = standardised(result)
    z, share = lanes["z"].to_numpy(float), lanes["share"].to_numpy(float)
    far = np.abs(z) > FAR
    limit = max(3.5, 1.1 * float(np.abs(z).max(initial=0)))
    with styled():
        figure = new_figure(6.5, 2.6)
        left, right = figure.subplots(1, 2, sharey=True)
        colours = np.where(far, COLOURS[1], COLOURS[0])
        left.scatter(share, z, s=9, c=colours, alpha=0.65, lw=0)
        left.axhline(0, color=DARK, lw=0.8)
        for level in (-2, 2):
            left.axhline(level, color=FAINT, lw=0.7, ls=":")
        if not isinstance(result.scatter, Normal):
            left.set_xscale("log")
            left.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=8))
            left.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
            left.xaxis.set_minor_locator(NullLocator())
        left.set_xlabel("predicted band, share of its blot's mean")
        left.set_ylabel("residual (noise levels)")
        left.set_title("Over what the model says")
        order = np.argsort(z)
        expected = norm.ppf((np.arange(len(z)) + 0.5) / len(z))
        right.plot([-limit, limit], [-limit, limit], color=DARK, lw=0.8)
        right.scatter(expected, z[order], s=9, c=colours[order], alpha=0.65, lw=0)
        right.set_xlabel("expected of normal noise")
        right.set_title("Over what noise would leave")
        right.set_xlim(-3.5, 3.5)
        left.set_ylim(-limit, limit)
        if path is not None:
            save(figure, path)
    return figure
