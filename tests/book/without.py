"""Takes a mechanism out of the model and asks one criterion what it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mtorkin.book import Removal
from mtorkin.build import build, with_drugs
from mtorkin.claims import Claim, evaluate
from mtorkin.claims.statement import Run, Treatment
from mtorkin.errors import MtorkinError
from mtorkin.mechanisms import ALL
from mtorkin.model import Model
from mtorkin.protocol import Period


@dataclass(frozen=True)
class Verdict:
    """Whether a criterion is met, what came out, and the refusal where nothing could."""

    met: bool
    said: str
    refusal: str


def reduced(model: Model, taken: Removal, drugs: Iterable[str] = ()) -> Model:
    """The model, with some drugs, without what is dropped, and with the values set."""
    if taken.dropped:
        model = build([m for m in ALL if m.name not in taken.dropped])
    return with_drugs(model, *drugs).with_values(**dict(taken.values))


def only(claim: Claim, number: int, never: tuple[str, ...] = ()) -> Claim:
    """A claim with one of its criteria, counted from 1, whose runs never have some inputs and mutants."""
    runs = {
        name: replace(run, treatment=_treatment(run.treatment, never)) for name, run in claim.runs.items()
    }
    return replace(claim, runs=runs, criteria=(claim.criteria[number - 1],), pending=())


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


def runs_of(claim: Claim, number: int) -> list[Run]:
    """The runs that a criterion, counted from 1, looks at."""
    c = claim.criteria[number - 1]
    return [claim.runs[name] for name in (*c.runs, *c.controls)]


def verdict(model: Model, claim: Claim, number: int, taken: Removal) -> Verdict:
    """What a criterion, counted from 1, says of the model without what is taken out."""
    drugs = {d for run in runs_of(claim, number) for d in run.treatment.cells.drugs}
    try:
        table = evaluate(reduced(model, taken, sorted(drugs)), [only(claim, number, taken.never)])
    except MtorkinError as error:  # it cannot be assembled
        return Verdict(False, "", str(error))
    row = table.iloc[0]
    unmeasured = row["reason"].startswith("it cannot be measured")
    refusal = "" if unmeasured or row["value"] == row["value"] else row["reason"]
    return Verdict(row["status"] == "passed", f"{row['criterion']}: {row['value']:.4g}", refusal)
