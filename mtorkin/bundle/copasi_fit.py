"""Blots as COPASI's parameter estimation has them, with the same objective as our fit.

COPASI minimises a weighted sum of squares and knows neither scales of blots nor priors. Both can be
said in its terms. A column of the data is the natural log of one antibody on one blot, less its
mean; it is compared with ln(observable) + offset. An offset is shared by blots that show the same
lanes (there the best offset is one), and is a fit item. A prior is a column with a single 0 that is
compared with (ln parameter - mean) / sd. Weights are 1/sigma² at the model's own values. So the
objective is twice our negative log-posterior at these noise levels, up to a constant.

Cells come to rest before time 0: an experiment starts at `BEFORE`, and what happens at 0 is an event.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from mtorkin.errors import DeclarationError
from mtorkin.export.copasi import Estimation, Quantity, values_of
from mtorkin.export.copasi.slots import Situation, Slot
from mtorkin.fit.likelihood import solve_sigmas
from mtorkin.fit.noise import LogNormal
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.runs import READOUT_FLOOR
from mtorkin.model import Model
from mtorkin.protocol import Interval, Protocol, doses, intervals
from mtorkin.sbml import Change, Start

__all__ = ["BEFORE", "NAME_OF_DATA", "as_experiment", "estimation_of"]

NAME_OF_DATA = "{}_blots.txt"
BEFORE = -50_000.0  # min: ten times the slowest time constant (of starved cells, at the default values)
AT_ZERO = 1e-6  # min; a lane at 0 is before what happens at 0
WIDEST = 20.0  # an offset is a natural log


def estimation_of(problem: FitProblem, slots: Sequence[Slot], file: str) -> tuple[Estimation, str]:
    """Return the parameter estimation, and the text of the file of data that it names.

    Raises DeclarationError where a condition does not begin at rest and for what COPASI has no word
    for (normal noise, limits, backgrounds, several kinds of cells), SimulationError where the model
    cannot be simulated at its own values.
    """
    _check(problem)
    lanes = _lanes(problem)
    tables = [_table(problem, each.condition, lanes, slots) for each in problem.experiments]
    tables[0] = _with_priors(problem, *tables[0])
    first, experiments, text = 1, [], []
    for each, (columns, table) in zip(problem.experiments, tables, strict=True):
        rows = table.to_csv(sep="\t", index=False, float_format="%.10g", lineterminator="\n")
        last = first + len(table)
        experiments.append(
            {"name": each.condition, "file": file, "first": first, "last": last, "columns": columns}
        )
        text.append(rows)
        first = last + 2  # a blank line between two
    fit = Estimation(
        tuple(experiments),
        _free(problem, lanes),
        (*_quantities(lanes), *_priors(problem)),
        "LevenbergMarquardt",
        {"Iteration Limit": 50, "Tolerance": 1e-6},
    )
    return fit, "\n".join(text)


def _check(problem: FitProblem) -> None:
    cannot = {
        "normal noise": not isinstance(problem.data.noise, LogNormal),
        "lanes that are limits": problem.data.any_censored,
        "a background of an antibody": bool(problem.offset),
        "several kinds of cells": len(problem.models) > 1,
    }
    if found := [what for what, is_so in cannot.items() if is_so]:
        raise DeclarationError(
            f"{problem.source}: COPASI cannot say {', '.join(found)}: leave it out, or fit with mtorkin"
        )


def _lanes(problem: FitProblem) -> pd.DataFrame:
    """Lanes with: `log`, ln value less its blot's mean; `fit`, what to compare it with; `start`; `weight`."""
    lanes, data = problem.lanes.copy(), problem.data
    logs = problem.log_readouts(problem.runs(problem.start))
    sigmas = solve_sigmas(data, logs)
    groups = lanes.groupby(["target", "blot"], sort=False)
    values = pd.Series(np.log(data.values), lanes.index)
    lanes["log"] = values - values.groupby([lanes["target"], lanes["blot"]]).transform("mean")
    lanes["weight"] = (1 / sigmas**2)[data.antibody]
    seen = {key: tuple(sorted(zip(part["condition"], part["time"], strict=True))) for key, part in groups}
    names: dict[tuple[Hashable, object], str] = {}
    for (target, _), shown in seen.items():
        nth = 1 + sum(t == target for t, _ in names)
        names.setdefault((target, shown), f"{target}" if nth == 1 else f"{target}_{nth}")
    lanes["fit"] = [names[t, seen[t, b]] for t, b in zip(lanes["target"], lanes["blot"], strict=True)]
    lanes["start"] = pd.Series(-logs, lanes.index).groupby(lanes["fit"]).transform("mean")
    return lanes


def _table(
    problem: FitProblem, condition: str, lanes: pd.DataFrame, slots: Sequence[Slot]
) -> tuple[list[dict[str, Any]], pd.DataFrame]:
    """Columns as the worker maps them, and their numbers, one row a time [min]."""
    mine = lanes[lanes["condition"] == condition]
    # lanes at one time twice (two samples on one blot) are two columns
    repeat = mine.groupby(["target", "blot", "time"]).cumcount()
    wide = mine.assign(repeat=repeat).pivot(index="time", columns=["target", "blot", "repeat"], values="log")
    order = dict.fromkeys(zip(mine["target"], mine["blot"], repeat, strict=True))
    columns: list[dict[str, Any]] = [{"role": "time"}]
    table = {"Time": wide.index.to_numpy(float)}
    for id, value in _given(problem, condition, slots).items():
        columns.append({"role": "given", "id": id})
        table[id or "Initial Time"] = np.full(len(wide), value)
    for target, blot, nth in order:
        lane = mine[(mine["target"] == target) & (mine["blot"] == blot)].iloc[0]
        name = f"{target} {blot}" + (f" {nth + 1}" if nth else "")
        weight = float(f"{lane['weight']:.8g}")
        columns.append({"role": "seen", "id": f"ln_{lane['fit']}", "weight": weight, "name": name})
        table[name] = wide[target, blot, nth].to_numpy(float)
    return columns, pd.DataFrame(table)


def _given(problem: FitProblem, condition: str, slots: Sequence[Slot]) -> dict[str, float]:
    """What an experiment starts with, by id: the time, inputs, doses, and the events of later periods."""
    protocol = next(e.protocol for e in problem.experiments if e.condition == condition)
    found = values_of(slots, as_experiment(problem.model, condition, protocol))
    return {"": BEFORE, **found}


def as_experiment(model: Model, condition: str, protocol: Protocol) -> Situation:
    """Return what holds at `BEFORE` (inputs and doses, drugs not given being 0) and every later change.

    Raises DeclarationError where the protocol does not begin at rest.
    """
    if not protocol.begins_steady:
        raise DeclarationError(
            f"condition {condition!r} does not begin at rest, which COPASI cannot say of one "
            "experiment; begin it with the start -inf"
        )
    species = doses(model.network)
    rest, *later = intervals(protocol, model.network)
    given = dict.fromkeys(species.values(), 0.0) | {species[n]: v for n, v in rest.doses}
    changes = (_change(before, now, species) for before, now in pairwise((rest, *later)))
    return Start(dict(rest.inputs), given), tuple(c for c in changes if c.values)


def _change(before: Interval, now: Interval, species: dict[str, str]) -> Change:
    old = dict(before.inputs)
    new = {n: v for n, v in now.inputs if v != old[n]}
    return Change(max(now.start, AT_ZERO), new | {species[n]: v for n, v in now.doses})


def _with_priors(
    problem: FitProblem, columns: list[dict[str, Any]], table: pd.DataFrame
) -> tuple[list[dict[str, Any]], pd.DataFrame]:
    """Add a column a prior, whose one number is 0 in the first row."""
    once = np.full(len(table), np.nan)
    once[0] = 0.0
    names = [q.id for q in _priors(problem)]
    columns = [*columns, *({"role": "seen", "id": n, "weight": 1.0, "name": n} for n in names)]
    return columns, table.assign(**dict.fromkeys(names, once))


def _quantities(lanes: pd.DataFrame) -> list[Quantity]:
    made = []
    for name, part in lanes.groupby("fit", sort=False):
        target, offset = str(part["target"].iloc[0]), f"offset_{name}"
        value = float(f"{part['start'].iloc[0]:.8g}")
        made.append(Quantity(offset, value, note=f"minus the mean of ln {target} over a blot's lanes"))
        formula = f"log(max({{{target}}},{READOUT_FLOOR!r}))+{{{offset}}}"
        note = f"ln {target} as a blot shows it, less the mean of its lanes"
        made.append(Quantity(f"ln_{name}", formula=formula, uses=(target, offset), note=note))
    return made


def _priors(problem: FitProblem) -> list[Quantity]:
    rows = zip(problem.free, problem.priors.mean, problem.priors.sd, problem.priors.has, strict=True)
    return [
        Quantity(
            f"prior_{id}",
            formula=f"(log({{{id}}})-({float(mean)!r}))/{float(sd)!r}",
            uses=(id,),
            note=f"how far ln {id} is from what is expected, in standard deviations",
        )
        for id, mean, sd, has in rows
        if has
    ]


def _free(problem: FitProblem, lanes: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    free = [
        {
            "id": id,
            "lower": float(f"{np.exp(low):.10g}"),
            "upper": float(f"{np.exp(high):.10g}"),
            "start": problem.model.values[id],
        }
        for id, low, high in zip(problem.free, problem.lower, problem.upper, strict=True)
    ]
    for name, part in lanes.groupby("fit", sort=False):
        start = float(f"{part['start'].iloc[0]:.8g}")
        low, high = start - WIDEST, start + WIDEST
        free.append({"id": f"offset_{name}", "lower": low, "upper": high, "start": start})
    return tuple(free)
