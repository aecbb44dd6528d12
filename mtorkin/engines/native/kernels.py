"""Right-hand side and Jacobian of a network as the native engine computes them."""

from __future__ import annotations

import ctypes

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines.native.library import load, pointer, table_block
from mtorkin.engines.native.tables import tables
from mtorkin.equations import Equations

__all__ = ["evaluate"]


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
    load().many.evaluate(
        ctypes.addressof(block), count, pointer(y), pointer(p), pointer(rates), pointer(entries)
    )
    right, matrix = np.empty_like(rates), np.zeros((count, n, n))
    right[:, made.order] = rates
    rows = np.repeat(made.order, np.diff(made.j_starts))
    matrix[:, rows, made.order[made.j_columns]] = entries
    return right, matrix
