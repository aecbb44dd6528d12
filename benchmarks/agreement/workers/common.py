"""What every worker does: read the order, run one job after the other, write each result as it comes.

Workers run in the environment of their tool and import nothing of mtorkin.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Job = dict[str, Any]


def serve(run: Callable[[Job], dict[str, Any]]) -> None:
    """Run every job of the order named on the command line; an exception is the result of its job."""
    with open(sys.argv[1], encoding="utf-8") as file:
        jobs = json.load(file)
    for job in jobs:
        try:
            result = run(job)
        except Exception as error:
            traceback.print_exc()
            result = {"error": f"{type(error).__name__}: {error}"[:300]}
        with open(job["result"] + ".part", "w", encoding="utf-8") as file:
            json.dump(result, file)
        os.replace(job["result"] + ".part", job["result"])


@dataclass
class Pieces:
    """A file without its events: concentrations and parameters at 0, then (time, changes)."""

    species: dict[str, float]
    parameters: dict[str, float]
    constants: dict[str, float]
    volumes: dict[str, float]
    events: list[tuple[float, dict[str, float]]]
    text: str


def pieces(path: str) -> Pieces:
    """Return a file as what holds at 0 and what is set later, for tools that know no events."""
    import libsbml

    document = libsbml.readSBMLFromFile(path)
    convert = libsbml.ConversionProperties()
    convert.addOption("expandInitialAssignments", True)
    document.convert(convert)
    model = document.getModel()
    sizes = {c.getId(): c.getSize() for c in model.getListOfCompartments()}
    species = {s.getId(): s.getInitialConcentration() for s in model.getListOfSpecies()}
    parameters = {p.getId(): p.getValue() for p in model.getListOfParameters() if p.isSetValue()}
    events = []
    for event in model.getListOfEvents():
        when = parameters[event.getTrigger().getMath().getChild(1).getName()]
        set_ = {a.getVariable(): parameters[a.getMath().getName()] for a in event.getListOfEventAssignments()}
        events.append((when, set_))
    while model.getNumEvents():
        model.removeEvent(0)
    # what is left differs between protocols and kinds of cells in numbers alone
    for id in set(parameters) - _used(model):
        model.removeParameter(id)
        del parameters[id]
    for said in (document, model, *model.getListOfParameters()):
        said.unsetNotes()
        said.unsetAnnotation()
    model.unsetName()
    for parameter in model.getListOfParameters():
        parameter.setConstant(model.getRuleByVariable(parameter.getId()) is None)
    constants = {id: x for id, x in parameters.items() if model.getParameter(id).getConstant()}
    volumes = {s.getId(): sizes[s.getCompartment()] for s in model.getListOfSpecies()}
    events.sort(key=lambda event: event[0])
    return Pieces(species, parameters, constants, volumes, events, libsbml.writeSBMLToString(document))


def _used(model: Any) -> set[str]:
    """The names in rates and rules, and those that rules give a value."""
    laws = [r.getKineticLaw() for r in model.getListOfReactions()]
    rules = list(model.getListOfRules())
    left = [part.getMath() for part in (*laws, *rules)]
    used = {rule.getVariable() for rule in rules}
    while left:
        node = left.pop()
        if node.isName():
            used.add(node.getName())
        left += [node.getChild(i) for i in range(node.getNumChildren())]
    return used


def stretches(found: Pieces, times: list[float]) -> list[tuple[float, list[float], dict[str, float]]]:
    """Return (start, times in it, what is set at the start) of each stretch between events."""
    starts: list[tuple[float, dict[str, float]]] = [(0.0, {}), *found.events]
    ends = [start for start, _ in starts[1:]] + [float("inf")]
    return [
        (start, [t for t in times if start < t <= end] + ([end] if end < float("inf") else []), set_)
        for (start, set_), end in zip(starts, ends, strict=True)
    ]
