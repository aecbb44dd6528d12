"""Readouts as effects from 0 to 1, and effects of two drugs beside what they should be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from mtorkin.arrays import Array
from mtorkin.errors import DeclarationError
from mtorkin.response.synergy import LEAST, EffectCurve, bliss, combination_index, hsa, loewe

__all__ = ["Column", "Pair", "compared", "effects_of"]

NOTHING = 1e-6  # an untreated readout below it has no relative change
ROUNDING = 1e-9

Pair = tuple[float, float]
Column = Array | list[str]


def effects_of(
    values: Mapping[Pair, float], readout: str, unit: str, full_effect: float | None
) -> tuple[dict[Pair, float], float]:
    """Return the effect [1] at each pair of doses, and the readout [its unit] that is an effect of 1.

    `values` has the readout at each pair, (0, 0) the untreated among them. Raises DeclarationError
    where the readout moves away from `full_effect` (0 without one), goes beyond it, or where there
    is nothing to fall.
    """
    seen = np.array(list(values.values()))
    untreated, low, high = values[0.0, 0.0], float(seen.min()), float(seen.max())
    said = "" if unit == "1" else f" {unit}"
    if full_effect is None:
        if untreated <= NOTHING:
            raise DeclarationError(
                f"untreated cells have no {readout} ({untreated:.3g}{said}), so it cannot fall; "
                "give full_effect, the readout that counts as an effect of 1"
            )
        if high - untreated > max(untreated - low, LEAST * untreated):
            raise DeclarationError(
                f"{readout} rises, from {untreated:.4g} to {high:.4g}{said}, and has no natural end there; "
                "give full_effect, the readout that counts as an effect of 1 "
                f"(at least {high:.4g}{said}, for example the total of the molecule)"
            )
    full = 0.0 if full_effect is None else float(full_effect)
    if not math.isfinite(full) or full < 0 or full == untreated:
        raise DeclarationError(
            f"full_effect is {full:g}{said}; it is a number from 0 up other than the untreated {readout} "
            f"({untreated:.4g}{said})"
        )
    effects = (untreated - seen) / (untreated - full)
    most, against = float(effects.max()), float(-effects.min())
    if against > max(most, LEAST):
        raise DeclarationError(
            f"{readout} goes from {untreated:.4g} to {low if full > untreated else high:.4g}{said}, away "
            f"from full_effect = {full:g}{said}; give one on the other side of the untreated"
        )
    if most > 1 + ROUNDING:
        raise DeclarationError(
            f"{readout} reaches {high if full > untreated else low:.4g}{said}, beyond full_effect = "
            f"{full:g}{said}; give one that is not passed"
        )
    return dict(zip(values, effects.tolist(), strict=True)), full


def compared(
    pairs: Sequence[Pair],
    effects: Mapping[Pair, float],
    curves: tuple[EffectCurve, EffectCurve],
    names: tuple[str, str] = ("the first drug", "the second drug"),
) -> dict[str, Column]:
    """Return the columns that compare effects [1] at `pairs` of doses with what they should be.

    `effects` has the effect at each pair, those with a dose of 0 among them; `curves` are the drugs
    alone. A drug alone has an index of 1 and a Loewe excess of 0, by definition.
    """
    seen = np.array([effects[p] for p in pairs])
    first = np.array([effects[a, 0.0] for a, _ in pairs])
    second = np.array([effects[0.0, b] for _, b in pairs])
    additive = np.array([_additive(pair, effects[pair], curves) for pair in pairs])
    return {
        "bliss_expected": bliss(first, second),
        "bliss": seen - bliss(first, second),
        "hsa_expected": hsa(first, second),
        "hsa": seen - hsa(first, second),
        "loewe_expected": additive,
        "loewe": seen - additive,
        "ci": np.array([_index(pair, effects[pair], curves) for pair in pairs]),
        "undefined": [
            _undefined(pair, effects[pair], expected, curves, names)
            for pair, expected in zip(pairs, additive.tolist(), strict=True)
        ],
    }


def _additive(pair: Pair, effect: float, curves: tuple[EffectCurve, EffectCurve]) -> float:
    if 0.0 in pair:
        return effect
    one, other = curves
    if pair[0] > one.turns or pair[1] > other.turns:
        return math.nan
    return loewe(*pair, min(one.most, other.most), one.dose_for, other.dose_for)


def _index(pair: Pair, effect: float, curves: tuple[EffectCurve, EffectCurve]) -> float:
    if 0.0 in pair:
        return 1.0 if effect >= LEAST else math.nan
    if pair[0] > curves[0].turns or pair[1] > curves[1].turns:
        return math.nan
    return combination_index(*pair, effect, curves[0].dose_for, curves[1].dose_for)


def _undefined(
    pair: Pair,
    effect: float,
    additive: float,
    curves: tuple[EffectCurve, EffectCurve],
    names: tuple[str, str],
) -> str:
    """Why there is no Loewe excess or no index for a pair; "" where there are both."""
    if 0.0 in pair:
        return ""
    if effect < LEAST:
        return f"together they do less than {100 * LEAST:g} %"
    back = [
        f"{name} alone does less again above {curve.turns:.3g}, so doses there are no equivalent"
        for name, curve, dose in zip(names, curves, pair, strict=True)
        if dose > curve.turns
    ]
    if back:
        return "; ".join(back)
    short = [f"{n} alone reaches {c.most:.2f}" for n, c in zip(names, curves, strict=True) if c.most < effect]
    if short:
        return f"the effect is {effect:.2f}; {', '.join(short)}"
    if math.isnan(additive):
        most = min(curve.most for curve in curves)
        return f"Loewe's sum of the two is beyond {most:.2f}, the largest effect that both reach alone"
    return ""
