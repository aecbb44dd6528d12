"""`python -m benchmarks.fits DATA [--starts N]`: fits of others' problems, as a table.

DATA is the folder with `petab_benchmarks` and `breast_cancer_blots`, which the project does not ship.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from benchmarks.fits.red_paper import data_of, fit_once, problem_of, totals_part
from mtorkin.files import write_text
from mtorkin.petab.fitting import first_points, fit_petab
from mtorkin.petab.reading import read_petab

# name: what is to be reached, starts, points drawn for a start, steps
PETAB = {
    "Boehm_JProteomeRes2014": (138.223, 20, 30, 300),
    "Brannmark_JBC2010": (141.89, 20, 30, 300),
    "Fujita_SciSignal2010": (-53.08, 20, 100, 600),
}
# name: lower, upper, what is to be reached, points drawn for a start, steps
BOUNDS = {
    "published bounds": (1e-2, 1e2, 2.23322, 5, 200),
    "1e-6 to 1e2": (1e-6, 1e2, 1.84546, 40, 600),
}
ROUNDING = 5e-6  # the numbers to be reached are given with five decimals


def red_paper(data: Path, name: str, starts: int, seed: int) -> list[str]:
    """Fit the reduced blots problem; a row of the table."""
    lower, upper, target, draws, steps = BOUNDS[name]
    folder = data / "breast_cancer_blots"
    problem, rest = problem_of(folder, lower, upper), totals_part(data_of(folder))
    points = first_points(problem, starts * draws, seed).reshape(starts, draws, -1)
    found, seconds = [], []
    for drawn in points:
        began = time.perf_counter()
        found.append(fit_once(problem, drawn, steps)[0] + rest)
        seconds.append(time.perf_counter() - began)
    return row(f"redPaper, {name}", target + ROUNDING, found, seconds)


def petab(data: Path, name: str, starts: int, seed: int) -> list[str]:
    """Fit a problem of the benchmark collection; a row of the table."""
    target, default, draws, steps = PETAB[name]
    problem = read_petab(data / "petab_benchmarks" / name / f"{name}.yaml")
    fitted = fit_petab(problem, starts or default, seed, steps, draws)
    return row(name, target, [s.objective for s in fitted.starts], [s.seconds for s in fitted.starts])


def row(name: str, target: float, found: list[float], seconds: list[float]) -> list[str]:
    """A row: target, best, starts that reached the target, seconds a start."""
    reached = sum(x <= target for x in found)
    times = f"{np.median(seconds):.2f}", f"{max(seconds):.2f}"
    return [name, f"{target:.6g}", f"{min(found):.6f}", f"{reached} of {len(found)}", *times]


def main() -> None:
    """Run what is asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", default="", help="part of a name")
    parser.add_argument("--starts", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("results") / "fits.tsv")
    given = parser.parse_args()
    rows = [["problem", "to reach", "best", "reached", "median s a start", "slowest s"]]
    for name in BOUNDS:
        if given.only in f"redPaper, {name}":
            rows.append(red_paper(given.data, name, given.starts or 20, given.seed))
            print("\t".join(rows[-1]), flush=True)
    for name in PETAB:
        if given.only in name:
            rows.append(petab(given.data, name, given.starts, given.seed))
            print("\t".join(rows[-1]), flush=True)
    write_text(given.out, "\n".join("\t".join(r) for r in rows) + "\n")


if __name__ == "__main__":
    main()
