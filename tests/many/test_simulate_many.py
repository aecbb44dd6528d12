"""Many sets at once give what one at a time gives, and bad sets harm nobody."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pandas as pd
import pytest
from engines.native_here import needs_native

from mtorkin.build import build
from mtorkin.engines.native import task
from mtorkin.engines.native.library import load
from mtorkin.engines.native.tables import tables
from mtorkin.engines.native.task import Results, Status, carry_out
from mtorkin.errors import DeclarationError, SimulationError
from mtorkin.many import simulate_many
from mtorkin.many.planning import plan_of
from mtorkin.many.sharing import share_size
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate
from mtorkin.steady import declared_state

TOY = {
    "dosed": Protocol(Period(UNTIL_STEADY), Period(0, drug=20, insulin=5), Period(30, insulin=0)),
    "begins": Protocol(Period(5, drug=20), Period(30, insulin=2)),
    "fed": Protocol(),
}
TIMES = [0.0, 1.0, 5.0, 30.0, 31.0, 200.0]


def toy_sets(model: Model, count: int, sigma: float = 0.5) -> pd.DataFrame:
    random = np.random.default_rng(7)
    ids = [p.id for p in model.network.parameters if p.at_most > 1]
    factors = np.exp(sigma * random.standard_normal((count, len(ids))))
    values = np.array([model.values[id] for id in ids])
    return pd.DataFrame(values * factors, columns=ids, index=[f"set {i}" for i in range(count)])


def test_values_are_those_of_simulate(toy_model: Model) -> None:
    sets = toy_sets(toy_model, 11)
    found = simulate_many(toy_model, TOY, sets, TIMES)
    assert dict(found.sizes) == {"set": 11, "condition": 3, "time": 6, "observable": 6}
    assert not found.failed.values.any()
    for label in (sets.index[0], sets.index[-1]):
        model = toy_model.with_values(**sets.loc[label].to_dict())
        for name, protocol in TOY.items():
            exact = simulate(model, protocol, TIMES, rtol=1e-9, atol=1e-12).observable_values
            seen = found.value.sel(set=label, condition=name).to_numpy()
            peak = np.abs(exact).max(axis=0)
            assert np.all(np.abs(seen - exact) <= 1e-6 * peak), (label, name)


@needs_native
def test_the_whole_model(core: Model) -> None:
    ids = [p.id for p in core.network.parameters if p.at_most > 1]
    random = np.random.default_rng(3)
    values = np.array([core.values[id] for id in ids])
    sets = pd.DataFrame(values * np.exp(0.3 * random.standard_normal((3, len(ids)))), columns=ids)
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=100))
    times = [0.0, 10.0, 120.0]
    found = simulate_many(core, protocol, sets, times, observables=["S6K_pT389", "mTORC1", "Akt_pS473"])
    for i in range(3):
        one = simulate(core.with_values(**sets.loc[i].to_dict()), protocol, times)
        for id in ("S6K_pT389", "mTORC1", "Akt_pS473"):
            seen = found.value.sel(set=i, condition="0", observable=id).to_numpy()
            assert np.allclose(seen, one[id], rtol=0, atol=2e-6 * one[id].max()), id


@needs_native
def test_sharing_the_work_changes_no_bit(toy_model: Model) -> None:
    sets = toy_sets(toy_model, 21)
    alone = simulate_many(toy_model, TOY, sets, TIMES, observables=["mTORC1", "FKBP"])
    seen: list[tuple[int, int]] = []
    shared = simulate_many(
        *(toy_model, TOY, sets, TIMES),
        observables=["mTORC1", "FKBP"],
        threads=2,
        progress=lambda done, all: seen.append((done, all)),
    )
    assert alone.value.to_numpy().tobytes() == shared.value.to_numpy().tobytes()
    assert seen[-1] == (63, 63)
    with ThreadPoolExecutor(2) as executor:
        again = simulate_many(
            toy_model, TOY, sets[::-1], TIMES, observables=["mTORC1", "FKBP"], executor=executor
        )
    assert again.value.to_numpy()[::-1].tobytes() == alone.value.to_numpy().tobytes()


@pytest.mark.slow
@needs_native
def test_processes_share_the_work(toy_model: Model) -> None:
    sets = toy_sets(toy_model, 150)
    sets.iloc[70, 3] = -1.0
    alone = simulate_many(toy_model, TOY, sets, TIMES)
    seen: list[int] = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        shared = simulate_many(
            toy_model, TOY, sets, TIMES, executor=executor, progress=lambda done, _: seen.append(done)
        )
    assert len(seen) > 3 and seen[-1] == 450  # each condition came in several shares
    assert alone.identical(shared)


@pytest.mark.parametrize(
    ("sets", "conditions", "threads"), [(1000, 1, 2), (300, 3, 2), (20, 1, 4), (1, 5, 2)]
)
def test_threads_get_as_many_shares(sets: int, conditions: int, threads: int) -> None:
    size = share_size(sets, conditions, threads, sent=False)
    shares = -(-sets // size)
    assert shares * conditions % threads == 0 or shares == sets
    assert sets % size == 0 or sets - (shares - 1) * size > 0.8 * size  # the last is no smaller, or hardly


@needs_native
def test_a_large_table_takes_little_memory(toy_model: Model) -> None:
    """What is in memory is the table and the result, not all numbers of all sets."""
    count = 20_000
    sets = pd.DataFrame({"koff": np.full(count, 0.05)})
    protocol = Protocol(Period(0, drug=20))
    simulate_many(toy_model, protocol, sets[:9], [1.0], observables=["mTORC1"])
    tracemalloc.start()
    simulate_many(toy_model, protocol, sets, [1.0], observables=["mTORC1"], rtol=1e-2, atol=1e-4)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    whole = count * 8 * len(toy_model.network.parameters)
    assert most < whole


@needs_native
def test_sets_need_not_be_independent(toy_model: Model) -> None:
    sets = toy_sets(toy_model, 21)
    own = simulate_many(toy_model, TOY, sets, TIMES)
    shared = simulate_many(toy_model, TOY, sets, TIMES, independent=False)
    peak = np.abs(own.value).max(axis=2)
    assert (np.abs(own.value - shared.value).max(axis=2) <= 1e-6 * peak).all()
    assert own.value.to_numpy().tobytes() != shared.value.to_numpy().tobytes()


@pytest.mark.parametrize("engine", [None, "scipy"])
def test_sets_that_fail_say_why_and_harm_nobody(toy_model: Model, engine: str | None) -> None:
    sets = toy_sets(toy_model, 9)
    whole = simulate_many(toy_model, TOY["begins"], sets, TIMES, engine=engine)
    bad = sets.copy()
    bad.iloc[2, 3] = np.nan
    bad.iloc[4, 3] = -1.0
    bad.iloc[6, 3] = np.inf
    found = simulate_many(toy_model, TOY["begins"], bad, TIMES, engine=engine)
    for i, said in ((2, "nan"), (4, "-1"), (6, "inf")):
        assert f"{sets.columns[3]} = {said}: it is a finite number from 0" in str(found.failed[i, 0].item())
        assert np.isnan(found.value[i]).all()
    good = [0, 1, 3, 5, 7, 8]
    assert found.value[good].to_numpy().tobytes() == whole.value[good].to_numpy().tobytes()
    assert not found.failed[good].values.any()


def test_a_share_is_at_most_one(core: Model) -> None:
    share = next(p.id for p in core.network.parameters if p.at_most == 1)
    found = simulate_many(core, Protocol(), pd.DataFrame({share: [1.5]}), [0.0, 1.0])
    assert f"{share} = 1.5" in str(found.failed.values[0, 0]) and "from 0 to 1" in str(
        found.failed.values[0, 0]
    )


@needs_native
def test_cells_without_rest_say_so() -> None:
    import toy

    protocol = Protocol(Period(UNTIL_STEADY))
    for model in (toy.runaway(), toy.oscillator()):
        found = simulate_many(model, protocol, None, [0.0, 1.0])
        assert "do not come to rest" in str(found.failed.values[0, 0])
        with pytest.raises(SimulationError):
            simulate(model, protocol, [0.0, 1.0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"parameters": pd.DataFrame({"koff ": [1.0]})}, "no parameter 'koff '; did you mean 'koff'"),
        ({"parameters": pd.DataFrame({"koff": ["fast"]})}, "column 'koff'"),
        ({"protocols": {}}, "at least one"),
        ({"protocols": [1]}, "condition '0' is 1"),
        ({"protocols": Protocol(Period(0, insulni=1))}, "did you mean 'insulin'"),
        ({"times": [1.0, 0.0]}, "sort the times"),
        ({"observables": ["mTORC"]}, "did you mean 'mTORC1'"),
        ({"rtol": 0.0}, "rtol is 0"),
        ({"threads": 0}, "threads is 0"),
        ({"engine": "nativ"}, "did you mean 'native'"),
        ({"observables": "mTORC1"}, r"give a list: \['mTORC1'\]"),
        ({"parameters": {"koff": [1.0]}}, "the table of sets is a dict; give a pandas.DataFrame"),
        ({"parameters": pd.DataFrame({"koff": [1.0, 2.0]}, index=["a", "a"])}, "has two rows 'a'"),
        ({"executor": "threads"}, "executor is 'threads'; give one of concurrent.futures"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_bad_input_is_refused(toy_model: Model, change: dict[str, object], said: str) -> None:
    given: dict[str, object] = {"protocols": TOY, "parameters": None, "times": TIMES} | change
    with pytest.raises(DeclarationError, match=said):
        simulate_many(toy_model, **given)  # type: ignore[arg-type]


@needs_native
def test_totals_are_not_left_to_what_is_absent() -> None:
    """A patient on everolimus: what rounding takes from a total would be all there is of a drug's complex,
    and would not come to rest.
    """
    model = build(drugs=["everolimus_oral_human"])
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, everolimus_oral_human=70))
    plan = plan_of(model, protocol, [0.0, 60.0], 1e-6, 1e-9, False)
    values = np.array([[*model.values.values(), *(0.0 for _ in model.network.inputs)]])
    for call in (load().one, load().many):
        found = carry_out(call, tables(model.equations), plan, values, declared_state(model)[None])
        assert found.status.tolist() == [Status.DONE]


@needs_native
def test_what_lanes_do_not_bring_to_rest_comes_to_rest_alone(
    toy_model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def restless(*args: Any, **kwargs: Any) -> Results:
        found = carry_out(*args, **kwargs)
        found.status[1] = Status.NOT_AT_REST
        for seen in (found.species, found.observed):
            if seen is not None:
                seen[1] = np.nan
        return found

    sets = toy_sets(toy_model, 3, 0.1)
    protocol = Protocol(Period(UNTIL_STEADY), Period(0))
    good = simulate_many(toy_model, protocol, sets, [0.0, 60.0])
    monkeypatch.setattr(task, "carry_out", restless)
    found = simulate_many(toy_model, protocol, sets, [0.0, 60.0])
    assert found.failed.values.ravel().tolist() == ["", "", ""]
    assert np.allclose(found.value.values, good.value.values, rtol=1e-6)
