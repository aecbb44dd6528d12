"""Criteria in words."""

from __future__ import annotations

import math

from mtorkin.claims.measures import UNITS
from mtorkin.claims.statement import START, Criterion

__all__ = ["describe"]


def describe(c: Criterion) -> str:
    """Return a criterion in words, with its bounds (no unit)."""
    bounds = f"≥ {c.low:g}" if math.isfinite(c.low) else ""
    if math.isfinite(c.high):
        bounds = f"{c.low:g} to {c.high:g}" if bounds else f"≤ {c.high:g}"
    unit = UNITS.get(c.measure, "")
    said = c.words or _words(c)
    return f"{said}: {bounds}{' ' if unit else ''}{unit}" if bounds else said + (f" [{unit}]" if unit else "")


def _words(c: Criterion) -> str:
    runs = _runs(c)
    times = ", ".join(_time(at) for at in c.at) if any(c.at) else ""
    place = f"{runs} at {times}" if times else runs
    control = "the start" if c.of == START else c.of.replace("_", " ")
    if c.of != START and c.of_at:
        control += f" at {_time(c.of_at)}"
    against = f"{c.against} in {control}" if c.against else control
    match c.measure:
        case "level":
            return f"{c.readout}, {place}"
        case "percent":
            return f"{c.readout}, {place}, % of {against}"
        case "fold":
            return f"{c.readout}, {place}, over {against}"
        case "lowest" | "highest":
            return f"{c.readout}, {place}, {c.measure} in % of {control}"
        case "share_above":
            return f"{c.readout}, {place}, share of them [%] above {c.to:g} % of {control}"
        case "half_time":
            return f"{c.readout}, {runs}, time to {c.to:g} %"
        case "half_time_ratio":
            return f"{c.readout}, {runs}, time to {c.to:g} % over that in {control}"
        case "half_time_over_rates":
            return f"{c.readout}, {runs}, half-time over ln 2/({' + '.join(c.rates)})"
        case "half_effect_time":
            return f"{c.readout}, {runs}, time of {c.to:g} % of the effect"
        case "half_effect_order":
            order = ", ".join(map(str, c.readouts))
            return f"{order}, {runs}, times of {c.to:g} % of the effect, smallest ratio to the one before"
        case "area":
            return f"{c.readout}, {place}, mean over time, % of {control}"
        case "potency_ratio":
            return f"{c.readout}, EC50 of {runs} over that of {control}"
        case "ec50_spearman":
            return f"{c.readout}, EC50s of {len(c.expected)} drugs, Spearman's ρ with those expected"
        case "distinct_states":
            return f"{runs}, steady states from {c.starts} random starts"
        case "correlation" | "shared_species":
            return f"{c.readout} and {c.against}, {runs}, {c.measure.replace('_', ' ')}"
        case _:
            return _words_of_populations(c, runs, place)


def _words_of_populations(c: Criterion, runs: str, place: str) -> str:
    match c.measure:
        case "viability":
            return f"cells, {place}, % of those {_untreated(c)}"
        case "viability_time":
            return f"cells, {runs}, time to {c.to:g} % of those {_untreated(c)}"
        case "lethality_score" | "bliss_excess":
            name = "ln(S_A S_B / S_AB)" if c.measure == "lethality_score" else "S_A S_B - S_AB"
            return f"cells, {place}, {name}"
        case "takeover":
            return (
                f"share of {c.runs[-1].replace('_', ' ')} [%] at {_time(c.at[0])}, from {100 * c.share:g} %"
            )
        case "progression":
            return f"cells, {runs}, time to {c.to:g} % of the start"
        case "progression_ratio":
            return f"cells, {runs}, time to {c.to:g} % of the start, over that of {', '.join(c.others)}"
        case "spearman":
            other = f"abundance of {c.factor}" if c.factor else f"{c.against}"
            return f"{c.readout} and {other}, {place}, Spearman's ρ"
        case "spearman_lead":
            first, second = c.readouts[:2]
            return f"{c.readout}, {place}, Spearman's ρ with {first} less that with {second}"
        case "responders":
            return f"{c.readout}, {place}, share [%] with at most {c.to:g} % of the start"
        case "panel_gain" | "panel_auc":
            less = ", less that of the best of them" if c.measure == "panel_gain" else ""
            return f"{c.readout}, {place}: AUC of {', '.join(map(str, c.readouts))}{less}"
        case _:
            return f"{c.readout}, {place}, {c.measure.replace('_', ' ')}"


def _untreated(c: Criterion) -> str:
    return "left untreated" if c.of == START else f"in {c.of.replace('_', ' ')}"


def _runs(c: Criterion) -> str:
    if c.cohort:
        return f"cohort {c.cohort.replace('_', ' ')}"
    return c.series or ", ".join(run.replace("_", " ") for run in c.runs)


def _time(minutes: float) -> str:
    return f"{minutes / 60:g} h" if minutes >= 120 else f"{minutes:g} min"
