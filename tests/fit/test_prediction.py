"""Bands of predictions, and a truth that lies in its intervals, on the stand-in model."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray

from mtorkin.errors import DeclarationError, SimulationError, TableError
from mtorkin.fit import Blots, FitResult, fit, predict, profile, read_blots
from mtorkin.protocol import Protocol

from .conftest import TRUTH, FakeModel, fake_simulate

pytestmark = pytest.mark.usefixtures("faked")
FREE = ["rate", "basal", "height"]
TIMES = [0.0, 10.0, 60.0, 240.0]


def fake_many(
    model: FakeModel, _: Protocol, parameters: pd.DataFrame, times: Any, observables: Any, **__: Any
) -> xarray.Dataset:
    """What `simulate_many` returns, of the fake model."""
    names = observables or list(model.observables.index)
    values = np.full((len(parameters), 1, len(times), len(names)), np.nan)
    failed = np.full((len(parameters), 1), "", dtype=object)
    for i, row in enumerate(parameters.to_dict(orient="records")):
        try:
            run = fake_simulate(model.with_values(**row), None, times)
            values[i, 0] = np.stack([run[name] for name in names], axis=1)
        except SimulationError as error:
            failed[i, 0] = str(error)
    return xarray.Dataset(
        {
            "value": (("set", "condition", "time", "observable"), values),
            "failed": (("set", "condition"), failed),
        },
        coords={"time": times, "observable": names, "unit": ("observable", ["nM"] * len(names))},
    )


@pytest.fixture
def result(model: FakeModel, blot_file: Path, monkeypatch: pytest.MonkeyPatch) -> FitResult:
    monkeypatch.setattr(import_module("mtorkin.fit.prediction"), "simulate_many", fake_many)
    return fit(model, read_blots(blot_file), FREE, starts=1, progress=False)  # type: ignore[arg-type]


def truth(times: Any) -> dict[str, np.ndarray]:
    return fake_simulate(FakeModel(TRUTH), None, times)


def test_bands_hold_the_best_and_the_truth(result: FitResult) -> None:
    drawn = predict(result, Protocol(), TIMES)
    allowed = predict(result, Protocol(), TIMES, profiles=profile(result, progress=False))
    for found in (drawn, allowed):
        table = found.table
        assert len(table) == 2 * len(TIMES)
        assert (table["lower"] <= table["best"]).all() and (table["best"] <= table["upper"]).all()
        for name, part in table.groupby("observable"):
            exact = truth(TIMES)[str(name)]
            assert (part["lower"].to_numpy() <= exact).all() and (exact <= part["upper"].to_numpy()).all()
        assert found.failed == 0
    assert "Gauss-Newton covariance" in drawn.how
    assert "3 profiles within the 95 % threshold" in allowed.how
    again, other = predict(result, Protocol(), TIMES), predict(result, Protocol(), TIMES, seed=2)
    assert again.table.equals(drawn.table)
    assert not other.table.equals(drawn.table)


def test_a_band_is_that_of_the_delta_method(result: FitResult) -> None:
    """Basal level at time 0 is one parameter, so its band is that of the parameter."""
    from mtorkin.fit.information import covariance

    sd = np.sqrt(covariance(result)[1, 1])
    row = predict(result, Protocol(), [0.0, 1.0], ["S6K_pT389"], sets=4000).table.iloc[0]
    half = np.log(row["upper"] / row["lower"]) / 2
    assert half == pytest.approx(1.96 * sd, rel=0.06)


def test_failed_sets_are_counted_and_left_out(result: FitResult) -> None:
    """A wide covariance draws rates above 5/min, where nothing can be simulated."""
    wide = replace(result, fisher=result.fisher * 1e-6)
    found = predict(wide, Protocol(), TIMES)
    assert 0 < found.failed < found.sets
    assert np.isfinite(found.table[["best", "lower", "upper"]].to_numpy()).all()
    lost = replace(result, best={**result.best, "rate": 9.0})
    with pytest.raises(SimulationError, match="the best fit cannot be simulated"):
        predict(lost, Protocol(), TIMES)


def test_wrong_profiles_and_too_few_sets_are_refused(result: FitResult, blot_file: Path) -> None:
    found = profile(result, ["rate"], progress=False)
    other = replace(found, fingerprint="other")
    with pytest.raises(TableError, match="are not of this fit"):
        predict(result, Protocol(), TIMES, profiles=other)
    with pytest.raises(DeclarationError, match="at least 20"):
        predict(result, Protocol(), TIMES, sets=5)


def simulated(blots: Blots, seed: int) -> Blots:
    """The same lanes with values made by the truth, own scales, and 12 % noise."""
    random = np.random.default_rng(seed)
    table = blots.table
    run = truth(table["time"].to_numpy(float))
    exact = np.where(table["target"] == "S6K_pT389", run["S6K_pT389"], run["Akt_pS473"])
    group = table.groupby(["blot", "target"]).ngroup().to_numpy()
    scales = np.exp(random.normal(0, 2, group.max() + 1))[group]
    return replace(
        blots, table=table.assign(value=scales * exact * np.exp(random.normal(0, 0.12, len(table))))
    )


def test_the_truth_lies_in_most_intervals(model: FakeModel, blot_file: Path) -> None:
    """Made-up experiments: 95 % intervals hold the truth in most of them, and not for being wide."""
    blots, inside, folds = read_blots(blot_file), [], []
    for seed in range(20):
        made: Any = fit(model, simulated(blots, seed), FREE, starts=1, progress=False)  # type: ignore[arg-type]
        table = profile(made, progress=False).table
        assert (table["kind"] == "identifiable").all()
        exact = np.array([TRUTH[name] for name in table.index])
        inside += list((table["lower"].to_numpy() < exact) & (exact < table["upper"].to_numpy()))
        folds += list(table["upper"] / table["lower"])
    assert 0.9 <= np.mean(inside) < 1
    assert np.median(folds) < 3
