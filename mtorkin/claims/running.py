"""Runs claims and tells what came out, one row a criterion."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from mtorkin.build import GENERIC
from mtorkin.claims.experiments import Outcomes, Progress, conduct
from mtorkin.claims.measures import MEASURES
from mtorkin.claims.reading import read_claims
from mtorkin.claims.recording import Evidence
from mtorkin.claims.statement import Claim, Criterion
from mtorkin.claims.wording import describe
from mtorkin.engines import default_engine, engine_named
from mtorkin.errors import DeclarationError, MtorkinError, listed, nearest
from mtorkin.model import Model

__all__ = ["COLUMNS", "FAILED", "LITERAL", "PASSED", "PENDING", "RECORD", "evaluate", "run_claims"]

PASSED, FAILED, PENDING, LITERAL, RECORD = "passed", "failed", "pending", "literal", "record"
COLUMNS = (
    "id",
    "group",
    "essential",
    "kind",
    "statement",
    "experiment",
    "verified",
    "criterion",
    "value",
    "low",
    "high",
    "pass",
    "status",
    "reason",
)
UNMEASURED = "it cannot be measured: its control is 0, or it never reaches the level"


def run_claims(
    model: Model,
    ids: Iterable[str] | None = None,
    engine: str | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Test what the literature says against a model: a table with one row a criterion.

    Columns: id, group, essential, kind ("M" one model, "Co" a cohort or population, "N" a record),
    statement, experiment, verified (whose text was read and whose was not), criterion (in words),
    value with its bounds low and high [%, min, nM or 1, as the criterion says], pass, status and
    reason. Status is "passed"; "failed"; "pending", cannot be tested yet; "literal", a sentence that
    is read otherwise and, as it stands, is not met, as it should be; or "record", reported and not
    judged. Only what is "passed" passes. `ids` picks claims (all by default), in the order given;
    `progress(done, all)` is called after each simulation. A simulation that fails is a failed
    criterion with the reason. `engine` is the fastest there is, if left out. Raises DeclarationError
    for an unknown claim or engine.
    """
    return evaluate(model, _chosen(read_claims(), ids), engine, progress)


def evaluate(
    model: Model,
    claims: Sequence[Claim],
    engine: str | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the table of `run_claims` for claims of one's own, as `read_claims(folder)` gives them."""
    name = default_engine() if engine is None else engine
    engine_named(name)  # a misspelt engine is the caller's mistake, not a failed claim
    outcomes = conduct(model, claims, name, progress)
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
                f"no claim {id!r}{nearest(str(id), known)} (there are {listed(known)}; "
                "mtorkin.claims.read_claims() has all)"
            )
    return [known[id] for id in asked]


def _rows(claim: Claim, outcomes: Outcomes, model: Model) -> list[dict[str, object]]:
    about = {
        "id": claim.id,
        "group": claim.group,
        "essential": claim.essential,
        "kind": claim.kind,
        "statement": claim.statement,
        "experiment": claim.experiment,
        "verified": _sources(claim),
    }
    rows = [{**about, **_tested(claim, c, outcomes, model)} for c in claim.criteria]
    status = RECORD if claim.kind == "N" else PENDING
    nothing = {"value": math.nan, "low": math.nan, "high": math.nan}
    rows += [
        {**about, **nothing, "criterion": part, "pass": False, "status": status, "reason": why}
        for part, why in claim.pending
    ]
    return rows


def _sources(claim: Claim) -> str:
    kinds = (("verified", claim.verified), ("unverified", claim.unverified))
    return "; ".join(f"{kind}: {', '.join(keys)}" for kind, keys in kinds if keys)


def _tested(claim: Claim, c: Criterion, outcomes: Outcomes, model: Model) -> dict[str, object]:
    value, error_said = math.nan, ""
    if not (other := _other_cells(claim, c, model)):
        try:
            value = MEASURES[c.measure](c, _evidence(claim, c, outcomes, model))
        except MtorkinError as error:
            error_said = str(error)
    status, why = (PENDING, other) if other else _verdict(claim, c, value)
    if not why and math.isnan(value):
        why = UNMEASURED
    return {
        "criterion": describe(c),
        "value": value,
        "low": c.low,
        "high": c.high,
        "pass": status == PASSED,
        "status": status,
        "reason": error_said or why,
    }


def _verdict(claim: Claim, c: Criterion, value: float) -> tuple[str, str]:
    """Return the status that a value gives a criterion, and why."""
    met = c.low <= value <= c.high
    if claim.kind == "N":
        return RECORD, ""
    if c.literal:
        if met:
            return (
                FAILED,
                f"it holds as it stands, so reconsider why it is read otherwise: {c.literal}",
            )
        return (FAILED, "") if math.isnan(value) else (LITERAL, c.literal)
    return (PASSED, "") if met else (FAILED, c.fails)


def _other_cells(claim: Claim, c: Criterion, model: Model) -> str:
    """Why a criterion cannot be tested on a model that is of a context itself, or "" where it can."""
    named = (*c.runs, *c.controls)
    needs = dict.fromkeys(context for name in named for context in claim.runs[name].treatment.contexts)
    if model.context == GENERIC or not needs:
        return ""
    return f"it needs cells of its own ({', '.join(needs)}), and the model is of context {model.context}"


def _evidence(claim: Claim, c: Criterion, outcomes: Outcomes, model: Model) -> Evidence:
    """What was recorded of the runs of a criterion. Raises the error that one of them ended in."""
    if c.cohort:
        patients = outcomes.of_cohort(claim.cohorts[c.cohort])
        return Evidence(claim.runs, {}, model.network, {c.cohort: patients})
    names = (*c.runs, *c.controls)
    recorded = {name: outcomes.of_run(claim.runs[name].treatment) for name in names}
    return Evidence(claim.runs, recorded, model.network)
