"""Measures of a sample: the patients of a cohort, or the runs of a list (cell lines, for example)."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from mtorkin.arrays import Array
from mtorkin.claims.recording import Evidence, Recording, change
from mtorkin.claims.statement import Criterion, Readout
from mtorkin.cohort.prediction import PanelGain
from mtorkin.cohort.prediction import panel_gain as gain
from mtorkin.cohort.ranks import spearman as correlate
from mtorkin.errors import DeclarationError, nearest

__all__ = ["panel_auc", "panel_gain", "responders", "spearman", "spearman_lead"]


def spearman(c: Criterion, seen: Evidence) -> float:
    """Spearman's correlation over a sample of the readout and another one, or the abundance `factor`.

    With `relative`, readouts are over their start. Patients that failed are left out.
    """
    own = _values(c, seen, c.readout)
    return _correlate(own, _factor(c, seen) if c.factor else _values(c, seen, c.against or c.readout))


def spearman_lead(c: Criterion, seen: Evidence) -> float:
    """Spearman's correlation of the readout with the first of the `readouts` less that with the second."""
    own = _values(c, seen, c.readout)
    first, second = (_correlate(own, _values(c, seen, each)) for each in c.readouts[:2])
    return first - second


def responders(c: Criterion, seen: Evidence) -> float:
    """Share [%] of a sample in which the readout at `at` is at most `to` % of its start.

    A patient whose simulation failed is counted, and does not respond.
    """
    return 100 * float(np.mean(_respond(c, seen)))


def panel_gain(c: Criterion, seen: Evidence) -> float:
    """Cross-validated area under the ROC curve of all `readouts` less that of the best of them.

    Who responds is as in `responders`; the readouts are looked at at time 0.
    """
    return _panel(c, seen).gain


def panel_auc(c: Criterion, seen: Evidence) -> float:
    """Cross-validated area under the ROC curve of all `readouts`, as in `panel_gain`."""
    return _panel(c, seen).panel


def _panel(c: Criterion, seen: Evidence) -> PanelGain:
    there = [r for r in _sample(c, seen) if r is not None]
    markers = pd.DataFrame({str(each): [r.at(each, 0.0) for r in there] for each in c.readouts})
    respond = [change(r, c.readout, c.at[0]) <= c.to / 100 for r in there]
    return gain(markers, respond, seed=c.seed)


def _respond(c: Criterion, seen: Evidence) -> list[bool]:
    return [r is not None and change(r, c.readout, c.at[0]) <= c.to / 100 for r in _sample(c, seen)]


def _sample(c: Criterion, seen: Evidence) -> list[Recording | None]:
    if not c.cohort:
        return [seen.recorded[run] for run in c.runs]
    return [None if isinstance(each, str) else each for each in seen.cohorts[c.cohort].recorded]


def _values(c: Criterion, seen: Evidence, readout: Readout) -> Array:
    return np.array([math.nan if r is None else _value(c, r, readout) for r in _sample(c, seen)])


def _value(c: Criterion, recorded: Recording, readout: Readout) -> float:
    at = c.at[0]
    return change(recorded, readout, at) if c.relative else recorded.at(readout, at)


def _factor(c: Criterion, seen: Evidence) -> Array:
    factors = seen.cohorts[c.cohort].factors
    if c.factor not in factors.columns:
        raise DeclarationError(
            f"{c.factor!r} does not vary in the cohort{nearest(c.factor, factors.columns)}"
        )
    return factors[c.factor].to_numpy(dtype=float)


def _correlate(one: Array, other: Array) -> float:
    there = np.isfinite(one) & np.isfinite(other)
    return correlate(one[there], other[there])
