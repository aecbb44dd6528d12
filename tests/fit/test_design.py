"""The next experiment: what it would tell, against brute force."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import least_squares

from mtorkin.errors import DeclarationError
from mtorkin.fit import FitResult, fit, read_blots
from mtorkin.fit.design import Candidate, Readout, candidates_of, next_experiment
from mtorkin.fit.information import covariance
from mtorkin.protocol import Protocol

from .conftest import FakeModel, fake_simulate
from .test_prediction import FREE

pytestmark = pytest.mark.usefixtures("faked")
BOTH, TIMES = ("S6K_pT389", "Akt_pS473"), (0.0, 5.0, 15.0, 30.0, 120.0)


@pytest.fixture
def result(model: FakeModel, blot_file: Path) -> FitResult:
    return fit(model, read_blots(blot_file), FREE, starts=1, progress=False, engine="scipy")  # type: ignore[arg-type]


def log_readouts(x: np.ndarray, antibodies: Any, times: Any) -> np.ndarray:
    run = fake_simulate(FakeModel(dict(zip(FREE, np.exp(x), strict=True))), None, times)
    return np.concatenate([np.log(run[name]) for name in antibodies])


def with_scales(result: FitResult, antibodies: Any, times: Any) -> np.ndarray:
    """Covariance of the parameters afterwards, the scales being parameters like others."""
    best, step, free, groups = np.log(list(result.best.values())), 1e-5, len(FREE), len(antibodies)
    lanes = groups * len(times)
    rows = np.zeros((lanes, free + groups))
    for j in range(free):
        up, down = best.copy(), best.copy()
        up[j], down[j] = best[j] + step, best[j] - step
        rows[:, j] = log_readouts(up, antibodies, times) - log_readouts(down, antibodies, times)
    rows[:, :free] /= 2 * step
    rows[np.arange(lanes), free + np.repeat(np.arange(groups), len(times))] = 1
    sigma = result.noise.set_index("target")["sigma"][list(antibodies)].to_numpy()
    rows /= np.repeat(sigma, len(times))[:, None]
    whole = rows.T @ rows
    whole[:free, :free] += np.linalg.inv(covariance(result))
    return np.linalg.inv(whole)[:free, :free]


@pytest.mark.parametrize("antibodies", [BOTH, BOTH[:1]])
def test_it_is_what_scales_as_parameters_give(result: FitResult, antibodies: tuple[str, ...]) -> None:
    blot = {"one": Candidate(Protocol(), antibodies, TIMES)}
    before, after = covariance(result), with_scales(result, antibodies, TIMES)
    bits = next_experiment(result, blot).table["bits"][0]
    exact = 0.5 * np.log2(np.linalg.det(before) / np.linalg.det(after))
    assert bits == pytest.approx(exact, rel=5e-3)
    row = next_experiment(result, blot, about="rate").table.iloc[0]
    assert row["bits"] == pytest.approx(0.5 * np.log2(before[0, 0] / after[0, 0]), rel=5e-3)
    assert np.log(row["fold_after"]) == pytest.approx(1.96 * np.sqrt(after[0, 0]), rel=5e-3)


def test_made_up_blots_are_as_certain_as_was_said(result: FitResult) -> None:
    """Truths drawn from today's fit, blots made from them, fitted: the errors are those foretold."""
    result = replace(result, fisher=result.fisher / 9)  # a fit that leaves more to be learnt
    random, best, now = np.random.default_rng(5), np.log(list(result.best.values())), covariance(result)
    half, free = np.linalg.inv(np.linalg.cholesky(now)), len(FREE)
    sigma = np.repeat(result.noise.set_index("target")["sigma"][list(BOTH)].to_numpy(), len(TIMES))
    group, errors = np.repeat([0, 1], len(TIMES)), []
    for _ in range(250):
        truth = random.multivariate_normal(best, now)
        seen = (
            log_readouts(truth, BOTH, TIMES) + random.normal(0, 2, 2)[group] + sigma * random.normal(size=10)
        )

        def left(z: np.ndarray, seen: np.ndarray = seen) -> np.ndarray:
            lanes = seen - log_readouts(z[:free], BOTH, TIMES) - z[free:][group]
            return np.concatenate([lanes / sigma, half @ (z[:free] - best)])

        errors.append(least_squares(left, np.append(best, [0.0, 0.0])).x[:free] - truth)
    found = next_experiment(result, {"one": Candidate(Protocol(), BOTH, TIMES)}, about="rate").table.iloc[0]
    spread = 1.96 * np.std(np.array(errors)[:, 0])
    assert spread == pytest.approx(np.log(found["fold_after"]), rel=0.12)
    assert spread < 0.7 * np.log(found["fold_before"])


def test_times_are_chosen_as_well_as_by_trying_all(result: FitResult) -> None:
    asked = Readout(Protocol(), "Akt_pS473", 45.0)
    times = (0.0, 2.0, 5.0, 10.0, 20.0, 40.0, 80.0)
    found = next_experiment(result, {"a": Candidate(Protocol(), BOTH, times)}, about=asked, lanes=4)
    all_of_them = {str(some): Candidate(Protocol(), BOTH, some) for some in combinations(times, 4)}
    tried = next_experiment(result, all_of_them, about=asked)
    assert len(found.table["times"][0]) == 4
    assert found.table["bits"][0] >= 0.95 * tried.table["bits"][0]
    assert tried.table["bits"].is_monotonic_decreasing
    assert tried.table["bits"].iloc[-1] < 0.9 * tried.table["bits"].iloc[0]
    assert "Akt_pS473 at 45 min" in found.summary() and "bits" in found.summary()


def test_failures_and_slips_are_told(result: FitResult, monkeypatch: pytest.MonkeyPatch) -> None:
    some = candidates_of({"p": Protocol()}, [BOTH, BOTH[:1]], TIMES)
    assert list(some) == ["p: S6K_pT389 + Akt_pS473", "p: S6K_pT389"]
    table = next_experiment(result, some).table
    assert table["name"].tolist()[0] == "p: S6K_pT389 + Akt_pS473"
    with pytest.raises(DeclarationError, match="did you mean 'Akt_pS473'"):
        next_experiment(result, {"x": Candidate(Protocol(), ("Akt_pS47",), TIMES)})
    with pytest.raises(DeclarationError, match="1 times; at least 1 and 2"):
        next_experiment(result, {"x": Candidate(Protocol(), BOTH, (5.0,))})
    with pytest.raises(DeclarationError, match=r"no free parameter 'rat'.*did you mean 'rate'"):
        next_experiment(result, some, about="rat")
