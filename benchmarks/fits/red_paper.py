"""The reduced model of the breast-cancer blots, fitted as its authors did with COPASI.

The sum of squares is the one that ``copasi_reference_fit/reproduce_copasi_objective.py`` defines:
cells at rest without insulin and amino acids, then both; every phospho readout over its mean over
both cell lines, less the data, which are normalised in the same way. The totals are constants in
the model and add 0.5347 whatever the parameters are.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines.blas import single_threaded
from mtorkin.errors import SimulationError
from mtorkin.petab.descent import Point, descend
from mtorkin.petab.fitting import HEATS, SHORT
from mtorkin.petab.likelihood import readouts
from mtorkin.petab.problem import PetabProblem
from mtorkin.petab.reading import read_petab
from mtorkin.petab.simulating import Tolerances

CELLS = ("MCF7", "ZR751")
TIMES = (0, 900, 1800, 3600, 5400, 7200)
# total: phosphorylated form
FORMS = {
    "IRS1": "IRS1pS636_639",
    "Akt": "AktpT308",
    "TSC2": "TSC2pT1462",
    "PRAS40": "PRAS40pT246",
    "FourEBP1": "FourEBP1pT37_46",
    "S6K": "S6KpT389",
}
SEED = 1e-3  # of a form before the cells come to rest, as the authors have it
TOLERANCES = Tolerances(1e-7, 1e-11)


def data_of(folder: Path) -> dict[str, Array]:
    """Return blot-mean normalised signals by readout, shape (cells, times)."""
    path = folder / "copasi_reference_fit" / "redPaper" / "zr75PEInput.csv"
    with path.open(encoding="utf-8") as file:
        names, values = list(csv.reader(file))[:2]
    cells = dict(zip(names, values, strict=True))
    return {
        name: np.array([[float(cells[f"{name}_wb_DVT{i}_{cell}"]) for i in range(6)] for cell in CELLS])
        for pair in FORMS.items()
        for name in pair
    }


def problem_of(folder: Path, lower: float, upper: float) -> PetabProblem:
    """Return the problem with bounds on every rate."""
    data = data_of(folder)
    source = folder / "petab_fixed" / "redPaper"
    table = (source / "parameters.tsv").read_text(encoding="utf-8").splitlines()
    rates = [row.split("\t")[0] for row in table[1:] if row.startswith("k")]
    totals = {cell: {t: float(data[t][i].mean()) for t in FORMS} for i, cell in enumerate(CELLS)}
    columns = ["AA", "Insulin", *(x for pair in FORMS.items() for x in pair)]
    conditions = ["\t".join(["conditionId", *columns])]
    for cell, total in totals.items():
        start = [f"{x}" for t in FORMS for x in (total[t] - SEED, SEED)]
        conditions += ["\t".join([f"rest_{cell}", "0", "0", *start]), "\t".join([f"fed_{cell}", "1", "1"])]
    header = ("observableId", "preequilibrationConditionId", "simulationConditionId", "measurement", "time")
    measured = ["\t".join(header)] + [
        f"obs_{form}\trest_{cell}\tfed_{cell}\t{float(data[form][i, j])!r}\t{time}"
        for form in FORMS.values()
        for i, cell in enumerate(CELLS)
        for j, time in enumerate(TIMES)
    ]
    return petab_of(source / "sbml_model.xml", conditions, measured, FORMS.values(), rates, (lower, upper))


def petab_of(
    sbml: Path,
    conditions: list[str],
    measured: list[str],
    shown: Iterable[str],
    free: Iterable[str],
    bounds: tuple[float, float],
) -> PetabProblem:
    """Return a problem of some tables' lines: readouts as they are, parameters free on a log scale."""
    low, high = bounds
    observed = ["observableId\tobservableFormula\tnoiseFormula", *(f"obs_{r}\t{r}\t1" for r in shown)]
    parameters = ["parameterId\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate"]
    parameters += [f"{k}\tlog10\t{low}\t{high}\t1\t1" for k in free]
    parts = {
        "conditions": conditions,
        "measurements": measured,
        "observables": observed,
        "parameters": parameters,
    }
    with tempfile.TemporaryDirectory() as name:
        into = Path(name)
        for part, lines in parts.items():
            (into / f"{part}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (into / "model.xml").write_bytes(sbml.read_bytes())
        (into / "problem.yaml").write_text(
            "format_version: 1\nparameter_file: parameters.tsv\nproblems:\n- sbml_files: [model.xml]\n"
            "  condition_files: [conditions.tsv]\n  measurement_files: [measurements.tsv]\n"
            "  observable_files: [observables.tsv]\n",
            encoding="utf-8",
        )
        return read_petab(into / "problem.yaml")


def totals_part(data: dict[str, Array]) -> float:
    """Return what the totals add to the sum of squares."""
    found = 0.0
    for total in FORMS:
        model = np.repeat(data[total].mean(axis=1), len(TIMES))
        found += float(np.sum((model / model.mean() - data[total].ravel()) ** 2))
    return found


def point_of(problem: PetabProblem, x: Array, slopes: bool = True) -> Point | None:
    """Return half the sum of squares of the phospho readouts, its gradient and Gauss-Newton Hessian."""
    try:
        found = readouts(problem, x, TOLERANCES, slopes)
    except SimulationError:
        return None
    n = len(CELLS) * len(TIMES)
    a, s = found.value.reshape(-1, n), found.slopes.reshape(-1, n, len(x))
    mean, mean_slope = a.mean(axis=1, keepdims=True), s.mean(axis=1, keepdims=True)
    if not np.all(mean > 0):
        return None
    left = (a / mean).ravel() - problem.measurements.value
    jacobian = (s / mean[..., None] - a[..., None] * mean_slope / mean[..., None] ** 2).reshape(-1, len(x))
    if not (np.all(np.isfinite(left)) and np.all(np.isfinite(jacobian))):
        return None
    return Point(x.copy(), 0.5 * float(left @ left), jacobian.T @ left, jacobian.T @ jacobian)


@single_threaded
def fit_once(
    problem: PetabProblem, points: Array, steps: int = 200, heats: int = HEATS
) -> tuple[float, Array]:
    """Return the sum of squares (phospho readouts) and place that one start ends at.

    As in `mtorkin.petab.fitting.run_start`: of the points, `heats` of the lowest are descended from for a
    few steps, and the lowest of these for `steps`; with 1, the lowest point for `steps`.
    """
    box = problem.bounds()
    begun = [p for x in points if (p := point_of(problem, x, slopes=False)) is not None]
    lowest = [point_of(problem, p.x) for p in sorted(begun, key=lambda p: p.value)[:heats]]

    def evaluate(x: Array) -> Point | None:
        return point_of(problem, x)

    begins = [p for p in lowest if p is not None]
    if heats > 1:
        begins = [descend(evaluate, p, *box, SHORT, whole=False).point for p in begins]
    if not begins:
        return np.inf, points[0]
    ended = descend(evaluate, min(begins, key=lambda p: p.value), *box, steps)
    return 2 * ended.point.value, ended.point.x


def for_copasi(folder: Path, problem: PetabProblem) -> dict[str, Any]:
    """Return what COPASI's worker is told of the problem: names, totals, data (cells, forms, times)."""
    data = data_of(folder)
    return {
        "rates": list(problem.free),
        "forms": list(FORMS),
        "times": list(TIMES),
        "totals": {c: {t: float(data[t][i].mean()) for t in FORMS} for i, c in enumerate(CELLS)},
        "data": {c: [data[f][i].tolist() for f in FORMS.values()] for i, c in enumerate(CELLS)},
    }
