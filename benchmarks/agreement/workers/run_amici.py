"""AMICI: C++ from the file without its events, compiled once; CVODES starts anew at each event.

Values are read from AMICI's expressions, which are the file's assignment rules. As observables of its
own they would only be derived and compiled a second time.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from pathlib import Path
from typing import Any

import amici
import numpy as np
from amici.importers.sbml import SbmlImporter
from amici.sim import sundials as sd
from common import Job, Pieces, pieces, serve, stretches

# every step is taken some thousand times: -O3, the default, costs more than it saves
os.environ.setdefault("AMICI_CXXFLAGS", "-O1")
os.environ.setdefault("AMICI_PARALLEL_COMPILE", str(os.cpu_count() or 1))


MODELS: dict[str, Any] = {}


def key_of(found: Pieces) -> str:
    """Return what files have in common that differ in numbers alone, which are set for each job."""
    text = re.sub(r'(<parameter [^>]*\bvalue=")[^"]*"', r'\1"', found.text)
    text = re.sub(r'(<species [^>]*\binitialConcentration=")[^"]*"', r'\1"', text)
    return hashlib.sha256(f"{amici.__version__}\n{text}".encode()).hexdigest()[:12]


def model_of(found: Pieces) -> Any:
    """Return the model of a file, compiled where that has not been done."""
    key = key_of(found)
    folder = Path(os.environ["AGREEMENT_CACHE"]) / f"amici_{key}"
    if key in MODELS:
        return MODELS[key]
    if not (folder / "ready").is_file():
        file = folder.with_suffix(".xml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found.text, encoding="utf-8")
        SbmlImporter(file).sbml2amici(
            folder.name,
            folder,
            fixed_parameters=list(found.constants),
            observation_model=[],
            generate_sensitivity_code=False,
            compute_conservation_laws=False,
            simplify=None,
            verbose=logging.INFO,
        )
        (folder / "ready").touch()
    MODELS[key] = amici.import_model_module(folder.name, folder).get_model()
    return MODELS[key]


def solver_of(model: Any, job: Job) -> Any:
    """Return CVODES with sparse matrices and the tolerances of a job."""
    solver = model.create_solver()
    solver.set_linear_solver(sd.LinearSolver.KLU)
    solver.set_max_steps(1_000_000)
    solver.set_relative_tolerance(job["rtol"])
    solver.set_absolute_tolerance(job["atol"])
    return solver


def run(job: Job) -> dict[str, Any]:
    """Return the values of one job."""
    found = pieces(job["sbml"])
    model = model_of(found)
    solver = solver_of(model, job)
    values, states = dict(found.constants), list(model.get_state_ids())
    state = np.array([found.species[id] for id in states])
    expressions = list(model.get_expression_ids())
    seen = [expressions.index(id) for id in job["ids"]]
    rows = {}
    for start, times, set_ in stretches(found, job["times"]):
        for id, value in set_.items():
            if id in values:
                values[id] = value
            else:
                state[states.index(id)] = value
        if not times:
            continue
        model.set_fixed_parameters([values[id] for id in model.get_fixed_parameter_ids()])
        model.set_t0(start)
        model.set_initial_state(state)
        model.set_timepoints(sorted(set(times)))
        done = sd.run_simulation(model, solver)
        if done.status != sd.AMICI_SUCCESS:
            raise RuntimeError(f"status {done.status}")
        for t, w in zip(done.ts, np.asarray(done.w), strict=True):
            rows[float(t)] = [float(v) for v in w[seen]]
        state = np.asarray(done.x)[-1].copy()
    return {"version": amici.__version__, "messages": [], "values": [rows[t] for t in job["times"]]}


serve(run)
