"""Wortmannin on mTOR: pockets taken for good, as a share."""

from __future__ import annotations

import numpy as np
import pytest

from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate

ONCE = Protocol(Period(UNTIL_STEADY), Period(0, wortmannin=100.0))


def test_the_load_leaves_the_free_share(core: Model) -> None:
    traj = simulate(core, ONCE, [0.0, 60.0, 480.0, 2880.0])
    free = traj["mTOR_pocket__ATP_site_free"] / core.values["mTOR_pocket_abundance"]
    k, decay = core.values["k_wortmannin_mTOR"], core.values["k_wortmannin_decay"]
    assert free[0] == 1.0
    # all that is ever taken, 100 nM having decayed; renewal gives a little back within the hour
    assert free[1] == pytest.approx(np.exp(-k * 100.0 / decay), rel=0.1)
    assert free[1] < free[2] < free[3] < 1.0
    (load,) = (a for a in core.network.assignments if a.id == "mTORC1_ATP_load")
    pocket = {s: float(traj[s][1]) for s in traj.species if s.startswith("mTOR_pocket")}
    from mtorkin.language.expression import evaluate

    numbers = {**core.values, **pocket, **{i.id: i.default for i in core.network.inputs}}
    assert 1 / (1 + evaluate(load.expr, numbers)) == pytest.approx(free[1], rel=1e-5)


def test_mTOR_is_hit_more_slowly_than_PI3K(core: Model) -> None:
    traj = simulate(core, ONCE, [0.0, 5.0])
    assert traj["PI3K__ATP_site_free"][1] < 0.01 * traj["PI3K__ATP_site_free"][0]
    assert traj["mTOR_pocket__ATP_site_free"][1] > 0.7


def test_without_pockets_there_is_no_division_by_zero(core: Model) -> None:
    traj = simulate(core.scaled(mTOR_pocket=0.0), ONCE, [0.0, 60.0])
    assert np.isfinite(traj["S6K_pT389"]).all()
