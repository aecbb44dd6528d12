"""Virtual cohorts: cells that differ as patients do, and what their readouts are good for."""

from mtorkin.cohort.ranks import auc, spearman

__all__ = ["auc", "spearman"]
