"""The part that needs COPASI: an SBML file and a job go in, a COPASI file comes out.

A script, run in a process of its own by `mtorkin.export.copasi.file`: COPASI can end the interpreter
that loads it. It knows nothing of mtorkin; things are named by their ids in the SBML.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

# by name, so that importing this module needs no COPASI
FIT = "CN=Root,Vector=TaskList[Parameter Estimation],Problem=Parameter Estimation"
OWN_LIST = "Update MIRIAM from the tools menu"


class Document:
    """A COPASI data model, and its objects by SBML id."""

    def __init__(self, copasi: Any, sbml: str) -> None:
        self.copasi = copasi
        copasi.CCopasiMessage.clearDeque()
        self.dm = copasi.CRootContainer.addDatamodel()
        # a file's path, not its text: only then the COPASI file keeps our ids, for SBML made from it
        if not self.dm.importSBML(sbml):
            sys.exit("COPASI cannot import the model: " + copasi.CCopasiMessage.getAllMessageText())
        self.messages = said(copasi)
        self.model = self.dm.getModel()
        self.species = {x.getSBMLId(): x for x in each(self.model.getMetabolites())}
        self.quantities = {x.getSBMLId(): x for x in each(self.model.getModelValues())}

    def start(self, id: str) -> Any:
        """Return the reference to the value of a species or quantity at the start ("": the time)."""
        if not id:
            return self.model.getInitialValueReference()
        if id in self.species:
            return self.species[id].getInitialConcentrationReference()
        return self.quantities[id].getInitialValueReference()

    def particles(self, id: str) -> float:
        """Return how many particles a concentration of 1 is (a quantity is as it is: 1)."""
        if id not in self.species:
            return 1.0
        volume = self.species[id].getCompartment().getInitialValue()
        return float(volume * self.model.getQuantity2NumberFactor())

    def now(self, id: str) -> Any:
        """Return the reference to the value of a species or quantity while it runs ("": the time)."""
        if not id:
            return self.model.getValueReference()
        if id in self.species:
            return self.species[id].getConcentrationReference()
        return self.quantities[id].getValueReference()


def each(vector: Any) -> list[Any]:
    """Return the members of a COPASI vector."""
    return [vector.get(i) for i in range(vector.size())]


def said(copasi: Any) -> list[str]:
    """Return what COPASI said, and forget it; without its want of a list of databases."""
    found = []
    while copasi.CCopasiMessage.size():
        message = " ".join(copasi.CCopasiMessage.getFirstMessage().getText().split())
        if OWN_LIST not in message:
            found.append(message)
    return found


def set_method(task: Any, values: dict[str, Any]) -> None:
    """Set parameters of a task's method or problem."""
    for owner in (task.getProblem(), task.getMethod()):
        for name, value in values.items():
            parameter = owner.getParameter(name)
            if parameter is None:
                continue
            if isinstance(value, bool):
                parameter.setBoolValue(value)
            elif isinstance(value, str):
                parameter.setStringValue(value)
            elif isinstance(value, int):
                parameter.setUIntValue(value)
            elif name in {"Duration", "StepSize", "OutputStartTime"}:
                parameter.setDblValue(value)
            else:
                parameter.setUDblValue(value)


def add_quantities(doc: Document, listed: list[dict[str, Any]]) -> None:
    """Add quantities to COPASI's model: a number, a formula of values {id}, or what another starts as."""
    for new in listed:
        made = doc.model.createModelValue(new["id"], new.get("value", 0.0))
        made.setUnitExpression(new["unit"])
        doc.quantities[new["id"]] = made
        if new["start_of"]:
            made.setStatus(doc.copasi.CModelEntity.Status_ASSIGNMENT)
            made.setExpression(f"<{doc.start(new['start_of']).getCN().getString()}>")
        if "formula" in new:
            made.setStatus(doc.copasi.CModelEntity.Status_ASSIGNMENT)
            used = {id: f"<{doc.now(id).getCN().getString()}>" for id in new["uses"]}
            made.setExpression(new["formula"].format_map(used))
        if new.get("note"):
            made.setNotes(f'<body xmlns="http://www.w3.org/1999/xhtml"><p>{new["note"]}</p></body>')
    doc.model.compileIfNecessary()


def add_sets(doc: Document, listed: list[dict[str, Any]]) -> None:
    """Add parameter sets that name what they set and nothing else."""
    kinds = doc.copasi.CModelParameter
    for new in listed:
        made = doc.copasi.CModelParameterSet(new["name"])
        doc.model.getModelParameterSets().addAndOwn(made)
        made.setNotes(new["note"])
        groups = {
            kind: made.getModelParameter(doc.copasi.CDataString(title).getCN())
            for kind, title in (
                ("species", "Initial Species Values"),
                ("quantities", "Initial Global Quantities"),
            )
        }
        for id, value in new["values"].items():
            if id in doc.species:
                object, kind = doc.species[id], kinds.Type_Species
                parameter = groups["species"].add(kind)
            else:
                object, kind = doc.quantities[id], kinds.Type_ModelValue
                parameter = groups["quantities"].add(kind)
            parameter.setCN(object.getCN())
            parameter.setSimulationType(object.getStatus())
            # a set knows particles; without its compartments it cannot make them of concentrations
            parameter.setValue(value * doc.particles(id), doc.copasi.CCore.Framework_ParticleNumbers)
        made.compile()


def add_plots(doc: Document, listed: list[dict[str, Any]]) -> None:
    """Add plots: lines of a colour."""
    kinds = doc.copasi.CPlotItem
    for new in listed:
        plot = doc.dm.getPlotDefinitionList().createPlotSpec(new["title"], kinds.plot2d)
        plot.setActive(new["active"])
        plot.setLogX(new["log_x"])
        plot.setTaskTypes(new["tasks"])
        for curve in new["curves"]:
            item = plot.createItem(curve["label"], kinds.curve2d)
            item.getParameter("Color").setStringValue(curve["colour"])
            item.getParameter("Line type").setUIntValue(curve["line_type"])
            item.getParameter("Line width").setUDblValue(curve["width"])
            item.getParameter("Recording Activity").setStringValue(curve["activity"])
            for what in (curve["x"], curve["y"]):
                item.addChannel(doc.copasi.CPlotDataChannelSpec(channel(doc, what)))


def channel(doc: Document, what: str) -> Any:
    """Return what an axis shows: an id now ("": time), "fit:WHAT", "point:N:WHAT:EXPERIMENT"."""
    kind, colon, rest = what.partition(":")
    if not colon:
        return doc.now(what).getCN()
    name = f"{FIT},Reference={rest}"
    if kind == "point":
        n, value, experiment = rest.split(":", 2)
        experiment = doc.copasi.CCommonName.escape(experiment)
        whole = f"{FIT},CExperimentSet=Experiment Set,Experiment={experiment}"
        name = f"{whole},Vector=Fitted Points[{n}],Reference={value}"
    return doc.copasi.CCommonName(name)


def set_scan(doc: Document, scan: dict[str, Any]) -> None:
    """Make the scan task vary one value at the start, evenly or by factors."""
    problem = doc.dm.getTask("Scan").getProblem()
    problem.setSubtask(doc.copasi.CTaskEnum.Task_timeCourse)
    item = problem.addScanItem(doc.copasi.CScanProblem.SCAN_LINEAR, scan["steps"], doc.start(scan["id"]))
    item.getParameter("Minimum").setDblValue(scan["low"])
    item.getParameter("Maximum").setDblValue(scan["high"])
    item.getParameter("log").setBoolValue(scan["log"])
    problem.setOutputSpecification("subTaskDuring|subTaskAfter")
    problem.setContinueFromCurrentState(False)


def add_experiments(doc: Document, listed: list[dict[str, Any]]) -> None:
    """Map the columns of data files to the model."""
    copasi = doc.copasi
    all_of_them = doc.dm.getTask("Parameter Estimation").getProblem().getExperimentSet()
    for new in listed:
        made = all_of_them.addExperiment(copasi.CExperiment(doc.dm))
        made.setObjectName(new["name"])
        made.setFileName(new["file"])
        made.setExperimentType(copasi.CTaskEnum.Task_timeCourse)
        made.setSeparator("\t")
        made.setHeaderRow(new["first"])
        made.setFirstRow(new["first"])
        made.setLastRow(new["last"])
        made.setNumColumns(len(new["columns"]))
        made.setNormalizeWeightsPerExperiment(False)
        columns = made.getObjectMap()
        columns.setNumCols(len(new["columns"]))
        for i, column in enumerate(new["columns"]):
            if column["role"] == "time":
                columns.setRole(i, copasi.CExperiment.time)
            elif column["role"] == "given":
                columns.setRole(i, copasi.CExperiment.independent)
                columns.setObjectCN(i, doc.start(column["id"]).getCN())
            elif column["role"] == "seen":
                columns.setRole(i, copasi.CExperiment.dependent)
                columns.setObjectCN(i, doc.now(column["id"]).getCN())
                columns.setScale(i, column["weight"])
            else:
                columns.setRole(i, copasi.CExperiment.ignore)


def set_estimation(doc: Document, fit: dict[str, Any]) -> None:
    """Set up the parameter estimation: data, what is free, within which bounds, by which method."""
    copasi = doc.copasi
    add_experiments(doc, fit["experiments"])
    task = doc.dm.getTask("Parameter Estimation")
    problem = task.getProblem()
    for free in fit["free"]:
        item = problem.addFitItem(doc.start(free["id"]).getCN())
        item.setLowerBound(copasi.CRegisteredCommonName(repr(free["lower"])))
        item.setUpperBound(copasi.CRegisteredCommonName(repr(free["upper"])))
        item.setStartValue(free["start"])
    problem.setRandomizeStartValues(False)
    problem.setCalculateStatistics(False)
    task.setMethodType(getattr(copasi.CTaskEnum, "Method_" + fit["method"]))
    set_method(task, fit["settings"])


def main(path: str) -> None:
    """Do a job: {sbml, out, result, quantities, sets, plots, tasks, scan, fit}."""
    job = json.loads(Path(path).read_text(encoding="utf-8"))
    copasi = import_module("COPASI")
    doc = Document(copasi, job["sbml"])
    add_quantities(doc, job["quantities"])
    add_sets(doc, job["sets"])
    add_plots(doc, job["plots"])
    for name, values in job["tasks"].items():
        set_method(doc.dm.getTask(name), values)
    set_scan(doc, job["scan"])
    if job["fit"]:
        set_estimation(doc, job["fit"])
    doc.messages += said(copasi)
    if not doc.dm.saveModel(job["out"], True):
        sys.exit("COPASI cannot write the file: " + copasi.CCopasiMessage.getAllMessageText())
    result = {"version": copasi.__version__, "messages": doc.messages}
    Path(job["result"]).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
