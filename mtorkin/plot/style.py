"""How every figure looks: type, lines, colours, names of readouts. No pyplot, no global state."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from mtorkin.files import atomic_path

__all__ = [
    "COLOURS",
    "DARK",
    "FAINT",
    "INK",
    "end_labels",
    "label",
    "new_figure",
    "save",
    "spread",
    "styled",
    "time_axis",
]

# Okabe and Ito's palette, told apart in every common colour vision
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
INK, DARK, FAINT = "#222222", "#444444", "#8a8a8a"

_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["Arial", "Helvetica", "DejaVu Sans"],
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 8,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1.5,
    "lines.solid_capstyle": "round",
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "text.color": INK,
    "legend.frameon": False,
    "figure.dpi": 100,
    "savefig.dpi": 200,
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "mtorkin",
}
_NAMES = {"FourEBP1": "4E-BP1", "PKCa": "PKCα", "GSK3": "GSK3", "translation": "translation index"}
_STEPS = (
    *(1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 360, 720),
    *(1440 * days for days in (1, 2, 3, 5, 7, 14, 28, 56, 112)),
)
_UNITS = (("min", 1.0, 180.0), ("h", 60.0, 5 * 1440.0), ("d", 1440.0, math.inf))  # until so many minutes


@contextmanager
def styled() -> Iterator[None]:
    """The style, for the length of a block; a font that is missing is not worth a warning."""
    import logging

    fonts = logging.getLogger("matplotlib.font_manager")
    before = fonts.level
    fonts.setLevel(logging.ERROR)
    try:
        with matplotlib.rc_context(_STYLE):
            yield
    finally:
        fonts.setLevel(before)


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure [inch] on the Agg canvas; call inside `styled`."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, path: str | os.PathLike[str]) -> Path:
    """Write a figure, atomically; the suffix gives the format. Raises OSError."""
    # without these a file would differ from run to run
    metadata = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    suffix = Path(path).suffix.lower()
    with atomic_path(path) as temporary:
        if suffix == ".png":
            _save_png(figure, temporary, metadata[suffix])
        else:
            figure.savefig(temporary, metadata=metadata.get(suffix))
    return Path(path)


def _save_png(figure: Figure, path: Path, metadata: dict[str, None]) -> None:
    """As `savefig`, which draws everything twice: once only to lay it out, which drawing does as well."""
    before, wanted = figure.dpi, matplotlib.rcParams["savefig.dpi"]
    figure.set_dpi(before if wanted == "figure" else wanted)
    canvas: Any = FigureCanvasAgg(figure)  # what it has of formats is not typed
    try:
        canvas.print_png(path, metadata=metadata)
    finally:
        figure.set_dpi(before)


def label(id: str) -> str:
    """Return the name of a readout as a figure spells it: "4E-BP1 pT37/46 in mTORC1" (no unit)."""
    head, _, tail = id.partition("_")
    tail = re.sub(r"(?<=\d)_(?=\d)", "/", tail)
    return " ".join([_NAMES.get(head, head), *tail.replace("_", " ").split()])


def time_axis(axes: Axes, begin: float, end: float) -> str:
    """Put ticks at whole minutes, hours or days on an axis from `begin` to `end` [min]; returns the unit."""
    unit, size = next(u for u in _UNITS if end <= u[2])[:2]
    first = max(begin, 0.0)
    step = next((s for s in _STEPS if s >= size / 2 and (end - first) / s <= 4.5), _STEPS[-1])
    ticks = [i * step for i in range(math.ceil(first / step), int(end / step * (1 + 1e-9)) + 1)]
    axes.set_xticks(ticks, [f"{t / size:g}" for t in ticks])
    return unit


def end_labels(axes: Axes, ends: Sequence[tuple[str, float, str]], size: float = 7) -> None:
    """Write labels at the right, each (text, y of the line's end, colour), without overlaps."""
    scale = axes.yaxis.get_transform()
    low, high = scale.transform(axes.get_ylim())
    shares = [float((scale.transform([y])[0] - low) / (high - low)) for _, y, _ in ends]
    heights = [min(max(share, 0.0), 1.0) for share in shares]  # a line may end outside the axes
    placed = spread(heights, 0.14, 0.04, 0.97)
    for (text, _, colour), line, at in zip(ends, heights, placed, strict=True):
        moved = abs(at - line) > 0.03
        where = axes.transAxes
        if moved:
            axes.plot([1.01, 1.08], [line, at], color=colour, lw=0.5, transform=where, clip_on=False)
        x = 1.1 if moved else 1.03
        axes.text(x, at, text, color=colour, fontsize=size, va="center", transform=where)


def spread(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions near the wanted ones, at least `gap` apart, within the limits where they fit."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [wanted[i] for i in order]
    for _ in range(300):
        if placed:
            placed[0], placed[-1] = max(placed[0], low), min(placed[-1], high)
        for i in range(len(placed) - 1):
            lack = max(0.0, gap - (placed[i + 1] - placed[i]))
            placed[i] -= lack / 2
            placed[i + 1] += lack / 2
    back = dict(zip(order, placed, strict=True))
    return [back[i] for i in range(len(wanted))]
