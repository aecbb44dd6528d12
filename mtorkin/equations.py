"""From a network to numbers: rates, right-hand side, Jacobian and parameter derivatives.

Each expression becomes straight-line Python in which every distinct sub-expression is computed
once. Derivatives are analytic. With ``v`` the rates and ``a`` the assignments, both of which may
contain assignments, the total derivative is ``dv/dy = V_y + V_a (I - A_a)^-1 A_y``; the same holds
for parameters. Rows are in the order of the network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import scipy.sparse

from mtorkin.arrays import Array, Indices
from mtorkin.language.expression import (
    ONE,
    Add,
    Div,
    Expr,
    Function,
    Leaf,
    Mul,
    Number,
    Pow,
    children,
    gradient,
    leaves,
)
from mtorkin.language.functions import Exp, Ln, RealPower
from mtorkin.network import Network

Compiled = Callable[[Sequence[float], Sequence[float]], list[float]]


class _Code:
    """Straight-line Python for some expressions of one network."""

    def __init__(self, names: dict[str, str], assigned: dict[str, Expr]) -> None:
        self.names = names
        self.assigned = assigned
        self.lines: list[str] = []
        self.known: dict[tuple[Any, ...], str] = {}

    def ref(self, expr: Expr) -> str:
        """Name of a variable that holds the expression, computed above."""
        match expr:
            case Number(value):
                return repr(value) if value >= 0 else f"({value!r})"
            case Leaf():
                if expr.id not in self.names:
                    self.names[expr.id] = self.ref(self.assigned[expr.id])
                return self.names[expr.id]
        parts = tuple(map(self.ref, children(expr)))
        exponent = expr.exponent if isinstance(expr, Pow) else 0
        key = (_called(expr) if isinstance(expr, Function) else type(expr), parts, exponent)
        if key not in self.known:
            self.known[key] = f"t{len(self.known)}"
            self.lines.append(f" {self.known[key]}={_spell(expr, parts)}")
        return self.known[key]


def _spell(expr: Expr, parts: tuple[str, ...]) -> str:
    match expr:
        case Add():
            return "+".join(parts)
        case Mul():
            return "*".join(parts)
        case Div():
            return f"{parts[0]}/{parts[1]}"
        case Pow(_, n):
            return "*".join(parts * n) if n <= 4 else f"{parts[0]}**{n}"
        case Function():
            return f"{_called(expr)}({','.join(parts)})"
    raise TypeError(f"not an expression: {expr!r}")


def _called(expr: Function) -> str:
    """The name of a function in straight-line Python (see `_SCOPE`)."""
    return "ln_of_zero" if isinstance(expr, Ln) and expr.of_zero else type(expr).__name__


_X = (ONE,)
_SCOPE: dict[str, Any] = {
    "Exp": Exp(_X).value,
    "Ln": Ln(_X).value,
    "ln_of_zero": Ln(_X, True).value,
    "RealPower": RealPower((ONE, ONE)).value,
}


@dataclass(frozen=True, eq=False)
class Partials:
    """Sparse local derivatives, compressed by rows; ``compute`` gives the entries in that order."""

    compute: Compiled
    columns: Indices
    starts: Indices
    shape: tuple[int, int]

    def matrix(self, y: Sequence[float], p: Sequence[float]) -> scipy.sparse.csr_matrix:
        """The derivative at a point."""
        data = np.array(self.compute(y, p))
        return scipy.sparse.csr_matrix((data, self.columns, self.starts), shape=self.shape)


@dataclass(frozen=True, eq=False)
class Equations:
    """The equations of one network. ``y`` [nM] follows ``species``, ``p`` follows ``constants``."""

    network: Network
    species: tuple[str, ...]
    constants: tuple[str, ...]
    stoichiometry: scipy.sparse.csr_matrix

    @cached_property
    def _assigned(self) -> dict[str, Expr]:
        return {a.id: a.expr for a in self.network.assignments}

    @cached_property
    def _needed(self) -> tuple[str, ...]:
        """Assignments that rates use, in order."""
        todo = [x.id for r in self.network.reactions for x in leaves(r.rate)]
        found: set[str] = set()
        while todo:
            id = todo.pop()
            if id in self._assigned and id not in found:
                found.add(id)
                todo += [x.id for x in leaves(self._assigned[id])]
        return tuple(a for a in self._assigned if a in found)

    @cached_property
    def _depth(self) -> int:
        """Longest chain of assignments within assignments."""
        depth: dict[str, int] = {}
        for a in self._needed:
            inner = [depth[x.id] for x in leaves(self._assigned[a]) if x.id in depth]
            depth[a] = 1 + max(inner, default=-1)
        return max(depth.values(), default=0)

    def _compile(self, exprs: Iterable[Expr]) -> Compiled:
        names = {s: f"y{i}" for i, s in enumerate(self.species)}
        names |= {c: f"p{i}" for i, c in enumerate(self.constants)}
        heads = [
            f" {''.join(f'{letter}{i},' for i in range(len(ids)))}={letter}"
            for letter, ids in (("y", self.species), ("p", self.constants))
            if ids
        ]
        code = _Code(names, self._assigned)
        results = [code.ref(e) for e in exprs]
        source = "\n".join(["def f(y,p):", *heads, *code.lines, f" return [{','.join(results)}]"])
        scope = dict(_SCOPE)
        exec(compile(source, "<mtorkin equations>", "exec"), scope)  # our own text, never a user's
        made: Compiled = scope["f"]
        return made

    @cached_property
    def rates(self) -> Compiled:
        """Rates [nM/min] of all reactions."""
        return self._compile(r.rate for r in self.network.reactions)

    @cached_property
    def assigned(self) -> Compiled:
        """Values of all assignments."""
        return self._compile(self._assigned.values())

    @cached_property
    def observed(self) -> Compiled:
        """Values of all observables."""
        return self._compile(o.expr for o in self.network.observables)

    def rhs(self, y: Array, p: Sequence[float]) -> Array:
        """dy/dt [nM/min], shape (species,)."""
        found: Array = self.stoichiometry @ np.array(self.rates(y.tolist(), p))
        return found

    def jacobian(self, y: Array, p: Sequence[float]) -> Array:
        """d(dy/dt)/dy [1/min], shape (species, species)."""
        return self._derivative(y, p, self._by_species)

    def parameter_derivatives(self, y: Array, p: Sequence[float]) -> Array:
        """d(dy/dt)/dp, shape (species, constants)."""
        return self._derivative(y, p, self._by_constants)

    def _derivative(self, y: Array, p: Sequence[float], by: tuple[Partials, Partials]) -> Array:
        values = y.tolist()
        v_x, a_x = (part.matrix(values, p) for part in by)
        direct: Array = (self.stoichiometry @ v_x).toarray()
        if not self._needed:
            return direct
        v_a, a_a = (part.matrix(values, p) for part in self._by_assignments)
        local = a_x.toarray()
        through = local
        for _ in range(self._depth):
            through = local + a_a @ through
        return np.asarray(direct + (self.stoichiometry @ v_a) @ through)

    def observable_jacobian(self, y: Array, p: Sequence[float]) -> Array:
        """d(observables)/dy, shape (observables, species); tests and linear analysis use it."""
        full = tuple(self._assigned)
        exprs = [o.expr for o in self.network.observables]
        values = y.tolist()
        o_y: Array = self._partials(exprs, self.species).matrix(values, p).toarray()
        if not full:
            return o_y
        o_a = self._partials(exprs, full).matrix(values, p).toarray()
        rows = list(self._assigned.values())
        a_y = self._partials(rows, self.species).matrix(values, p).toarray()
        a_a = self._partials(rows, full).matrix(values, p).toarray()
        return np.asarray(o_y + o_a @ np.linalg.solve(np.eye(len(full)) - a_a, a_y))

    @cached_property
    def _by_species(self) -> tuple[Partials, Partials]:
        return self._both(self.species)

    @cached_property
    def _by_constants(self) -> tuple[Partials, Partials]:
        return self._both(self.constants)

    @cached_property
    def _by_assignments(self) -> tuple[Partials, Partials]:
        return self._both(self._needed)

    def _both(self, ids: tuple[str, ...]) -> tuple[Partials, Partials]:
        rates = [r.rate for r in self.network.reactions]
        return self._partials(rates, ids), self._partials([self._assigned[a] for a in self._needed], ids)

    def _partials(self, exprs: Sequence[Expr], ids: tuple[str, ...]) -> Partials:
        column = {id: j for j, id in enumerate(ids)}
        found = sorted(
            (
                (i, column[id], derivative)
                for i, expr in enumerate(exprs)
                for id, derivative in gradient(expr).items()
                if id in column
            ),
            key=lambda entry: entry[:2],
        )
        rows = [f[0] for f in found]
        columns = np.array([f[1] for f in found], dtype=np.int32)
        starts = np.searchsorted(rows, np.arange(len(exprs) + 1)).astype(np.int32)
        compute = self._compile([f[2] for f in found])
        return Partials(compute, columns, starts, (len(exprs), len(ids)))

    def constants_of(self, values: dict[str, float]) -> list[float]:
        """Numbers of parameters and inputs in the order of ``constants``."""
        return [values[c] for c in self.constants]

    @cached_property
    def conserved(self) -> Array:
        """Weights of the conserved totals, shape (totals, species)."""
        column = {s: j for j, s in enumerate(self.species)}
        weights = np.zeros((len(self.network.conserved), len(self.species)))
        for i, law in enumerate(self.network.conserved):
            for id, w in law.weights:
                weights[i, column[id]] = w
        return weights


@lru_cache(maxsize=16)
def equations(network: Network) -> Equations:
    """Return the equations of a network (a pure function of it, remembered for the last few)."""
    species = tuple(s.id for s in network.species)
    row = {s: i for i, s in enumerate(species)}
    volume = {c.id: c.size for c in network.compartments}
    size = {s.id: volume[s.compartment] for s in network.species}
    entries = [
        (row[s], j, sign * n * volume[r.compartment] / size[s])
        for j, r in enumerate(network.reactions)
        for sign, side in ((-1.0, r.reactants), (1.0, r.products))
        for s, n in side
    ]
    rows, columns, data = zip(*entries, strict=True)
    matrix = scipy.sparse.csr_matrix((data, (rows, columns)), shape=(len(species), len(network.reactions)))
    constants = tuple(x.id for x in (*network.parameters, *network.inputs))
    return Equations(network, species, constants, matrix)
