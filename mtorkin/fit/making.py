"""From models and blots to a `FitProblem`: which lanes are usable, and what has a scale in common."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mtorkin.antibodies import observable_of
from mtorkin.engines import default_engine
from mtorkin.errors import DeclarationError, TableError, counted, nearest
from mtorkin.fit.blots import Blots
from mtorkin.fit.conditions import check_inputs
from mtorkin.fit.free import free_parameters, rows_of
from mtorkin.fit.lanes import ABOVE, BELOW, SEEN, BlotData, Priors, blot_data
from mtorkin.fit.noise import LogNormal, Noise
from mtorkin.fit.normalisation import with_references
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.runs import Experiment
from mtorkin.model import Model
from mtorkin.protocol import Protocol

__all__ = ["Source", "make_problem", "problem_of"]

CENSORED = {"": SEEN, "below": BELOW, "above": ABOVE}
FEWEST_FOR_OFFSET = 3
PLAIN = {"context": "", "censored": "", "normalised": "", "replicate": ""}


@dataclass(frozen=True)
class Source:
    """Where lanes are from and what was noted on the way: file and notes."""

    name: str
    notes: tuple[str, ...] = ()


def make_problem(
    model: Model,
    blots: Blots,
    free: Sequence[str],
    engine: str | None = None,
    *,
    noise: Noise = LogNormal(),  # noqa: B008 - frozen
    offset: Collection[str] = (),
    contexts: Mapping[str, Model] | None = None,
) -> FitProblem:
    """The fit of `free` parameters of `model` to `blots`.

    `offset` are antibodies whose bands have a background, one a blot. `contexts` are models by kind of
    cells (the column `context` of the blots, or the cell line of conditions); without it, blots of one
    kind are compared with `model`. Lanes flagged as saturated or below detection are set aside unless
    the column `censored` has them as limits, and so are antibodies that the model has no observable
    for; `notes` say which. Bounds and priors are those of the parameter tables.

    Raises DeclarationError for a free parameter that the model lacks or that is named twice, an
    antibody in `offset` that was not blotted, and contexts without a model; TableError where a
    condition sets what is no input of the model, bounds are missing, or nothing is left to fit.
    """
    check_inputs(blots.conditions, list(model.inputs.index))
    lanes, notes = _plain(blots.table), list(blots.notes)
    models = _models(model, lanes, contexts, blots.source)
    lanes, more = with_references(lanes, blots.conditions, blots.source)
    notes += more
    lanes, more = _usable(model, lanes, noise, blots.source)
    protocols = {name: condition.protocol for name, condition in blots.conditions.items()}
    chosen = _offsets(offset, lanes)
    return problem_of(
        models, lanes, protocols, free, engine, Source(blots.source, (*notes, *more)), noise, chosen
    )


def problem_of(
    models: Mapping[str, Model],
    lanes: pd.DataFrame,
    protocols: Mapping[str, Protocol],
    free: Sequence[str],
    engine: str | None,
    source: Source,
    noise: Noise,
    offset: Sequence[str],
) -> FitProblem:
    """The fit of `free` parameters to lanes that were checked before; `protocols` by condition.

    Raises DeclarationError and TableError for free parameters, as `make_problem`.
    """
    chosen = free_parameters(free, models)
    bounds = rows_of(chosen, models)
    data, notes = _data(lanes, noise, offset)
    return FitProblem(
        models=dict(models),
        free=tuple(one.name for one in chosen),
        start=np.log(bounds["value"].to_numpy(float)),
        lower=np.log(bounds["lower"].to_numpy(float)),
        upper=np.log(bounds["upper"].to_numpy(float)),
        priors=Priors(bounds["prior_mean"].to_numpy(float), bounds["prior_sd"].to_numpy(float)),
        data=data,
        lanes=lanes,
        experiments=tuple(
            _experiment(str(context), str(name), protocols[str(name)], part)
            for (context, name), part in lanes.groupby(["context", "condition"], sort=False)
        ),
        engine=default_engine() if engine is None else engine,
        notes=tuple(dict.fromkeys((*source.notes, *notes))),
        source=source.name,
        offset=tuple(offset),
    )


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """The blot table with every optional column, `context` being the cell line where it is empty."""
    lanes = table.assign(**{name: empty for name, empty in PLAIN.items() if name not in table})
    empty = lanes["context"] == ""
    return lanes.assign(context=lanes["context"].where(~empty, lanes.get("cell_line", "")))


def _models(
    model: Model, lanes: pd.DataFrame, contexts: Mapping[str, Model] | None, source: str
) -> dict[str, Model]:
    """Models by context, in the order of the blots."""
    present = [str(name) for name in dict.fromkeys(lanes["context"])]
    if contexts is None:
        if len(present) > 1:
            raise TableError(
                f"{source}: the blots are of {len(present)} kinds of cells ({', '.join(present)}) and one "
                "model describes one; choose with blots.select(cell_line=...), or fit them together with "
                "contexts={...}, a model for each (`mtorkin fit --joint`)"
            )
        return {present[0]: model}
    for name in contexts:
        if name not in present:
            raise DeclarationError(
                f"contexts: the blots have no cells {name!r}{nearest(name, present)}; they have "
                f"{', '.join(map(repr, present))}"
            )
    for name in present:
        if name not in contexts:
            raise DeclarationError(f"contexts: no model for {name!r}, which is in the blots; give it one")
    same = set(model.inputs.index)
    for name, other in contexts.items():
        if set(other.inputs.index) != same:
            raise DeclarationError(f"contexts: the model of {name!r} has other inputs than the model given")
    return {name: contexts[name] for name in present}


def _usable(model: Model, table: pd.DataFrame, noise: Noise, source: str) -> tuple[pd.DataFrame, list[str]]:
    notes = []
    unknown = [word for word in dict.fromkeys(table["censored"]) if word not in CENSORED]
    if unknown:
        raise TableError(
            f"{source}: censored {unknown[0]!r}{nearest(unknown[0], CENSORED)}; allowed are below, above, "
            "or nothing"
        )
    for flag in ("saturated", "below_detection"):
        aside = (
            table[flag].astype(bool) & (table["censored"] == "") if flag in table else table["lane"].isna()
        )
        if aside.any():
            notes.append(f"{counted(int(aside.sum()), 'lane')} set aside: {flag.replace('_', ' ')}")
        table = table[~aside]
    if not (table["value"] > 0).all():
        raise TableError(
            f"{source}: a value or limit is not above 0; a lane below detection has its limit there"
        )
    unseen = [name for name in dict.fromkeys(table["target"]) if name not in model.observables.index]
    if unseen:
        table = table[~table["target"].isin(unseen)]
        notes.append(f"set aside, this model has no such observable: {', '.join(unseen)}")
    groups = table.groupby(["blot", "target"])
    sizes = groups["lane"].transform("size")
    if (sizes < 2).any():
        notes.append(
            f"{counted(int((sizes < 2).sum()), 'lane')} set aside: alone on their blot, they say nothing "
            "once the blot's scale is free"
        )
    seen = (table["censored"] == "").groupby([table["blot"], table["target"]]).transform("sum")
    if ((seen < 1) & (sizes > 1)).any():
        notes.append(
            f"{counted(int(((seen < 1) & (sizes > 1)).sum()), 'lane')} set aside: no lane of their blot and "
            "antibody was measured, so limits alone are left"
        )
    table = table[(sizes >= 2) & (seen >= 1)]
    if noise.sigma is None:
        table, more = _with_noise(table)
        notes += more
    if table.empty:
        raise TableError(f"{source}: no lane is left to fit ({'; '.join(notes)})")
    return table.reset_index(drop=True), notes


def _with_noise(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The lanes of antibodies whose noise can be told: more measured lanes than blots."""
    measured = table[table["censored"] == ""]
    spare = measured.groupby("target").size() - measured.groupby("target")["blot"].nunique()
    short = [str(name) for name, left in spare.items() if left < 1]
    if not short:
        return table, []
    note = (
        f"set aside, one measured lane a blot says nothing of the noise: {', '.join(short)} (fix the noise "
        "to use them)"
    )
    return table[~table["target"].isin(short)], [note]


def _offsets(names: Collection[str], lanes: pd.DataFrame) -> list[str]:
    if isinstance(names, str):
        raise DeclarationError(f"offset={names!r} is a word; give a list of antibodies: offset=[{names!r}]")
    present, chosen = list(dict.fromkeys(lanes["target"])), []
    for name in names:
        found = (observable_of(name) or (name,))[0]
        if found not in present:
            raise DeclarationError(
                f"offset: no antibody {name!r} among the lanes{nearest(name, present)}; there are "
                f"{', '.join(present)}"
            )
        chosen.append(found)
    return list(dict.fromkeys(chosen))


def _data(lanes: pd.DataFrame, noise: Noise, offset: Sequence[str]) -> tuple[BlotData, list[str]]:
    group = lanes.groupby(["target", "blot"], sort=False).ngroup().to_numpy().astype(np.int64)
    antibody = lanes.groupby("target", sort=False).ngroup().to_numpy().astype(np.int64)
    censored = np.array([CENSORED[word] for word in lanes["censored"]], dtype=np.int64)
    asked = lanes["target"].isin(list(offset)).to_numpy()[np.unique(group, return_index=True)[1]]
    enough = np.bincount(group[censored == SEEN], minlength=len(asked)) >= FEWEST_FOR_OFFSET
    few = int((asked & ~enough).sum())
    notes = (
        [f"{few} blots have fewer than {FEWEST_FOR_OFFSET} lanes to tell an offset, and get none"]
        if few
        else []
    )
    values = lanes["value"].to_numpy(float)
    return blot_data(values, group, antibody, censored, asked & enough, noise), notes


def _experiment(context: str, name: str, protocol: Protocol, part: pd.DataFrame) -> Experiment:
    times = np.unique(np.append(part["time"].to_numpy(float), 0.0))
    targets = tuple(dict.fromkeys(part["target"]))
    return Experiment(
        condition=name,
        protocol=protocol,
        times=times,
        targets=targets,
        lane=part.index.to_numpy().astype(np.int64),
        time=np.searchsorted(times, part["time"].to_numpy(float)).astype(np.int64),
        target=np.array([targets.index(target) for target in part["target"]], dtype=np.int64),
        context=context,
    )
