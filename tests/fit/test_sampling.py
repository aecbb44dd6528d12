"""The posterior by walkers: against one in closed form, through interruptions, honest about itself."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mtorkin.errors import DeclarationError, TableError
from mtorkin.fit import FitResult, fit, predict, read_blots
from mtorkin.fit.ensemble import Density
from mtorkin.fit.posterior import Posterior
from mtorkin.fit.sampling import sample
from mtorkin.protocol import Protocol

from .conftest import FakeModel, quick_many
from .test_prediction import FREE, TIMES, fake_many

pytest.importorskip("emcee")
pytest.importorskip("arviz_stats")
pytestmark = pytest.mark.usefixtures("faked")


@pytest.fixture
def result(model: FakeModel, blot_file: Path, monkeypatch: pytest.MonkeyPatch) -> FitResult:
    monkeypatch.setattr(import_module("mtorkin.fit.ensemble"), "simulate_many", quick_many)
    monkeypatch.setattr(import_module("mtorkin.fit.prediction"), "simulate_many", fake_many)
    return fit(model, read_blots(blot_file), FREE, starts=1, progress=False)  # type: ignore[arg-type]


def test_the_density_is_the_objective(result: FitResult) -> None:
    """Many at once give what one at a time gives; outside the bounds and where it fails there is none."""
    problem, density = result.solvable(), Density(result.solvable())
    points = np.log([[0.1, 0.3, 2.0], [0.2, 0.1, 5.0], [8.0, 0.1, 1.0], [0.1, 20.0, 1.0]])
    found = density(points)
    assert found[:2] == pytest.approx([-problem.objective(x) for x in points[:2]], rel=1e-12)
    assert np.all(found[2:] == -np.inf)
    assert (density.simulations, density.failed) == (3, 1)


class Gauss:
    """A density in closed form in place of that of the blots."""

    def __init__(self, problem: Any, _: int) -> None:
        self.problem = problem
        self.simulations = self.failed = 0

    def __call__(self, points: np.ndarray) -> np.ndarray:
        left = points - MEAN
        return -0.5 * np.einsum("ij,jk,ik->i", left, np.linalg.inv(COVARIANCE), left)


MEAN = np.log([0.1, 0.3, 3.0])
COVARIANCE = np.array([[0.04, 0.03, 0.0], [0.03, 0.09, -0.02], [0.0, -0.02, 0.25]])


def test_a_known_posterior_is_found(result: FitResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("mtorkin.fit.sampling"), "Density", Gauss)
    found = sample(result, steps=1200, progress=False)
    assert found.converged, found.summary()
    assert "can be used" in found.summary()
    sd = np.sqrt(np.diag(COVARIANCE))
    assert np.log(found.table["median"].to_numpy()) == pytest.approx(MEAN, abs=0.05)
    assert found.table["sd"].to_numpy() == pytest.approx(sd, rel=0.08)
    assert np.log(found.table["upper"]).to_numpy() == pytest.approx(MEAN + 1.96 * sd, abs=0.1)
    assert np.corrcoef(found.kept.T)[0, 1] == pytest.approx(0.5, abs=0.06)


def test_interrupted_and_gone_on_with_is_the_same(
    result: FitResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sample(result, steps=120, walkers=6, seed=4, progress=False)
    calls = [0]
    inner = Density.__call__

    def dying(self: Density, points: np.ndarray) -> np.ndarray:
        calls[0] += 1
        if calls[0] == 250:
            raise KeyboardInterrupt
        return inner(self, points)

    monkeypatch.setattr(Density, "__call__", dying)
    with pytest.raises(KeyboardInterrupt):
        sample(result, steps=120, walkers=6, seed=4, folder=tmp_path, progress=False)
    assert 2 < len(list(tmp_path.iterdir())) < 8
    options: dict[str, Any] = {"walkers": 6, "folder": tmp_path, "resume": True, "progress": False}
    again = sample(result, steps=120, seed=4, **options)
    assert np.array_equal(again.points, whole.points)
    assert again.simulations == whole.simulations
    longer = sample(result, steps=150, seed=4, **options)
    assert np.array_equal(longer.points[:, :120], whole.points)
    assert not np.array_equal(whole.points[0], whole.points[1])
    with pytest.raises(TableError, match="belongs to another fit, seed"):
        sample(result, steps=120, seed=5, **options)
    assert not whole.converged
    assert "NOT converged" in whole.summary() and "--resume" in whole.summary()


def test_saved_read_back_and_predicted_from(result: FitResult, tmp_path: Path) -> None:
    found = sample(result, steps=150, walkers=12, progress=False)
    again = Posterior.load(found.save(tmp_path / "posterior.npz"))
    assert again.table.equals(found.table)
    assert again.summary() == found.summary()
    band = predict(result, Protocol(), TIMES, posterior=found)
    assert "posterior" in band.how
    ratio = np.log(band.table["upper"] / band.table["lower"])
    normal = predict(result, Protocol(), TIMES, sets=500).table
    assert ratio.to_numpy() == pytest.approx(np.log(normal["upper"] / normal["lower"]).to_numpy(), rel=0.35)
    with pytest.raises(TableError, match="not of this fit"):
        predict(result, Protocol(), TIMES, posterior=replace(found, fingerprint="other"))
    (tmp_path / "posterior.npz").write_bytes(b"no")
    with pytest.raises(TableError, match="is not a saved sample"):
        Posterior.load(tmp_path / "posterior.npz")


def test_too_little_is_refused(result: FitResult) -> None:
    with pytest.raises(DeclarationError, match="at least 100"):
        sample(result, steps=10)
    with pytest.raises(DeclarationError, match="an even number from 6 up"):
        sample(result, walkers=5)
