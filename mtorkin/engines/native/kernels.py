"""Right-hand side, Jacobian and observables of a network as the native engine computes them."""

from __future__ import annotations

import ctypes

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines.native.library import load, pointer, table_block
from mtorkin.engines.native.tables import tables
from mtorkin.equations import Equations
from mtorkin.errors import SimulationError

__all__ = ["evaluate", "observe", "solve"]


def evaluate(equations: Equations, states: Array, constants: Array) -> tuple[Array, Array]:
    """Return dy/dt [nM/min], shape (states, species), and its derivative [1/min].

    The derivative has shape (states, species, species). `states` [nM], shape (states, species), each
    have their own `constants`, shape (states, constants). Raises NotBuilt.
    """
    made = tables(equations)
    count, n = states.shape
    block = table_block(made, 0)
    y = np.ascontiguousarray(states[:, made.order], dtype=float)
    p = np.ascontiguousarray(constants, dtype=float)
    rates, entries = np.empty((count, n)), np.empty((count, len(made.j_columns)))
    call = load().many if count > 1 else load().one
    call.evaluate(
        *(ctypes.addressof(block), count, False, pointer(y), pointer(p)),
        *(pointer(rates), pointer(entries), None),
    )
    right, matrix = np.empty_like(rates), np.zeros((count, n, n))
    right[:, made.order] = rates
    rows = np.repeat(made.order, np.diff(made.j_starts))
    matrix[:, rows, made.order[made.j_columns]] = entries
    return right, matrix


def observe(equations: Equations, states: Array, constants: Array) -> Array:
    """Return the observables [own units], shape (states, observables).

    `states` [nM], shape (states, species), all have the same `constants`, shape (constants,). Raises
    NotBuilt.
    """
    made = tables(equations)
    block = table_block(made, 0)
    y = np.ascontiguousarray(states[:, made.order], dtype=float)
    p = np.ascontiguousarray(constants, dtype=float)
    found = np.empty((len(y), made.observables))
    call = load().many if len(y) > 1 else load().one
    call.evaluate(
        *(ctypes.addressof(block), len(y), True, pointer(y), pointer(p)), None, None, pointer(found)
    )
    return found


def solve(equations: Equations, jacobians: Array, c: Array, right: Array) -> Array:
    """Return the solutions of ``(I - c J) x = b``, shape (states, species).

    `jacobians` (states, species, species) are not zero where that of the network is; `c` (states,)
    [min]; `right` (states, species). Raises NotBuilt.
    """
    made = tables(equations)
    block = table_block(made, 0)
    rows = np.repeat(made.order, np.diff(made.j_starts))
    entries = np.ascontiguousarray(jacobians[:, rows, made.order[made.j_columns]])
    steps = np.ascontiguousarray(c, dtype=float)
    x = np.ascontiguousarray(right[:, made.order], dtype=float)
    address = ctypes.addressof(block)
    if load().many.solve(address, len(x), pointer(entries), pointer(steps), pointer(x)) < 0:
        raise SimulationError("not enough memory to factorise a matrix")
    found = np.empty_like(x)
    found[:, made.order] = x
    return found
