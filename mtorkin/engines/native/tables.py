"""From a network to what the native engine reads: integer tables, no generated code.

Registers hold, in this order: numbers, species (in order of elimination), constants (parameters and
inputs), then everything that is computed. The total derivative of a rate through the assignments is
the same sum as in `mtorkin.equations`; here the part of all reactions that act through one
assignment is added up first, so that it is multiplied once, or the assignment is an unknown of the
linear systems beside the species (`unknowns.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import scipy.linalg

from mtorkin.arrays import Array, Indices
from mtorkin.engines.native.bytecode import Compiler
from mtorkin.engines.native.elimination import Elimination, planned
from mtorkin.engines.native.graph import Graph, Node
from mtorkin.engines.native.ordering import Factors, compressed, eliminate, order_of
from mtorkin.engines.native.unknowns import kept_assignments
from mtorkin.equations import Equations
from mtorkin.language.expression import Number

__all__ = ["Tables", "tables"]

RARELY = 1e-3  # how much less a total is left to a species that cells do not begin with


@dataclass(frozen=True, eq=False)
class Tables:
    """One network for the native engine.

    `order` (species,) are the network's species in order of elimination. Registers: `numbers` at 0,
    species from `y_at`, constants from `p_at`, right-hand side from `f_at`, observables from `o_at`;
    `registers` in all. `j_starts`, `j_columns` are the nonzeros of the Jacobian of the unknowns,
    compressed by rows, and `j_registers` where each is. An unknown is a species or an assignment that is
    kept, all in order of elimination: `species_of` (unknowns,) is the place of the species in `order`, or
    the number of species; `row_of` (species,) is the row of each; `kept` are the rows of assignments,
    each of which reads only those before it. `t_starts`, `t_columns`, `t_weights` are what is
    conserved, as totals of which each has a species `t_dependent` that is in no other. From `g_at`
    on, `slopes` puts derivatives of the rates of `g_species` (in order of elimination) by
    `g_constants`, for those constants that were asked for.
    """

    order: Indices
    numbers: Array
    y_at: int
    p_at: int
    f_at: int
    o_at: int
    registers: int
    constants: int
    observables: int
    prelude: Indices
    rates: Indices
    jacobian: Indices
    observe: Indices
    j_starts: Indices
    j_columns: Indices
    j_registers: Indices
    species_of: Indices
    row_of: Indices
    kept: Indices
    factors: Factors
    elimination: Elimination
    t_starts: Indices
    t_columns: Indices
    t_dependent: Indices
    t_weights: Array
    slopes: Indices
    g_at: int
    g_species: Indices
    g_constants: Indices


@dataclass(frozen=True, eq=False)
class Flow:
    """Nodes of one network: leaves, rates and assignments by id; `stoichiometry` by species."""

    graph: Graph
    species: list[Node]
    constants: list[Node]
    names: dict[str, Node]
    rates: list[Node]
    stoichiometry: list[list[tuple[Node, int]]]
    observables: list[Node]

    def right_hand_side(self) -> list[Node]:
        """Nodes of dy/dt, in the order of the network."""
        return [self.graph.acc((c, self.rates[j]) for c, j in row) for row in self.stoichiometry]

    def derivative(self, by_constants: bool = False, kept: Sequence[Node] = ()) -> list[dict[Node, Node]]:
        """Nodes of the derivative of dy/dt by species, or by constants, one row a species.

        `kept` assignments count as species that are always where their formula is: a row each.
        """
        graph = self.graph
        wanted = set(self.constants if by_constants else (*self.species, *kept))
        inner = self._of_assignments(wanted, by_constants)
        gradients = [graph.gradient(rate, by_constants) for rate in self.rates]
        found = []
        for row in self.stoichiometry:
            direct: dict[Node, list[tuple[Node, Node]]] = defaultdict(list)
            for coefficient, j in row:
                for leaf, slope in gradients[j].items():
                    direct[leaf].append((coefficient, slope))
            found.append(_through(graph, direct, inner, wanted))
        return found + [inner[a] for a in kept]

    def kept(self) -> list[Node]:
        """The assignments that stay unknowns of the linear systems."""
        graph = self.graph
        reads = [set(graph.gradient(rate)) for rate in self.rates]
        species = [{leaf for _, j in row for leaf in reads[j]} for row in self.stoichiometry]
        names = (n for n in self.names.values() if graph.nodes[n].kind == "name" and not graph.constant[n])
        return kept_assignments(species, {n: set(graph.gradient(graph.nodes[n].args[0])) for n in names})

    def readouts(self, by_constants: bool = False) -> list[dict[Node, Node]]:
        """Nodes of the derivative of observables by species, or by constants, one row an observable."""
        graph, one = self.graph, self.graph.number(1.0)
        wanted = set(self.constants if by_constants else self.species)
        inner = self._of_assignments(wanted, by_constants)
        rows = (graph.gradient(node, by_constants) for node in self.observables)
        return [_through(graph, {k: [(one, v)] for k, v in row.items()}, inner, wanted) for row in rows]

    def _of_assignments(self, wanted: set[Node], deep: bool) -> dict[Node, dict[Node, Node]]:
        graph = self.graph
        found: dict[Node, dict[Node, Node]] = {}
        one = graph.number(1.0)
        for node in sorted(n for n in self.names.values() if graph.nodes[n].kind == "name"):
            gradient = graph.gradient(graph.nodes[node].args[0], deep)
            direct = {leaf: [(one, slope)] for leaf, slope in gradient.items()}
            found[node] = _through(graph, direct, found, wanted)
        return found


def _through(
    graph: Graph,
    direct: dict[Node, list[tuple[Node, Node]]],
    inner: dict[Node, dict[Node, Node]],
    wanted: set[Node],
) -> dict[Node, Node]:
    """Total derivatives from partial ones, given those of the assignments that come before."""
    pairs: dict[Node, list[tuple[Node, Node]]] = defaultdict(list)
    for leaf, terms in direct.items():
        if leaf in wanted:
            pairs[leaf] += terms
        elif leaf in inner:
            outer = graph.acc(terms)
            for end, slope in inner[leaf].items():
                pairs[end].append((outer, slope))
    return {leaf: graph.acc(terms) for leaf, terms in pairs.items()}


def flow_of(equations: Equations) -> Flow:
    """Return the graph of a network."""
    graph, network = Graph(), equations.network
    species = [graph.node("y", value=i) for i in range(len(equations.species))]
    constants = [graph.node("p", value=i) for i in range(len(equations.constants))]
    names = dict(zip((*equations.species, *equations.constants), (*species, *constants), strict=True))
    for a in network.assignments:
        inner = graph.of(a.expr, names)
        names[a.id] = graph.node("name", (inner,), value=len(names))
    rates = [graph.of(r.rate, names) for r in network.reactions]
    matrix = equations.stoichiometry
    matrix.sum_duplicates()
    rows = [
        [
            (graph.number(float(c)), int(j))
            for c, j in zip(matrix.data[lo:hi], matrix.indices[lo:hi], strict=True)
        ]
        for lo, hi in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True)
    ]
    observables = [graph.of(o.expr, names) for o in network.observables]
    return Flow(graph, species, constants, names, rates, rows, observables)


@lru_cache(maxsize=8)
def tables(equations: Equations, by: tuple[int, ...] = ()) -> Tables:
    """Return the tables of a network (a pure function of it, remembered for the last few).

    `by` are the places of constants by which derivatives of the rates are wanted.
    """
    flow = flow_of(equations)
    graph = flow.graph
    kept, n = flow.kept(), len(flow.species)
    place = {node: i for i, node in enumerate((*flow.species, *kept))}
    nonzeros = [{place[k]: v for k, v in row.items()} for row in flow.derivative(kept=kept)]
    unknowns = order_of(nonzeros)
    rank = {i: q for q, i in enumerate(unknowns)}
    rows = [sorted((rank[j], v) for j, v in nonzeros[i].items()) for i in unknowns]
    columns = [[j for j, _ in row] for row in rows]
    order = [i for i in unknowns if i < n]
    species_of = {i: q for q, i in enumerate(order)}
    entries = [v for row in rows for _, v in row]
    right = flow.right_hand_side()
    f, o = [right[i] for i in order], flow.observables
    slopes = _slopes(flow, order, by)
    begins = [s.initial != Number(0.0) for s in equations.network.species]
    compiler = Compiler(graph)
    numbers = [i for i, node in enumerate(graph.nodes) if node.kind == "num"]
    compiler.place(numbers)
    y_at = compiler.place([flow.species[i] for i in order])
    p_at = compiler.place(flow.constants)
    g = [node for _, _, node in slopes]
    f_at, o_at, g_at = (compiler.reserve(len(x)) for x in (f, o, g))
    wanted = ((f, f_at), (entries, None), (o, o_at), (g, g_at))
    programs = [compiler.program(x, at) for x, at in wanted]
    starts, flat = compressed(columns)
    factors = eliminate(columns)
    return Tables(
        order=np.array(order, dtype=np.int32),
        numbers=np.array([graph.nodes[i].value for i in numbers]),
        y_at=y_at,
        p_at=p_at,
        f_at=f_at,
        o_at=o_at,
        prelude=compiler.finish(),
        registers=compiler.size,
        constants=len(flow.constants),
        observables=len(o),
        rates=programs[0],
        jacobian=programs[1],
        observe=programs[2],
        j_starts=starts,
        j_columns=flat,
        j_registers=np.array([compiler.at(node) for node in entries], dtype=np.int32),
        species_of=np.array([species_of.get(i, n) for i in unknowns], dtype=np.int32),
        row_of=np.array([rank[i] for i in order], dtype=np.int32),
        kept=np.array([rank[place[a]] for a in kept], dtype=np.int32),
        factors=factors,
        elimination=planned(factors, columns),
        slopes=programs[3],
        g_at=g_at,
        g_species=np.array([i for i, _, _ in slopes], dtype=np.int32),
        g_constants=np.array([j for _, j, _ in slopes], dtype=np.int32),
        **_totals(equations.conserved[:, order], np.array([begins[i] for i in order])),
    )


def _slopes(flow: Flow, order: list[int], by: tuple[int, ...]) -> list[tuple[int, int, Node]]:
    """Derivatives by constants that are not 0: rank of the species, place of the constant, node."""
    if not by:
        return []
    wanted = {flow.constants[j]: j for j in by}
    rows = flow.derivative(by_constants=True)
    return [(q, wanted[k], v) for q, i in enumerate(order) for k, v in rows[i].items() if k in wanted]


def _totals(weights: Array, begins: Array) -> dict[str, Any]:
    """Return totals that say the same, each with a species of weight 1 that is in no other.

    That species takes up what rounding takes from the total, so it had better be one that cells begin with:
    in one that is absent, rounding is all there is, and would never come to rest.
    """
    if not len(weights):
        none = np.zeros(0, dtype=np.int32)
        return {"t_starts": np.zeros(1, dtype=np.int32), "t_columns": none, "t_dependent": none} | {
            "t_weights": np.zeros(0)
        }
    *_, pivots = scipy.linalg.qr(weights * np.where(begins, 1.0, RARELY), mode="economic", pivoting=True)
    dependent = pivots[: len(weights)].astype(np.int32)
    solved = np.linalg.solve(weights[:, dependent], weights)
    solved[np.abs(solved) < 1e-12] = 0.0
    starts, columns = compressed([np.flatnonzero(row).tolist() for row in solved])
    return {
        "t_starts": starts,
        "t_columns": columns,
        "t_dependent": dependent,
        "t_weights": np.concatenate([row[row != 0.0] for row in solved]),
    }
