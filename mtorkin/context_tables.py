"""What a kind of cell differs in from the generic cell: the overlays of `parameters/contexts/`, read
with the columns that are for people.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

import pandas as pd

from mtorkin._resources import parameters_dir
from mtorkin.build import GENERIC, build
from mtorkin.model import ABUNDANCE

__all__ = ["Difference", "differences"]


@dataclass(frozen=True)
class Difference:
    """A parameter's value in a context and in the generic cell, both in `unit`, and where it is from.

    `source` is a key of `references.bib` or ""; `verified` says whether somebody read the number in
    it; `system` are the cells.
    """

    parameter: str
    value: float
    generic: float
    unit: str
    source: str = ""
    verified: bool = False
    system: str = ""
    note: str = ""

    def __str__(self) -> str:
        name = self.parameter.removesuffix(ABUNDANCE)
        if self.generic == 0.0:
            return f"{name} {self.value:g}"
        return f"{name} x {self.value / self.generic:.3g}"


def differences(context: str) -> tuple[Difference, ...]:
    """Return what a context says, in the order of its table; nothing for the generic one.

    Raises DeclarationError for an unknown context, TableError for a table that cannot be laid over
    the model's.
    """
    model = build(context=context)
    if context == GENERIC:
        return ()
    path = parameters_dir() / "contexts" / f"{context}.tsv"
    table = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE)
    records = [{str(k): str(v).strip() for k, v in row.items()} for row in table.to_dict("records")]
    return tuple(
        Difference(
            parameter=row["parameterId"],
            value=float(row["nominalValue"]),
            generic=model.table.rows[row["parameterId"]].nominalValue,
            unit=row.get("unit", ""),
            source=row.get("source", ""),
            verified=row.get("verified", "") == "yes",
            system=row.get("system", ""),
            note=row.get("note", ""),
        )
        for row in records
    )
