"""Writes docs/reference/agreement.md; exits with 1 where a promise does not hold."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from benchmarks.agreement.cases import chosen
from benchmarks.agreement.matrix import run_matrix
from benchmarks.agreement.page import failures, page
from benchmarks.agreement.tools import TOOLS
from mtorkin.files import write_text

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "agreement.md"


def main() -> int:
    """Run the matrix and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--everything", action="store_true", help="every protocol in every kind of cells")
    parser.add_argument("--tools", nargs="*", default=[t.name for t in TOOLS], help="only these")
    parser.add_argument("--first", type=int, help="only so many cases; the page says so")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="so many at a time")
    asked = parser.parse_args()
    planned = list(chosen(everything=asked.everything))
    cases = planned[: asked.first]
    tools = [t for t in TOOLS if t.name in asked.tools]
    cells = run_matrix(cases, tools, lambda s: print(s, flush=True), asked.processes)
    write_text(PAGE, page(cells, planned=len(planned)))
    return 1 if failures(cells) else 0


if __name__ == "__main__":
    sys.exit(main())
