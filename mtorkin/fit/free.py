"""What is free: parameters of all contexts together, or of one (`Akt_abundance@MCF-7`).

A context is a kind of cells in the blots, with a model of its own. `NAME` is one value for all of them,
`NAME@CONTEXT` one for that context, while the others keep theirs, and `NAME@*` one for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mtorkin.errors import DeclarationError, TableError, nearest
from mtorkin.model import Model

__all__ = ["EACH", "Free", "free_parameters", "parse", "rows_of"]

EACH = "*"


@dataclass(frozen=True)
class Free:
    """A free parameter: its id in the model and the context it belongs to, None for all of them."""

    id: str
    context: str | None = None

    @property
    def name(self) -> str:
        """As it is written: id, or id@context."""
        return self.id if self.context is None else f"{self.id}@{self.context}"

    def acts_in(self, context: str) -> bool:
        """Whether it changes the model of a context."""
        return self.context is None or self.context == context


def parse(name: str) -> Free:
    """A free parameter from its name, unchecked."""
    id, at, context = name.partition("@")
    return Free(id, context if at else None)


def free_parameters(names: Sequence[str], models: Mapping[str, Model]) -> tuple[Free, ...]:
    """Free parameters from their names, `@*` written out; `models` by context.

    Raises DeclarationError where there is none, one is no parameter or no context of the blots, is
    named twice, is both shared and of a context, or is shared although the contexts start it at
    different values.
    """
    if isinstance(names, str):
        raise DeclarationError(f"free={names!r} is a word; give a list of names: free=[{names!r}]")
    if not names:
        raise DeclarationError("no free parameter: name at least one in free=[...]")
    found: list[Free] = []
    for name in names:
        one = parse(str(name))
        _check(one, str(name), models)
        found += [Free(one.id, each) for each in models] if one.context == EACH else [one]
    for i, one in enumerate(found):
        for other in found[:i]:
            if one == other:
                raise DeclarationError(f"parameter {one.name!r} is named twice in free")
            if one.id == other.id and None in (one.context, other.context):
                raise DeclarationError(
                    f"parameter {one.id!r} is free in all contexts together and in one alone; write "
                    f"{one.id}@{EACH} for a value in each"
                )
    return tuple(found)


def _check(one: Free, name: str, models: Mapping[str, Model]) -> None:
    known = next(iter(models.values())).parameters.index
    if one.id not in known:
        raise DeclarationError(
            f"no parameter {one.id!r} to fit{nearest(one.id, known)}; see model.parameters"
        )
    if one.context is None:
        values = {context: float(model.values[one.id]) for context, model in models.items()}
        if len(set(values.values())) > 1:
            said = ", ".join(f"{context} {value:g}" for context, value in values.items())
            raise DeclarationError(
                f"parameter {one.id!r} differs between contexts ({said}), so one value for all would "
                f"undo them; write {one.id}@{EACH} for a value in each"
            )
    elif one.context != EACH and one.context not in models:
        raise DeclarationError(
            f"{name!r}: the blots have no context {one.context!r}{nearest(one.context, models)}; they have "
            f"{', '.join(repr(each) for each in models)}, and {one.id}@{EACH} is a value in each"
        )


def rows_of(free: Sequence[Free], models: Mapping[str, Model]) -> pd.DataFrame:
    """The rows of the parameter tables (index parameterId: the names of free parameters).

    `value` is that of the context. Raises TableError where a fit lacks bounds or starts outside them.
    """
    tables = {context: model.parameters for context, model in models.items()}
    first = next(iter(models))
    rows = []
    for one in free:
        row = tables[first if one.context is None else one.context].loc[[one.id]]
        rows.append(row.set_axis([one.name]))
    table = pd.concat(rows).rename_axis("parameterId")
    for name in table.index:
        row = table.loc[[name]]
        file = f"{row['mechanism'].iloc[0]}.tsv"
        value, low, high = row[["value", "lower", "upper"]].to_numpy(float)[0]
        if not 0 < low < high < np.inf:
            raise TableError(
                f"parameter {name}: a fit needs bounds 0 < lower < upper, the table {file} has "
                f"{low} and {high}"
            )
        if not low <= value <= high:
            raise TableError(f"parameter {name} = {value} is outside its bounds {low} to {high} ({file})")
    return table
