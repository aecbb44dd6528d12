"""COPASI: loaded through basico, run through its own binding so that no table is made; LSODA, dense."""

# ruff: noqa: D102 (what the methods do is said in common.py)

from __future__ import annotations

from typing import Any

import basico
import COPASI
import numpy as np
from common import Peer, serve

SETTINGS = ("Relative Tolerance", "Absolute Tolerance")


class Copasi(Peer):
    """Initial values are set in place; the time series holds everything that moves."""

    packages = ("copasi-basico", "python-copasi", "numpy")

    def load(self) -> None:
        self.data = basico.load_model(str(self.case.rates))
        model = self.data.getModel()
        self.values = {v.getObjectName(): v for v in model.getModelValues()}
        self.task = self.data.getTask("Time-Course")
        self.task.setMethodType(COPASI.CTaskEnum.Method_deterministic)
        problem = self.task.getProblem()
        problem.setDuration(float(self.case.times[-1]))
        problem.setStepNumber(len(self.case.times) - 1)
        problem.setTimeSeriesRequested(True)
        self.task.getMethod().getParameter("Max Internal Steps").setUIntValue(1_000_000)
        self.columns: list[int] = []

    def simulate(self, i: int, rtol: float, atol: float) -> Any:
        changed = COPASI.ObjectStdVector()
        pairs = [
            *zip(self.case.constants, self.case.p[i].tolist(), strict=True),
            *zip(self.case.species, self.case.y0.tolist(), strict=True),
        ]
        for id, number in pairs:
            self.values[id].setInitialValue(number)
            changed.append(self.values[id].getInitialValueReference())
        self.data.getModel().updateInitialValues(changed)
        method = self.task.getMethod()
        for name, number in zip(SETTINGS, (rtol, atol), strict=True):
            method.getParameter(name).setDblValue(number)
        done = self.task.initializeRaw(COPASI.CCopasiTask.ONLY_TIME_SERIES)
        if not (done and self.task.processRaw(True)):
            raise RuntimeError(COPASI.CCopasiMessage.getAllMessageText())

    def species(self, found: Any) -> Any:
        series = self.task.getTimeSeries()
        if not self.columns:
            titles = [series.getTitle(k) for k in range(series.getNumVariables())]
            place = {t.removeprefix("Values[").removesuffix("]"): k for k, t in enumerate(titles)}
            self.columns = [place[id] for id in self.case.species]
        steps = range(series.getRecordedSteps())
        return np.array([[series.getConcentrationData(s, k) for k in self.columns] for s in steps])

    def settings(self) -> str:
        return "rates as rate rules; deterministic (LSODA), dense; the binding's task without a table"


serve(Copasi)
