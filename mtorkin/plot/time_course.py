"""Time courses as small multiples, with a dose bar under every column."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec

from mtorkin.errors import DeclarationError, nearest
from mtorkin.model import Model
from mtorkin.plot.doses import doses, draw_doses
from mtorkin.plot.style import COLOURS, DARK, FAINT, end_labels, label, new_figure, save, styled
from mtorkin.protocol import Protocol
from mtorkin.trajectory import Trajectory

__all__ = ["OVERVIEW", "Panel", "plot_time_course"]

MARGIN = 0.05  # how much is shown before 0, in parts of the time course
# inch: a letter of a tick or a label; what else is left of a panel (unit, ticks) and between it and its
# labels; a title; ticks and label of the axis of time; the edge
LETTER, LEFT, NEAR, TITLE, TIME, EDGE = 0.06, 0.31, 0.15, 0.3, 0.42, 0.06


@dataclass(frozen=True)
class Panel:
    """A title and the observables under it, by id, with the label of each line."""

    title: str
    lines: tuple[tuple[str, str], ...]


def _site(site: str) -> Panel:
    where = {"": "lysate", "_in_mTORC1": "mTORC1", "_in_mTORC2": "mTORC2"}
    return Panel(f"mTOR p{site}", tuple((f"mTOR_p{site}{end}", text) for end, text in where.items()))


OVERVIEW: tuple[Panel, ...] = (
    Panel("mTOR complexes", (("mTORC1", "mTORC1"), ("mTORC2", "mTORC2"), ("mTOR_free", "free"))),
    Panel("S6K", (("S6K_pT389", "pT389"),)),
    Panel("4E-BP1", (("FourEBP1_pT37_46", "pT37/46"), ("FourEBP1_pS65", "pS65"))),
    Panel("Akt", (("Akt_pT308", "pT308"), ("Akt_pS473", "pS473"))),
    _site("S1261"),
    _site("T2446"),
    _site("S2448"),
    _site("S2481"),
    Panel("IRS", (("IRS_total", "total"), ("IRS_pS636", "pS636"), ("IRS_pY", "pY"))),
    Panel("PRAS40", (("PRAS40_pT246", "pT246"), ("PRAS40_pS183", "pS183"))),
    Panel("TSC2", (("TSC2_pT1462", "pT1462"), ("TSC2_pS1387", "pS1387"))),
    Panel("AMPK", (("AMPK_pT172", "AMPK pT172"), ("Raptor_pS792", "Raptor pS792"))),
)


def plot_time_course(
    course: Trajectory,
    protocol: Protocol,
    model: Model,
    *,
    observables: Sequence[str] | None = None,
    path: str | os.PathLike[str] | None = None,
) -> Figure:
    """Draw observables (y, in the observable's unit) over time (x, min, h or d).

    One panel each of `observables`, or, without them, an overview. With `path` the figure is written
    there, atomically. Raises DeclarationError for an observable that is not in the time course.
    """
    panels = _overview(course) if observables is None else _each(course, observables)
    first, end = float(course.times[0]), float(course.times[-1])
    given = doses(protocol, model, end)
    # what was before 0 is known where cells were at rest, and is drawn
    begin = -MARGIN * end if first == 0 and protocol.begins_steady else first
    columns = min(len(panels), 4)
    rows = math.ceil(len(panels) / columns)
    with styled():
        strip = 0.2 * max(1, len({dose.name for dose in given}))
        height = 1.55 * rows + strip + 0.55
        figure = new_figure(2.0 * columns + (0.9 if given else 0.3), height)
        grid = figure.add_gridspec(rows + 1, columns, height_ratios=[1.55] * rows + [strip])
        drawn = [figure.add_subplot(grid[divmod(i, columns)]) for i in range(len(panels))]
        for axes, panel in zip(drawn, panels, strict=True):
            _draw(axes, panel, course, model, begin)
        for column in range(columns):
            axes = figure.add_subplot(grid[rows, column])
            unit = draw_doses(axes, given, begin, end, named=column == 0)
            axes.set_xlabel(f"time ({unit})")
        _arrange(figure, grid, panels, drawn, [dose.name for dose in given])
        if path is not None:
            save(figure, path)
    return figure


def _arrange(
    figure: Figure, grid: GridSpec, panels: list[Panel], drawn: list[Axes], names: Sequence[str]
) -> None:
    """Make room for what stands beside the panels, by its letters.

    Matplotlib's own layout measures each piece of text, twice, and takes as long as drawing does.
    """
    ticks = (axes.yaxis.get_major_formatter().format_ticks(list(axes.get_yticks())) for axes in drawn)
    before = LEFT + LETTER * max((len(text) for texts in ticks for text in texts), default=0)
    ends = [max(len(text) for _, text in panel.lines) for panel in panels]
    rows, columns = grid.nrows, grid.ncols
    after = [NEAR + LETTER * max(ends[i::columns]) for i in range(columns)]
    width, height = figure.get_size_inches()
    left = max(before, EDGE + LETTER * max(map(len, names), default=0)) + EDGE
    right, between = after[-1] + EDGE, before + max(after[:-1], default=0.0)
    wide = (width - left - right - between * (columns - 1)) / columns
    high = (height - TITLE - TIME - TITLE * (rows - 1)) / rows
    figure.set_layout_engine(None)
    figure.subplots_adjust(
        left=left / width,
        right=1 - right / width,
        top=1 - TITLE / height,
        bottom=TIME / height,
        wspace=between / wide,
        hspace=TITLE / high,
    )


def _overview(course: Trajectory) -> list[Panel]:
    """The overview, less what a smaller model does not have."""
    have = course.observables
    kept = (Panel(p.title, tuple(line for line in p.lines if line[0] in have)) for p in OVERVIEW)
    panels = [panel for panel in kept if panel.lines]
    return panels or _each(course, have[:12])


def _each(course: Trajectory, observables: Sequence[str]) -> list[Panel]:
    for id in observables:
        if id not in course.observables:
            raise DeclarationError(
                f"no observable {id!r} in this time course{nearest(id, course.observables)}"
            )
    return [Panel(label(id), ((id, ""),)) for id in observables]


def _draw(axes: Axes, panel: Panel, course: Trajectory, model: Model, begin: float) -> None:
    times = course.times
    ends, top = [], 0.0
    for (id, text), colour in zip(panel.lines, _colours(panel), strict=False):
        values = course[id]
        axes.plot([begin, *times], [values[0], *values], color=colour)
        ends.append((text, float(values[-1]), colour))
        top = max(top, float(np.nanmax(values)))
    axes.set_ylim(0, top * 1.08 if top > 1e-9 else 1.0)
    axes.set_xlim(begin, float(times[-1]))
    end_labels(axes, ends)
    axes.set_title(panel.title, y=1.0)  # said, or all that might stand above is measured to find it
    unit = model.units[panel.lines[0][0]]
    axes.set_ylabel("relative" if unit == "1" else unit)
    axes.set_xticks([])
    axes.spines["bottom"].set_color(FAINT)
    axes.locator_params(axis="y", nbins=4)


def _colours(panel: Panel) -> Sequence[str]:
    """mTORC1 is blue and mTORC2 vermilion wherever they stand together."""
    if panel.lines[0][0] == "mTORC1":
        return (*COLOURS[:2], FAINT)
    return COLOURS if len(panel.lines) < 3 else (DARK, *COLOURS)
