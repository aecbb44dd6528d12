"""Measures of dose-response series."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise

from mtorkin.claims.recording import Evidence, change, ratio
from mtorkin.claims.statement import Criterion, Run
from mtorkin.cohort.ranks import spearman
from mtorkin.errors import DeclarationError

__all__ = ["ec50", "ec50_ratio", "ec50_spearman", "potency_ratio"]


def ec50(c: Criterion, seen: Evidence) -> float:
    """Dose [nM] at which the readout is half its start, interpolated in log dose."""
    return _ec50(c, seen, c.runs, c.at[0])


def ec50_ratio(c: Criterion, seen: Evidence) -> float:
    """EC50 at the first time, over that at the second."""
    return ratio(_ec50(c, seen, c.runs, c.at[0]), _ec50(c, seen, c.runs, c.at[1]))


def potency_ratio(c: Criterion, seen: Evidence) -> float:
    """EC50 in a series, over that in the series `of`, of another drug or in other cells."""
    return ratio(_ec50(c, seen, c.runs, c.at[0]), _ec50(c, seen, c.others, c.of_at))


def ec50_spearman(c: Criterion, seen: Evidence) -> float:
    """Spearman's correlation of the EC50s of several drugs, a series each, with those `expected` [nM]."""
    found = []
    for drug, _ in c.expected:
        series = [name for name in c.runs if drug in (seen.runs[name].drug, *_given(seen.runs[name]))]
        if not series:
            raise DeclarationError(f"no run gives {drug!r}, so there is no EC50 to compare")
        found.append(_ec50(c, seen, series, c.at[0], drug))
    return spearman(found, [value for _, value in c.expected])


def _ec50(c: Criterion, seen: Evidence, runs: Iterable[str], at: float, drug: str = "") -> float:
    pairs = sorted(
        (_dose(seen.runs[run], drug or c.dose), change(seen.recorded[run], c.readout, at)) for run in runs
    )
    for (lower, above), (higher, below) in pairwise(pairs):
        if above > 0.5 >= below:
            part = (above - 0.5) / (above - below)
            return float(lower * (higher / lower) ** part)
    return math.nan


def _given(run: Run) -> set[str]:
    return {key for period in run.treatment.periods for key, value in period.inputs if value > 0}


def _dose(run: Run, name: str) -> float:
    if run.drug and name in ("", run.drug):
        return run.dose
    given = [value for period in run.treatment.periods for key, value in period.inputs if key == name]
    if not given or given[-1] <= 0:
        raise DeclarationError(f"run {run.name!r} gives no {name!r}, so it has no place in a dose-response")
    return given[-1]
