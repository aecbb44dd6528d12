"""Where blots and priors disagree, in sentences."""

from __future__ import annotations

import math

import pandas as pd

from mtorkin.fit.profiles import Profiles
from mtorkin.fit.result import FitResult

__all__ = ["disagreements", "rule"]

# prior standard deviations: of a fit, outside its 95 %; of blots that exclude the middle of a prior, less
FAR, PULLED = 1.959963984540054, 1.0


def disagreements(result: FitResult, profiles: Profiles | None = None) -> dict[str, str]:
    """A sentence by parameter on which blots and prior do not agree, the farthest first (no unit).

    With its profile: the blots' 95 % leaves out the middle of the prior, and what they pull to is at least
    a standard deviation away. Without one: the fit lies outside the prior's 95 %.
    """
    profiled = {} if profiles is None else {str(name): row for name, row in profiles.table.iterrows()}
    found: list[tuple[float, str, str]] = []
    for name, row in result.table.iterrows():
        mean, sd = float(row["prior_mean"]), float(row["prior_sd"])
        if not (math.isfinite(mean) and math.isfinite(sd) and sd > 0):
            continue
        profile = profiled.get(str(name))
        words, value = _pulled(str(name), float(row["value"]), profile, mean)
        z = (math.log(value) - mean) / sd
        if abs(z) > (FAR if profile is None else PULLED):
            unit = "" if row["unit"] == "1" else f" {row['unit']}"
            side = "above" if z > 0 else "below"
            text = (
                f"{words} {value:.3g}{unit}, {abs(z):.1f} prior standard deviations {side} its prior's "
                f"{math.exp(mean):.3g}"
            )
            found.append((abs(z), str(name), text))
    return {name: text for _, name, text in sorted(found, key=lambda each: -each[0])}


def rule(result: FitResult, profiles: Profiles | None = None) -> str:
    """The sentence that says when `disagreements` calls it one, for this fit and these profiles."""
    fitted = "the fit lies outside grey"
    if profiles is None or profiles.table.empty:
        return f"Blots and prior disagree where {fitted}."
    others = not set(map(str, result.table.index)) <= set(map(str, profiles.table.index))
    return (
        "Blots and prior disagree where the blots' own 95 % leaves out the middle of the prior and what they "
        f"pull to is more than {PULLED:g} prior standard deviation from it, which may be within grey"
        + (f"; for a parameter that was not profiled, where {fitted}." if others else ".")
    )


def _pulled(name: str, fitted: float, profile: pd.Series | None, mean: float) -> tuple[str, float]:
    """Words, and where blots pull a parameter to; the prior's own mean where they leave it there."""
    if profile is None:
        return f"the fit has {name} at", fitted
    lower, upper = float(profile["lower"]), float(profile["upper"])
    if lower <= math.exp(mean) <= upper:
        return "", math.exp(mean)
    if lower <= 0:
        return f"the blots pull {name} to at most", upper
    if upper == math.inf:
        return f"the blots pull {name} to at least", lower
    return f"the blots pull {name} to", float(profile["by_blots"])
