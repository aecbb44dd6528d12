"""The dose bar: what cells were given, and when, as a strip under a time axis."""

from __future__ import annotations

import math
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from mtorkin.model import Model
from mtorkin.network import settable
from mtorkin.plot.style import COLOURS, FAINT, INK, time_axis
from mtorkin.protocol import Protocol, intervals

__all__ = ["Dose", "doses", "draw_doses"]

_RELATIVE = "1"


@dataclass(frozen=True)
class Dose:
    """An input held at `value` [unit] from `start` to `end` [min]; minus infinity is "before".

    What is given once and then left to itself may be given `again` at some times before `end`.
    """

    name: str
    start: float
    end: float
    value: float
    unit: str
    again: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        """The amount as a figure spells it."""
        if self.value == 0:
            return "none"
        if self.unit == _RELATIVE:
            return f"× {self.value:g}"
        times = f"{1 + len(self.again)} × " if self.again else ""
        return f"{times}{self.value:.4g} {self.unit}"


def doses(protocol: Protocol, model: Model, end: float) -> tuple[Dose, ...]:
    """Return what every input that a protocol sets is, from before 0 to `end` [min].

    An input that stays at its default (that of fed cells) all along is left out. Raises
    DeclarationError where the model lacks an input of the protocol.
    """
    known = settable(model.network)
    stretches = intervals(protocol, model.network)
    set_at_all = dict.fromkeys(name for period in protocol.periods for name, _ in period.inputs)
    found: list[Dose] = []
    for name in set_at_all:
        default, unit = known[name]
        steps = [(-math.inf, default)]
        for stretch in stretches:
            value = dict((*stretch.inputs, *stretch.doses)).get(name, steps[-1][1])
            if stretch.start <= end and value != steps[-1][1]:
                steps.append((stretch.start, value))
        steps = [
            s for s, after in zip(steps, [*steps[1:], None], strict=True) if after is None or after[0] > s[0]
        ]
        if any(value != default for _, value in steps):
            stops = [*(start for start, _ in steps[1:]), end]
            repeats = [s.start for s in stretches if name in dict(s.doses) and s.start <= end]
            found += [
                Dose(name, start, stop, value, unit, tuple(t for t in repeats if start < t < stop))
                for (start, value), stop in zip(steps, stops, strict=True)
            ]
    return tuple(found)


def draw_doses(axes: Axes, given: tuple[Dose, ...], begin: float, end: float, *, named: bool) -> str:
    """Draw bars of doses from `begin` to `end` [min], one row an input; returns the unit of time.

    With `named`, the inputs' names stand at the left. The axis gets the ticks of time.
    """
    rows = list(dict.fromkeys(dose.name for dose in given))
    most = {row: max(dose.value for dose in given if dose.name == row) for row in rows}
    for dose in given:
        row = rows.index(dose.name)
        left, right = max(dose.start, begin), min(dose.end, end)
        if right <= left:
            continue
        full = dose.value > 0.5 * most[dose.name]
        colour = COLOURS[(row + 4) % len(COLOURS)] if len(rows) > 1 else "#555555"
        if dose.value > 0:
            axes.barh(row, right - left, 0.72, left=left, color=colour, alpha=0.9 if full else 0.25, lw=0)
            axes.vlines(dose.again, row + 0.26, row + 0.37, color="white", lw=0.8)
        ink = "white" if full and _is_dark(colour) else INK
        _write(axes, dose, row, left, right, end - begin, FAINT if dose.value == 0 else ink)
    axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [row.replace("_", " ") for row in rows] if named else [""] * len(rows))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(begin, end)
    return time_axis(axes, begin, end)


def _is_dark(colour: str) -> bool:
    """Whether white is easier to read on a colour than ink (relative luminance of sRGB)."""
    red, green, blue = to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue < 0.5


def _write(axes: Axes, dose: Dose, row: int, left: float, right: float, span: float, colour: str) -> None:
    """Write the amount on its bar or, where that is too short, beside it."""
    wide = (right - left) / span > 0.28
    if not wide and (dose.value == 0 or dose.start < 0):
        return
    axes.text(
        (left + right) / 2 if wide else right + 0.015 * span,
        row,
        dose.text,
        color=colour if wide else INK,
        fontsize=6.5,
        ha="center" if wide else "left",
        va="center_baseline",
    )
