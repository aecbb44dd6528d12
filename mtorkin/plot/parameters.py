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

from mtorkin.arrays import Array
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
    names = [str(name) for name in result.table.index]
    numbers = result.table[["value", "start", "lower", "upper", "prior_mean", "prior_sd"]].to_numpy(float)
    spans = [(FITTED, 0.12 if posterior is not None else 0.0, _spans(profiles, names))]
    spans.append((SAMPLED, -0.12, _spans(posterior, names)))
    with styled():
        figure = new_figure(6.5, 0.9 + 0.24 * len(names))
        panel = figure.subplots()
        panel.set_xscale("log")
        panel.axvline(1, color=DARK, lw=0.7, ls=":")
        reach = max([1.0, *(_row(panel, y, row) for y, row in enumerate(numbers))])
        for colour, shift, found in spans:
            for y, (low, high) in found.items():
                # an interval without an end goes on to the edge of the figure
                ends = np.clip(np.array([low, high]) / numbers[y, 1], 1e-12, 1e12)
                panel.plot(ends, [y - shift] * 2, color=colour, lw=3, solid_capstyle="butt", zorder=2)
        limit = min(reach * 1.05, WIDEST)
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


def _spans(found: Profiles | Posterior | None, names: list[str]) -> dict[int, tuple[float, float]]:
    """Lower and upper ends (own unit) by row, of those parameters that have them."""
    if found is None:
        return {}
    ends = found.table[["lower", "upper"]]
    return {names.index(str(name)): (low, high) for name, low, high in ends.itertuples()}


def _row(panel: Axes, y: int, numbers: Array) -> float:
    """Bounds, prior and value of a parameter; returns how far they reach (decades)."""
    value, start, lower, upper, mean, sd = map(float, numbers)
    panel.plot([lower / start, upper / start], [y, y], color=FAINT, lw=0.7, zorder=1)
    panel.plot([value / start], [y], "o", color=INK, ms=4, zorder=4)
    reach = abs(math.log10(value / start)) + 0.2
    if math.isfinite(mean) and math.isfinite(sd):
        low, high = math.exp(mean - Z95 * sd) / start, math.exp(mean + Z95 * sd) / start
        panel.fill_betweenx([y - 0.36, y + 0.36], low, high, color=PRIOR, lw=0, zorder=0)
        reach = max(reach, abs(math.log10(low)), abs(math.log10(high)))
    return reach


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
