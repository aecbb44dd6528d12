"""AMICI: generated C++, compiled; CVODES with KLU and AMD ordering; forward and adjoint sensitivities."""

# ruff: noqa: D102 (what the methods do is said in common.py)

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import amici
import numpy as np
from amici import MeasurementChannel
from amici.importers.sbml import SbmlImporter
from amici.sim import sundials as sd
from common import Peer, serve

AMD = 0


class Amici(Peer):
    """One compilation without sensitivities or observables, and one with, for gradients."""

    packages = ("amici", "numpy")

    def load(self) -> None:
        self.model = self._compiled("plain", [], [])
        self.solver = self._solver(self.model)
        self.order, self.places = self._places(self.model)

    def _compiled(self, kind: str, free: list[str], channels: list[str]) -> Any:
        name = f"bench_{kind}_{self.case.model}"
        folder = self.scratch / name
        if os.environ.get("BENCH_FRESH") or not (folder / "ready").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            SbmlImporter(self.case.rates).sbml2amici(
                name,
                folder,
                fixed_parameters=[id for id in self.case.constants if id not in free],
                observation_model=[MeasurementChannel(id_=f"seen_{id}", formula=id) for id in channels],
                generate_sensitivity_code=bool(free),
                compute_conservation_laws=False,
                verbose=False,
            )
            Path(folder / "ready").touch()
        return amici.import_model_module(name, folder).get_model()

    def _solver(self, model: Any) -> Any:
        solver = model.create_solver()
        solver.set_linear_solver(sd.LinearSolver.KLU)
        solver.set_state_ordering(AMD)
        solver.set_max_steps(100_000)
        model.set_always_check_finite(False)
        return solver

    def _places(self, model: Any) -> tuple[list[int], list[int]]:
        states, fixed = list(model.get_state_ids()), list(model.get_fixed_parameter_ids())
        order = [states.index(id) for id in self.case.species]
        return order, [self.case.constants.index(id) for id in fixed]

    def simulate(self, i: int, rtol: float, atol: float) -> Any:
        model, solver = self.model, self.solver
        model.set_timepoints(self.case.times)
        model.set_fixed_parameters(self.case.p[i, self.places])
        solver.set_relative_tolerance(rtol)
        solver.set_absolute_tolerance(atol)
        found = sd.run_simulation(model, solver)
        if found.status != sd.AMICI_SUCCESS:
            raise RuntimeError(f"status {found.status}")
        return found

    def species(self, found: Any) -> Any:
        return np.asarray(found.x)[:, self.order]

    def prepare_gradient(self, count: int, method: str) -> None:
        if hasattr(self, "follower"):
            return
        case = self.case
        self.follower = self._compiled("gradient", case.directions, case.channels)
        self.following = self._solver(self.follower)
        self.follower.set_timepoints(case.gradient_times[1:])
        self.free = list(self.follower.get_free_parameter_ids())
        place = {id: i for i, id in enumerate(case.constants)}
        self.follower.set_free_parameters([case.p[0, place[id]] for id in self.free])
        self.follower.set_fixed_parameters(case.p[0, self._places(self.follower)[1]])
        self.following.set_sensitivity_order(sd.SensitivityOrder.first)
        self.following.set_return_data_reporting_mode(sd.RDataReporting.likelihood)
        self.measured = sd.ExpData(self.follower)
        self.measured.set_measurements(case.data.ravel())
        self.measured.set_noise_scales(np.ones(case.data.size))

    def gradient(self, places: list[int], method: str, rtol: float, atol: float) -> Any:
        names = [self.case.directions[i] for i in places]
        solver, model = self.following, self.follower
        model.set_parameter_list([self.free.index(id) for id in names])
        adjoint = method == "adjoint"
        kinds = sd.SensitivityMethod
        solver.set_sensitivity_method(kinds.adjoint if adjoint else kinds.forward)
        for side in ("", "_fsa", "_b", "_quadratures"):
            getattr(solver, f"set_relative_tolerance{side}")(rtol)
            getattr(solver, f"set_absolute_tolerance{side}")(atol)
        found = sd.run_simulation(model, solver, self.measured)
        if found.status != sd.AMICI_SUCCESS:
            raise RuntimeError(f"status {found.status}")
        values = np.array([self.case.p[0, self.case.constants.index(id)] for id in names])
        return -np.asarray(found.sllh) * values

    def settings(self) -> str:
        return "rates as rate rules; compiled with -O3 (its default); KLU, AMD ordering; no checks of numbers"


serve(Amici)
