"""Derivatives are the analytic ones: against central differences, on the toy and on the core."""

from __future__ import annotations

import numpy as np
import pytest

from mtorkin.arrays import Array
from mtorkin.model import Model
from mtorkin.steady import steady_state


@pytest.fixture(params=["toy_model", "core"])
def model(request: pytest.FixtureRequest) -> Model:
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


@pytest.fixture
def point(model: Model) -> tuple[Array, list[float]]:
    """Away from rest and from 0, so that no term hides."""
    rng = np.random.default_rng(1)
    y = steady_state(model).y * rng.uniform(0.7, 1.3, len(model.equations.species)) + 0.5
    inputs = {i.id: i.default + 0.3 for i in model.network.inputs}
    return y, model.equations.constants_of({**model.values, **inputs})


def close(analytic: Array, numeric: Array, scale: Array) -> None:
    """Central differences lose about eight of sixteen digits, of the largest term in a row."""
    assert np.all(np.abs(analytic - numeric) <= 2e-7 * scale + 1e-6 * np.abs(numeric))


def test_jacobian(model: Model, point: tuple[Array, list[float]]) -> None:
    y, p = point
    e = model.equations
    columns = []
    for j, value in enumerate(y):
        h = 1e-5 * max(value, 0.1)
        up, down = y.copy(), y.copy()
        up[j] += h
        down[j] -= h
        columns.append((e.rhs(up, p) - e.rhs(down, p)) / (up[j] - down[j]))
    flow = abs(e.stoichiometry) @ np.abs(e.rates(y.tolist(), p))
    analytic = e.jacobian(y, p)
    close(analytic, np.array(columns).T, flow[:, None] / np.maximum(y, 0.1))
    assert np.abs(analytic).max() > 1


def test_parameter_derivatives(model: Model, point: tuple[Array, list[float]]) -> None:
    y, p = point
    e = model.equations
    columns = []
    for j, value in enumerate(p):
        h = 1e-5 * max(abs(value), 1e-6)
        up, down = list(p), list(p)
        up[j] += h
        down[j] -= h
        columns.append((e.rhs(y, up) - e.rhs(y, down)) / (up[j] - down[j]))
    flow = abs(e.stoichiometry) @ np.abs(e.rates(y.tolist(), p))
    size = np.maximum(np.abs(p), 1e-6)
    close(e.parameter_derivatives(y, p), np.array(columns).T, flow[:, None] / size)


def test_observable_jacobian(model: Model, point: tuple[Array, list[float]]) -> None:
    y, p = point
    e = model.equations
    columns = []
    for j, value in enumerate(y):
        h = 1e-5 * max(value, 0.1)
        up, down = y.copy(), y.copy()
        up[j] += h
        down[j] -= h
        seen = [np.array(e.observed(x.tolist(), p)) for x in (up, down)]
        columns.append((seen[0] - seen[1]) / (up[j] - down[j]))
    scale = np.abs(e.observed(y.tolist(), p))[:, None] / np.maximum(y, 0.1)
    close(e.observable_jacobian(y, p), np.array(columns).T, scale + 1e-3)


def test_totals_are_conserved_by_every_reaction(model: Model) -> None:
    e = model.equations
    assert np.abs(e.conserved @ e.stoichiometry.toarray()).max() < 1e-12
    rank = np.linalg.matrix_rank(e.stoichiometry.toarray())
    assert len(e.conserved) == len(e.species) - rank  # all of them, and none twice
