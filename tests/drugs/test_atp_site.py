"""ATP-site drugs in fed cells: potency, order, what is left at high doses."""

from __future__ import annotations

import math
from types import ModuleType

import pytest
from scipy.stats import spearmanr

from mtorkin.language.expression import Input, leaves
from mtorkin.model import Model

from .conftest import Left

EIGHT = ("Torin1", "PP242", "PP30", "Ku_0063794", "WAY_600", "WYE_687", "WYE_354", "CC_223")
DUAL = ("BEZ235", "PI_103")
DAY = 1440.0


@pytest.mark.parametrize("readout", ["S6K_pT389", "Akt_pS473"])
def test_potency_is_within_two_fold_of_that_in_cells_and_so_is_the_order(
    readout: str, left: Left, page: ModuleType
) -> None:
    known = page.reported()[readout].astype(float)
    assert set(known.index) == {*EIGHT, *DUAL}
    ours = {}
    for drug, ic50 in known.items():
        low, high = (left(readout, **{str(drug): ic50 * fold}) for fold in (0.5, 2.0))
        assert low > 0.5 > high, f"{drug}: {low:.2f} at half and {high:.2f} at twice the IC50"
        steps = [math.log(1 / share - 1) for share in (low, high)]  # a Hill curve is a line here
        ours[drug] = ic50 * 4 ** (-steps[0] / (steps[1] - steps[0])) / 2
    order = [drug for drug in known.index if drug in EIGHT]
    assert spearmanr([ours[d] for d in order], known[order]).statistic >= 0.9


@pytest.mark.parametrize("drug", EIGHT)
def test_at_fifty_times_the_ic50_both_complexes_are_off(drug: str, left: Left, page: ModuleType) -> None:
    dose = {drug: 50 * float(page.reported()["S6K_pT389"][drug])}
    most = {"S6K_pT389": 0.10, "Akt_pS473": 0.15, "FourEBP1_pT37_46": 0.25, "mTOR_pS2481": 0.10}
    assert {r: s for r, most_left in most.items() if (s := left(r, **dose)) > most_left} == {}


# PI-103 at 250 nM for a day leaves 11 % of S473: lower still, and its IC50 would be too low
@pytest.mark.parametrize(("drug", "dose"), [("BEZ235", 250.0), ("BEZ235", 500.0), ("PI_103", 500.0)])
@pytest.mark.parametrize("minutes", [60.0, DAY])
def test_dual_inhibitors_leave_no_rebound(drug: str, dose: float, minutes: float, left: Left) -> None:
    for readout, most in (("Akt_pS473", 0.10), ("Akt_pT308", 0.35), ("S6K_pT389", 0.10)):
        assert left(readout, minutes, **{drug: dose}) <= most, readout
    assert left("FOXO_nuclear", minutes, **{drug: dose}) >= 2.0


def test_tool_compounds_hit_one_kinase_each(core: Model, left: Left) -> None:
    inputs = {
        a.id: {leaf.id for leaf in leaves(a.expr) if isinstance(leaf, Input)}
        for a in core.network.assignments
        if a.id.endswith("_load")
    }
    for drug, only in {
        "PI3K_inhibitor": "PI3K_ATP_load",
        "Akt_inhibitor": "Akt_load",
        "S6K_inhibitor": "S6K_ATP_load",
    }.items():
        assert [load for load, held in inputs.items() if drug in held] == [only]
    assert left("Akt_pT308", PI3K_inhibitor=300.0) < 0.2
    # allosteric: Akt is neither active nor phosphorylated
    assert left("GSK3_pS9", Akt_inhibitor=100.0) < 0.2 and left("Akt_pS473", Akt_inhibitor=100.0) < 0.2
    assert left("PIP3", Akt_inhibitor=100.0) > 0.9
    assert left("S6_pS240_244", S6K_inhibitor=100.0) < 0.25 < 1.0 < left("S6K_pT389", S6K_inhibitor=100.0)
