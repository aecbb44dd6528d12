"""The one file to go on with: an imported blot table as text, and the conditions still to be told."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from mtorkin.fit.cells import Cells
from mtorkin.fit.importing.assembling import COLUMNS

__all__ = ["conditions_to_fill", "lanes_to_fill", "long_table"]

# a long table may have these as well
FURTHER = ("censored", "normalised", "context")
ALWAYS = ("blot", "lane", "condition", "time", "target", "signal")


def long_table(cells: Cells) -> str:
    """Return an imported table in mtorkin's format (CSV), the numbers as the file has them.

    Columns that are empty in every line are left out.
    """
    known = (*COLUMNS, *FURTHER)
    kept = [name for name in known if name in ALWAYS or any(row.text(name) for row in cells.rows)]
    return _csv([kept, *([row.text(name) for name in kept] for row in cells.rows)])


def conditions_to_fill(names: Iterable[str]) -> str:
    """Return a table of conditions with a line for each name, whose inputs and values are empty.

    It is refused until a person has said what each condition is (`-inf` in start and nothing more, where
    cells were not treated).
    """
    header = ["condition", "cell_line", "start", "input", "value"]
    return _csv([header, *([name, "", "", "", ""] for name in names)])


def lanes_to_fill(lanes: Sequence[tuple[str, str]]) -> str:
    """Return a table of lanes (blot, lane) whose conditions and times are empty.

    Blots are named where there are several. It is refused until a person has filled it in.
    """
    several = len({blot for blot, _ in lanes}) > 1
    header = ["lane", "condition", "time", "replicate", *(["blot"] if several else [])]
    return _csv([header, *([lane, "", "", "", *([blot] if several else [])] for blot, lane in lanes)])


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
