"""Run by the tests in a process of its own: open a COPASI file, do what is asked, print JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import basico
import COPASI

OWN_LIST = "Update MIRIAM from the tools menu"


def said() -> list[str]:
    found = []
    while COPASI.CCopasiMessage.size():
        text = COPASI.CCopasiMessage.getFirstMessage().getText()
        found += [] if OWN_LIST in text else [" ".join(text.split())]
    return found


def course(dm: Any, name: str, times: list[float], ids: list[str]) -> list[list[float]]:
    """Apply a parameter set and run the time course."""
    dm.getModel().getModelParameterSets().getByName(name).updateModel()
    frame = basico.run_time_course_with_output(
        ["Time", *(f"Values[{id}]" for id in ids)],
        values=[0.0, *times],
        r_tol=1e-9,
        a_tol=1e-12,
        max_steps=1_000_000,
        use_initial_values=True,
    )
    rows = frame.to_numpy(float)
    return [rows[abs(rows[:, 0] - t).argmin(), 1:].tolist() for t in times]


def estimate(dm: Any, method: int, iterations: int) -> float:
    course = dm.getTask("Time-Course").getMethod()  # which runs the experiments
    course.getParameter("Relative Tolerance").setUDblValue(1e-5)
    course.getParameter("Absolute Tolerance").setUDblValue(1e-6)
    task = dm.getTask("Parameter Estimation")
    if task.getMethod().getSubType() != method:
        task.setMethodType(method)
    if iterations:
        task.getMethod().getParameter("Iteration Limit").setUIntValue(iterations)
    assert task.initialize(COPASI.CCopasiTask.OUTPUT_UI) and task.process(True), said()
    return float(task.getProblem().getSolutionValue())


def dose_response(dm: Any, steps: int) -> list[list[float]]:
    """Run the scan with fewer doses; what its plot shows: a row an output, the dose first."""
    scan = dm.getTask("Scan")
    scan.getProblem().getScanItem(0).getParameter("Number of steps").setUIntValue(steps)
    curves = basico.get_plots().loc["Dose-response"]["curves"]
    names = [curves[0]["channels"][0], *(c["channels"][1] for c in curves)]
    seen = COPASI.CDataHandler()
    for name in names:
        seen.addAfterName(COPASI.CRegisteredCommonName(name))
    dm.addInterface(seen)
    assert scan.initializeRaw(COPASI.CCopasiTask.OUTPUT_UI) and scan.processRaw(True), said()
    dm.removeInterface(seen)
    flat = list(seen.getAfterData())
    return [flat[i : i + len(names)] for i in range(0, len(flat), len(names))]


def axes(dm: Any) -> dict[str, list[str]]:
    """The units of the first curve of each plot, x and y."""
    return {
        title: [dm.getObject(COPASI.CCommonName(c)).getUnits() for c in row["curves"][0]["channels"] if c]
        for title, row in basico.get_plots().iterrows()
    }


def main(path: str, asked: dict[str, Any]) -> None:
    COPASI.CCopasiMessage.clearDeque()
    dm = COPASI.CRootContainer.addDatamodel()
    assert dm.loadModel(path), COPASI.CCopasiMessage.getAllMessageText()
    found: dict[str, Any] = {"messages": said()}
    basico.set_current_model(dm)
    found["sets"] = [s["name"] for s in basico.get_parameter_sets()]
    found["plots"] = {p: row.to_dict()["curves"] for p, row in basico.get_plots().iterrows()}
    items = basico.get_fit_parameters()
    found["free"] = {} if items is None else {n: [r["lower"], r["upper"]] for n, r in items.iterrows()}
    if "iterations" in asked:  # before parameter sets are applied
        lm, as_it_is = COPASI.CTaskEnum.Method_LevenbergMarquardt, COPASI.CTaskEnum.Method_Statistics
        found["method"] = dm.getTask("Parameter Estimation").getMethod().getSubType() == lm
        found["objective"] = estimate(dm, lm, asked["iterations"])
        found["before"] = estimate(dm, as_it_is, 0)
    found["courses"] = {n: course(dm, n, *what) for n, what in asked.get("courses", {}).items()}
    if asked.get("tasks"):
        course_of = dm.getTask("Time-Course")
        found["course"] = bool(course_of.initialize(COPASI.CCopasiTask.OUTPUT_UI) and course_of.process(True))
        found["steady"] = basico.run_steadystate()
        found["scan"] = dose_response(dm, asked.get("doses", 2))
        found["axes"] = axes(dm)
    if "sbml" in asked:
        Path(asked["sbml"]).write_text(dm.exportSBMLToString(3, 1), encoding="utf-8")
        found["on export"] = said()
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
