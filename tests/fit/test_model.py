"""Fitting the model itself: its names, its fast derivatives, worker processes, and a known truth."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from engines.native_here import needs_native

from mtorkin._resources import blots_dir
from mtorkin.antibodies import ANTIBODIES
from mtorkin.build import build
from mtorkin.errors import SimulationError
from mtorkin.fit import Blots, Settings, fit, read_blots
from mtorkin.fit.fitting import INSULIN_FREE
from mtorkin.fit.gradients import forward_sensitivities
from mtorkin.fit.lanes import Floats
from mtorkin.fit.making import make_problem
from mtorkin.fit.optimise import Evaluator
from mtorkin.fit.workers import share
from mtorkin.model import Model
from mtorkin.simulate import simulate

# what labs blot and the model has no readout for; a fit sets such lanes aside with a note
UNSEEN = {"AMPK_total", "GSK3_total", "S6_total"}


@pytest.fixture(scope="module")
def model() -> Model:
    return build()


@pytest.fixture(scope="module")
def mcf7() -> Blots:
    """Two antibodies of the bundled blots, one cell line."""
    blots = read_blots(blots_dir() / "breast_cancer_blots.csv")
    return blots.select(cell_line="MCF-7", targets=["Akt_pS473", "S6K_pT389"])


def test_antibodies_see_observables_of_the_model(model: Model) -> None:
    unseen = {antibody.observable for antibody in ANTIBODIES} - set(model.observables.index)
    assert unseen == UNSEEN


def test_every_bundled_antibody_has_an_observable(model: Model) -> None:
    blots = read_blots(blots_dir() / "breast_cancer_blots.csv").select(cell_line="MCF-7")
    problem = make_problem(model, blots, INSULIN_FREE)
    assert problem.antibodies == blots.targets
    assert len(problem.lanes) == len(blots)
    assert np.all(problem.priors.has)


def test_runs_near_a_run_are_the_same_runs(model: Model, mcf7: Blots) -> None:
    problem = make_problem(model, mcf7, INSULIN_FREE[:3], engine="scipy")
    before = problem.runs(problem.start)
    for step in (1e-3, 0.1):
        x = problem.start + step
        near = problem.log_readouts(problem.runs_near(x, before))
        exact = problem.log_readouts(problem.runs(x))
        assert near == pytest.approx(exact, abs=1e-6)


@needs_native
def test_sensitivities_are_central_differences_of_tight_runs(model: Model, mcf7: Blots) -> None:
    problem = make_problem(model, mcf7, INSULIN_FREE[::3], engine="native")

    def log_readouts(x: Floats) -> Floats:
        found = np.empty(len(problem.lanes))
        for each in problem.experiments:
            run = simulate(
                problem.models_at(x)[each.context], each.protocol, each.times, "native", 1e-10, 1e-13
            )
            block = np.stack([run[target] for target in each.targets], axis=1)
            found[each.lane] = np.log(block[each.time, each.target])
        return found

    seen = forward_sensitivities(Evaluator(problem), problem.start)
    for j, step in enumerate(1e-4 * np.eye(len(problem.free))):
        exact = (log_readouts(problem.start + step) - log_readouts(problem.start - step)) / 2e-4
        assert seen[:, j] == pytest.approx(exact, abs=1e-5)
        assert np.abs(exact).max() > 1e-3


def test_processes_change_nothing(model: Model, mcf7: Blots) -> None:
    settings = Settings(steps=2, rounds=1)
    one, two = (
        fit(
            model,
            mcf7,
            INSULIN_FREE[:2],
            starts=2,
            jobs=jobs,
            engine="scipy",
            settings=settings,
            progress=False,
        )
        for jobs in (1, 2)
    )
    # libraries may add in another order on one thread
    assert one.objective == pytest.approx(two.objective, rel=1e-6)
    for name, value in one.best.items():
        assert value == pytest.approx(two.best[name], rel=1e-4)


def dies(_evaluator: Evaluator, _x: Floats) -> Floats:
    """A Jacobian that takes its process down, as a crashing library does."""
    os._exit(3)


def test_a_worker_that_dies_is_a_lost_start(model: Model, mcf7: Blots, tmp_path: Path) -> None:
    with pytest.raises(
        SimulationError, match="none of 2 starts could be simulated; the first said: the worker"
    ):
        fit(
            model,
            mcf7,
            INSULIN_FREE[:1],
            starts=2,
            jobs=2,
            engine="scipy",
            folder=tmp_path,
            progress=False,
            jacobian=dies,
        )
    assert not list(tmp_path.glob("start_*.json"))


def half(name: str, number: int) -> float:
    """Work for a process: half of a number; that of "bad" takes its process down."""
    if name == "bad":
        os._exit(3)
    return number / 2


def test_shared_work_is_done_and_the_lost_is_missing() -> None:
    done: list[float] = []
    found = share(half, {"a": 1, "b": 2}, 2, done.append, False, "halving", "numbers")
    assert found == {"a": 0.5, "b": 1.0}
    assert sorted(done) == [0.5, 1.0]
    assert "bad" not in share(half, {"bad": 1, "b": 2}, 2, done.append, False, "halving", "numbers")


def test_a_known_truth_is_found_again(model: Model, mcf7: Blots) -> None:
    """Blots made by the model at other values, with noise and a scale for each blot."""
    truth = {"kcat_S6K_T389": 6.0, "kcat_Akt_S473": 4.0}
    free = list(truth)
    exact = make_problem(model.with_values(**truth), mcf7, free, engine="scipy")
    readouts = np.exp(exact.log_readouts(exact.runs(exact.start)))
    random = np.random.default_rng(1)
    scales = np.exp(random.normal(0, 2, exact.data.groups))[exact.data.group]
    noise = np.exp(random.normal(0, 0.1, len(readouts)))
    made = replace(mcf7, table=exact.lanes.assign(value=scales * readouts * noise))
    result = fit(model, made, free, starts=1, engine="scipy", progress=False)
    assert result.converged
    for name, value in truth.items():
        assert result.best[name] == pytest.approx(value, rel=0.35)
        assert abs(np.log(result.best[name] / value)) < abs(np.log(model.values[name] / value))
    assert result.noise["sigma"].to_numpy() == pytest.approx([0.1, 0.1], abs=0.05)
