"""Runs claims and tells what came out, one row a criterion."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from mtorkin.claims.experiments import Outcome, Progress, conduct, wanted_times
from mtorkin.claims.measures import MEASURES, Evidence, Recording, describe
from mtorkin.claims.reading import read_claims
from mtorkin.claims.statement import START, Claim, Criterion, Treatment
from mtorkin.engines import engine_named
from mtorkin.errors import DeclarationError, MtorkinError, nearest
from mtorkin.model import Model

__all__ = ["COLUMNS", "FAILED", "PASSED", "PENDING", "evaluate", "run_claims"]

PASSED, FAILED, PENDING = "passed", "failed", "pending"
COLUMNS = (
    "id",
    "group",
    "essential",
    "statement",
    "experiment",
    "criterion",
    "value",
    "low",
    "high",
    "pass",
    "status",
    "reason",
)


def run_claims(
    model: Model,
    ids: Iterable[str] | None = None,
    engine: str = "scipy",
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Test what the literature says against a model: a table with one row a criterion.

    Columns: id, group, essential, statement, experiment, criterion (in words), value with its
    bounds low and high [%, min, nM or 1, as the criterion says], pass, status ("passed", "failed"
    or "pending": cannot be tested yet, does not pass) and reason. `ids` picks claims (all by
    default), in the order given; `progress(done, all)` is called after each simulation. A
    simulation that fails is a failed criterion with the reason. Raises DeclarationError for an
    unknown claim or engine.
    """
    return evaluate(model, _chosen(read_claims(), ids), engine, progress)


def evaluate(
    model: Model,
    claims: Sequence[Claim],
    engine: str = "scipy",
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the table of `run_claims` for claims of one's own, as `read_claims(folder)` gives them."""
    engine_named(engine)  # a misspelt engine is the caller's mistake, not a failed claim
    outcomes = conduct(model, wanted_times(claims), engine, progress)
    rows = [row for claim in claims for row in _rows(claim, outcomes, model)]
    return pd.DataFrame.from_records(rows, columns=list(COLUMNS))


def _chosen(claims: tuple[Claim, ...], ids: Iterable[str] | None) -> list[Claim]:
    if ids is None:
        return list(claims)
    known = {claim.id: claim for claim in claims}
    asked = [ids] if isinstance(ids, str) else list(dict.fromkeys(ids))
    for id in asked:
        if id not in known:
            raise DeclarationError(
                f"no claim {id!r}{nearest(str(id), known)} (there are: {', '.join(known)})"
            )
    return [known[id] for id in asked]


def _rows(claim: Claim, outcomes: Mapping[Treatment, Outcome], model: Model) -> list[dict[str, object]]:
    about = {
        "id": claim.id,
        "group": claim.group,
        "essential": claim.essential,
        "statement": claim.statement,
        "experiment": claim.experiment,
    }
    rows = [{**about, **_tested(claim, c, outcomes, model)} for c in claim.criteria]
    nothing = {"value": math.nan, "low": math.nan, "high": math.nan}
    rows += [
        {**about, **nothing, "criterion": part, "pass": False, "status": PENDING, "reason": why}
        for part, why in claim.pending
    ]
    return rows


def _tested(
    claim: Claim, c: Criterion, outcomes: Mapping[Treatment, Outcome], model: Model
) -> dict[str, object]:
    value, reason = math.nan, ""
    try:
        value = MEASURES[c.measure](c, _evidence(claim, c, outcomes, model))
    except MtorkinError as error:
        reason = str(error)
    passed = c.low <= value <= c.high
    if not passed:
        reason = reason or c.fails
        if not reason and math.isnan(value):
            reason = "it cannot be measured: its control is 0, or it never reaches the level"
    return {
        "criterion": describe(c),
        "value": value,
        "low": c.low,
        "high": c.high,
        "pass": passed,
        "status": PASSED if passed else FAILED,
        "reason": reason,
    }


def _evidence(claim: Claim, c: Criterion, outcomes: Mapping[Treatment, Outcome], model: Model) -> Evidence:
    """What was recorded of the runs of a criterion. Raises the error that one of them ended in."""
    names = [*c.runs, *([] if c.of == START else [c.of])]
    recorded: dict[str, Recording] = {}
    for name in names:
        outcome = outcomes[claim.runs[name].treatment]
        if isinstance(outcome, MtorkinError):
            raise outcome
        recorded[name] = outcome
    return Evidence(claim.runs, recorded, model.network)
