"""What the native engine promises beyond what every engine does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from toy import model_of

from engines.native_here import needs_native
from mtorkin.engines import Stopped, Stretch, engine_named, roadrunner
from mtorkin.engines.native import compile, library, single
from mtorkin.engines.native.kernels import solve
from mtorkin.engines.native.library import load
from mtorkin.engines.native.tables import tables
from mtorkin.engines.native.task import Plan, Results, carry_out
from mtorkin.errors import DeclarationError
from mtorkin.language import NOTHING, Make, Mechanism, Parameter, Remove, hill, molecule
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol, intervals
from mtorkin.steady import constants_in, declared_state, dosed, rest

DOSED = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=100))
TIMES = np.array([1.0, 10.0, 60.0, 480.0, 1440.0])


def jumping() -> Model:
    """One molecule is lost, and another is made once little of the first is left."""
    first, second = molecule("M1"), molecule("M2")
    k, v, K = Parameter("k", "1/min"), Parameter("v", "nM/min"), Parameter("K", "nM")
    rules = [
        Remove("lost", first() >> NOTHING, k),
        Make("made", second(), v * (1 - hill(first().total, K, 60))),
    ]
    return model_of(
        [Mechanism.of("jump", "", rules)],
        {"k": 1.0, "v": 100.0, "K": 50.0, "M1_abundance": 100.0, "M2_abundance": 0.0},
    )


def case(model: Model, protocol: Protocol = DOSED) -> tuple[np.ndarray, np.ndarray]:
    """Constants and the state at which the second period of a protocol begins."""
    fed, treated = intervals(protocol, model.network)
    return np.array(constants_in(model, treated)), dosed(model, rest(model, fed)[0], treated)


def plan(rtol: float, atol: float, times: np.ndarray = TIMES, most: int = 20_000) -> Plan:
    none = np.zeros(1, dtype=np.int32)
    count = np.array([len(times)], dtype=np.int32)
    return Plan(
        np.zeros(1), times[-1:], np.empty((1, 0)), times, count, none, (), rtol, atol, most_steps=most
    )


def spread(p: np.ndarray, sets: int, sigma: float, seed: int = 5) -> np.ndarray:
    return p * np.exp(sigma * np.random.default_rng(seed).standard_normal((sets, len(p))))


def run_one(model: Model, how: Plan, p: np.ndarray, y0: np.ndarray) -> Results:
    start = np.broadcast_to(y0, (len(p), len(y0))).copy()
    return carry_out(load().one, tables(model.equations), how, p, start)


def many(model: Model, how: Plan, p: np.ndarray, y0: np.ndarray) -> Results:
    start = np.broadcast_to(y0, (len(p), len(y0))).copy()
    return carry_out(load().many, tables(model.equations), how, p, start)


def test_where_it_is_not_built_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    load.cache_clear()
    monkeypatch.setattr(compile, "library", lambda kind: compile.FOLDER / f"nowhere_{kind}.so")
    try:
        assert "make native" in library.missing()
        with pytest.raises(DeclarationError, match=r"not built.*or use engine 'scipy'"):
            engine_named("native")
    finally:
        load.cache_clear()


@needs_native
def test_a_set_has_the_same_bits_whatever_its_neighbours(core: Model) -> None:
    p, y0 = case(core)
    sets = spread(p, 2 * load().lanes + 3, 0.5)
    how = plan(1e-6, 1e-9)
    together = many(core, how, sets, y0)
    order = np.random.default_rng(1).permutation(len(sets))
    shuffled = many(core, how, sets[order], y0)
    assert together.species is not None and shuffled.species is not None
    assert together.species[order].tobytes() == shuffled.species.tobytes()
    for i in (0, len(sets) - 1):
        alone = many(core, how, sets[i : i + 1], y0)
        assert alone.species is not None
        assert alone.species[0].tobytes() == together.species[i].tobytes()


@needs_native
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-300, -1.0])
def test_a_set_that_fails_does_no_harm(core: Model, bad: float) -> None:
    p, y0 = case(core)
    sets = spread(p, load().lanes + 2, 0.3)
    how = plan(1e-4, 1e-7)
    good = many(core, how, sets, y0)
    sets[3] = np.where(np.arange(len(p)) % 7 == 0, bad, sets[3])
    found = many(core, how, sets, y0)
    others = np.arange(len(sets)) != 3
    assert good.species is not None and found.species is not None
    assert found.species[others].tobytes() == good.species[others].tobytes()
    assert np.all(found.status[others] == 1)
    assert found.status[3] > 1 or np.all(np.isfinite(found.species[3]))


@needs_native
def test_steps_are_limited(core: Model) -> None:
    p, y0 = case(core)
    found = many(core, plan(1e-6, 1e-9, most=150), p[None], y0)
    assert found.status[0] == 4
    assert 0 < found.stopped_at[0] < TIMES[-1]
    assert found.species is not None
    assert np.isfinite(found.species[0, 0]).all() and np.isnan(found.species[0, -1]).all()


@needs_native
def test_what_was_reached_is_shown_where_a_lane_stops(core: Model) -> None:
    """Times are dense, so that steps after which a lane stops are among those that are shown; one lane shows
    each time by itself, many show the last of a step with the next prediction.
    """
    p, y0 = case(core)
    times = np.linspace(0.0, 600.0, 3001)[1:]
    stopped = [many(core, plan(1e-6, 1e-9, times, most), spread(p, 9, 0.3), y0) for most in range(140, 150)]
    alone = [run_one(core, plan(1e-6, 1e-9, times, 140 + i), spread(p, 9, 0.3), y0) for i in range(10)]
    for lanes, one in zip(stopped, alone, strict=True):
        assert lanes.species is not None and one.species is not None
        reached = np.searchsorted(times, lanes.stopped_at, side="right")
        assert np.all(lanes.status == 4) and reached.min() > 0 and reached.max() < len(times)
        for i, count in enumerate(reached.tolist()):
            assert np.isfinite(lanes.species[i, :count]).all() and np.isnan(lanes.species[i, count:]).all()
            assert np.allclose(lanes.species[i, :count], one.species[i, :count], rtol=1e-9, atol=1e-12)


@needs_native
def test_a_jump_is_met_with_a_lower_order() -> None:
    """Long steps of a high order run into a rate that begins at once: they are refused until order 1 is left,
    and what comes out is what small steps give, in one lane and in many.
    """
    model = jumping()
    start, p = declared_state(model), np.array([*model.values.values()])
    times = np.linspace(0.0, 3.0, 61)[1:]
    exact = many(model, plan(1e-11, 1e-14, times), p[None], start)
    for run in (run_one, many):
        found = run(model, plan(1e-6, 1e-9, times), p[None], start)
        assert found.species is not None and exact.species is not None
        assert found.counts[0, 3] >= 3
        assert np.allclose(found.species, exact.species, rtol=1e-5, atol=1e-3)


@needs_native
def test_factors_do_not_grow_old(core: Model) -> None:
    """None serves more than 50 steps, and most serve several."""
    p, y0 = case(core)
    found = many(core, plan(1e-8, 1e-11), spread(p, 6, 0.5), y0)
    steps, _, factorisations, _ = found.counts.T
    assert np.all(factorisations >= steps / 50)
    assert np.all(factorisations < steps / 2)


@needs_native
def test_shared_factors_are_newer_and_as_accurate(core: Model) -> None:
    p, y0 = case(core)
    sets, how = spread(p, 2 * load().lanes, 0.3), plan(1e-6, 1e-9)
    exact = many(core, plan(1e-11, 1e-14), sets, y0)
    own, shared = many(core, how, sets, y0), many(core, replace(how, shared=True), sets, y0)
    assert shared.counts[:, 2].sum() > own.counts[:, 2].sum()  # a lane gets those of others, too
    assert shared.species is not None and exact.species is not None
    off = np.abs(shared.species - exact.species) / (1e-6 * np.abs(exact.species) + 1e-9)
    assert np.median(np.sqrt(np.mean(off**2, axis=(1, 2)))) < 1.0


@needs_native
def test_totals_stay(core: Model) -> None:
    p, y0 = case(core)
    found = many(core, plan(1e-6, 1e-9), spread(p, 6, 0.5), y0)
    weights = core.equations.conserved
    assert found.species is not None
    totals = found.species @ weights.T
    assert np.max(np.abs(totals / (y0 @ weights.T) - 1.0)) < 1e-10


@needs_native
def test_pivoting_takes_over_where_it_must(core: Model) -> None:
    """A pivot that is 0, or nearly: without exchanges there would be no solution, or a wrong one."""
    made, random = tables(core.equations), np.random.default_rng(4)
    count, n, species = load().lanes + 1, len(made.species_of), len(made.order)
    rows = np.repeat(np.arange(n), np.diff(made.j_starts))
    diagonal = np.flatnonzero(rows == made.j_columns)
    entries = random.standard_normal((count, len(rows)))
    c = np.full(count, 1.0)

    def matrix(lane: int) -> np.ndarray:
        found = np.eye(n)
        found[rows, made.j_columns] -= entries[lane]
        return found

    right_of = {k: np.any((rows == k) & (made.j_columns > k)) for k in range(n)}
    for lane, off in ((1, 0.0), (2, 1e-9), (count - 1, 1e-14)):
        z = next(z for z in diagonal if right_of[int(rows[z])] and rows[z] > n // 2)
        k, whole = rows[z], matrix(lane)
        taken = whole[k, :k] @ np.linalg.solve(whole[:k, :k], whole[:k, k])
        entries[lane, z] = 1.0 - taken - off  # the pivot is off
    right = random.standard_normal((count, species))
    found = solve(core.equations, entries, c, right)
    places = np.flatnonzero(made.species_of < species)
    for lane in range(count):
        b = np.zeros(n)
        b[places] = right[lane, made.order]
        exact = np.linalg.solve(matrix(lane), b)[places]
        assert np.max(np.abs(found[lane, made.order] - exact)) < 1e-5 * np.max(np.abs(exact)), lane


@needs_native
def test_a_start_that_is_no_number_stops_at_once(toy_model: Model) -> None:
    equations = toy_model.equations
    y0 = declared_state(toy_model)
    constants = [np.nan] * len(equations.constants)
    with pytest.raises(Stopped, match="not a number") as raised:
        single.integrate(Stretch(equations, constants, y0, np.array([0.0, 1.0]), 1e-6, 1e-9))
    assert raised.value.time == 0.0


@needs_native
@pytest.mark.parametrize("rtol", [1e-4, 1e-6, 1e-8])
def test_it_is_no_less_accurate_than_cvode(core: Model, monkeypatch: pytest.MonkeyPatch, rtol: float) -> None:
    """At the same tolerances of steps, on sets that are far apart (log-normal, sigma 1)."""
    for name in ("SAFETY_RTOL", "SAFETY_ATOL"):
        monkeypatch.setattr(roadrunner, name, 1.0)
    p, y0 = case(core)
    most = [*(q.at_most for q in core.network.parameters), *(np.inf for _ in core.network.inputs)]
    sets = np.minimum(spread(p, 6, 1.0), most)
    exact, found = (many(core, plan(r, r * 1e-3), sets, y0).species for r in (1e-11, rtol))
    assert exact is not None and found is not None
    times = np.array([0.0, *TIMES])
    stretches = [Stretch(core.equations, q.tolist(), y0, times, rtol, rtol * 1e-3) for q in sets]
    theirs = np.stack([roadrunner.integrate(s)[1:] for s in stretches])

    def error(seen: np.ndarray) -> float:
        off = (seen - exact) / (rtol * np.abs(exact) + rtol * 1e-3)
        return float(np.median(np.sqrt(np.mean(off**2, axis=(1, 2)))))

    assert error(found) <= max(error(theirs), 0.5)
