"""Does a panel of markers tell who responds better than one marker does?

A penalised logistic regression, scored on patients that it was not fitted to. The penalty (ridge on
standardised markers) keeps the fit finite where markers separate the classes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from mtorkin.arrays import Array
from mtorkin.cohort.ranks import auc
from mtorkin.errors import DeclarationError

__all__ = ["PanelGain", "cross_validated_auc", "fit_logistic", "panel_gain"]

PENALTY = 1.0


@dataclass(frozen=True)
class PanelGain:
    """Cross-validated areas under the ROC curve [0 to 1]: of the panel, and of each marker alone."""

    panel: float
    single: tuple[tuple[str, float], ...]

    @property
    def best(self) -> tuple[str, float]:
        """The best single marker and its area."""
        return max(self.single, key=lambda pair: pair[1])

    @property
    def gain(self) -> float:
        """Area of the panel less that of the best single marker."""
        return self.panel - self.best[1]


def fit_logistic(markers: Array, positive: Array, penalty: float = PENALTY) -> Array:
    """Return intercept and weights, shape (1 + markers,), of a ridge-penalised logistic regression.

    `markers` has shape (patients, markers), `positive` (patients,) booleans. Minimises the negative
    log-likelihood plus ``penalty / 2`` times the sum of squared weights; the intercept is free.
    """
    sign = np.where(positive, 1.0, -1.0)
    x = np.column_stack([np.ones(len(markers)), markers])

    def loss(w: Array) -> tuple[float, Array]:
        margin = sign * (x @ w)
        value = float(np.logaddexp(0.0, -margin).sum() + penalty / 2 * (w[1:] @ w[1:]))
        slope = -(x.T @ (sign * expit(-margin)))
        slope[1:] += penalty * w[1:]
        return value, slope

    from scipy.optimize import minimize  # here: it is slow to load, and few commands need it

    found: Array = minimize(loss, np.zeros(x.shape[1]), jac=True, method="BFGS").x
    return found


def cross_validated_auc(
    markers: Array, positive: Array, *, folds: int = 5, seed: int = 0, penalty: float = PENALTY
) -> float:
    """Return the area under the ROC curve [0 to 1] of logistic scores of patients left out of the fit.

    Both classes are spread over `folds` parts at random (`seed`); each part is scored by a fit to
    the others, with markers standardised by those others, and the area is that within each part,
    averaged, because scores of different fits are not on one scale. Not a number where one class
    has fewer than two patients. Raises DeclarationError for shapes that do not match.
    """
    x, y = np.asarray(markers, dtype=float), np.asarray(positive, dtype=bool)
    if x.ndim != 2 or len(x) != len(y):
        raise DeclarationError(f"markers have shape {x.shape} for {len(y)} patients; give a row a patient")
    least = int(min(y.sum(), (~y).sum()))
    parts = min(folds, least)
    if parts < 2 or not np.isfinite(x).all():
        return math.nan
    part = _parts(y, parts, seed)
    areas = []
    for k in range(parts):
        inside, outside = part != k, part == k
        middle, width = x[inside].mean(axis=0), x[inside].std(axis=0)
        scaled = (x - middle) / np.where(width > 0, width, 1.0)
        w = fit_logistic(scaled[inside], y[inside], penalty)
        areas.append(auc(w[0] + scaled[outside] @ w[1:], y[outside]))
    return float(np.mean(areas))


def panel_gain(
    markers: pd.DataFrame, positive: Sequence[bool] | pd.Series[bool], *, folds: int = 5, seed: int = 0
) -> PanelGain:
    """Return how well all columns together, and each alone, tell the positive patients.

    `markers` has one row a patient; the same parts are used for all. The best single marker is
    picked after the fact, which flatters it, so that a gain is not due to the choice.
    """
    y = np.asarray(positive, dtype=bool)
    values = markers.to_numpy(dtype=float)
    single = tuple(
        (str(name), cross_validated_auc(values[:, [i]], y, folds=folds, seed=seed))
        for i, name in enumerate(markers.columns)
    )
    return PanelGain(cross_validated_auc(values, y, folds=folds, seed=seed), single)


def _parts(y: Array, parts: int, seed: int) -> Array:
    """A part, 0 to parts - 1, for each patient, each class spread evenly."""
    random = np.random.default_rng(seed)
    part = np.empty(len(y), dtype=int)
    for kind in (True, False):
        members = random.permutation(np.flatnonzero(y == kind))
        part[members] = np.arange(len(members)) % parts
    return part
