"""What the scripts here share: from a CSV table of an article's to mtorkin's blot table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from mtorkin.files import write_text

COLUMNS = ("blot", "lane", "condition", "time", "target", "signal", "normalised")
Records = list[dict[str, str]]


def rewrite(source: Path, target: Path, rows: Callable[[Records], Records]) -> None:
    """Read the article's table, write ours: `rows` makes lanes of its records."""
    with source.open(newline="", encoding="utf-8") as file:
        table = rows(list(csv.DictReader(file)))
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    write_text(target, out.getvalue())
