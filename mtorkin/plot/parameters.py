"""Fitted parameters against what was thought of them before, all on one axis of factors."""

from __future__ import annotations

import math
import os

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, NullLocator

from mtorkin.fit.posterior import Posterior
from mtorkin.fit.profiles import Profiles
from mtorkin.fit.result import FitResult
from mtorkin.plot.style import COLOURS, DARK, FAINT, INK, new_figure, save, styled

__all__ = ["plot_parameters"]

Z95 = 1.959963984540054
WIDEST = 3.0  # decades to either side
PRIOR, FITTED, SAMPLED = "#d9d9d9", COLOURS[0], COLOURS[2]


def plot_parameters(
    result: FitResult,
    profiles: Profiles | None = None,
    posterior: Posterior | None = None,
    path: str | os.PathLike[str] | None = None,
) -> Figure:
    """Draw each free parameter (rows) as a factor of the model's value before (x, log scale).

    Grey is the 95 % of the prior, the thin line the bounds, the dot the fit. With `profiles`, the blue
    bar is what the blots allow; with `posterior`, the green one what blots and priors allow (95 % both).
    With `path`, the figure is written there (the suffix gives the format), atomically.
    """
    table = result.table
    names = [str(name) for name in table.index]
    reach = 1.0
    with styled():
        figure = new_figure(6.5, 0.9 + 0.24 * len(names))
        panel = figure.subplots()
        panel.axvline(1, color=DARK, lw=0.7, ls=":")
        for y, name in enumerate(names):
            row = table.loc[name]
            start = float(row["start"])
            ends = np.log10(np.array([row["lower"], row["upper"]], dtype=float) / start)
            panel.plot(10**ends, [y, y], color=FAINT, lw=0.7, zorder=1)
            mean, sd = float(row["prior_mean"]), float(row["prior_sd"])
            if math.isfinite(mean) and math.isfinite(sd):
                span = np.exp(np.array([mean - Z95 * sd, mean + Z95 * sd])) / start
                panel.fill_betweenx([y - 0.36, y + 0.36], *span, color=PRIOR, lw=0, zorder=0)
                reach = max(reach, *np.abs(np.log10(span)))
            if profiles is not None and name in profiles.table.index:
                found = profiles.table.loc[name]
                _bar(
                    panel,
                    y + (0.12 if posterior is not None else 0),
                    found["lower"],
                    found["upper"],
                    start,
                    FITTED,
                )
            if posterior is not None:
                found = posterior.table.loc[name]
                _bar(panel, y - 0.12, found["lower"], found["upper"], start, SAMPLED)
            value = float(row["value"]) / start
            panel.plot([value], [y], "o", color=INK, ms=4, zorder=4)
            reach = max(reach, abs(math.log10(value)) + 0.2)
        limit = min(reach * 1.05, WIDEST)
        panel.set_xscale("log")
        panel.set_xlim(10**-limit, 10**limit)
        panel.set_ylim(len(names) - 0.4, -0.6)
        panel.set_yticks(range(len(names)), names)
        panel.tick_params(axis="y", length=0)
        panel.spines["left"].set_visible(False)
        panel.xaxis.set_major_formatter(FuncFormatter(_factor))
        panel.xaxis.set_minor_locator(NullLocator())
        panel.set_xlabel("factor of the model's value before the fit")
        handles = _handles(profiles is not None, posterior is not None)
        figure.legend(handles=handles, loc="outside upper center", ncols=len(handles), fontsize=7.5)
        if path is not None:
            save(figure, path)
    return figure


def _bar(panel: Axes, y: float, low: float, high: float, start: float, colour: str) -> None:
    # an interval without an end goes on to the edge of the figure
    ends = np.clip([float(low) / start, float(high) / start], 1e-12, 1e12)
    panel.plot(ends, [y, y], color=colour, lw=3, solid_capstyle="butt", zorder=2)


def _factor(value: float, _: object) -> str:
    if value >= 1:
        return f"×{value:g}"
    return f"÷{1 / value:g}"


def _handles(profiled: bool, sampled: bool) -> list[Line2D | Patch]:
    handles: list[Line2D | Patch] = [
        Line2D([], [], marker="o", lw=0, color=INK, ms=4, label="fit"),
        Patch(color=PRIOR, lw=0, label="prior, 95 %"),
        Line2D([], [], color=FAINT, lw=0.7, label="bounds"),
    ]
    if profiled:
        handles.append(Line2D([], [], color=FITTED, lw=3, label="blots, 95 %"))
    if sampled:
        handles.append(Line2D([], [], color=SAMPLED, lw=3, label="blots and priors, 95 %"))
    return handles
