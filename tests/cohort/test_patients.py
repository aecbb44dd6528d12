"""Virtual patients: drawn again the same, as far apart as asked, and failures that are not responses."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from mtorkin import UNTIL_STEADY, Period, Protocol, build
from mtorkin.cohort import cohort, relative_change, responders, response_rate, simulate_cohort
from mtorkin.errors import DeclarationError, SimulationError
from mtorkin.model import Model

RAPAMYCIN = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=20))


@pytest.fixture(scope="module")
def model() -> Model:
    return build()


def test_a_seed_gives_the_same_patients_whoever_else_is_drawn(model: Model) -> None:
    many, few = cohort(model, 50, seed=1), cohort(model, 7, seed=1)
    pd.testing.assert_frame_equal(many.factors.iloc[:7], few.factors)
    one = cohort(model, 7, seed=1, spread={"TSC2": 0.3}, others=0)
    assert list(one.factors) == ["TSC2"]
    again = cohort(model, 7, seed=1, spread={"TSC2": 0.3})
    pd.testing.assert_series_equal(again.factors["TSC2"], one.factors["TSC2"])
    assert not np.allclose(cohort(model, 7, seed=2).factors["mTOR"], few.factors["mTOR"])


def test_factors_are_log_normal_with_the_spread_asked(model: Model) -> None:
    n = 4000
    logs = np.log(cohort(model, n, seed=3, spread={"Raptor": 0.6, "TSC2": 0, "Rictor": 0.1}).factors)
    for name, sd in (("Raptor", 0.6), ("Rictor", 0.1), ("mTOR", 0.4581), ("FKBP12", 0.5)):
        assert logs[name].std() == pytest.approx(sd, rel=5 / np.sqrt(2 * n))
        assert abs(logs[name].mean()) < 5 * sd / np.sqrt(n)
        assert abs((logs[name] ** 3).mean()) / sd**3 < 5 * np.sqrt(15 / n)
    assert "TSC2" not in logs
    assert abs(np.corrcoef(logs["Raptor"], logs["mTOR"])[0, 1]) < 5 / np.sqrt(n)


def test_patients_are_the_model_with_their_abundances(model: Model) -> None:
    patients = cohort(model.scaled(Rictor=0), 3, seed=1)
    assert "Rictor" not in patients.factors
    for factor, each in zip(patients.factors["mTOR"], patients.models, strict=True):
        assert each.values["mTOR_abundance"] == pytest.approx(factor * model.values["mTOR_abundance"])
        assert each.values["koff_mTORC2"] == model.values["koff_mTORC2"]


def test_a_failed_patient_is_told_and_no_responder(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module("mtorkin.cohort.simulating")
    simulate = module.simulate
    patients = cohort(model, 3, seed=1, spread={"Raptor": 0.3}, others=0)
    unlucky = patients.models[1].values["Raptor_abundance"]

    def fails_once(cells: Model, *rest: object) -> object:
        if cells.values["Raptor_abundance"] == unlucky:
            raise SimulationError("it drifts")
        return simulate(cells, *rest)

    monkeypatch.setattr(module, "simulate", fails_once)
    table = simulate_cohort(patients, RAPAMYCIN, [0, 60], ["S6K_pT389", "mTORC1"])
    assert list(table) == ["patient", "time", "S6K_pT389", "mTORC1", "failed"]
    assert table["patient"].tolist() == [1, 1, 2, 2, 3, 3]
    assert table["failed"].tolist() == ["", "", "it drifts", "it drifts", "", ""]
    assert table["S6K_pT389"].isna().tolist() == [False, False, True, True, False, False]
    assert responders(table, "S6K_pT389", 60).tolist() == [True, False, True]
    assert response_rate(table, "S6K_pT389", 60) == pytest.approx(2 / 3)


def test_processes_change_nothing(model: Model) -> None:
    patients = cohort(model, 3, seed=5)
    told: list[tuple[int, int]] = []
    asked = (patients, RAPAMYCIN, [0, 10], ["S6K_pT389"])
    one = simulate_cohort(*asked, progress=lambda done, all_: told.append((done, all_)))
    pd.testing.assert_frame_equal(one, simulate_cohort(*asked, jobs=2))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_response_is_a_fall_by_a_quarter() -> None:
    values = [4.0, 3.0, 4.0, 3.01, 0.0, 0.0]
    table = pd.DataFrame({"patient": [1, 1, 2, 2, 3, 3], "time": 3 * [0.0, 9.0], "x": values})
    assert responders(table, "x", 9).tolist() == [True, False, False]
    assert relative_change(table, "x", 9).tolist()[:2] == pytest.approx([-0.25, -0.2475])
    assert response_rate(table, "x", 9, fall=20) == pytest.approx(2 / 3)
    for wrong, said in (
        ({"readout": "y"}, "no 'y'"),
        ({"at": 8}, "not looked at after 8 min"),
        ({"fall": 0}, "fall by 0"),
    ):
        with pytest.raises(DeclarationError, match=said):
            responders(table, **{"readout": "x", "at": 9, **wrong})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"spread": {"Rpator": 0.1}}, "did you mean 'Raptor'"),
        ({"spread": {"Raptor": -0.1}}, "spread of Raptor is -0.1"),
        ({"spread": {"Raptor": float("nan")}}, "spread of Raptor is nan"),
        ({"others": float("inf")}, "spread of the others is inf"),
        ({"n": 0}, "a cohort of 0 patients"),
        ({"seed": 1.5}, "seed is 1.5"),
    ],
)
def test_mistakes_are_named(model: Model, wrong: dict[str, object], said: str) -> None:
    with pytest.raises(DeclarationError, match=said):
        cohort(model, **{"n": 3, "seed": 1, **wrong})  # type: ignore[arg-type]


def test_what_is_asked_of_a_cohort_is_checked_first(model: Model) -> None:
    patients = cohort(model, 2, seed=1)
    with pytest.raises(DeclarationError, match="did you mean 'S6K_pT389'"):
        simulate_cohort(patients, RAPAMYCIN, [0], ["S6K_pT398"])
    with pytest.raises(DeclarationError, match="rapamycin"):
        simulate_cohort(patients, Protocol(Period(0, rapamicin=1)), [0], ["S6K_pT389"])
    with pytest.raises(DeclarationError, match="no readouts"):
        simulate_cohort(patients, RAPAMYCIN, [0], [])
    with pytest.raises(DeclarationError, match="jobs is 0"):
        simulate_cohort(patients, RAPAMYCIN, [0], ["S6K_pT389"], jobs=0)
