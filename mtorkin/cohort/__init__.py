"""Virtual cohorts: cells that differ as patients do, populations of them, and what predicts response."""

from mtorkin.cohort.patients import Cohort, cohort
from mtorkin.cohort.populations import (
    Clones,
    bliss_excess,
    clones,
    lethality_score,
    log_growth,
    viability,
)
from mtorkin.cohort.prediction import PanelGain, cross_validated_auc, fit_logistic, panel_gain
from mtorkin.cohort.ranks import auc, spearman
from mtorkin.cohort.response import relative_change, responders, response_rate
from mtorkin.cohort.simulating import simulate_cohort

__all__ = [
    "Clones",
    "Cohort",
    "PanelGain",
    "auc",
    "bliss_excess",
    "clones",
    "cohort",
    "cross_validated_auc",
    "fit_logistic",
    "lethality_score",
    "log_growth",
    "panel_gain",
    "relative_change",
    "responders",
    "response_rate",
    "simulate_cohort",
    "spearman",
    "viability",
]
