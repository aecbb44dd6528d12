"""What is fitted, what is to be reached, and how: ours here, the peers' orders for their workers."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import runs
from benchmarks.fits.red_paper import data_of, fit_once, for_copasi, problem_of, totals_part
from mtorkin.petab.fitting import HEATS, TOLERANCES, first_points, run_start
from mtorkin.petab.problem import PetabProblem
from mtorkin.petab.reading import read_petab

ROUNDING = 5e-6  # the sums of squares to be reached are given with five decimals
PACKAGES = ("mtorkin", "fides", "numpy", "scipy")


@dataclass(frozen=True)
class Case:
    """A problem: `reach` is the value that counts, `draws` the points of a start, `steps` its limit.

    `heats` is how many of the points are descended from (of PEtab problems as `fit_petab` does it).
    `tools` is how many starts each peer has; some methods of COPASI, which take long, get few.
    """

    name: str
    title: str
    reach: float
    draws: int
    steps: int
    bounds: tuple[float, float] | None = None
    tools: dict[str, int] = field(default_factory=dict)
    heats: int = HEATS

    def problem(self, data: Path) -> PetabProblem:
        """The problem as we read it."""
        if self.bounds is None:
            return read_petab(data / "petab_benchmarks" / self.name / f"{self.name}.yaml")
        return problem_of(data / "breast_cancer_blots", *self.bounds)


OURS = "mtorkin"
PYPESTO = "pyPESTO"
# COPASI's methods, as they come, and how many starts each is given
COPASI = {"Levenberg - Marquardt": 20, "NL2SOL": 20, "Particle Swarm": 2}
CASES = (
    Case(
        "red_paper",
        "Breast cancer blots, reduced model, published bounds",
        2.23322 + ROUNDING,
        5,
        200,
        (1e-2, 1e2),
        COPASI,
        heats=1,
    ),
    Case(
        "red_paper_wide",
        "The same, bounds 1e-6 to 1e2",
        1.84546 + ROUNDING,
        40,
        600,
        (1e-6, 1e2),
        COPASI,
    ),
    Case("Boehm_JProteomeRes2014", "Boehm 2014", 138.223, 60, 600, tools={PYPESTO: 20}),
    Case("Brannmark_JBC2010", "Brännmark 2010", 141.89, 60, 1500, tools={PYPESTO: 20}),
    Case("Fujita_SciSignal2010", "Fujita 2010", -53.08, 60, 600, tools={PYPESTO: 20}),
)


def ours(case: Case, data: Path, starts: int, seed: int) -> Iterator[dict[str, Any]]:
    """Run our starts, one after another: first a record of versions, then one for each."""
    began = time.process_time()
    problem = case.problem(data)
    points = first_points(problem, starts * case.draws, seed).reshape(starts, case.draws, -1)
    folder = data / "breast_cancer_blots"
    rest = 0.0 if case.bounds is None else totals_part(data_of(folder))
    yield {"versions": runs.versions(*PACKAGES), "set_up": time.process_time() - began}
    for index, drawn in enumerate(points):
        clock, processor = time.perf_counter(), time.process_time()
        if case.bounds is None:
            start = run_start(problem, index, drawn, case.steps)
            value, message = start.objective, start.message
        else:
            value, message = fit_once(problem, drawn, case.steps, case.heats)[0] + rest, ""
        yield {
            "value": value if math.isfinite(value) else None,
            "message": message,
            "seconds": time.perf_counter() - clock,
            "cpu": time.process_time() - processor,
        }


def order(case: Case, tool: str, data: Path, starts: int, seed: int) -> dict[str, Any]:
    """Return what a peer is asked for: the first point of each of our starts."""
    problem = case.problem(data)
    points = first_points(problem, starts * case.draws, seed).reshape(starts, case.draws, -1)[:, 0]
    asked: dict[str, Any] = {"points": points.tolist()}
    if case.bounds is None:
        path = data / "petab_benchmarks" / case.name / f"{case.name}.yaml"
        tolerances = {"rtol": TOLERANCES.rtol, "atol": TOLERANCES.atol}
        return {**asked, "name": case.name, "yaml": str(path.resolve()), "steps": case.steps, **tolerances}
    low, high = case.bounds
    told = for_copasi(data / "breast_cancer_blots", problem)
    rest = totals_part(data_of(data / "breast_cancer_blots"))
    return {**asked, **told, "rest": rest, "low": low, "high": high, "method": tool}
