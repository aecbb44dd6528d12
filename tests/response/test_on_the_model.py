"""Dose-responses and combinations of the model's own drugs."""

from __future__ import annotations

import math
from types import MappingProxyType

import numpy as np
import pytest

from mtorkin.activities import PI3K_load
from mtorkin.errors import DeclarationError
from mtorkin.mechanisms import ALL
from mtorkin.mechanisms.drugs import atp_competitor
from mtorkin.model import Model
from mtorkin.network import assemble
from mtorkin.plot.dose_response import plot_dose_response
from mtorkin.plot.synergy import plot_synergy
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.response import Combination, DoseResponse, combination, dose_response
from mtorkin.response.giving import with_doses
from mtorkin.simulate import simulate

RAPAMYCIN = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0)
BEFORE = Protocol(Period(UNTIL_STEADY, insulin=0.02), Period(30, insulin=100))


@pytest.fixture(scope="module")
def rapamycin(core: Model) -> DoseResponse:
    return dose_response(core, "rapamycin", RAPAMYCIN, [60, 1440], ["S6K_pT389", "S6K_total", "FOXO_nuclear"])


@pytest.fixture(scope="module")
def torin_twice(core: Model) -> Combination:
    return combination(core, [("Torin1", [3, 30]), ("Torin1", [3, 30])], 60, "S6K_pT389")


def test_the_table_is_what_simulate_says(core: Model, rapamycin: DoseResponse) -> None:
    assert len(rapamycin.table) == (len(RAPAMYCIN) + 1) * 2 * 3
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=1.0))
    seen = simulate(core, protocol, [0, 60, 1440])["S6K_pT389"]
    for time, value in ((60, seen[1]), (1440, seen[2])):
        row = rapamycin.curve("S6K_pT389", time).set_index("dose").loc[1.0]
        assert row["value"] == pytest.approx(value, rel=1e-4)
        assert row["percent"] == pytest.approx(100 * value / seen[0], rel=1e-4)
    untreated = rapamycin.table.query("dose == 0")["percent"].tolist()
    assert untreated == pytest.approx([100.0] * len(untreated), rel=1e-12)


def test_the_ec50_of_rapamycin_falls_with_time(rapamycin: DoseResponse) -> None:
    fits = rapamycin.fits().set_index(["readout", "time"])
    early, late = (fits.loc[("S6K_pT389", t)] for t in (60, 1440))
    assert 0.1 <= early["ec50"] <= 2  # cells: 0.1 to 1 nM after an hour
    assert late["ec50"] < early["ec50"] / 3
    assert early["ec50_interpolated"] == pytest.approx(early["ec50"], rel=0.1)
    assert fits.loc[("S6K_total", 60), "reason"].startswith("flat")
    assert math.isnan(fits.loc[("S6K_total", 60), "ec50"])


def test_drugs_join_the_background(core: Model) -> None:
    assert with_doses(BEFORE, {"Torin1": 5}) == Protocol(
        Period(UNTIL_STEADY, insulin=0.02), Period(0, Torin1=5), Period(30, insulin=100)
    )
    at_once = Protocol(Period(0, insulin=100))
    assert with_doses(at_once, {"Torin1": 5}) == Protocol(Period(0, insulin=100, Torin1=5))
    found = dose_response(core, "Torin1", [1000], 60, ["Akt_pS473"], BEFORE).curve("Akt_pS473", 60)
    assert found["value"][0] == pytest.approx(simulate(core, BEFORE, [60])["Akt_pS473"][0], rel=1e-4)
    assert found["percent"][1] < 10


def test_an_input_that_cells_have_anyway_is_compared_with_that(core: Model) -> None:
    starved = Protocol(Period(UNTIL_STEADY, insulin=0.02))
    found = dose_response(core, "insulin", [1, 100], 15, ["Akt_pS473"], starved)
    assert found.resting == 0.02
    seen = found.curve("Akt_pS473", 15)
    assert list(seen["dose"]) == [0.02, 1, 100] and seen["percent"][0] == pytest.approx(100)
    assert seen["percent"].is_monotonic_increasing


def test_a_drug_of_the_model_with_itself_is_additive(torin_twice: Combination) -> None:
    both = torin_twice.table.query("dose_a > 0 and dose_b > 0")
    assert both["ci"].to_numpy() == pytest.approx(1, abs=0.02)
    assert both["loewe"].to_numpy() == pytest.approx(0, abs=0.01)
    summary = torin_twice.summary()
    assert list(summary["defined"]) == [4, 4, 4, 4]
    isobole = torin_twice.isobole(0.5)
    assert (isobole["share_a"] + isobole["share_b"]).to_numpy() == pytest.approx(1, abs=0.1)


def test_an_inert_drug_of_the_model(core: Model) -> None:
    found = combination(core, {"Torin1": [10], "wortmannin": [1e-6]}, 10, "S6K_pT389", reach=1)
    assert found.table["bliss"].to_numpy() == pytest.approx(0, abs=1e-4)
    assert found.table["hsa"].to_numpy() == pytest.approx(0, abs=1e-4)
    assert found.summary()["defined"].to_dict() == {"bliss": 1, "hsa": 1, "loewe": 0, "ci": 0}
    assert "wortmannin alone reaches 0.00" in found.summary()["note"]["ci"]


def test_rapamycin_and_a_pi3k_inhibitor_do_more_than_either(core: Model) -> None:
    drug = atp_competitor("PI3K_test_inhibitor", PI3K_load, meaning="PI3K only")
    network = assemble((*ALL, drug))
    known = {**core.values, "Ki_PI3K_test_inhibitor_PI3K": 10.0}
    values = MappingProxyType({p.id: known[p.id] for p in network.parameters})
    model = Model(network, values, core.table)
    doses = {"rapamycin": [100.0], "PI3K_test_inhibitor": [100.0]}
    found = combination(model, doses, 1440, "translation", reach=1)
    assert found.matrix("hsa").iloc[1, 1] > 0.05


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"drug": "rapamycn"}, "did you mean 'rapamycin'"),
        ({"doses": [0.0]}, "at least one above 0"),
        ({"doses": [1, -1]}, "is -1"),
        ({"doses": [1, math.inf]}, "inf"),
        ({"at": 0}, "before a dose acts"),
        ({"at": [60, 30]}, "sort the times"),
        ({"readouts": ["S6K_pT398"]}, "did you mean 'S6K_pT389'"),
        ({"readouts": "S6K_pT389"}, "give a list of ids"),
        ({"background": Protocol(Period(0, rapamycin=1))}, "background sets rapamycin at 0 min"),
        ({"background": {"insulin": 1}}, "write Protocol"),
        ({"engine": "scypi"}, "scypi"),
    ],
)
def test_a_bad_dose_response_is_told(core: Model, change: dict[str, object], told: str) -> None:
    given = {"drug": "rapamycin", "doses": [1.0], "at": 60, "readouts": ["S6K_pT389"], **change}
    with pytest.raises(DeclarationError, match=told):
        dose_response(core, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("drugs", "told"),
    [
        ({"rapamycin": [1]}, "give two names"),
        ({"insulin": [1], "Torin1": [1]}, "untreated cells have insulin = 1"),
        ("rapamycin", "give two names"),
        ({"rapamycin": [1], "Torin2": [1]}, "did you mean 'Torin1'"),
    ],
)
def test_a_bad_combination_is_told(core: Model, drugs: dict[str, list[float]], told: str) -> None:
    with pytest.raises(DeclarationError, match=told):
        combination(core, drugs, 60, "translation")


def test_figures_show_what_was_found(rapamycin: DoseResponse, torin_twice: Combination) -> None:
    curves = plot_dose_response(rapamycin)
    assert [axes.get_title(loc="left") for axes in curves.axes] == ["S6K pT389", "S6K total", "FOXO nuclear"]
    texts = [text.get_text() for text in curves.axes[0].texts]
    ec50 = rapamycin.fit("S6K_pT389", 60).ec50
    assert f"EC50 {ec50:.2g} (1 h)" in texts
    assert "no EC50 (1 h)" in [text.get_text() for text in curves.axes[1].texts]
    figure = plot_synergy(torin_twice)
    heat = figure.axes[1]
    assert heat.get_title(loc="left").startswith("excess over Bliss")
    scale = heat.collections[0].norm
    assert scale.vmin is not None and scale.vmin == -(scale.vmax or 0)
    shown = np.array([float(text.get_text()) for text in heat.texts]).reshape(3, 3)
    assert shown == pytest.approx(100 * torin_twice.matrix("bliss").T.to_numpy(), abs=0.5)
