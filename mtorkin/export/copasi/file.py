"""From a model and a description of what goes with it to the text of a COPASI file."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mtorkin.errors import SimulationError
from mtorkin.export.copasi.canonical import canonical
from mtorkin.export.tools import COPASI, Tool, _run

__all__ = ["Curve", "Estimation", "ParameterSet", "Plot", "Quantity", "Scan", "Workspace", "copasi_text"]

LINES = 0


@dataclass(frozen=True)
class ParameterSet:
    """Numbers that belong together, by id: concentrations [nM], inputs, parameters [own units]."""

    name: str
    note: str
    values: dict[str, float]


@dataclass(frozen=True)
class Curve:
    """A line: label, colour (#rrggbb), and what x and y are.

    That is an id (its value as it changes; "" is time), ``fit:WHAT`` (a number of the parameter
    estimation) or ``point:N:WHAT:EXPERIMENT`` (the n-th column of data: ``Measured Value``, ``Fitted
    Value`` or ``Independent Value``).
    """

    label: str
    x: str
    y: str
    colour: str
    width: float = 1.5
    line_type: int = LINES
    activity: str = "during"


@dataclass(frozen=True)
class Plot:
    """A window with lines; `tasks` are COPASI's names of those that it shows, "" for all."""

    title: str
    curves: tuple[Curve, ...]
    active: bool = True
    log_x: bool = False
    tasks: str = "Time-Course"


@dataclass(frozen=True)
class Scan:
    """A value at the start, by id, from `low` to `high` in `steps` steps [the value's unit]."""

    id: str
    low: float
    high: float
    steps: int = 20
    log: bool = True


@dataclass(frozen=True)
class Quantity:
    """A quantity that COPASI alone needs: a number, or a formula in which {id} stands for a value.

    With `start_of` it is what the thing with that id starts as. `unit` is in COPASI's words.
    """

    id: str
    value: float = 0.0
    formula: str = ""
    uses: tuple[str, ...] = ()
    note: str = ""
    start_of: str = ""
    unit: str = "1"

    def as_record(self) -> dict[str, Any]:
        """Return what the worker reads."""
        record = asdict(self)
        if not self.formula:
            del record["formula"]
        return record


@dataclass(frozen=True)
class Estimation:
    """Experiments (name, file, rows, columns), free values and their bounds, and the method."""

    experiments: tuple[dict[str, Any], ...]
    free: tuple[dict[str, Any], ...]
    quantities: tuple[Quantity, ...]
    method: str
    settings: dict[str, Any]


@dataclass(frozen=True)
class Workspace:
    """What a COPASI file has beside the model; `tasks` are settings by the task's name.

    `quantities` are those that other things than the estimation need.
    """

    sets: tuple[ParameterSet, ...]
    plots: tuple[Plot, ...]
    tasks: dict[str, dict[str, Any]]
    scan: Scan
    estimation: Estimation | None = field(default=None)
    quantities: tuple[Quantity, ...] = ()


def copasi_text(sbml: str, workspace: Workspace, timeout: float = 300.0) -> str:
    """Return the text of a COPASI file; the same for the same input and the same COPASI.

    COPASI runs in a process of its own, for at most `timeout` [s]. Raises SimulationError where it
    is missing, fails, or has something to say about the model.
    """
    tool = Tool("COPASI", _worker(), COPASI.install)
    with tempfile.TemporaryDirectory(prefix="mtorkin-") as folder:
        names = ("model.xml", "job.json", "result.json", "model.cps")
        model, job, result, out = (Path(folder, name) for name in names)
        model.write_text(sbml, encoding="utf-8", newline="\n")
        asked = _record(workspace) | {"sbml": str(model), "out": str(out), "result": str(result)}
        job.write_text(json.dumps(asked), encoding="utf-8")
        _run(tool, job, timeout)
        if not (result.is_file() and out.is_file()):
            raise SimulationError("COPASI: its process ended well and left no file")
        said = json.loads(result.read_text(encoding="utf-8"))["messages"]
        if said:
            raise SimulationError(f"COPASI has something to say about the model: {' '.join(said)}")
        return canonical(out.read_text(encoding="utf-8"))


def _worker() -> str:
    return Path(__file__).with_name("worker.py").read_text(encoding="utf-8")


def _record(workspace: Workspace) -> dict[str, Any]:
    fit = workspace.estimation
    return {
        "quantities": [q.as_record() for q in (*workspace.quantities, *(fit.quantities if fit else ()))],
        "sets": [asdict(s) for s in workspace.sets],
        "plots": [asdict(p) for p in workspace.plots],
        "tasks": workspace.tasks,
        "scan": asdict(workspace.scan),
        "fit": {
            "experiments": fit.experiments,
            "free": fit.free,
            "method": fit.method,
            "settings": fit.settings,
        }
        if fit
        else None,
    }
