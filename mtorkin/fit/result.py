"""What a fit found, in a form that can be saved, read back, drawn and used as an overlay."""

from __future__ import annotations

import io
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mtorkin.errors import DeclarationError, TableError
from mtorkin.files import write_text
from mtorkin.fit.problem import FitProblem, problem_of
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol

__all__ = ["FitResult"]

AT_BOUND = 1e-3
FORMAT = 2


@dataclass(frozen=True, eq=False)
class FitResult:
    """The best of several starts, and everything needed to judge it.

    - `best`: free parameters by id, in their own units.
    - `objective`: negative log-posterior at `best` (no unit; inf where no start could simulate).
    - `starts`: one row a start: objective, status, message, simulations, failed_simulations,
      seconds.
    - `table`: one row a free parameter: value, start (the model's), fold, unit, lower, upper,
      prior_mean and prior_sd (natural logs), at_bound.
    - `scales`: one row a blot and antibody: blot, target, scale (value per readout), lanes.
    - `noise`: one row an antibody: target, sigma (natural-log units), lanes.
    - `data`: one row a lane: blot, lane, condition, time (min), target, replicate, value, scaled
      (value over scale, in the readout's unit), readout, residual (natural-log units).
    - `curves`: the model at the best fit: condition, time (min), target, readout, unit.
    - `notes`: what was assumed or set aside; `settings`: seed, engine, versions, source.
    - `fisher`: information of the lanes on the natural logs of the free parameters (free, free), at
      the best fit; empty where there are no derivatives.
    - `values`: all parameters of the model before the fit; `protocols`: by condition.
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
    values: Mapping[str, float]
    protocols: Mapping[str, Protocol]
    problem: FitProblem | None = None

    @property
    def fixed_sigma(self) -> float | None:
        """The noise level that the caller fixed (natural-log units), or None where it was solved."""
        given = self.settings.get("sigma", "")
        return float(given) if given else None

    def solvable(self) -> FitProblem:
        """The problem that was solved. Raises DeclarationError where the model is not at hand."""
        if self.problem is None:
            raise DeclarationError(
                "a fit read from a file does not hold its model; give it with "
                "result.with_model(mtorkin.build(context=...)), or use `mtorkin profile`"
            )
        return self.problem

    def with_model(self, model: Model) -> FitResult:
        """The same result with its problem, from a model that has the same network.

        The values of parameters are those before the fit. Raises DeclarationError where the model
        lacks parameters, and TableError where it is another than was fitted, in values, bounds or
        priors: another context or version.
        """
        problem = problem_of(
            model.with_values(**self.values),
            self.data,
            self.protocols,
            list(self.best),
            self.settings["engine"],
            self.notes,
            self.settings["source"],
        )
        if problem.fingerprint != self.settings["fingerprint"]:
            raise TableError(
                f"this model is not the one that was fitted (context {self.settings['context']}, mtorkin "
                f"{self.settings['mtorkin']}): parameters, bounds or priors differ; fit again"
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
            f"{len(self.data)} lanes, {len(self.noise)} antibodies, {len(self.best)} free "
            f"parameters, {len(self.scales)} scales",
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
                f"{target} ×/÷ {math.exp(sigma):.2f}"
                for target, sigma in zip(worst["target"], worst["sigma"].to_numpy(float), strict=True)
            )
        )
        return "\n".join(lines)

    def to_json(self, path: str | os.PathLike[str]) -> Path:
        """Write everything to one JSON file, atomically; returns the path."""
        record: dict[str, Any] = {"format": FORMAT}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "problem":
                continue
            if isinstance(value, pd.DataFrame):
                value = _frame_record(value)
            elif field.name == "protocols":
                value = {name: _periods(protocol) for name, protocol in value.items()}
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
                raise ValueError(f"format {record['format']}, this mtorkin reads {FORMAT}")
            values = {name: _read(value, name) for name, value in record.items() if name != "format"}
            return cls(**values)
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise TableError(f"{path}: is not a saved fit: {error}") from None

    def write_overlay(self, path: str | os.PathLike[str]) -> Path:
        """Write the best values as a parameter overlay (TSV), atomically; returns the path.

        Columns parameterId and nominalValue are what a model reads; the rest is for readers.
        """
        table = self.table.rename_axis("parameterId").reset_index()
        overlay = pd.DataFrame(
            {
                "parameterId": table["parameterId"],
                "estimate": "true",
                "nominalValue": table["value"],
                "lowerBound": table["lower"],
                "upperBound": table["upper"],
                "unit": table["unit"],
                "evidence": "fitted",
                "source": self.settings.get("source", ""),
                "note": [f"model table: {start:.6g}" for start in table["start"]],
            }
        )
        out = io.StringIO()
        overlay.to_csv(out, sep="\t", index=False, lineterminator="\n", float_format="%.10g")
        return write_text(path, out.getvalue())


def parameter_table(parameters: pd.DataFrame, best: Mapping[str, float]) -> pd.DataFrame:
    """One row a free parameter (index parameterId), from the model's table and the best values."""
    table = parameters.loc[list(best), ["unit", "lower", "upper", "prior_mean", "prior_sd"]]
    table = table.rename_axis("parameterId")
    value = np.array(list(best.values()))
    start = parameters.loc[list(best), "value"].to_numpy(float)
    table.insert(0, "value", value)
    table.insert(1, "start", start)
    table.insert(2, "fold", value / start)
    gap = np.minimum(
        np.log(value / table["lower"].to_numpy(float)),
        np.log(table["upper"].to_numpy(float) / value),
    )
    table["at_bound"] = gap < AT_BOUND
    return table


def _frame_record(frame: pd.DataFrame) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        # JSON has no word for inf and nan
        return str(value) if isinstance(value, float) and not math.isfinite(value) else value

    return {
        "name": frame.index.name,
        "index": frame.index.tolist(),
        "types": {str(name): str(kind) for name, kind in frame.dtypes.items()},
        "columns": {str(name): [plain(x) for x in frame[name].tolist()] for name in frame.columns},
    }


def _periods(protocol: Protocol) -> list[Any]:
    # null stands for "until steady"
    return [[p.start if isinstance(p.start, float) else None, dict(p.inputs)] for p in protocol.periods]


def _protocol(periods: list[Any]) -> Protocol:
    return Protocol(*(Period(UNTIL_STEADY if start is None else start, **given) for start, given in periods))


def _read(value: Any, name: str) -> Any:
    if name == "protocols":
        return {condition: _protocol(periods) for condition, periods in value.items()}
    if isinstance(value, dict) and "types" in value:
        index = pd.Index(value["index"], name=value["name"])
        return pd.DataFrame(value["columns"], index=index).astype(value["types"])
    if name == "objective" and value is None:
        return math.inf
    return tuple(value) if isinstance(value, list) else value
