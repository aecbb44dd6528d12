"""Takes a mechanism out of the model and asks one criterion what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mtorkin.book import Removal
from mtorkin.build import build
from mtorkin.claims import Claim, evaluate
from mtorkin.claims.statement import Run, Treatment
from mtorkin.errors import MtorkinError
from mtorkin.mechanisms import ALL
from mtorkin.model import Model
from mtorkin.protocol import Period


def reduced(model: Model, taken: Removal) -> Model:
    """The model without what is dropped, and with the values set."""
    if taken.dropped:
        model = build([m for m in ALL if m.name not in taken.dropped])
    return model.with_values(**dict(taken.values))


def only(claim: Claim, number: int, never: tuple[str, ...] = ()) -> Claim:
    """A claim with one of its criteria, counted from 1, whose runs never have some inputs and mutants."""
    runs = {name: _run(run, never) for name, run in claim.runs.items()}
    return replace(claim, runs=runs, criteria=(claim.criteria[number - 1],), pending=())


def _run(run: Run, never: tuple[str, ...]) -> Run:
    return replace(run, treatment=_treatment(run.treatment, never))


def _treatment(treatment: Treatment, never: tuple[str, ...]) -> Treatment:
    cells = treatment.cells
    return replace(
        treatment,
        cells=replace(cells, mutants=tuple(m for m in cells.mutants if m not in never)),
        medium=tuple((k, v) for k, v in treatment.medium if k not in never),
        periods=tuple(
            Period(p.start, **{k: v for k, v in p.inputs if k not in never}) for p in treatment.periods
        ),
        origin=_treatment(treatment.origin, never) if treatment.origin else None,
    )


def verdict(model: Model, claim: Claim, number: int, taken: Removal) -> tuple[bool, str]:
    """Whether the criterion is still met without what is taken out, and the value or the refusal."""
    try:
        with np.errstate(all="raise"):
            table = evaluate(reduced(model, taken), [only(claim, number, taken.never)])
    except (MtorkinError, FloatingPointError) as error:
        return False, str(error)
    row = table.iloc[0]
    return row["status"] == "passed", f"{row['criterion']}: {row['value']:.4g} {row['reason']}"
