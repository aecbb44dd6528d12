"""Reading a PEtab problem of format 2: one SBML model, experiments of any number of periods."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from mtorkin.errors import nearest
from mtorkin.foreign.declared import Document
from mtorkin.foreign.refusal import NotRead
from mtorkin.foreign.text import formula_of
from mtorkin.language.expression import Expr, Variable, leaves
from mtorkin.petab.experiments import conditions_of, experiments_of, tells_time
from mtorkin.petab.naming import Known, model_of, paths
from mtorkin.petab.problem import (
    Measurements,
    Observable,
    Parameter,
    Period,
    PetabProblem,
    Prior,
    Reference,
    Simulation,
)
from mtorkin.petab.tables import Row, read_table
from mtorkin.petab.truncated import prior_of

__all__ = ["read_format_2"]

COLUMNS = {
    "parameter_files": ("parameterId", "estimate"),
    "observable_files": ("observableId", "observableFormula", "noiseFormula"),
    "measurement_files": ("observableId", "experimentId", "measurement", "time"),
    "condition_files": ("conditionId", "targetId", "targetValue"),
    "experiment_files": ("experimentId", "time", "conditionId"),
    "mapping_files": ("petabEntityId", "modelEntityId"),
}
NEEDED = ("parameter_files", "observable_files", "measurement_files")
# columns of format 1 that would change the objective, and what says it now
FORMER = {
    "observableTransformation": "noiseDistribution",
    "objectivePriorType": "priorDistribution",
    "simulationConditionId": "experimentId",
    "preequilibrationConditionId": "experimentId",
}
KEYS = ("format_version", "id", "model_files", "extensions", *COLUMNS)
NOISE = {
    "normal": ("lin", False),
    "laplace": ("lin", True),
    "log-normal": ("log", False),
    "log-laplace": ("log", True),
}
ID = re.compile(r"[A-Za-z_]\w*", re.ASCII)
T = TypeVar("T")


def read_format_2(said: Mapping[str, Any], name: str, folder: Path) -> PetabProblem:
    """Return the problem that a YAML file `name` in `folder` says. Raises NotRead."""
    for key in said:
        if key not in KEYS:
            raise NotRead(f"{name}: format 2 has no {str(key)[:80]!r}{nearest(str(key)[:80], KEYS)}")
    model_id, document = _model(said, name, folder)
    rows = {kind: _rows(said.get(kind), name, folder, kind) for kind in COLUMNS}
    aliases = _aliases(rows["mapping_files"], document)
    parameters = _unique(
        rows["parameter_files"], "parameterId", lambda row: _parameter(row, aliases), lambda p: p.id
    )
    known = Known(document, _with_flat_priors(parameters), aliases)
    observables, placeholders = _observables(rows["observable_files"], known)
    conditions = conditions_of(rows["condition_files"], known)
    experiments = experiments_of(rows["experiment_files"], conditions, known)
    measured = rows["measurement_files"]
    if not measured:
        raise NotRead(f"{name}: no measurement")
    for row in measured:
        if row.text("modelId") not in ("", model_id):
            raise row.error("modelId", f"{row.text('modelId')[:80]!r} is not the model, {model_id}")
    measurements = _measurements(measured, observables, placeholders, known)
    simulations = _simulations(measured, measurements, experiments, document)
    return PetabProblem(
        name, document, known.parameters, tuple(observables.values()), measurements, simulations
    )


def _model(said: Mapping[str, Any], name: str, folder: Path) -> tuple[str, Document]:
    extensions = said.get("extensions") or {}
    for each, about in extensions.items() if isinstance(extensions, dict) else ():
        if not isinstance(about, dict) or str(about.get("required", "")).lower() != "false":
            raise NotRead(f"{name}: needs the extension {str(each)[:80]}, which is not supported")
    models = said.get("model_files")
    if not isinstance(models, dict) or len(models) != 1:
        count = len(models) if isinstance(models, dict | list) else 0
        raise NotRead(f"{name}: model_files has {count} models; one is read")
    ((id, about),) = models.items()
    if not isinstance(about, dict) or str(about.get("language", "")).lower() != "sbml":
        raise NotRead(f"{name}: model {str(id)[:80]}: its language is not sbml, the only one that is read")
    (path,) = paths([about.get("location")], folder, name, f"location of model {str(id)[:80]}")
    return str(id), model_of(path)


def _rows(said: object, name: str, folder: Path, kind: str) -> list[Row]:
    found: list[Row] = []
    for path in paths(said, folder, name, kind, kind in NEEDED):
        table = read_table(path, COLUMNS[kind])
        for column, now in FORMER.items():
            if column in table.columns and any(row.text(column) not in ("", "lin") for row in table.rows):
                raise NotRead(f"{table.path}: column {column} is of format 1; format 2 says it by {now}")
        found += table.rows
    return found


def _unique(
    rows: Iterable[Row], column: str, made: Callable[[Row], T], id_of: Callable[[T], str]
) -> dict[str, T]:
    """What rows are, by id. Raises NotRead where an id is there twice or none."""
    found: dict[str, T] = {}
    for row in rows:
        id = row.required(column)
        if not ID.fullmatch(id):
            raise row.error(column, f"{id[:80]!r} is not letters, digits and underscores")
        one = made(row)
        if id_of(one) in found:
            raise row.error(column, f"{id[:80]!r} is there twice")
        found[id_of(one)] = one
    return found


def _aliases(rows: Iterable[Row], document: Document) -> dict[str, str]:
    """Names of the model by other names. Rows without one are remarks."""
    model = {*document.quantities, *document.compartments}
    found: dict[str, str] = {}
    for row in rows:
        own, id = row.text("modelEntityId"), row.required("petabEntityId")
        if own and own not in model:
            raise row.error(
                "modelEntityId",
                f"{own[:80]!r} is no species, parameter or compartment of the model"
                f"{nearest(own[:80], model)}; local parameters of reactions have no name of their own",
            )
        if own and id != own:
            if id in model or id in found:
                raise row.error("petabEntityId", f"{id[:80]!r} is taken")
            found[id] = own
    return found


def _parameter(row: Row, aliases: Mapping[str, str]) -> Parameter:
    said = row.required("estimate")
    if said.lower() not in ("true", "false"):
        raise row.error(
            "estimate", f"{said[:80]!r} is neither true nor false, which format 2 has for 1 and 0"
        )
    estimated = said.lower() == "true"
    nominal = row.number("nominalValue") if row.text("nominalValue") else math.nan
    id = row.required("parameterId")
    if not estimated:
        if not math.isfinite(nominal):
            raise row.error("nominalValue", "is no number and the parameter is not estimated")
        return Parameter(aliases.get(id, id), "lin", -math.inf, math.inf, nominal, False, None)
    lower, upper = row.number("lowerBound"), row.number("upperBound")
    if not lower < upper:
        raise row.error("lowerBound", f"{lower:g} to {upper:g} are no bounds")
    # the format has no scale: the search is over logarithms where bounds allow it
    scale = "log" if lower > 0 else "lin"
    prior = prior_of(row, lower, upper)
    return Parameter(aliases.get(id, id), scale, lower, upper, nominal, True, prior)


def _with_flat_priors(parameters: dict[str, Parameter]) -> dict[str, Parameter]:
    """Where some parameters have priors, the others have uniform ones between finite bounds."""
    if all(p.prior is None for p in parameters.values()):
        return parameters
    return {
        id: replace(p, prior=Prior("uniform", (p.lower, p.upper), flat=True))
        if p.estimated and p.prior is None and math.isfinite(p.upper - p.lower)
        else p
        for id, p in parameters.items()
    }


Placeholders = tuple[list[str], list[str]]  # of the observable, of its noise


def _observables(rows: list[Row], known: Known) -> tuple[dict[str, Observable], dict[str, Placeholders]]:
    placeholders = {r.required("observableId"): (_listed(r, "observable"), _listed(r, "noise")) for r in rows}
    for row in rows:
        of = placeholders[row.text("observableId")]
        for id in (*of[0], *of[1]):
            if not ID.fullmatch(id) or id in known.model or id in known.parameters or of[0].count(id) > 1:
                raise row.error("observablePlaceholders", f"{id[:80]!r} is no new name")
    formulas: dict[str, Expr] = {}

    def formula(row: Row, column: str, own: Iterable[str]) -> Expr:
        def names(id: str) -> Expr | None:
            there = known.own(id)
            if there in known.model or there in known.parameters or id in own or id == "time":
                return Variable(there, "1")
            return formulas.get(id)

        return formula_of(row.required(column), names, f"{row.path}:{row.line}:{column}")

    def made(row: Row) -> Observable:
        of = placeholders[row.text("observableId")]
        distribution = row.text("noiseDistribution") or "normal"
        if distribution not in NOISE:
            raise row.error("noiseDistribution", f"{distribution[:40]!r} is none of {', '.join(NOISE)}")
        transformation, laplace = NOISE[distribution]
        id = row.text("observableId")
        formulas[id] = formula(row, "observableFormula", of[0])
        noise = formula(row, "noiseFormula", (*of[0], *of[1]))
        return Observable(id, formulas[id], noise, transformation, laplace)

    return _unique(rows, "observableId", made, lambda o: o.id), placeholders


def _listed(row: Row, what: str) -> list[str]:
    return [t.strip() for t in row.text(f"{what}Placeholders").split(";") if t.strip()]


def _measurements(
    rows: list[Row],
    observables: Mapping[str, Observable],
    placeholders: Mapping[str, Placeholders],
    known: Known,
) -> Measurements:
    order = {id: i for i, id in enumerate(observables)}
    given: list[dict[str, Reference]] = []
    for row in rows:
        id = row.required("observableId")
        if id not in order:
            raise row.error("observableId", f"{id[:80]!r} is no observable{nearest(id[:80], order)}")
        if not math.isfinite(row.number("measurement")):
            raise row.error("measurement", "is not finite")
        given.append(_given(row, observables[id], placeholders[id], known))
    return Measurements(
        np.array([row.number("measurement") for row in rows]),
        np.array([row.number("time") for row in rows]),
        np.array([order[row.required("observableId")] for row in rows]),
        tuple(given),
    )


def _given(row: Row, observable: Observable, names: Placeholders, known: Known) -> dict[str, Reference]:
    """What stands for the placeholders of a measurement."""
    found: dict[str, Reference] = {}
    for column, own in zip(("observableParameters", "noiseParameters"), names, strict=True):
        texts = [t.strip() for t in row.text(column).split(";") if t.strip()]
        if len(texts) != len(own):
            raise row.error(column, f"{len(texts)} values for the {len(own)} placeholders of {observable.id}")
        found |= {id: known.reference(text, row, column) for id, text in zip(own, texts, strict=True)}
    for leaf in (x for e in (observable.formula, observable.noise) for x in leaves(e)):
        there = leaf.id in known.model or leaf.id in known.parameters or leaf.id == "time"
        if not there and leaf.id not in found:
            raise row.error("observableId", f"{leaf.id[:80]} is needed, a placeholder of another observable")
    return found


def _simulations(
    rows: list[Row],
    measurements: Measurements,
    experiments: Mapping[str, tuple[Period | None, tuple[Period, ...]]],
    document: Document,
) -> tuple[Simulation, ...]:
    groups: dict[str, list[int]] = {}
    as_it_is = (None, (Period(0.0, {}),))
    clock = tells_time(document)
    for i, row in enumerate(rows):
        id, time = row.text("experimentId"), measurements.time[i]
        if id and id not in experiments:
            raise row.error("experimentId", f"{id[:80]!r} is no experiment{nearest(id[:80], experiments)}")
        _, periods = experiments[id] if id else as_it_is
        if time < periods[0].start:
            raise row.error("time", f"{time:g} is before the experiment begins, at {periods[0].start:g}")
        if time == math.inf and clock and len(periods) > 1:
            raise row.error(
                "time", "a model that depends on the time is not brought to rest after a change of conditions"
            )
        groups.setdefault(id, []).append(i)
    return tuple(
        Simulation(f"experiment {id}".rstrip(), *(experiments[id] if id else as_it_is), np.array(members))
        for id, members in groups.items()
    )
