"""``python -m benchmarks.accuracy [section ...]``: measure, keep the tables, write the page."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks.accuracy import experiments
from benchmarks.accuracy.derivatives import derivatives
from benchmarks.accuracy.page import page
from mtorkin.files import write_text

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "results" / "accuracy"
PAGE = ROOT / "docs" / "reference" / "accuracy.md"
SECTIONS: dict[str, Callable[[], pd.DataFrame]] = {
    "order": experiments.order,
    "steady": experiments.steady,
    "derivatives": derivatives,
    "networks": experiments.networks,
    "protocols": experiments.protocols,
    "sets": experiments.sets,
}


def main(names: list[str]) -> int:
    """Measure the sections that are named, all by default; the page is written once all are there."""
    if unknown := [n for n in names if n not in SECTIONS]:
        print(f"no section {unknown[0]!r} (there are {', '.join(SECTIONS)})", file=sys.stderr)
        return 2
    for name in names or SECTIONS:
        began = time.monotonic()
        table = SECTIONS[name]()
        write_text(KEPT / f"{name}.tsv", table.to_csv(sep="\t", index=False))
        print(f"{name}: {len(table)} rows in {time.monotonic() - began:.0f} s", flush=True)
    tables = {n: KEPT / f"{n}.tsv" for n in SECTIONS}
    if missing := [n for n, path in tables.items() if not path.is_file()]:
        print(f"not measured yet, so no page: {', '.join(missing)}")
        return 0
    write_text(PAGE, page({n: pd.read_csv(path, sep="\t") for n, path in tables.items()}))
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
