"""A fit as arrays: which lanes to explain, which parameters are free, which runs give the readouts.

`make_problem` turns a model and blots into a frozen `FitProblem`, which can simulate itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mtorkin.engines import default_engine
from mtorkin.errors import DeclarationError, SimulationError, TableError, nearest
from mtorkin.fit.blots import Blots
from mtorkin.fit.conditions import check_inputs
from mtorkin.fit.lanes import BlotData, Floats, Priors
from mtorkin.fit.runs import Experiment, Run, run, run_near
from mtorkin.model import Model
from mtorkin.protocol import Protocol

__all__ = ["FitProblem", "make_problem", "problem_of"]

# far below one molecule a cell, and above the tolerance of the integration
READOUT_FLOOR = 1e-6


@dataclass(frozen=True, eq=False)
class FitProblem:
    """Free parameters, their bounds and priors, the data, and the experiments that explain them.

    `start`, `lower` and `upper` (parameters,) are natural logs of values in the parameters' own
    units. `lanes` is the part of the blot table that is fitted, one row a lane of `data`.
    """

    model: Model
    free: tuple[str, ...]
    start: Floats
    lower: Floats
    upper: Floats
    priors: Priors
    data: BlotData
    lanes: pd.DataFrame
    experiments: tuple[Experiment, ...]
    engine: str
    notes: tuple[str, ...]
    source: str

    @property
    def antibodies(self) -> tuple[str, ...]:
        """Observable ids in the order of the noise levels."""
        return tuple(dict.fromkeys(self.lanes["target"]))

    @property
    def fingerprint(self) -> str:
        """A checksum of everything that decides the answer: data, parameters, bounds, model."""
        # columns that a saved result keeps too
        seen = ["blot", "lane", "condition", "time", "target", "value"]
        text = [
            self.lanes[seen].to_csv(),
            repr(self.free),
            repr(sorted(self.model.values.items())),
            self.engine,
        ]
        arrays = (self.start, self.lower, self.upper, self.priors.mean, self.priors.sd)
        protocols = [(each.condition, each.protocol) for each in self.experiments]
        text += [array.tobytes().hex() for array in arrays] + [repr(protocols)]
        return hashlib.sha256("\n".join(text).encode()).hexdigest()[:16]

    def model_at(self, log_parameters: Floats) -> Model:
        """The model with the free parameters at exp(`log_parameters`), in their own units."""
        values = np.exp(log_parameters)
        return self.model.with_values(
            **{name: float(value) for name, value in zip(self.free, values, strict=True)}
        )

    def pinned(self, name: str, log_value: float) -> FitProblem:
        """The same problem with a parameter held at exp(`log_value`), and without its prior."""
        keep = np.array([free != name for free in self.free])
        return replace(
            self,
            model=self.model.with_values(**{name: float(np.exp(log_value))}),
            free=tuple(free for free in self.free if free != name),
            start=self.start[keep],
            lower=self.lower[keep],
            upper=self.upper[keep],
            priors=Priors(self.priors.mean[keep], self.priors.sd[keep]),
        )

    def runs(self, log_parameters: Floats) -> tuple[Run, ...]:
        """Simulate every experiment.

        Raises SimulationError where an integration or a steady state fails.
        """
        model = self.model_at(log_parameters)
        return tuple(run(model, each, self.engine) for each in self.experiments)

    def runs_near(self, log_parameters: Floats, near: tuple[Run, ...]) -> tuple[Run, ...]:
        """The same, faster, for parameters next to those of the runs `near`."""
        model = self.model_at(log_parameters)
        return tuple(
            run_near(model, each, self.engine, before)
            for each, before in zip(self.experiments, near, strict=True)
        )

    def log_readouts(self, runs: tuple[Run, ...]) -> Floats:
        """Natural logs of the readouts of simulated experiments (lanes,).

        Raises SimulationError where one is not a finite number.
        """
        readouts = np.empty(len(self.lanes))
        for each, found in zip(self.experiments, runs, strict=True):
            readouts[each.lane] = found.readouts
        if not np.all(np.isfinite(readouts)):
            lane = self.lanes.iloc[int(np.flatnonzero(~np.isfinite(readouts))[0])]
            raise SimulationError(
                f"condition {lane['condition']}: {lane['target']} is not a finite number at "
                f"{lane['time']:g} min"
            )
        logs: Floats = np.log(np.maximum(readouts, READOUT_FLOOR))
        return logs


def make_problem(model: Model, blots: Blots, free: Sequence[str], engine: str | None = None) -> FitProblem:
    """The fit of `free` parameters of `model` to `blots`.

    Lanes flagged as saturated or below detection are set aside, and so are antibodies that this
    model has no observable for; `notes` say which. Bounds and priors are those of the parameter
    tables. Raises DeclarationError for a free parameter that the model lacks or that is named
    twice, TableError where a condition sets what is no input of the model, bounds are missing, the
    blots are of several cell lines, or nothing is left to fit.
    """
    check_inputs(blots.conditions, list(model.inputs.index))
    lanes, notes = _usable_lanes(model, blots)
    protocols = {name: condition.protocol for name, condition in blots.conditions.items()}
    return problem_of(model, lanes, protocols, free, engine, (*blots.notes, *notes), blots.source)


def problem_of(
    model: Model,
    lanes: pd.DataFrame,
    protocols: Mapping[str, Protocol],
    free: Sequence[str],
    engine: str | None,
    notes: tuple[str, ...],
    source: str,
) -> FitProblem:
    """The fit of `free` parameters to lanes that were checked before; `protocols` by condition.

    Raises DeclarationError and TableError for free parameters, as `make_problem`.
    """
    bounds = _bounds(model, free)
    return FitProblem(
        model=model,
        free=tuple(free),
        start=np.log(bounds["value"].to_numpy(float)),
        lower=np.log(bounds["lower"].to_numpy(float)),
        upper=np.log(bounds["upper"].to_numpy(float)),
        priors=Priors(bounds["prior_mean"].to_numpy(float), bounds["prior_sd"].to_numpy(float)),
        data=_data(lanes),
        lanes=lanes,
        experiments=tuple(
            _experiment(name, protocols[str(name)], part)
            for name, part in lanes.groupby("condition", sort=False)
        ),
        engine=default_engine() if engine is None else engine,
        notes=notes,
        source=source,
    )


def _usable_lanes(model: Model, blots: Blots) -> tuple[pd.DataFrame, list[str]]:
    if len(blots.cell_lines) > 1:
        raise TableError(
            f"{blots.source}: the blots are of {len(blots.cell_lines)} cell lines "
            f"({', '.join(blots.cell_lines)}) and one model describes one; choose with "
            "blots.select(cell_line=...)"
        )
    table, notes = blots.table, []
    for flag in ("saturated", "below_detection"):
        count = int(table[flag].sum())
        if count:
            notes.append(f"{count} lanes set aside: {flag.replace('_', ' ')}")
        table = table[~table[flag]]
    unseen = [name for name in blots.targets if name not in model.observables.index]
    if unseen:
        table = table[~table["target"].isin(unseen)]
        notes.append(f"set aside, this model has no such observable: {', '.join(unseen)}")
    sizes = table.groupby(["blot", "target"])["lane"].transform("size")
    if (sizes < 2).any():
        notes.append(
            f"{int((sizes < 2).sum())} lanes set aside: alone on their blot, they say nothing "
            "once the blot's scale is free"
        )
        table = table[sizes >= 2]
    if table.empty:
        raise TableError(f"{blots.source}: no lane is left to fit ({'; '.join(notes)})")
    return table.reset_index(drop=True), notes


def _bounds(model: Model, free: Sequence[str]) -> pd.DataFrame:
    known = model.parameters
    if not free:
        raise DeclarationError("no free parameter: name at least one in free=[...]")
    for name in free:
        if name not in known.index:
            raise DeclarationError(
                f"no parameter {name!r} to fit{nearest(name, known.index)}; see model.parameters"
            )
        if list(free).count(name) > 1:
            raise DeclarationError(f"parameter {name!r} is named twice in free")
    chosen = known.loc[list(free)]
    for name in free:
        row = chosen.loc[[name]]
        table = f"{row['mechanism'].iloc[0]}.tsv"
        value, low, high = row[["value", "lower", "upper"]].to_numpy(float)[0]
        if not 0 < low < high < np.inf:
            raise TableError(
                f"parameter {name}: a fit needs bounds 0 < lower < upper, the table {table} has "
                f"{low} and {high}"
            )
        if not low <= value <= high:
            raise TableError(f"parameter {name} = {value} is outside its bounds {low} to {high} ({table})")
    return chosen


def _data(lanes: pd.DataFrame) -> BlotData:
    group = lanes.groupby(["target", "blot"], sort=False).ngroup()
    antibody = lanes.groupby("target", sort=False).ngroup()
    return BlotData(
        np.log(lanes["value"].to_numpy(float)),
        group.to_numpy().astype(np.int64),
        antibody.to_numpy().astype(np.int64),
    )


def _experiment(name: object, protocol: Protocol, part: pd.DataFrame) -> Experiment:
    times = np.unique(np.append(part["time"].to_numpy(float), 0.0))
    targets = tuple(dict.fromkeys(part["target"]))
    return Experiment(
        condition=str(name),
        protocol=protocol,
        times=times,
        targets=targets,
        lane=part.index.to_numpy().astype(np.int64),
        time=np.searchsorted(times, part["time"].to_numpy(float)).astype(np.int64),
        target=np.array([targets.index(target) for target in part["target"]], dtype=np.int64),
    )
