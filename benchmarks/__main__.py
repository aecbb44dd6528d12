"""`python -m benchmarks`: measure, print, and write a table."""

from __future__ import annotations

from pathlib import Path

from benchmarks.bench import main

if __name__ == "__main__":
    main(Path("results") / "benchmarks.tsv")
