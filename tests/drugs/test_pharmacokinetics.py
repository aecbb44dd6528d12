"""Levels in blood are those that are reported, and what is free reaches the cells."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mtorkin.build import build
from mtorkin.drugs import dose_in_blood
from mtorkin.errors import DeclarationError
from mtorkin.export import sbml_string
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol, every
from mtorkin.simulate import simulate
from mtorkin.trajectory import Trajectory

HOUR, DAY = 60.0, 1440.0


def daily(name: str, mg: float, days: int, until: float, step: float = 15.0) -> Trajectory:
    """`days` daily doses, followed until some day."""
    dose = dose_in_blood(name, mg=mg)
    doses = every(DAY, times=days, **{name: dose})
    return simulate(
        build(drugs=[name]), Protocol(Period(UNTIL_STEADY), *doses), np.arange(0.0, until * DAY + 1, step)
    )


def half_life(traj: Trajectory, observable: str) -> float:
    """From the last day [h]."""
    end, before = traj[observable][-1], np.interp(traj.times[-1] - DAY, traj.times, traj[observable])
    return float(24 * math.log(2) / math.log(before / end))


def test_everolimus_by_mouth_in_people() -> None:
    traj = daily("everolimus_oral_human", 10.0, days=10, until=14.0)
    blood = traj["everolimus_in_blood"]
    last = (traj.times > 9 * DAY) & (traj.times <= 10 * DAY)
    peak = traj.times[last][blood[last].argmax()] - 9 * DAY
    assert blood[last].mean() == pytest.approx(22.0, rel=0.05)  # nM
    assert blood[last].max() * 958.2e-3 == pytest.approx(60.0, rel=0.1)  # ng/mL
    assert 0.75 * HOUR < peak < 2 * HOUR
    assert half_life(traj, "everolimus_in_blood") == pytest.approx(30.0, rel=0.02)
    ratio = traj["everolimus_in_medium"][-1] / blood[-1]
    assert ratio == pytest.approx(0.068, rel=0.02)


def test_sirolimus_by_mouth_in_people() -> None:
    traj = daily("rapamycin_oral_human", 2.0, days=14, until=16.0, step=60.0)
    trough = np.interp(14 * DAY, traj.times, traj["rapamycin_in_blood"])
    assert 5.5 < trough < 16.0  # nM: 5-15 ng/mL
    assert half_life(traj, "rapamycin_in_blood") == pytest.approx(62.0, rel=0.01)


def test_temsirolimus_into_a_vein_acts_as_rapamycin() -> None:
    name = "temsirolimus_iv_human"
    model = build(drugs=[name])
    dose = dose_in_blood(name, mg=25.0)
    traj = simulate(
        model, Protocol(Period(UNTIL_STEADY), Period(0, **{name: dose})), [0.0, 1.0, DAY, 2 * DAY, 7 * DAY]
    )
    ester = traj["temsirolimus_in_blood"]
    assert ester[3] / ester[2] == pytest.approx(0.5 ** (24 / 17), rel=1e-3)
    assert traj["S6K_pT389"][2] < 0.5 * traj["S6K_pT389"][0]
    assert not any(s == "temsirolimus_medium" and (traj[s] > 0).any() for s in traj.species)


def test_a_mouse_clears_faster() -> None:
    traj = daily("everolimus_oral_mouse", 5.0, days=1, until=3.0, step=60.0)
    assert half_life(traj, "everolimus_in_blood") == pytest.approx(math.log(2) / 0.1, rel=0.01)


def test_setting_the_gut_is_adding_when_doses_are_hours_apart() -> None:
    name, dose = "rapamycin_oral_human", 10.0
    traj = daily(name, 2.0, days=2, until=1.0, step=360.0)
    left = traj["rapamycin_gut"][1] / dose_in_blood(name, mg=2.0)  # 6 h after the first
    assert left < 2e-4
    assert len(every(DAY, times=3, **{name: dose})) == 3
    assert [p.start for p in every(DAY, times=2, start=60.0, rapamycin=1.0)] == [60.0, 60.0 + DAY]


@pytest.mark.parametrize(("interval", "times"), [(0.0, 2), (-1.0, 2), (DAY, 0), (DAY, 1.5)])
def test_repeats_that_make_no_sense(interval: float, times: int) -> None:
    with pytest.raises(DeclarationError):
        every(interval, times=times, rapamycin=1.0)


def test_one_bloodstream_a_drug() -> None:
    with pytest.raises(DeclarationError, match=r"both bring everolimus to the cells"):
        build(drugs=["everolimus_oral_human", "everolimus_oral_mouse"])


def test_doses_in_mg() -> None:
    assert dose_in_blood("everolimus_oral_human", mg=10.0) == pytest.approx(69.57, rel=1e-3)
    with pytest.raises(DeclarationError, match=r"Torin1 is given to cells, in nM"):
        dose_in_blood("Torin1", mg=1.0)
    with pytest.raises(DeclarationError, match=r"finite number of mg"):
        dose_in_blood("everolimus_oral_human", mg=math.nan)


def test_the_engines_agree_on_a_patient() -> None:
    name = "everolimus_oral_human"
    model = build(drugs=[name])
    protocol = Protocol(Period(UNTIL_STEADY), *every(DAY, times=2, **{name: 70.0}))
    one, other = (simulate(model, protocol, [0.0, 60.0, 2000.0], engine=e) for e in ("scipy", "roadrunner"))
    for id in one.observables:
        np.testing.assert_allclose(other[id], one[id], rtol=1e-4, atol=1e-6, err_msg=id)
    assert 'compartment="blood"' in sbml_string(model)
