"""Our blot fits as PEtab problems: SBML of the model, and tables that other fitters read.

A scale per antibody and blot and a noise level per antibody become estimated parameters; noise is
log-normal, as ours is. Priors are those of the fit. What PEtab cannot say is refused: format 1 knows
no change of treatment after time 0 (format 2 does), and neither knows backgrounds that are
estimated, censored lanes, or several kinds of cells in one model.
"""

from __future__ import annotations

import math
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mtorkin.arrays import Array
from mtorkin.errors import DeclarationError
from mtorkin.files import write_text
from mtorkin.fit.noise import LogNormal
from mtorkin.fit.problem import FitProblem
from mtorkin.petab.inner import inner_of, solved
from mtorkin.petab.likelihood import linear_values, readouts
from mtorkin.petab.reading import read_petab
from mtorkin.protocol import UNTIL_STEADY, Protocol, check, doses
from mtorkin.sbml import write_document

__all__ = ["write_petab"]

FLOOR = 0.05  # of a noise level, in natural-log units
WIDE = 1e9  # bounds of scales, either side of 1
Table = list[list[str]]


@dataclass(frozen=True)
class _Names:
    """Ids for PEtab, which allows letters, digits and underscores."""

    taken: dict[str, str]

    def of(self, *parts: str) -> str:
        key = "\t".join(parts)
        if key not in self.taken:
            id = re.sub(r"\W", "_", "_".join(parts), flags=re.ASCII)
            while id in self.taken.values():
                id += "_"
            self.taken[key] = id
        return self.taken[key]


def write_petab(
    problem: FitProblem,
    folder: str | os.PathLike[str],
    log_parameters: Array | None = None,
    version: int = 1,
) -> Path:
    """Write a fit as a PEtab problem of format `version` 1 or 2; returns its YAML file.

    Nominal values are exp(`log_parameters`) (parameters,), by default the model's own, with the
    scales and noise levels that fit best there. Raises DeclarationError for what PEtab cannot say,
    SimulationError where the model cannot be simulated there, OSError.
    """
    if version not in (1, 2):
        raise DeclarationError(f"PEtab format {version} is not known; there are 1 and 2")
    if len(problem.models) > 1 or problem.offset:
        raise DeclarationError("PEtab cannot say that several kinds of cells or backgrounds are fitted")
    if problem.data.censored.any():
        raise DeclarationError("PEtab cannot say that lanes are censored; leave them out")
    if "normalised" in problem.lanes and problem.lanes["normalised"].astype(bool).any():
        raise DeclarationError("PEtab cannot say that lanes are normalised to others")
    if not isinstance(problem.data.noise, LogNormal):
        raise DeclarationError("only log-normal noise is written as PEtab")
    x = problem.start if log_parameters is None else np.asarray(log_parameters, dtype=float)
    names = _Names({})
    write = _version_1 if version == 1 else _version_2
    with tempfile.TemporaryDirectory() as first:
        nominal = _nominal(write(problem, Path(first), x, names, {}))
    return write(problem, Path(folder), x, names, nominal)


def _nominal(path: Path) -> dict[str, float]:
    """Scales and noise levels that fit best at the other parameters of a problem, by id."""
    read = read_petab(path)
    begun = read.nominal()
    after, _ = solved(read, inner_of(read), begun, readouts(read, begun, slopes=False))
    return linear_values(read, after)[0]


def _is_plain(protocol: Protocol) -> bool:
    """Whether format 1 can say it: rest, if at all, and one treatment at 0."""
    return all(p.start is UNTIL_STEADY or p.start == 0 for p in protocol.periods)


def _sbml(problem: FitProblem, folder: Path) -> None:
    model = problem.model
    write_text(folder / "model.xml", write_document(model.network, model.values))


def _treatments(problem: FitProblem) -> Iterable[tuple[str, Protocol]]:
    for each in problem.experiments:
        check(each.protocol, problem.model.network)
        yield each.condition, each.protocol


def _targets(problem: FitProblem, given: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Inputs and species that a period sets, by id in the file."""
    species = doses(problem.model.network)
    return {species.get(name, name): value for name, value in given}


def _periods(problem: FitProblem, protocol: Protocol) -> list[tuple[float, dict[str, float]]]:
    """Start (-inf for rest) and what is set, from rest or 0 on."""
    fed = {x.id: x.default for x in problem.model.network.inputs}
    found = []
    for i, period in enumerate(protocol.periods):
        start = -math.inf if period.start is UNTIL_STEADY else float(period.start)
        sets = _targets(problem, period.inputs)
        found.append((start, fed | sets if i == 0 else sets))
    if not found or found[0][0] > 0:
        found.insert(0, (0.0, fed))
    return found


def _observables(problem: FitProblem, version: int) -> Table:
    noise = ["log", "normal"] if version == 1 else ["log-normal"]
    head = ["observableId", "observableFormula", "noiseFormula"]
    head += ["observableTransformation", "noiseDistribution"] if version == 1 else ["noiseDistribution"]
    extra = [] if version == 1 else ["observablePlaceholders", "noisePlaceholders"]
    rows = [[*head, *extra]]
    for target in dict.fromkeys(problem.lanes["target"]):
        s, n = (f"{w}Parameter1_obs_{target}" for w in ("observable", "noise"))
        rows.append([f"obs_{target}", f"{s} * {target}", n, *noise, *([s, n] if extra else [])])
    return rows


def _parameters(
    problem: FitProblem, x: Array, names: _Names, nominal: dict[str, float], version: int
) -> Table:
    one = version == 1
    head = ["parameterId", *(["parameterScale"] if one else []), "lowerBound", "upperBound", "nominalValue"]
    head += ["estimate", *(["objectivePriorType", "objectivePriorParameters"] if one else [])]
    rows = [head + ([] if one else ["priorDistribution", "priorParameters"])]
    scale, yes = (["log"], "1") if one else ([], "true")
    for i, id in enumerate(problem.free):
        mean, sd = problem.priors.mean[i], problem.priors.sd[i]
        prior = ["", ""]
        if math.isfinite(mean) and math.isfinite(sd):
            prior = ["parameterScaleNormal" if one else "log-normal", f"{mean!s};{sd!s}"]
        bounds = [_text(math.exp(b[i])) for b in (problem.lower, problem.upper)]
        rows.append([id, *scale, *bounds, _text(math.exp(x[i])), yes, *prior])
    pairs = problem.lanes[["target", "blot"]].drop_duplicates()
    for target, blot in pairs.itertuples(index=False):
        id = names.of("scale", target, str(blot))
        rows.append([id, *scale, _text(1 / WIDE), _text(WIDE), _text(nominal.get(id, 1.0)), yes, "", ""])
    for target in dict.fromkeys(problem.lanes["target"]):
        id = names.of("noise", target)
        rows.append([id, *scale, _text(FLOOR), "10", _text(nominal.get(id, 0.3)), yes, "", ""])
    return rows


def _text(value: float) -> str:
    return repr(float(value))


def _version_1(problem: FitProblem, folder: Path, x: Array, names: _Names, nominal: dict[str, float]) -> Path:
    conditions: dict[str, dict[str, float]] = {}
    before: dict[str, str] = {}
    for name, protocol in _treatments(problem):
        if not _is_plain(protocol):
            raise DeclarationError(
                f"condition {name} changes after time 0, which PEtab format 1 cannot say; write format 2"
            )
        periods = _periods(problem, protocol)
        id = names.of("condition", name)
        conditions[id] = dict(periods[-1][1])
        if len(periods) == 2:
            rest = periods[0][1]
            before[id] = next((k for k, v in conditions.items() if k.startswith("rest") and v == rest), "")
            before[id] = before[id] or names.of("rest", name)
            conditions[before[id]] = rest
            inputs = {i.id for i in problem.model.network.inputs}
            conditions[id] = {k: v for k, v in rest.items() if k in inputs} | conditions[id]
        elif math.isinf(periods[0][0]):
            before[id] = names.of("rest", name)
            conditions[before[id]] = periods[0][1]
    columns = list(dict.fromkeys(k for sets in conditions.values() for k in sets))
    table = [["conditionId", *columns]]
    table += [[id, *(_text(s[c]) if c in s else "" for c in columns)] for id, s in conditions.items()]
    head = ["observableId", "preequilibrationConditionId", "simulationConditionId", "measurement", "time"]
    measured = [[*head, "observableParameters", "noiseParameters"]]
    for lane in problem.lanes.itertuples(index=False):
        id = names.of("condition", str(lane.condition))
        start = [f"obs_{lane.target}", before.get(id, ""), id, _text(float(str(lane.value)))]
        scale = names.of("scale", str(lane.target), str(lane.blot))
        measured.append([*start, _text(float(str(lane.time))), scale, names.of("noise", str(lane.target))])
    _sbml(problem, folder)
    _write(folder / "conditions.tsv", table)
    _write(folder / "measurements.tsv", measured)
    _write(folder / "observables.tsv", _observables(problem, 1))
    _write(folder / "parameters.tsv", _parameters(problem, x, names, nominal, 1))
    text = (
        "format_version: 1\nparameter_file: parameters.tsv\nproblems:\n- sbml_files: [model.xml]\n"
        "  condition_files: [conditions.tsv]\n  measurement_files: [measurements.tsv]\n"
        "  observable_files: [observables.tsv]\n"
    )
    return write_text(folder / "problem.yaml", text)


def _version_2(problem: FitProblem, folder: Path, x: Array, names: _Names, nominal: dict[str, float]) -> Path:
    conditions, experiments = (
        [["conditionId", "targetId", "targetValue"]],
        [["experimentId", "time", "conditionId"]],
    )
    for name, protocol in _treatments(problem):
        for start, sets in _periods(problem, protocol):
            when = "rest" if math.isinf(start) else f"{start:g}"
            id = names.of("condition", name, when)
            conditions += [[id, target, _text(value)] for target, value in sets.items()]
            experiments.append([names.of("experiment", name), _text(start), id if sets else ""])
    measured = [
        ["observableId", "experimentId", "measurement", "time", "observableParameters", "noiseParameters"]
    ]
    for lane in problem.lanes.itertuples(index=False):
        target, blot = str(lane.target), str(lane.blot)
        row = [f"obs_{target}", names.of("experiment", str(lane.condition)), _text(float(str(lane.value)))]
        row += [_text(float(str(lane.time))), names.of("scale", target, blot), names.of("noise", target)]
        measured.append(row)
    _sbml(problem, folder)
    tables = {"conditions": conditions, "experiments": experiments, "measurements": measured}
    tables |= {
        "observables": _observables(problem, 2),
        "parameters": _parameters(problem, x, names, nominal, 2),
    }
    for what, table in tables.items():
        _write(folder / f"{what}.tsv", table)
    text = "format_version: 2.0.0\nmodel_files:\n  model:\n    location: model.xml\n    language: sbml\n"
    kinds = {"condition": "conditions", "experiment": "experiments", "measurement": "measurements"}
    kinds |= {"observable": "observables", "parameter": "parameters"}
    text += "".join(f"{kind}_files: [{name}.tsv]\n" for kind, name in kinds.items())
    return write_text(folder / "problem.yaml", text)


def _write(path: Path, rows: Table) -> None:
    write_text(path, "\n".join("\t".join(row) for row in rows) + "\n")
