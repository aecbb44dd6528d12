"""Right-hand side, Jacobian and observables of a network as the native engine computes them."""

from __future__ import annotations

import ctypes

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines.native.library import load, pointer, table_block
from mtorkin.engines.native.tables import Tables, tables
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
    matrix[:, made.order[:, None], made.order] = _by_species(made, entries)
    return right, matrix


def _by_species(made: Tables, entries: Array) -> Array:
    """The Jacobian (states, species, species), in order of elimination, without assignments."""
    unknowns, n = len(made.species_of), len(made.order)
    rows = np.repeat(np.arange(unknowns), np.diff(made.j_starts))
    whole = np.zeros((len(entries), unknowns, unknowns))
    whole[:, rows, made.j_columns] = entries
    species = np.flatnonzero(made.species_of < n)
    change = np.zeros((len(entries), unknowns, n))  # of unknowns with species
    change[:, species, np.arange(n)] = 1.0
    for a in made.kept:
        change[:, a] = np.einsum("su,sun->sn", whole[:, a], change)
    return whole[:, species] @ change


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


def solve(equations: Equations, entries: Array, c: Array, right: Array) -> Array:
    """Return the solutions of ``(I - c J) x = b``, shape (states, species).

    `entries` (states, nonzeros) are those of the Jacobian of the unknowns, as `tables` has them, with 1
    for c in the rows of assignments; `c` (states,) [min]; `right` (states, species) is b, which is 0 for
    assignments. Raises NotBuilt.
    """
    made = tables(equations)
    block = table_block(made, 0)
    given = np.ascontiguousarray(entries, dtype=float)
    steps = np.ascontiguousarray(c, dtype=float)
    x = np.ascontiguousarray(right[:, made.order], dtype=float)
    address = ctypes.addressof(block)
    if load().many.solve(address, len(x), pointer(given), pointer(steps), pointer(x)) < 0:
        raise SimulationError("not enough memory to factorise a matrix")
    found = np.empty_like(x)
    found[:, made.order] = x
    return found
