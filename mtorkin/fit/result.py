"""What a fit found, in a form that can be saved, read back, drawn and used as an overlay."""

from __future__ import annotations

import io
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mtorkin.errors import DeclarationError, TableError, counted, nearest
from mtorkin.files import write_text
from mtorkin.fit.free import parse
from mtorkin.fit.making import Source, problem_of
from mtorkin.fit.noise import Noise, Normal
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.records import frame_record, noise_record, period_records, read_record
from mtorkin.fit.saved import FIT, not_saved
from mtorkin.model import Model
from mtorkin.protocol import Protocol

__all__ = ["FitResult"]

AT_BOUND = 1e-3
FORMAT = 3


@dataclass(frozen=True, eq=False)
class FitResult:
    """The best of several starts, and everything needed to judge it.

    - `best`: free parameters by name (`id`, or `id@context`), in their own units.
    - `objective`: negative log-posterior at `best` (no unit; inf where no start could simulate).
    - `starts`: one row a start: objective, status, message, simulations, failed_simulations,
      seconds.
    - `table`: one row a free parameter: value, start (the model's), fold, unit, lower, upper,
      prior_mean and prior_sd (natural logs), at_bound.
    - `scales`: one row a blot and antibody: blot, target, scale (value per readout), background (in the
      unit of the values), lanes.
    - `noise`: one row an antibody: target, sigma (see `noise`: natural-log units, or shares of the mean
      band), lanes, freedom (degrees of freedom that sigma was found from), spent (those that the free
      parameters took).
    - `data`: one row a lane: context, blot, lane, condition, time (min), target, replicate, value,
      censored, normalised, scaled (value less background over scale, in the readout's unit),
      readout, predicted (in the unit of the values), residual (in the unit of sigma).
    - `curves`: the model at the best fit: context, condition, time (min), target, readout, unit.
    - `notes`: what was assumed or set aside; `settings`: seed, engine, versions, source.
    - `fisher`: information of the lanes on the natural logs of the free parameters (free, free), at
      the best fit; empty where there are no derivatives.
    - `values`: all parameters of each model before the fit, by context of the blots; `contexts`: what
      context of mtorkin each of these models is of; `protocols`: by condition.
    - `scatter`: the kind of noise; `offset`: antibodies with a background.
    - `problem`: what was solved, for `profile`; None in a result read from a file.
    """

    best: Mapping[str, float]
    objective: float
    starts: pd.DataFrame
    table: pd.DataFrame
    scales: pd.DataFrame
    noise: pd.DataFrame
    data: pd.DataFrame
    curves: pd.DataFrame
    notes: tuple[str, ...]
    settings: Mapping[str, str]
    fisher: pd.DataFrame
    values: Mapping[str, Mapping[str, float]]
    contexts: Mapping[str, str]
    protocols: Mapping[str, Protocol]
    scatter: Noise
    offset: tuple[str, ...] = ()
    problem: FitProblem | None = None

    def solvable(self) -> FitProblem:
        """The problem that was solved. Raises DeclarationError where the model is not at hand."""
        if self.problem is None:
            raise DeclarationError(
                "a fit read from a file does not hold its model; give it with "
                "result.with_model(mtorkin.build(context=...)), or use `mtorkin profile`"
            )
        return self.problem

    def with_model(self, model: Model, contexts: Mapping[str, Model] | None = None) -> FitResult:
        """The same result with its problem, from models that have the same networks.

        `contexts` are models by context of the blots, for a fit of several kinds of cells. The values of
        parameters are those before the fit. Raises DeclarationError where a model lacks parameters or
        a context has no model, and TableError where one is another than was fitted, in values, bounds
        or priors: another context or version.
        """
        models = dict.fromkeys(self.values, model) if contexts is None else contexts
        if set(models) != set(self.values) or (contexts is None and len(self.values) > 1):
            raise DeclarationError(
                f"this fit is of several kinds of cells ({', '.join(self.values)}); give a model for each: "
                "result.with_model(model, contexts={...})"
            )
        problem = problem_of(
            {name: models[name].with_values(**values) for name, values in self.values.items()},
            self.data,
            self.protocols,
            list(self.best),
            self.settings["engine"],
            Source(self.settings["source"], self.notes),
            self.scatter,
            self.offset,
        )
        spent = self.noise["spent"].to_numpy(float)
        problem = replace(problem, data=replace(problem.data, spent=spent))
        if problem.fingerprint != self.settings["fingerprint"]:
            raise TableError(
                f"this model is not the one that was fitted (context {', '.join(self.contexts.values())}, "
                f"mtorkin {self.settings['mtorkin']}): parameters, bounds or priors differ; fit again"
            )
        return replace(self, problem=problem)

    @property
    def parameters(self) -> pd.DataFrame:
        """The table of free parameters, indexed by parameterId."""
        return self.table

    @property
    def converged(self) -> bool:
        """Whether the best start ended by itself and not for lack of steps."""
        status = self.starts["status"].to_numpy()
        return math.isfinite(self.objective) and bool(
            status[int(self.starts["objective"].to_numpy(float).argmin())] == "converged"
        )

    @property
    def failed_simulations(self) -> int:
        """How many simulations failed in all starts."""
        return int(self.starts["failed_simulations"].sum())

    @property
    def agreement(self) -> int:
        """How many starts came within 1 of the best objective (no unit)."""
        return int((self.starts["objective"] <= self.objective + 1).sum())

    def summary(self) -> str:
        """A few lines for a person: objective, agreement of starts, what to be wary of."""
        lines = [
            f"{counted(len(self.data), 'lane')}, {counted(len(self.noise), 'antibody')}, "
            f"{counted(len(self.best), 'free parameter')}, {counted(len(self.scales), 'scale')}",
            f"negative log-posterior {self.objective:.2f}; {self.agreement} of "
            f"{len(self.starts)} starts within 1 of it; "
            + ("converged" if self.converged else "NOT converged"),
        ]
        if self.failed_simulations:
            total = int(self.starts["simulations"].sum())
            lines.append(f"{self.failed_simulations} of {total} simulations failed")
        bound = self.table.index[self.table["at_bound"]]
        if len(bound):
            lines.append(f"at a bound: {', '.join(bound)}")
        worst = self.noise.sort_values("sigma", ascending=False).head(3)
        lines.append(
            "noisiest antibodies: "
            + ", ".join(
                f"{target} {self._level(sigma)}"
                for target, sigma in zip(worst["target"], worst["sigma"].to_numpy(float), strict=True)
            )
        )
        return "\n".join(lines)

    def _level(self, sigma: float) -> str:
        normal = isinstance(self.scatter, Normal)
        return f"± {sigma:.0%} of the mean band" if normal else f"×/÷ {math.exp(sigma):.2f}"

    def to_json(self, path: str | os.PathLike[str]) -> Path:
        """Write everything to one JSON file, atomically; returns the path."""
        record: dict[str, Any] = {"format": FORMAT}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "problem":
                continue
            if isinstance(value, pd.DataFrame):
                value = frame_record(value)
            elif field.name == "protocols":
                value = {name: period_records(protocol) for name, protocol in value.items()}
            elif field.name == "scatter":
                value = noise_record(value)
            elif isinstance(value, Mapping):
                value = dict(value)
            elif isinstance(value, float) and not math.isfinite(value):
                value = None
            record[field.name] = value
        return write_text(path, json.dumps(record, indent=1, allow_nan=False))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> FitResult:
        """Read a result written by `to_json`. Raises TableError where it is none."""
        try:
            record = json.loads(Path(path).read_text(encoding="utf-8"))
            if record["format"] != FORMAT:
                raise ValueError("another format")
            values = {name: read_record(value, name) for name, value in record.items() if name != "format"}
            return cls(**values)
        except (OSError, KeyError, TypeError, ValueError):
            raise not_saved(path, FIT, FORMAT) from None

    def values_in(self, context: str | None = None) -> dict[str, float]:
        """The best values that hold in a context of the blots, by parameter id, in their own units.

        Raises DeclarationError for an unknown context, and for none where values differ between them.
        """
        self._check_context(context)
        free = {name: parse(name) for name in self.best}
        return {one.id: self.best[n] for n, one in free.items() if context is None or one.acts_in(context)}

    def model_in(self, context: str | None = None) -> Model:
        """The model before the fit of one kind of cells. Raises DeclarationError as `values_in`."""
        self._check_context(context, [dict(values) for values in self.values.values()])
        problem = self.solvable()
        return problem.model if context is None else problem.models[context]

    def _check_context(self, context: str | None, values: Sequence[object] = ()) -> None:
        known = list(self.values)
        differs = any(parse(name).context for name in self.best) or any(v != values[0] for v in values)
        if context is None and len(known) > 1 and differs:
            raise DeclarationError(
                f"the fit found values for several kinds of cells; choose a context: {', '.join(known)}"
            )
        if context is not None and context not in known:
            raise DeclarationError(
                f"no context {context!r} in this fit{nearest(context, known)}; it has {', '.join(known)}"
            )

    def write_overlay(self, path: str | os.PathLike[str], context: str | None = None) -> Path:
        """Write the best values as a parameter overlay (TSV), atomically; returns the path.

        `context` chooses the kind of cells, where the fit is of several. Columns parameterId and
        nominalValue are what a model reads, `context` says over which kind of cells of mtorkin the values
        were fitted (empty where over several); the rest is for readers. Raises DeclarationError as
        `values_in`.
        """
        self._check_context(context)
        free = [parse(str(name)) for name in self.table.index]
        acts = [context is None or one.acts_in(context) for one in free]
        over = {self.contexts[name] for name in self.contexts if context in (None, name)}
        table = self.table.set_axis([one.id for one in free])[acts].rename_axis("parameterId").reset_index()
        overlay = pd.DataFrame(
            {
                "parameterId": table["parameterId"],
                "estimate": "true",
                "nominalValue": table["value"],
                "lowerBound": table["lower"],
                "upperBound": table["upper"],
                "unit": table["unit"],
                "context": next(iter(over)) if len(over) == 1 else "",
                "evidence": "fitted",
                "source": self.settings.get("source", ""),
                "note": [f"model table: {start:.6g}" for start in table["start"]],
            }
        )
        out = io.StringIO()
        overlay.to_csv(out, sep="\t", index=False, lineterminator="\n", float_format="%.10g")
        return write_text(path, out.getvalue())


def parameter_table(rows: pd.DataFrame, best: Mapping[str, float]) -> pd.DataFrame:
    """One row a free parameter (index parameterId), from rows of the models' tables and the best values."""
    table = rows[["unit", "lower", "upper", "prior_mean", "prior_sd"]].copy()
    value = np.array([best[str(name)] for name in rows.index])
    start = rows["value"].to_numpy(float)
    table.insert(0, "value", value)
    table.insert(1, "start", start)
    table.insert(2, "fold", value / start)
    gap = np.minimum(
        np.log(value / table["lower"].to_numpy(float)),
        np.log(table["upper"].to_numpy(float) / value),
    )
    table["at_bound"] = gap < AT_BOUND
    return table
