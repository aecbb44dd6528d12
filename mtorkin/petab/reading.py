"""Reading a PEtab v1 problem: one SBML model, any number of conditions, tables as the format says."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from mtorkin.errors import nearest
from mtorkin.foreign.declared import Document
from mtorkin.foreign.document import read_document
from mtorkin.foreign.reading import made
from mtorkin.foreign.refusal import NotRead
from mtorkin.foreign.text import formula_of
from mtorkin.language.expression import Expr, Variable, leaves
from mtorkin.petab.problem import (
    Condition,
    Measurements,
    Observable,
    Parameter,
    PetabProblem,
    Prior,
    Reference,
    Simulation,
)
from mtorkin.petab.tables import Row, Table, as_number, read_table, read_yaml

__all__ = ["read_petab"]

SCALES = ("lin", "log", "log10")
PRIORS: tuple[str, ...] = ("normal", "laplace", "logNormal", "logLaplace", "uniform")
PRIORS += ("parameterScaleNormal", "parameterScaleLaplace", "parameterScaleUniform")
FILES = ("sbml_files", "condition_files", "measurement_files", "observable_files")


def read_petab(path: str | os.PathLike[str]) -> PetabProblem:
    """Read a PEtab problem of format version 1 from its YAML file.

    Raises NotRead, naming file, line and column, for what is not there, not PEtab or not supported:
    several models, other versions, time-dependent conditions, SBML beyond `read_sbml`.
    """
    said = read_yaml(path)
    name = Path(path).name
    version = str(said.get("format_version", "")).strip()
    if version not in ("1", "1.0.0"):
        raise NotRead(f"{name}: format_version is {version[:20]!r}; 1 is read")
    folder = Path(path).parent
    problems = said.get("problems")
    if not isinstance(problems, list) or len(problems) != 1 or not isinstance(problems[0], dict):
        raise NotRead(f"{name}: one problem with one model is read")
    models, conditions, measured, observed = (_files(problems[0], kind, folder, name) for kind in FILES)
    if len(models) != 1:
        raise NotRead(f"{name}: {len(models)} models; one is read")
    document = read_document(models[0])
    made(document)  # whatever it refuses is refused now
    tables = _paths(said.get("parameter_file"), folder, name, "parameter_file")
    parameters = {
        p.id: p
        for t in tables
        for p in _parameters(read_table(t, ("parameterId", "parameterScale", "estimate")))
    }
    known = _Known(document, parameters)
    condition = {c.id: c for t in conditions for c in _conditions(read_table(t, ("conditionId",)), known)}
    observables = {o.id: o for t in observed for o in _observables(t, known)}
    rows = [r for t in measured for r in read_table(t, MEASURED).rows]
    if not rows:
        raise NotRead(f"{name}: no measurement")
    measurements, simulations = _measurements(rows, observables, condition, known)
    return PetabProblem(name, document, parameters, tuple(observables.values()), measurements, simulations)


MEASURED = ("observableId", "simulationConditionId", "measurement", "time")


class _Known:
    """What formulas and tables may name."""

    def __init__(self, document: Document, parameters: dict[str, Parameter]) -> None:
        self.document, self.parameters = document, parameters
        self.model = {*document.quantities, *document.compartments}

    def reference(self, text: str, row: Row, column: str) -> Reference:
        value = as_number(text)
        if value is not None:
            if not math.isfinite(value):
                raise row.error(column, f"{text[:80]!r} is not finite")
            return value
        if text not in self.parameters:
            raise row.error(
                column, f"{text[:80]!r} is no number and no parameter{nearest(text[:80], self.parameters)}"
            )
        return text


def _files(problem: dict[str, Any], kind: str, folder: Path, name: str) -> list[Path]:
    return _paths(problem.get(kind), folder, name, kind)


def _paths(said: object, folder: Path, name: str, kind: str) -> list[Path]:
    texts = [said] if isinstance(said, str) else said
    if not isinstance(texts, list) or not texts or not all(isinstance(t, str) and t for t in texts):
        raise NotRead(f"{name}: {kind} names no file")
    for text in texts:
        if Path(text).is_absolute() or ".." in Path(text).parts or "://" in text:
            raise NotRead(f"{name}: {kind}: {text[:80]!r} is not a file beside it; nothing else is read")
    return [folder / text for text in texts]


def _parameters(table: Table) -> Iterable[Parameter]:
    for row in table.rows:
        scale = row.required("parameterScale")
        if scale not in SCALES:
            raise row.error("parameterScale", f"{scale[:80]!r} is none of {', '.join(SCALES)}")
        estimated = row.required("estimate") in ("1", "1.0", "true", "True")
        nominal = row.number("nominalValue") if row.text("nominalValue") else math.nan
        lower = row.number("lowerBound") if row.text("lowerBound") else -math.inf
        upper = row.number("upperBound") if row.text("upperBound") else math.inf
        if estimated and not (lower < upper and (scale == "lin" or lower > 0)):
            raise row.error("lowerBound", f"{lower:g} to {upper:g} are no bounds on the scale {scale}")
        if not estimated and math.isnan(nominal):
            raise row.error("nominalValue", "is empty and the parameter is not estimated")
        yield Parameter(row.required("parameterId"), scale, lower, upper, nominal, estimated, _prior(row))


def _prior(row: Row) -> Prior | None:
    kind = row.text("objectivePriorType")
    if not kind:
        return None
    if kind not in PRIORS:
        raise row.error("objectivePriorType", f"{kind[:80]!r} is none of {', '.join(PRIORS)}")
    numbers = [as_number(t) for t in row.text("objectivePriorParameters").split(";") if t]
    if not numbers:
        numbers = [row.number("lowerBound"), row.number("upperBound")] if "niform" in kind else []
    if len(numbers) != 2 or None in numbers:
        raise row.error("objectivePriorParameters", "two numbers are needed")
    first, second = (float(x) for x in numbers if x is not None)
    if not second > (first if "niform" in kind else 0):
        raise row.error("objectivePriorParameters", f"{first:g};{second:g} are not those of a {kind}")
    return Prior(kind, first, second)


def _conditions(table: Table, known: _Known) -> Iterable[Condition]:
    columns = [c for c in table.columns if c and c not in ("conditionId", "conditionName")]
    for column in columns:
        if column not in known.model:
            raise NotRead(
                f"{table.path}: column {column[:80]!r} is nothing in the model"
                f"{nearest(column[:80], known.model)}"
            )
    for row in table.rows:
        sets = {c: known.reference(row.text(c), row, c) for c in columns if row.text(c)}
        yield Condition(row.required("conditionId"), sets)


def _observables(path: Path, known: _Known) -> Iterable[Observable]:
    table = read_table(path, ("observableId", "observableFormula"))
    formulas: dict[str, Expr] = {}

    def names(id: str) -> Expr | None:
        there = id in known.model or id in known.parameters or _is_placeholder(id) or id == "time"
        return Variable(id, "1") if there else formulas.get(id)

    for row in table.rows:
        id = row.required("observableId")
        formulas[id] = formula_of(
            row.required("observableFormula"), names, f"{row.path}:{row.line}:observableFormula"
        )
    for row in table.rows:
        id = row.required("observableId")
        transformation = row.text("observableTransformation") or "lin"
        distribution = row.text("noiseDistribution") or "normal"
        if transformation not in SCALES or distribution not in ("normal", "laplace"):
            raise row.error(
                "noiseDistribution", f"{transformation[:40]!r}, {distribution[:40]!r} are not supported"
            )
        text = row.text("noiseFormula") or "1"
        noise = formula_of(text, names, f"{row.path}:{row.line}:noiseFormula")
        yield Observable(id, formulas[id], noise, transformation, distribution == "laplace")


def _is_placeholder(id: str) -> bool:
    head = id.partition("_")[0]
    return any(
        head[: len(w)] == w and head[len(w) :].isdigit() for w in ("observableParameter", "noiseParameter")
    )


def _measurements(
    rows: list[Row], observables: dict[str, Observable], conditions: dict[str, Condition], known: _Known
) -> tuple[Measurements, tuple[Simulation, ...]]:
    order = {id: i for i, id in enumerate(observables)}
    given = []
    groups: dict[tuple[str, str], list[int]] = {}
    for i, row in enumerate(rows):
        id = row.required("observableId")
        if id not in order:
            raise row.error("observableId", f"{id[:80]!r} is no observable{nearest(id[:80], order)}")
        before, now = row.text("preequilibrationConditionId"), row.required("simulationConditionId")
        for column, name in (("preequilibrationConditionId", before), ("simulationConditionId", now)):
            if name and name not in conditions:
                raise row.error(column, f"{name[:80]!r} is no condition{nearest(name[:80], conditions)}")
        groups.setdefault((before, now), []).append(i)
        given.append(_placeholders(row, observables[id], known))
        if row.number("time") < 0:
            raise row.error("time", "is before 0")
        if not math.isfinite(row.number("measurement")):
            raise row.error("measurement", "is not finite")
    measurements = Measurements(
        np.array([row.number("measurement") for row in rows]),
        np.array([row.number("time") for row in rows]),
        np.array([order[row.required("observableId")] for row in rows]),
        tuple(given),
    )
    simulations = tuple(
        Simulation(conditions[now], conditions[before] if before else None, np.array(members))
        for (before, now), members in groups.items()
    )
    return measurements, simulations


def _placeholders(row: Row, observable: Observable, known: _Known) -> dict[str, Reference]:
    found: dict[str, Reference] = {}
    for column, word in (
        ("observableParameters", "observableParameter"),
        ("noiseParameters", "noiseParameter"),
    ):
        texts = [t.strip() for t in row.text(column).split(";") if t.strip()]
        for n, text in enumerate(texts, start=1):
            found[f"{word}{n}_{observable.id}"] = known.reference(text, row, column)
    needed = {
        x.id for e in (observable.formula, observable.noise) for x in leaves(e) if _is_placeholder(x.id)
    }
    if missing := sorted(needed - found.keys()):
        raise row.error("observableParameters", f"{missing[0]} is needed and not given")
    return found
