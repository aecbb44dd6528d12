"""The native engine is built where it can be, and its tables say what the equations say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import toy

from engines.native_here import needs_native
from mtorkin.engines.native import compile
from mtorkin.engines.native.elimination import MOST, planned
from mtorkin.engines.native.kernels import evaluate
from mtorkin.engines.native.library import missing
from mtorkin.engines.native.ordering import eliminate, order_of
from mtorkin.engines.native.tables import tables
from mtorkin.engines.native.unknowns import kept_assignments
from mtorkin.errors import SimulationError
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


def test_the_lists_of_products_factorise_and_solve() -> None:
    """As `src/factor.h` goes through them, on a pattern that ends in a full block."""
    n, random = 40, np.random.default_rng(3)
    pattern = (random.random((n, n)) < 0.08) | np.eye(n, dtype=bool)
    pattern[-24:, -24:] = True
    rows = [np.flatnonzero(row).tolist() for row in pattern]
    matrix = np.where(pattern, random.uniform(-1.0, 1.0, (n, n)), 0.0) + 9 * np.eye(n)
    factors = eliminate(rows)
    lists, dense = planned(factors, rows), factors.dense
    assert 0 < dense < n
    lower, upper = np.zeros(len(factors.l_columns) + 3), np.zeros(len(factors.u_columns) + n + 3)
    inverse, block, z = np.zeros(n), np.zeros((n - dense, n - dense)), 0
    for i, row in enumerate(rows):
        work = np.full(n + 2, np.nan)
        work[lists.blanks[lists.blank_starts[i] : lists.blank_starts[i + 1]]] = 0.0
        work[lists.j_places[z : z + len(row)]] = matrix[i, row]
        z, size = z + len(row), lists.row_sizes[i]
        work[size] = matrix[i].sum()
        for q in lists.updates[lists.update_starts[i] : lists.update_starts[i + 1]]:
            for k in range(4):
                work[q["other"][k]] -= work[q["one"]] * upper[q["first"] + k]
        first, end = factors.l_starts[i : i + 2]
        lower[first:end] = work[: end - first] * inverse[factors.l_columns[first:end]]
        if i < dense:
            inverse[i] = 1.0 / work[end - first]
            at = factors.u_starts[i] + i
            upper[at : at + size - (end - first)] = work[end - first + 1 : size + 1] * inverse[i]
        else:
            block[i - dense] = work[end - first : size]
    right = random.standard_normal(n)
    x = np.append(right, 0.0)
    _substitute(lists.l_terms, lower, x)
    x[:dense] *= inverse[:dense]
    x[dense:n] = np.linalg.solve(block, x[dense:n])
    _substitute(lists.u_terms, upper, x)
    assert np.allclose(x[:n], np.linalg.solve(matrix, right), rtol=1e-12, atol=1e-14)


def _substitute(terms: np.ndarray, values: np.ndarray, x: np.ndarray) -> None:
    for q in terms:
        x[q["one"]] -= values[q["first"] : q["first"] + 4] @ x[q["other"]]


def test_assignments_stay_unknowns_where_that_is_less_work() -> None:
    """Nodes 0 to 9 are species; 20 reads six, and six read it; 21 is read once; 22 by no rate."""
    species = [{i, 20} for i in range(6)] + [{6, 21}, {7}, {8}, {9}]
    assignments = {20: {0, 1, 2, 3, 4, 5}, 21: {7, 8}, 22: {20, 9}}
    assert kept_assignments(species, assignments) == [20]
    chain = {20: {0, 1, 2, 3, 4, 5}, 21: {7, 8, 9, 20}, 22: {20, 9}}
    wide = [{i, 20, 21} for i in range(6)] + [{6, 21}, {7}, {8}, {9}]
    assert kept_assignments(wide, chain) == [20, 21]


@needs_native
def test_some_assignments_are_unknowns(core: Model) -> None:
    made = tables(core.equations)
    assert len(made.kept) > 0
    assert sorted([*made.kept, *made.row_of]) == list(range(len(made.species_of)))


def test_tables_need_no_compiler(toy_model: Model) -> None:
    made = tables(toy_model.equations)
    assert sorted(made.order.tolist()) == list(range(len(toy_model.equations.species)))
    assert made.registers > made.o_at


def test_no_compiler_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(compile.CannotBuild, match=r"no C\+\+ compiler.*Install one"):
        compile.build()


def test_more_unknowns_than_can_be_numbered_are_refused() -> None:
    rows: Any = range(MOST + 1)
    with pytest.raises(SimulationError, match="use another engine"):
        planned(SimpleNamespace(dense=0), rows)  # type: ignore[arg-type]
