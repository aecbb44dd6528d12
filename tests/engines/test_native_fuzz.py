"""Parameters that no model has: no crash, no hang, failures said, and neighbours unharmed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engines import fuzz
from engines.native_here import needs_native
from mtorkin.engines.native.library import load
from mtorkin.engines.native.single import tolerances
from mtorkin.engines.native.tables import tables
from mtorkin.engines.native.task import Plan, carry_out
from mtorkin.many import simulate_many
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.steady import declared_state

pytestmark = needs_native
ODD = np.array([np.nan, np.inf, -np.inf, 1e300, -1e300, 1e-300, -1.0, 0.0, 5e-324, 1e308])


def odd_sets(model: Model, count: int, seed: int) -> np.ndarray:
    """Constants of `count` sets; every other set has some that no model has."""
    random = np.random.default_rng(seed)
    inputs = [i.default for i in model.network.inputs]
    p = np.array([*model.values.values(), *inputs])
    sets = np.tile(p, (count, 1))
    for i in range(1, count, 2):
        places = random.integers(0, len(p), size=random.integers(1, 4))
        sets[i, places] = random.choice(ODD, size=len(places))
    return sets


def test_odd_numbers_harm_nobody(toy_model: Model) -> None:
    equations = toy_model.equations
    made, inputs = tables(equations), [i.default for i in toy_model.network.inputs]
    rtol, atol = tolerances(1e-4, 1e-7)
    plan = Plan(
        begin=np.zeros(2),
        end=np.array([0.0, 600.0]),
        inputs=np.tile(inputs, (2, 1)),
        times=np.array([0.0, 10.0, 600.0]),
        times_to=np.array([1, 3], dtype=np.int32),
        doses_to=np.array([0, 0], dtype=np.int32),
        doses=(),
        rtol=rtol,
        atol=atol,
        most_steps=2000,
        steady=True,
    )
    for seed in range(6):
        sets = odd_sets(toy_model, 3 * load().lanes + 1, seed)
        start = np.tile(declared_state(toy_model), (len(sets), 1))
        start[1, 0], start[3, -1] = np.nan, -1e300
        good = slice(0, None, 2)
        alone = carry_out(load().many, made, plan, sets[good], start[good])
        found = carry_out(load().many, made, plan, sets, start)
        assert found.species is not None and alone.species is not None
        assert np.all(found.status > 0)
        assert found.species[good].tobytes() == alone.species.tobytes()
        assert np.all(found.status[good] == 1)
        assert np.isfinite(found.species[found.status == 1]).all()


def test_a_table_with_odd_numbers(toy_model: Model) -> None:
    random = np.random.default_rng(1)
    ids = list(toy_model.values)
    values = np.tile([toy_model.values[id] for id in ids], (24, 1))
    for i in range(24):
        values[i, random.integers(len(ids))] = ODD[i % len(ODD)]
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, drug=20))
    found = simulate_many(toy_model, protocol, pd.DataFrame(values, columns=ids), [0.0, 60.0])
    failed = found.failed.to_numpy()[:, 0] != ""
    assert np.isnan(found.value.to_numpy()[failed]).all()
    assert np.isfinite(found.value.to_numpy()[~failed]).all()
    assert failed[[0, 1, 2, 4, 6]].all()


# a lane whose Jacobian is not a number while its neighbours get new factors
NEIGHBOURS = 1795993993


def test_a_few_seeds_of_make_fuzz() -> None:
    for seed in (*range(12), NEIGHBOURS):
        fuzz.once(seed)
