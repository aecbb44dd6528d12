"""bngsim: generated C, compiled; CVODES with KLU and an analytic Jacobian.

The Jacobian of this model is 12 MB of C, which bngsim compiles without optimisation unless it writes
it in pieces: that takes a third of the time to compile and a quarter to run (117 and 26 ms of processor
a simulation in one busy hour; differences for the Jacobian, 50).

Gradients are by CVODES' difference quotients, with a Jacobian by differences, and what is left is small
enough to be compiled whole at -O3. bngsim can derive the right-hand side of sensitivities, but writes
every assignment out where it is used: 36 MB of C, nine minutes of processor and 4.8 GB to compile, and
a gradient takes four times as long, as the whole Jacobian is computed anew for each parameter.
"""

# ruff: noqa: D102 (what the methods do is said in common.py)

from __future__ import annotations

import os
from typing import Any

import numpy as np
from common import Case, Peer, serve

os.environ["BNGSIM_CODEGEN_CACHE_DIR"] = os.environ["BENCH_CACHE"]
os.environ["BNGSIM_CODEGEN_TIMEOUT"] = "3600"
os.environ["BNGSIM_CODEGEN_CHUNK"] = "on"
# s of the clock to derive the Jacobian: on a busy machine its default, 20, may not suffice
os.environ["BNGSIM_JAC_DERIV_BUDGET_S"] = "600"

import bngsim

# gradients: nothing is derived (the budget would be spent on functions of the results that nobody asks
# for, 40 s, some of it in the first gradient), and C in one piece, at -O3
QUOTIENTS = {
    "BNGSIM_NO_FUNCTIONAL_SENS_RHS": "1",
    "BNGSIM_SENS_DERIV_BUDGET_S": "0.01",
    "BNGSIM_CODEGEN_CHUNK": "off",
}


class BngSim(Peer):
    """The simulator is made once; parameters are set in place."""

    packages = ("bngsim", "numpy")

    def load(self) -> None:
        self.model, self.simulator = self._made()

    def _made(self, **more: Any) -> tuple[Any, Any]:
        model = bngsim.Model.from_sbml(str(self.case.rates))
        simulator = bngsim.Simulator(
            model, method="ode", codegen=True, force_sparse_linear_solver=True, **more
        )
        names = {id: i for i, id in enumerate(model.species_names)}
        self.order = [names[id] for id in self.case.species]
        return model, simulator

    def simulate(self, i: int, rtol: float, atol: float) -> Any:
        self.model.reset()
        self.model.set_params(dict(zip(self.case.constants, self.case.p[i].tolist(), strict=True)))
        return self._run(self.simulator, self.case.times, rtol, atol)

    def species(self, found: Any) -> Any:
        return np.asarray(found.species)[:, self.order]

    def _run(self, simulator: Any, times: Any, rtol: float, atol: float) -> Any:
        span = (float(times[0]), float(times[-1]))
        return simulator.run(t_span=span, n_points=len(times), rtol=rtol, atol=atol, max_steps=100_000)

    def prepare_gradient(self, count: int, method: str) -> None:
        if method != "forward":
            raise NotImplementedError(f"no {method} sensitivities")
        names = [self.case.directions[i] for i in self.case.directions_of(count)]
        os.environ.update(QUOTIENTS)  # for good, since what is put off until the first run reads them too
        self.gradient_model, self.following = self._made(jacobian="fd", sensitivity_params=names)
        self.names = names

    def gradient(self, places: list[int], method: str, rtol: float, atol: float) -> Any:
        case = self.case
        assert [case.directions[i] for i in places] == self.names
        self.gradient_model.reset()
        self.gradient_model.set_params(dict(zip(case.constants, case.p[0].tolist(), strict=True)))
        found = self._run(self.following, case.gradient_times, rtol, atol)
        columns = [self.order[case.species.index(id)] for id in case.channels]
        off = np.asarray(found.species)[1:, columns] - case.data
        slopes = np.asarray(found.sensitivities)[1:, columns]
        return np.einsum("tc,tcp->p", off, slopes) * self._values(case, places)

    @staticmethod
    def _values(case: Case, places: list[int]) -> Any:
        return np.array([case.p[0][case.constants.index(case.directions[i])] for i in places])

    def settings(self) -> str:
        return (
            f"rates as rate rules; code generation ({self.simulator.codegen_backend}), "
            f"in pieces, {self.simulator.jacobian_strategy} Jacobian, KLU (gradients: in one piece, Jacobian "
            "by differences, CVODES' difference quotients)"
        )


serve(BngSim)
