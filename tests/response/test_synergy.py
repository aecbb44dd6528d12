"""Bliss, HSA, Loewe and the combination index on drugs whose curves are known exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd
import pytest

from mtorkin.errors import DeclarationError
from mtorkin.response.effects import Pair, compared, effects_of
from mtorkin.response.hill import hill
from mtorkin.response.synergy import EffectCurve, grid_between

DOSES = (0.0, 0.1, 0.3, 1.0, 3.0, 10.0)
Together = Callable[[float, float], float]


def alone(dose: float, most: float = 1.0, ec50: float = 1.0, slope: float = 1.5) -> float:
    return float(hill([dose], 0, most, ec50, slope)[0])


def curve(drug: Callable[[float], float]) -> EffectCurve:
    grid = grid_between(DOSES[1:], 10, 0.25)
    return EffectCurve(np.array(grid), np.array([drug(d) for d in grid]))


def table(together: Together) -> pd.DataFrame:
    pairs: list[Pair] = list(product(DOSES, DOSES))
    effects = {(a, b): together(a, b) for a, b in pairs}
    curves = (curve(lambda a: together(a, 0)), curve(lambda b: together(0, b)))
    frame = pd.DataFrame({**compared(pairs, effects, curves, ("A", "B"))})
    frame["both"] = [a > 0 and b > 0 for a, b in pairs]
    return frame


def test_a_drug_with_itself_is_additive() -> None:
    found = table(lambda a, b: alone(a + b))
    both = found[found["both"]]
    assert both["ci"].notna().all() and not both["undefined"].any()
    assert both["ci"].to_numpy() == pytest.approx(1, abs=0.02)
    assert found["loewe"].to_numpy() == pytest.approx(0, abs=0.005)
    # Bliss is not 0 there: two halves of a steep drug do more than independent drugs would
    assert both["bliss"].abs().max() > 0.05


def test_two_potencies_of_a_drug_are_additive_too() -> None:
    found = table(lambda a, b: alone(a + 5 * b))
    known = found[found["both"] & found["ci"].notna()]
    assert len(known) == 25
    assert known["ci"].to_numpy() == pytest.approx(1, abs=0.02)


def test_independent_drugs_have_no_excess_over_bliss() -> None:
    found = table(lambda a, b: 1 - (1 - alone(a)) * (1 - alone(b, most=0.5)))
    assert found["bliss"].to_numpy() == pytest.approx(0, abs=1e-12)
    assert (found.loc[found["both"], "hsa"] > 0).all()


def test_an_inert_drug_changes_nothing() -> None:
    found = table(lambda a, b: alone(a))
    for name in ("bliss", "hsa"):
        assert found[name].to_numpy() == pytest.approx(0, abs=1e-12)
    both = found[found["both"]]
    assert both["ci"].isna().all() and both["loewe"].isna().all()
    assert both["undefined"].str.contains("B alone reaches 0.00").all()


def test_drugs_that_both_do_nothing() -> None:
    found = table(lambda a, b: 0.0)
    assert (found[["bliss", "hsa"]] == 0).all().all()
    assert found.loc[found["both"], "undefined"].str.contains("less than 1 %").all()


def test_beyond_what_both_reach_there_is_no_loewe() -> None:
    found = table(lambda a, b: 1 - (1 - alone(a)) * (1 - alone(b, most=0.3)))
    beyond = found[found["both"] & (found["bliss_expected"] > 0.301)]
    assert len(beyond) and beyond["ci"].isna().all()
    assert beyond["undefined"].str.contains("B alone reaches 0.30").all()
    within = found[found["both"] & (found["bliss_expected"] < 0.25)]
    assert len(within) and within["ci"].notna().all()


def test_synergy_and_antagonism_have_their_signs() -> None:
    more = table(lambda a, b: alone(a + b + 2 * math.sqrt(a * b)))
    less = table(lambda a, b: alone(max(a, b)))
    for name in ("ci", "loewe"):
        up, down = (f.loc[f["both"] & f[name].notna(), name] for f in (more, less))
        assert len(up) > 8 and len(down) > 8
        sign = -1 if name == "ci" else 1
        middle = 1 if name == "ci" else 0
        assert (sign * (up - middle) > 0).all() and (sign * (down - middle) < 0).all()


def test_a_curve_is_inverted_where_it_is_reached() -> None:
    drug = curve(lambda d: alone(d, most=0.6))
    for dose in (0.04, 0.2, 1.7, 8.0):
        assert drug.dose_for(alone(dose, most=0.6)) == pytest.approx(dose, rel=0.03)
    assert math.isnan(drug.dose_for(0.61)) and math.isnan(drug.dose_for(0))


def test_a_readout_that_falls_is_an_effect_by_itself() -> None:
    found, full = effects_of({(0, 0): 4.0, (1, 0): 1.0, (0, 1): 4.0}, "x", "nM", None)
    assert full == 0 and found == {(0, 0): 0.0, (1, 0): 0.75, (0, 1): 0.0}


def test_a_readout_that_rises_needs_an_end() -> None:
    seen = {(0.0, 0.0): 2.0, (1.0, 0.0): 6.0}
    with pytest.raises(DeclarationError, match=r"x rises, from 2 to 6 nM.*full_effect"):
        effects_of(seen, "x", "nM", None)
    assert effects_of(seen, "x", "nM", 10.0)[0][1.0, 0.0] == pytest.approx(0.5)
    with pytest.raises(DeclarationError, match="beyond full_effect = 5"):
        effects_of(seen, "x", "nM", 5.0)
    with pytest.raises(DeclarationError, match="away from full_effect = 1"):
        effects_of(seen, "x", "nM", 1.0)
    with pytest.raises(DeclarationError, match="other than the untreated"):
        effects_of(seen, "x", "nM", 2.0)
    with pytest.raises(DeclarationError, match="untreated cells have no x"):
        effects_of({(0.0, 0.0): 0.0, (1.0, 0.0): 6.0}, "x", "nM", None)


def test_a_drug_that_turns_back_has_no_loewe_beyond() -> None:
    def biphasic(dose: float) -> float:
        return alone(dose, most=0.8, ec50=0.3) - alone(dose, most=0.4, ec50=5)

    found = table(lambda a, b: biphasic(a) + (1 - biphasic(a)) * alone(b))
    turns = curve(biphasic).turns
    assert 0.3 < turns < 3
    beyond = np.array([a > turns for a, _ in product(DOSES, DOSES)])
    some = found[found["both"] & beyond]
    assert len(some) == 10 and some[["ci", "loewe"]].isna().all().all()
    assert some["undefined"].str.contains("A alone does less again").all()
    assert math.isinf(curve(alone).turns)
