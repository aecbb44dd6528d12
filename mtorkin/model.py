"""A model: a network with numbers. Every change gives a new model; nothing is edited in place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mtorkin.equations import Equations, equations
from mtorkin.errors import DeclarationError, TableError, nearest
from mtorkin.network import Network, settable
from mtorkin.tables import ParameterTable

if TYPE_CHECKING:
    import pandas as pd

ABUNDANCE = "_abundance"


@dataclass(frozen=True, eq=False)
class Model:
    """A network, the value of each of its parameters, and the tables these came from."""

    network: Network
    values: Mapping[str, float]
    table: ParameterTable
    context: str = "generic"

    def __repr__(self) -> str:
        return f"Model({self.network!r}, {len(self.values)} parameters, context {self.context})"

    @property
    def equations(self) -> Equations:
        """The compiled equations of the network."""
        return equations(self.network)

    @property
    def parameters(self) -> pd.DataFrame:
        """One row a parameter: value, unit, bounds, prior, evidence, source, owner and meaning."""
        records = []
        for p in self.network.parameters:
            row = self.table.rows[p.id]
            mean, sd = row.priorParameters or (math.nan, math.nan)
            records.append(
                {
                    "id": p.id,
                    "value": self.values[p.id],
                    "unit": p.unit,
                    "lower": row.lowerBound,
                    "upper": row.upperBound,
                    "estimate": row.estimate,
                    "prior_mean": mean,
                    "prior_sd": sd,
                    "evidence": row.evidence,
                    "source": row.source,
                    "locator": row.locator,
                    "verified": row.verified,
                    "system": row.system,
                    "note": row.note,
                    "mechanism": self.table.origin[p.id],
                    "meaning": p.meaning,
                }
            )
        return _table(records)

    @property
    def observables(self) -> pd.DataFrame:
        """One row an observable: what it is, and its unit."""
        records = [{"id": o.id, "unit": o.unit, "meaning": o.meaning} for o in self.network.observables]
        return _table(records, ["id", "unit", "meaning"])

    @property
    def units(self) -> dict[str, str]:
        """The unit of each observable, by id, without the time that a table takes."""
        return {o.id: o.unit for o in self.network.observables}

    @property
    def inputs(self) -> pd.DataFrame:
        """One row for each thing a period may set: the fed default, unit and meaning."""
        meanings = {i.id: i.meaning for i in self.network.inputs} | {
            s.dose: s.meaning or f"{s.dose} in the medium, given once at the start of a period"
            for s in self.network.species
            if s.dose
        }
        records = [
            {"id": id, "default": default, "unit": unit, "meaning": meanings[id]}
            for id, (default, unit) in settable(self.network).items()
        ]
        return _table(records, ["id", "default", "unit", "meaning"])  # said, for a network without any

    def with_values(self, **values: float) -> Model:
        """Return a model with some parameters set, in their own units.

        Raises DeclarationError for an unknown id, TableError for a negative or non-finite number.
        """
        most = {p.id: p.at_most for p in self.network.parameters}
        for id, value in values.items():
            self._known(id, self.values, "parameter", "see model.parameters")
            if not math.isfinite(value) or value < 0:
                raise TableError(f"{id} = {value}: a parameter is a finite number from 0 up")
            if value > most[id]:
                raise TableError(f"{id} = {value}: it is a share, a number from 0 to {most[id]:g}")
        return self._with(values)

    def scaled(self, **factors: float) -> Model:
        """Return a model with some abundances multiplied: 0 is a knock-out, 0.2 a knock-down.

        Molecules are named as in the model (``Rictor``); synthesis scales with the abundance.
        """
        names = {id.removesuffix(ABUNDANCE) for id in self.values if id.endswith(ABUNDANCE)}
        for name, factor in factors.items():
            self._known(name, names, "abundance of", "see the ids that end in _abundance")
            if not math.isfinite(factor) or factor < 0:
                raise TableError(f"scaling {name} by {factor}: a factor is a finite number from 0 up")
        return self._with({n + ABUNDANCE: self.values[n + ABUNDANCE] * f for n, f in factors.items()})

    def mutated(self, *mutants: str) -> Model:
        """Return a model with some mutants, by name (``S1261A``)."""
        known = {m.name: m for m in self.network.mutations}
        values = dict(self.values)
        for name in mutants:
            self._known(name, known, "mutant", "see the mechanisms' mutations")
            if not any(id in values for id, _ in known[name].factors):
                raise DeclarationError(
                    f"mutant {name} changes nothing here: none of its parameters is in use"
                )
            for id, factor in known[name].factors:
                if id in values:
                    values[id] *= factor
        return self._with(values)

    def _with(self, values: Mapping[str, float]) -> Model:
        return replace(self, values=MappingProxyType({**self.values, **values}))

    def _known(self, name: str, allowed: Iterable[str], what: str, hint: str) -> None:
        options = sorted(allowed)
        if name not in options:
            shown = ", ".join(options) if len(options) <= 30 else f"{len(options)} of them, {hint}"
            raise DeclarationError(f"no {what} {name!r}{nearest(name, options)} (there are: {shown})")


def _table(records: list[dict[str, Any]], columns: list[str] | None = None) -> pd.DataFrame:
    import pandas as pd  # here: it takes a tenth of a short command to load, which may need no table

    return pd.DataFrame.from_records(records, columns=columns).set_index("id")
