"""SciPy's BDF with the package's compiled right-hand side and sparse Jacobian: its reference engine."""

# ruff: noqa: D102 (what the methods do is said in common.py)

from __future__ import annotations

from typing import Any

from common import Case, Peer, serve

from benchmarks import cases
from mtorkin.engines import Stretch, scipy


class SciPy(Peer):
    """Tolerances are those of steps."""

    packages = ("scipy", "numpy")

    def __init__(self, case: Case, scratch: Any) -> None:
        super().__init__(case, scratch)
        scipy.SAFETY_RTOL = scipy.SAFETY_ATOL = 1.0
        self.made = cases.started(case.name, cases.models()[case.name](), case.y0, case.p)

    def load(self) -> None:
        _ = self.made.model.equations

    def simulate(self, i: int, rtol: float, atol: float) -> Any:
        equations = self.made.model.equations
        stretch = Stretch(equations, self.made.p[i].tolist(), self.made.y0, self.case.times, rtol, atol)
        return scipy.integrate(stretch)

    def settings(self) -> str:
        return "the package's own engine `scipy`: solve_ivp, BDF, analytic Jacobian, sparse where it pays"


serve(SciPy)
