"""How observables change with species and constants, for sensitivities."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from mtorkin.arrays import Array, Indices
from mtorkin.engines.native.bytecode import Compiler
from mtorkin.engines.native.library import load, pointer, table_block
from mtorkin.engines.native.tables import Tables, flow_of, tables
from mtorkin.equations import Equations

__all__ = ["slopes_of_observables"]


@dataclass(frozen=True, eq=False)
class _Slopes:
    """Tables whose observables are the derivatives of observable `rows` by `columns`.

    Columns are species in the network's order, then constants.
    """

    tables: Tables
    rows: Indices
    columns: Indices


@lru_cache(maxsize=8)
def _slopes(equations: Equations) -> _Slopes:
    flow, made = flow_of(equations), tables(equations)
    graph = flow.graph
    place = {node: i for i, node in enumerate((*flow.species, *flow.constants))}
    found = [
        (i, place[leaf], node)
        for deep in (False, True)
        for i, row in enumerate(flow.readouts(deep))
        for leaf, node in row.items()
    ]
    compiler = Compiler(graph)
    numbers = [i for i, node in enumerate(graph.nodes) if node.kind == "num"]
    compiler.place(numbers)
    y_at = compiler.place([flow.species[i] for i in made.order])
    p_at = compiler.place(flow.constants)
    nodes = [node for _, _, node in found]
    o_at = compiler.reserve(len(nodes))
    observe = compiler.program(nodes, o_at)
    own = replace(
        made,
        numbers=np.array([graph.nodes[i].value for i in numbers]),
        y_at=y_at,
        p_at=p_at,
        o_at=o_at,
        observables=len(nodes),
        observe=observe,
        prelude=compiler.finish(),
        registers=compiler.size,
    )
    rows, columns = (np.array([f[k] for f in found], dtype=np.int32) for k in (0, 1))
    return _Slopes(own, rows, columns)


def slopes_of_observables(equations: Equations, states: Array, constants: Array) -> tuple[Array, Array]:
    """Return derivatives by species and by constants, each (states, observables, ...).

    `states` [nM] (states, species) and `constants` (states, constants). Raises NotBuilt.
    """
    found = _slopes(equations)
    made = found.tables
    y = np.ascontiguousarray(states[:, made.order], dtype=float)
    p = np.ascontiguousarray(constants, dtype=float)
    entries = np.empty((len(y), made.observables))
    block = table_block(made, 0)
    load().many.evaluate(
        *(ctypes.addressof(block), len(y), False, pointer(y), pointer(p)), None, None, pointer(entries)
    )
    n = len(equations.species)
    whole = np.zeros((len(y), len(equations.network.observables), n + len(equations.constants)))
    whole[:, found.rows, found.columns] = entries
    return whole[..., :n], whole[..., n:]
