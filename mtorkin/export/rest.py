"""A steady state to more digits than floating point has, so that files do not differ by machine.

Two machines that solve for the same steady state agree to about ten digits, and a rounded number
can still fall either way. Newton steps whose residual is computed with 50 digits give the state to
30 or more; rounded to 12, it is the same text everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal, localcontext

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines.blas import single_threaded
from mtorkin.equations import equations
from mtorkin.errors import SimulationError
from mtorkin.language.expression import Add, Div, Expr, Leaf, Mul, Number, Pow
from mtorkin.network import Network

__all__ = ["DIGITS", "polished"]

DIGITS = 12
_PRECISION = 50
_STEPS = 20
_ENOUGH = Decimal("1e-20")  # relative size of a Newton step ...
_SMALL = Decimal("1e-12")  # ... to a concentration [nM], or to this where there is less
_NOTHING = 1e-15  # nM, far below one molecule a cell

_Numbers = dict[str, Decimal]


@single_threaded
def polished(
    network: Network,
    values: Mapping[str, float],
    begun: Mapping[str, float],
    state: Mapping[str, float],
) -> dict[str, float]:
    """Return a steady state [nM] by species id, to `DIGITS` significant digits.

    `values` gives every parameter and input, `state` the steady state as a solver found it, `begun`
    the state it came from, whose conserved totals hold. Raises SimulationError where the steps do
    not settle: `state` is then not near a steady state.
    """
    e = equations(network)
    p = [float(values[c]) for c in e.constants]
    with localcontext(prec=_PRECISION):
        constants = {c: Decimal(x) for c, x in zip(e.constants, p, strict=True)}
        y = {s: Decimal(float(state[s])) for s in e.species}
        start = {s: Decimal(float(begun[s])) for s in e.species}
        for _ in range(_STEPS):
            jacobian = e.jacobian(np.array([float(c) for c in y.values()]), p)
            residual = _rates_of_change(network, constants | y) + _lost(network, start, y)
            step = _solve(np.vstack([jacobian, e.conserved]), residual)
            y = {s: c - d for (s, c), d in zip(y.items(), step, strict=True)}
            left = max(abs(d) / max(abs(c), _SMALL) for c, d in zip(y.values(), step, strict=True))
            if left < _ENOUGH:
                return {s: _rounded(c) for s, c in y.items()}
    raise SimulationError(
        f"export: the steady state does not settle: step {left:.0e} of a concentration after "
        f"{_STEPS} steps. Look at the diagnosis of mtorkin.steady_state"
    )


def _rounded(x: Decimal) -> float:
    return 0.0 if abs(x) < _NOTHING else float(f"{x:.{DIGITS - 1}e}")


def _rates_of_change(network: Network, known: _Numbers) -> list[Decimal]:
    """dc/dt [nM/min] of every species, from the network itself."""
    numbers = dict(known)
    for a in network.assignments:
        numbers[a.id] = _evaluate(a.expr, numbers)
    volume = {c.id: Decimal(c.size) for c in network.compartments}
    total = {s.id: Decimal(0) for s in network.species}
    for r in network.reactions:
        extent = _evaluate(r.rate, numbers) * volume[r.compartment]
        for sign, side in ((-1, r.reactants), (1, r.products)):
            for s, n in side:
                total[s] += sign * n * extent
    return [total[s.id] / volume[s.compartment] for s in network.species]


def _lost(network: Network, start: _Numbers, now: _Numbers) -> list[Decimal]:
    """By how much each conserved total has changed."""
    return [
        sum((Decimal(w) * (now[s] - start[s]) for s, w in law.weights), Decimal(0))
        for law in network.conserved
    ]


def _evaluate(expr: Expr, numbers: Mapping[str, Decimal]) -> Decimal:
    match expr:
        case Number(value):
            return Decimal(value)
        case Leaf():
            return numbers[expr.id]
        case Add(terms):
            return sum((_evaluate(t, numbers) for t in terms), Decimal(0))
        case Mul(factors):
            return math.prod((_evaluate(f, numbers) for f in factors), start=Decimal(1))
        case Div(n, d):
            return _evaluate(n, numbers) / _evaluate(d, numbers)
        case Pow(base, exponent):
            return _evaluate(base, numbers) ** exponent
    raise TypeError(f"not an expression: {expr!r}")


def _solve(matrix: Array, residual: list[Decimal]) -> list[Decimal]:
    """Newton's step in floating point; the residual is scaled first, as it may be 1e-40."""
    size = max(map(abs, residual))
    if not size:
        return [Decimal(0)] * matrix.shape[1]
    rows = np.abs(matrix).max(axis=1)
    rows[rows == 0] = 1.0
    right = np.array([float(x / size) for x in residual])
    found = np.linalg.lstsq(matrix / rows[:, None], right / rows, rcond=None)[0]
    return [Decimal(float(x)) * size for x in found]
