"""The native engine is built where it can be, and its tables say what the equations say."""

from __future__ import annotations

import numpy as np
import pytest
import toy

from engines.native_here import needs_native
from mtorkin.engines.native import compile
from mtorkin.engines.native.kernels import evaluate
from mtorkin.engines.native.library import missing
from mtorkin.engines.native.ordering import eliminate, order_of
from mtorkin.engines.native.tables import tables
from mtorkin.model import Model

MODELS = {"core": None, "toy": toy.mtor_like, "oscillator": toy.oscillator, "explosive": toy.explosive}


def test_it_is_built_where_there_is_a_compiler() -> None:
    try:
        compile.compiler()
    except compile.CannotBuild as error:
        pytest.skip(str(error))
    assert not missing()


@needs_native
@pytest.mark.parametrize("name", MODELS)
def test_rates_and_jacobian_are_those_of_the_equations(core: Model, name: str) -> None:
    model = (MODELS[name] or (lambda: core))()
    equations, random = model.equations, np.random.default_rng(1)
    count = 5  # not a whole number of lanes
    states = np.exp(random.normal(0, 2, (count, len(equations.species))))
    constants = np.exp(random.normal(0, 1.5, (count, len(equations.constants))))
    rates, jacobians = evaluate(equations, states, constants)
    flows = abs(equations.stoichiometry)
    for y, p, rate, jacobian in zip(states, constants, rates, jacobians, strict=True):
        flow = flows @ np.abs(equations.rates(y.tolist(), p.tolist()))
        assert np.all(np.abs(rate - equations.rhs(y, p.tolist())) <= 1e-13 * flow)
        exact = equations.jacobian(y, p.tolist())
        assert np.all(np.abs(jacobian - exact) <= 1e-13 * np.abs(exact).max(axis=1, keepdims=True))


def test_elimination_finds_every_new_nonzero() -> None:
    """Against a numerical factorisation of a random pattern."""
    random = np.random.default_rng(2)
    pattern = (random.random((24, 24)) < 0.12) | np.eye(24, dtype=bool)
    order = order_of([np.flatnonzero(row).tolist() for row in pattern])
    assert sorted(order) == list(range(24))
    permuted = pattern[np.ix_(order, order)]
    matrix = np.where(permuted, random.uniform(0.1, 1.0, permuted.shape), 0.0) + 9 * np.eye(24)
    for k in range(24):
        matrix[k + 1 :, k] /= matrix[k, k]
        matrix[k + 1 :, k + 1 :] -= np.outer(matrix[k + 1 :, k], matrix[k, k + 1 :])
    factors = eliminate([np.flatnonzero(row).tolist() for row in permuted])
    listed = np.eye(24, dtype=bool)
    listed[factors.dense :, factors.dense :] = True
    for starts, columns in (
        (factors.l_starts, factors.l_columns),
        (factors.u_starts, factors.u_columns),
    ):
        for i in range(24):
            listed[i, columns[starts[i] : starts[i + 1]]] = True
    assert np.all(listed | (matrix == 0.0))


def test_tables_need_no_compiler(toy_model: Model) -> None:
    made = tables(toy_model.equations)
    assert sorted(made.order.tolist()) == list(range(len(toy_model.equations.species)))
    assert made.registers > made.o_at


def test_no_compiler_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(compile.CannotBuild, match=r"no C\+\+ compiler.*Install one"):
        compile.build()
