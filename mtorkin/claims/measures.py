"""The closed list of measures: each takes a criterion and what was recorded, and gives a number.

A measure that cannot be taken (a control of 0, a level never reached) is not a number, so that no
criterion is met by it. `NEEDS` says which keys of a criterion a measure cannot do without.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mtorkin.claims import courses, doses, growing, levels, sampling, states
from mtorkin.claims.recording import Measure

__all__ = ["COHORTS", "GRIDS", "MEASURES", "NEEDS", "POPULATIONS", "SERIES", "SEVERAL", "UNITS"]

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        measure.__name__: measure
        for measure in (
            levels.level,
            levels.percent,
            levels.fold,
            levels.points,
            levels.relative_fold,
            levels.falls,
            levels.rises,
            levels.lowest,
            levels.highest,
            levels.share_above,
            levels.shared_species,
            courses.half_time,
            courses.half_time_ratio,
            courses.half_time_over_rates,
            courses.half_effect_time,
            courses.half_effect_order,
            courses.area,
            courses.correlation,
            doses.ec50,
            doses.ec50_ratio,
            doses.potency_ratio,
            doses.ec50_spearman,
            states.distinct_states,
            growing.viability,
            growing.viability_time,
            growing.lethality_score,
            growing.bliss_excess,
            growing.takeover,
            growing.progression,
            growing.progression_ratio,
            sampling.spearman,
            sampling.spearman_lead,
            sampling.responders,
            sampling.panel_gain,
            sampling.panel_auc,
        )
    }
)

NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "points": ("of",),
        "relative_fold": ("of",),
        "half_time_ratio": ("of",),
        "half_time_over_rates": ("rates",),
        "half_effect_order": ("readouts",),
        "share_above": ("to",),
        "shared_species": ("against",),
        "correlation": ("against",),
        "potency_ratio": ("of",),
        "ec50_spearman": ("expected",),
        "distinct_states": ("starts",),
        "viability_time": ("to",),
        "lethality_score": ("at",),
        "bliss_excess": ("at",),
        "takeover": ("share",),
        "progression": ("share", "to"),
        "progression_ratio": ("share", "to", "of"),
        "spearman_lead": ("readouts",),
        "responders": ("to",),
        "panel_gain": ("readouts", "to"),
        "panel_auc": ("readouts", "to"),
    }
)

GROWTH = ("viability", "viability_time", "lethality_score", "bliss_excess")
CLONES = ("takeover", "progression", "progression_ratio")
SAMPLES = ("spearman", "spearman_lead", "responders", "panel_gain", "panel_auc")

# these need runs that are recorded on a grid
GRIDS = frozenset(
    {
        "half_time",
        "half_time_ratio",
        "half_time_over_rates",
        "half_effect_time",
        "half_effect_order",
        "area",
        "correlation",
        *GROWTH,
        *CLONES,
    }
)
# these are taken of several runs; the others of one
SEVERAL = frozenset(
    {
        "falls",
        "rises",
        "lowest",
        "highest",
        "share_above",
        "shared_species",
        "ec50",
        "ec50_ratio",
        "ec50_spearman",
        "potency_ratio",
        "lethality_score",
        "bliss_excess",
        *CLONES,
        *SAMPLES,
    }
)
# these compare with several runs
SERIES = frozenset({"potency_ratio", "progression_ratio"})
# these are taken of cohorts
COHORTS = frozenset(SAMPLES)
# these make a claim one on a population
POPULATIONS = frozenset({*CLONES, "lethality_score", "bliss_excess"})

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "half_time": "min",
        "half_effect_time": "min",
        "viability_time": "min",
        "progression": "min",
        "ec50": "nM",
        "points": "points",
    }
)
