"""Short against prolonged rapamycin with the fitted values: a figure, and a table of when it matters."""

from __future__ import annotations

import pandas as pd

from mtorkin.plot.short_and_prolonged import plot_short_and_prolonged
from mtorkin.plot.style import label
from mtorkin.report.findings import Findings
from mtorkin.report.page import figure, paragraphs, table

__all__ = ["moving", "predicted"]

STILL = 0.01  # a share by which a readout may change and count as unchanged
SHOWN = {60.0: "1 h", 360.0: "6 h", 1440.0: "24 h", 4320.0: "72 h"}


def predicted(findings: Findings) -> str:
    """The section: what no blot of this fit has to show, with the band that the blots leave."""
    follows = findings.follows
    if follows is None:
        return paragraphs("No prediction was made.")
    if follows.predicted.empty:
        return paragraphs(*follows.notes)
    shown = moving(follows.predicted)
    several = len(set(shown["context"])) > 1
    still = [
        label(n) for n in dict.fromkeys(follows.predicted["observable"]) if n not in set(shown["observable"])
    ]
    words = (
        "What the fitted model says of 100 nM rapamycin for an hour and for three days, each set of "
        "parameters relative to its own untreated cells, as a blot would show it. The model of these cells "
        "at rest in full medium, whatever the blots were of."
    )
    caption = (
        f"Line: the best fit. Band, 95 %: {follows.how}. Noise of blots is not part of it, and only fitted "
        "parameters vary: where others decide, the band is narrow and says nothing."
    )
    rows = [
        [label(str(name)), *([str(context)] if several else []), *_cells(part)]
        for (name, context), part in shown.groupby(["observable", "context"], sort=False)
    ]
    heads = ["% of untreated", *(["cells"] if several else []), *(f"{name}>" for name in SHOWN.values())]
    said = [f"Within {STILL:.0%} of untreated all the time: {', '.join(still)}."] if still else []
    if shown.empty:
        return paragraphs(words, *said)
    drawn = plot_short_and_prolonged(shown)
    body = figure(drawn, caption, "short and prolonged rapamycin") + table(heads, rows)
    return paragraphs(words) + body + paragraphs(*said)


def moving(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of readouts that leave their untreated level, in any kind of cells, or whose band does."""
    far = (table[["lower", "upper"]] - 1).abs().max(axis=1) > STILL
    return table[table["observable"].isin(set(table.loc[far, "observable"]))]


def _cells(part: pd.DataFrame) -> list[str]:
    found = part.set_index("time")
    return [
        f"{100 * best:.0f} ({100 * lower:.0f} – {100 * upper:.0f})"
        for best, lower, upper in found.loc[list(SHOWN)][["best", "lower", "upper"]].to_numpy(float)
    ]
