"""Reading a PEtab problem; here format 1: one SBML model, any number of conditions, tables."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mtorkin.errors import nearest
from mtorkin.foreign.refusal import NotRead
from mtorkin.foreign.text import formula_of
from mtorkin.language.expression import Expr, Variable, leaves
from mtorkin.petab.format2 import read_format_2
from mtorkin.petab.naming import Known, model_of, paths
from mtorkin.petab.problem import (
    Integers,
    Measurements,
    Observable,
    Parameter,
    Period,
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
Sets = dict[str, Reference]
FILES = ("sbml_files", "condition_files", "measurement_files", "observable_files")


def read_petab(path: str | os.PathLike[str]) -> PetabProblem:
    """Read a PEtab problem of format version 1 or 2 from its YAML file.

    Raises NotRead, naming file, line and column, for what is not there, not PEtab or not supported:
    several models, other versions, SBML beyond `read_sbml`.
    """
    said = read_yaml(path)
    name, folder = Path(path).name, Path(path).parent
    version = str(said.get("format_version", "")).strip()
    if version in ("2", "2.0", "2.0.0"):
        return read_format_2(said, name, folder)
    if version not in ("1", "1.0.0"):
        raise NotRead(f"{name}: format_version is {version[:20]!r}; 1 and 2.0.0 are read")
    return _read_format_1(said, name, folder)


def _read_format_1(said: dict[str, Any], name: str, folder: Path) -> PetabProblem:
    problems = said.get("problems")
    if not isinstance(problems, list) or len(problems) != 1 or not isinstance(problems[0], dict):
        raise NotRead(f"{name}: one problem with one model is read")
    models, conditions, measured, observed = (
        paths(problems[0].get(kind), folder, name, kind) for kind in FILES
    )
    if len(models) != 1:
        raise NotRead(f"{name}: {len(models)} models; one is read")
    document = model_of(models[0])
    tables = paths(said.get("parameter_file"), folder, name, "parameter_file")
    parameters = {
        p.id: p
        for t in tables
        for p in _parameters(read_table(t, ("parameterId", "parameterScale", "estimate")))
    }
    known = Known(document, parameters)
    condition = dict(c for t in conditions for c in _conditions(read_table(t, ("conditionId",)), known))
    observables = {o.id: o for t in observed for o in _observables(t, known)}
    rows = [r for t in measured for r in read_table(t, MEASURED).rows]
    if not rows:
        raise NotRead(f"{name}: no measurement")
    measurements, simulations = _measurements(rows, observables, condition, known)
    return PetabProblem(name, document, parameters, tuple(observables.values()), measurements, simulations)


ESTIMATE = {"1": True, "1.0": True, "true": True, "True": True}
ESTIMATE |= {"0": False, "0.0": False, "false": False, "False": False}
MEASURED = ("observableId", "simulationConditionId", "measurement", "time")


def _parameters(table: Table) -> Iterable[Parameter]:
    for row in table.rows:
        scale = row.required("parameterScale")
        if scale not in SCALES:
            raise row.error("parameterScale", f"{scale[:80]!r} is none of {', '.join(SCALES)}")
        if row.required("estimate") not in ESTIMATE:
            raise row.error("estimate", f"{row.text('estimate')[:80]!r} is neither 1 nor 0")
        estimated = ESTIMATE[row.text("estimate")]
        nominal = row.number("nominalValue") if row.text("nominalValue") else math.nan
        lower = row.number("lowerBound") if row.text("lowerBound") else -math.inf
        upper = row.number("upperBound") if row.text("upperBound") else math.inf
        if estimated and not (lower < upper and (scale == "lin" or lower > 0)):
            raise row.error("lowerBound", f"{lower:g} to {upper:g} are no bounds on the scale {scale}")
        if not estimated and math.isnan(nominal):
            raise row.error("nominalValue", "is empty and the parameter is not estimated")
        one = Parameter(row.required("parameterId"), scale, lower, upper, nominal, estimated, None)
        yield replace(one, prior=_prior(row, one.scaled)) if estimated else one


def _prior(row: Row, on_scale: Callable[[float], float]) -> Prior | None:
    kind = row.text("objectivePriorType")
    if not kind:
        return None
    if kind not in PRIORS:
        raise row.error("objectivePriorType", f"{kind[:80]!r} is none of {', '.join(PRIORS)}")
    if "niform" in kind and not row.text("objectivePriorParameters"):
        bounds = (row.number("lowerBound"), row.number("upperBound"))
        return Prior(kind, bounds if kind == "uniform" else tuple(map(on_scale, bounds)), flat=True)
    numbers = [as_number(t) for t in row.text("objectivePriorParameters").split(";") if t]
    if len(numbers) != 2 or None in numbers:
        raise row.error("objectivePriorParameters", "two numbers are needed")
    first, second = (float(x) for x in numbers if x is not None)
    if not second > (first if "niform" in kind else 0):
        raise row.error("objectivePriorParameters", f"{first:g};{second:g} are not those of a {kind}")
    return Prior(kind, (first, second))


def _conditions(table: Table, known: Known) -> Iterable[tuple[str, Sets]]:
    columns = [c for c in table.columns if c and c not in ("conditionId", "conditionName")]
    for column in columns:
        if column not in known.model:
            raise NotRead(
                f"{table.path}: column {column[:80]!r} is nothing in the model"
                f"{nearest(column[:80], known.model)}"
            )
    for row in table.rows:
        sets = {c: known.reference(row.text(c), row, c) for c in columns if row.text(c)}
        yield row.required("conditionId"), sets


def _observables(path: Path, known: Known) -> Iterable[Observable]:
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
    rows: list[Row], observables: dict[str, Observable], conditions: dict[str, Sets], known: Known
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
        _simulation(before, now, np.array(members), conditions, known)
        for (before, now), members in groups.items()
    )
    return measurements, simulations


def _simulation(
    before: str, now: str, rows: Integers, conditions: dict[str, Sets], known: Known
) -> Simulation:
    periods = (Period(0.0, conditions[now]),)
    if not before:
        return Simulation(f"condition {now}", None, periods, rows)
    for id, compartment in known.document.compartments.items():
        sizes = {conditions[name].get(id, compartment.size) for name in (before, now)}
        if len(sizes) > 1:
            raise NotRead(
                f"{known.document.source}: condition {now} changes the volume of {id} of a model at rest, "
                "and format 1 does not say what becomes of what is in it"
            )
    return Simulation(f"condition {now}", Period(-math.inf, conditions[before]), periods, rows)


def _placeholders(row: Row, observable: Observable, known: Known) -> dict[str, Reference]:
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
