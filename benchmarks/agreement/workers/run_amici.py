"""AMICI: C++ from the file without its events, compiled once; CVODES starts anew at each event."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import amici
import numpy as np
from amici import MeasurementChannel
from amici.importers.sbml import SbmlImporter
from amici.sim import sundials as sd
from common import Job, Pieces, pieces, serve, stretches


@cache
def folder_of(species: tuple[str, ...], parameters: tuple[str, ...], ids: tuple[str, ...]) -> Path:
    """Where the compiled model of files with these names is kept."""
    key = hashlib.sha256("\n".join((*species, *parameters, *ids)).encode()).hexdigest()[:12]
    return Path(os.environ["AGREEMENT_CACHE"]) / f"amici_{key}"


def model_of(found: Pieces, ids: list[str]) -> Any:
    """Return the model, compiled the first time; all parameters are fixed ones, set for each job."""
    names = [p for p in found.constants if not p.startswith("change_")]
    folder = folder_of(tuple(found.species), tuple(names), tuple(ids))
    if not (folder / "ready").is_file():
        file = folder.with_suffix(".xml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found.text, encoding="utf-8")
        SbmlImporter(file).sbml2amici(
            folder.name,
            folder,
            fixed_parameters=names,
            observation_model=[MeasurementChannel(id_=f"seen_{id}", formula=id) for id in ids],
            generate_sensitivity_code=False,
            compute_conservation_laws=False,
            verbose=False,
        )
        (folder / "ready").touch()
    return amici.import_model_module(folder.name, folder).get_model()


def run(job: Job) -> dict[str, Any]:
    """Return the values of one job."""
    found = pieces(job["sbml"])
    model = model_of(found, job["ids"])
    solver = model.create_solver()
    solver.set_linear_solver(sd.LinearSolver.KLU)
    solver.set_max_steps(1_000_000)
    solver.set_relative_tolerance(job["rtol"])
    solver.set_absolute_tolerance(job["atol"])
    values, states = dict(found.constants), list(model.get_state_ids())
    state = np.array([found.species[id] for id in states])
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
        for t, y in zip(done.ts, np.asarray(done.y), strict=True):
            rows[float(t)] = [float(v) for v in y]
        state = np.asarray(done.x)[-1].copy()
    return {"version": amici.__version__, "messages": [], "values": [rows[t] for t in job["times"]]}


serve(run)
