"""libRoadRunner: the rates as SBML, compiled once; CVODE, dense (it has no sparse solver)."""

# ruff: noqa: D102 (what the methods do is said in common.py)

from __future__ import annotations

import os
from typing import Any

import roadrunner
from common import Peer, serve


class RoadRunner(Peer):
    """Constants are set in place, all species are selected in one go."""

    packages = ("libroadrunner", "numpy")

    def load(self) -> None:
        for level in ("ERROR", "WARNING"):
            os.environ.setdefault(f"SUNLOGGER_{level}_FILENAME", os.devnull)
        options = roadrunner.LoadSBMLOptions()
        options.setLLVMBackend(options.LLJIT)
        options.setLLJitOptimizationLevel(options.LESS)
        self.runner = roadrunner.RoadRunner(self.case.rates.read_text(encoding="utf-8"), options)
        self.runner.setIntegrator("cvode")
        self.runner.integrator.stiff = True
        self.runner.integrator.maximum_num_steps = 100_000
        place = {id: i for i, id in enumerate(self.runner.model.getGlobalParameterIds())}
        self.constants = [place[id] for id in self.case.constants]
        self.moving = [place[id] for id in self.case.species]
        self.times = self.case.times.tolist()

    def simulate(self, i: int, rtol: float, atol: float) -> Any:
        runner, model = self.runner, self.runner.model
        runner.reset(roadrunner.SelectionRecord.ALL)
        runner.integrator.relative_tolerance = rtol
        runner.integrator.absolute_tolerance = atol
        model.setGlobalParameterValues(self.constants, self.case.p[i].tolist())
        model.setGlobalParameterValues(self.moving, self.case.y0)
        return runner.simulate(times=self.times, selections=self.case.species)

    def settings(self) -> str:
        return "rates as rate rules; LLJIT, first level of optimisation; CVODE with its dense Jacobian"


serve(RoadRunner)
