"""Rapalogs: the same model as for rapamycin, with an affinity and an uptake of their own."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from mtorkin.build import build, with_drugs
from mtorkin.errors import DeclarationError
from mtorkin.mechanisms import ALL
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate
from mtorkin.steady import steady_state

SEEN = ("S6K_pT389", "FourEBP1_pT37_46", "mTORC1", "mTORC2", "Akt_pS473", "mTOR_pS2481_in_mTORC1")
POTENCY = {"rapamycin": 1.0, "everolimus": 0.75, "ridaforolimus": 1.0, "zotarolimus": 0.3}
EC50 = 0.75  # nM rapamycin, S6K T389, 1 h


@pytest.fixture(scope="module")
def everolimus() -> Model:
    return build(drugs=["everolimus"])


def course(model: Model, **dose: float) -> dict[str, np.ndarray]:
    traj = simulate(model, Protocol(Period(UNTIL_STEADY), Period(0, **dose)), [0.0, 30.0, 600.0])
    return {id: traj[id] for id in SEEN}


def test_with_the_numbers_of_rapamycin_a_rapalog_is_rapamycin(everolimus: Model) -> None:
    same = everolimus.with_values(
        affinity_everolimus=1.0, k_everolimus_uptake=everolimus.values["k_rapamycin_uptake"]
    )
    one, other, mixed = (
        course(same, **dose)
        for dose in ({"rapamycin": 2.0}, {"everolimus": 2.0}, {"rapamycin": 1.0, "everolimus": 1.0})
    )
    for id in SEEN:
        np.testing.assert_allclose(other[id], one[id], rtol=1e-4, err_msg=id)
        np.testing.assert_allclose(mixed[id], one[id], rtol=1e-4, err_msg=f"{id}, half of each")


def test_order_and_size_of_potency(page: ModuleType) -> None:
    """G12: rapamycin >= everolimus > zotarolimus, and within three-fold of what is reported."""
    left = {}
    for drug, potency in POTENCY.items():
        model = build(drugs=[drug])
        rest = steady_state(model).y
        low, left[drug], high = (
            page.left(model, rest, "S6K_pT389", **{drug: dose})
            for dose in (EC50 / potency / 3, EC50, EC50 / potency * 3)
        )
        assert low > 0.5 > high, drug
    assert left["rapamycin"] == pytest.approx(left["ridaforolimus"], rel=1e-3)
    assert left["rapamycin"] < left["everolimus"] < left["zotarolimus"]


def test_temsirolimus_becomes_rapamycin_and_nothing_else(core: Model) -> None:
    rest = Protocol(Period(UNTIL_STEADY), Period(0, temsirolimus=20.0))
    traj = simulate(core, rest, [0.0, 1.0, 60.0, 1440.0], rtol=1e-8)
    (law,) = (c for c in core.network.conserved if c.name == "rapamycin")
    held = np.sum([weight * traj[id] for id, weight in law.weights], axis=0)
    np.testing.assert_allclose(held[1:], 20.0 * 1000.0, rtol=1e-6)
    users = {r.mechanism for r in core.network.reactions if "temsirolimus_medium" in dict(r.reactants)}
    assert users == {"temsirolimus"}
    late = course(core, rapamycin=20.0)["mTORC2"][-1], course(core, temsirolimus=20.0)["mTORC2"][-1]
    assert late[1] == pytest.approx(late[0], rel=0.1)


def test_adding_a_drug_keeps_what_the_model_has(core: Model) -> None:
    mine = core.with_values(koff_mTORC2=2e-3).scaled(Rictor=0.2).mutated("S2035T")
    more = with_drugs(mine, "RAD001", "rapamycin")
    assert {id: more.values[id] for id in mine.values} == dict(mine.values)
    assert more.values["affinity_everolimus"] == 0.4
    assert with_drugs(more, "everolimus") is more
    resistant = course(more, everolimus=100.0)
    assert resistant["S6K_pT389"][-1] == pytest.approx(resistant["S6K_pT389"][0], rel=1e-3)
    later = with_drugs(core, "everolimus").mutated("S2035T")
    assert {f"kon_FRB_FKBP{n}_{h}" for n in (12, 51) for h in ("mTOR", "mTORC1")} <= {
        id for id, value in later.values.items() if value == 0.0
    }


def test_a_rapalog_needs_no_rapamycin() -> None:
    fewer = build([m for m in ALL if m.name not in {"rapamycin", "temsirolimus", "readouts"}])
    assert "S2035T" not in {m.name for m in fewer.network.mutations}
    more = with_drugs(fewer, "zotarolimus")
    assert "S2035T" in {m.name for m in more.network.mutations}
    assert not any("rapamycin" in s.id for s in more.network.species)
    prodrug = with_drugs(fewer, "temsirolimus")  # which would do nothing without rapamycin
    assert "rapamycin" in {m.name for m in prodrug.network.mechanisms}


def test_an_unknown_drug_is_told_the_nearest() -> None:
    with pytest.raises(DeclarationError, match=r"no drug 'everolimu'; did you mean 'everolimus'\?"):
        build(drugs=["everolimu"])
