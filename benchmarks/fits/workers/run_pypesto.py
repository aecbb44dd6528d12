"""pyPESTO with fides and AMICI on a PEtab problem, from given points; a line of JSON for each start.

Run in the environment of the peer: it needs nothing of the package. The order is a JSON file: `yaml`,
`points` (on the scales of the parameters), `steps`, `rtol`, `atol`, and where to keep what is compiled.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np

PACKAGES = ("pypesto", "amici", "fides", "petab", "numpy")


def main() -> None:
    """Carry out the order that the first argument names, into the file of the second."""
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    warnings.simplefilter("ignore")
    began = time.process_time()
    problem = _problem(order)
    with Path(sys.argv[2]).open("w", encoding="utf-8") as out:

        def say(**record: object) -> None:
            print(json.dumps(record), file=out, flush=True)

        say(versions={p: version(p) for p in PACKAGES}, set_up=time.process_time() - began)
        for i, point in enumerate(np.array(order["points"])):
            say(**_one(problem, point, i, order["steps"]))


def _problem(order: dict) -> object:
    """The problem as pyPESTO has it; AMICI's model is compiled once and kept."""
    from petab.v1 import Problem
    from pypesto.petab import PetabImporter

    importer = PetabImporter(
        Problem.from_yaml(order["yaml"]),
        output_folder=str(Path(order["cache"]) / order["name"]),
        model_name=order["name"],
    )
    problem = importer.create_problem()
    for name in logging.root.manager.loggerDict:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    solver = problem.objective.amici_solver
    solver.set_relative_tolerance(order["rtol"])
    solver.set_absolute_tolerance(order["atol"])
    return problem


def _one(problem: object, point: np.ndarray, index: int, steps: int) -> dict:
    """One start: the value that fides ends at, and what it took."""
    from pypesto.optimize import FidesOptimizer

    optimizer = FidesOptimizer(options={"maxiter": steps}, verbose=logging.CRITICAL)
    clock, processor = time.perf_counter(), time.process_time()
    try:
        found = optimizer.minimize(problem=problem, x0=point, id=str(index))
        value, message = float(found.fval), str(found.message)
    except Exception as error:  # a start that fails is counted, and the next one is tried
        value, message = float("inf"), f"{type(error).__name__}: {error}"[:200]
    return {
        "value": value if np.isfinite(value) else None,
        "message": message,
        "seconds": time.perf_counter() - clock,
        "cpu": time.process_time() - processor,
    }


main()
