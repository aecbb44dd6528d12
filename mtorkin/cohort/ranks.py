"""Statistics that depend on order alone."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from mtorkin.arrays import Array
from mtorkin.errors import DeclarationError

__all__ = ["auc", "spearman"]


def spearman(one: Sequence[float] | Array, other: Sequence[float] | Array) -> float:
    """Return Spearman's rank correlation [-1 to 1], ties at their mean rank.

    Not a number where there are fewer than 3 pairs, where one side does not vary, or where a value
    is not a number. Raises DeclarationError where the sides differ in length.
    """
    a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if a.shape != b.shape or a.ndim != 1:
        raise DeclarationError(
            f"a correlation is of pairs: one side has shape {a.shape}, the other {b.shape}"
        )
    if len(a) < 3 or np.isnan(a).any() or np.isnan(b).any() or np.ptp(a) == 0 or np.ptp(b) == 0:
        return math.nan
    from scipy.stats import rankdata  # here: it is slow to load, and few commands need it

    return float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])


def auc(marker: Sequence[float] | Array, positive: Sequence[bool] | Array) -> float:
    """Return the area under the ROC curve [0 to 1] of a marker that is meant to be high in positives.

    It is the chance that a positive has more of the marker than a negative, ties counting half
    (Mann and Whitney's U over the number of pairs). Not a number where all are of one class or a
    value is not a number. Raises DeclarationError where the lengths differ.
    """
    values, classes = np.asarray(marker, dtype=float), np.asarray(positive, dtype=bool)
    if values.shape != classes.shape or values.ndim != 1:
        raise DeclarationError(
            f"a marker has a value for each class: their shapes are {values.shape} and {classes.shape}"
        )
    positives = int(classes.sum())
    negatives = len(classes) - positives
    if not positives or not negatives or np.isnan(values).any():
        return math.nan
    from scipy.stats import rankdata  # here: it is slow to load, and few commands need it

    above = float(rankdata(values)[classes].sum()) - positives * (positives + 1) / 2
    return above / (positives * negatives)
