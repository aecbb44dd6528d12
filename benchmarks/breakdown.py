"""Where the time of one simulation goes: ``python -m benchmarks.breakdown [full] [explicit] ...``.

The kernels are timed by themselves on the states of a run, with one lane and with all (ns a lane), and
multiplied with how often a simulation needs them. What is left is Newton's vectors, history, error
tests, output and, with many lanes, factors that are made while some lanes do not need them. `floor`: the
products of a factorisation at one fused vector instruction each 0.45 ns, which is what a dense block
of this size reaches on a Zen 4 core.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from benchmarks import cases, reference
from mtorkin.arrays import Array
from mtorkin.engines.native.library import Call, load, pointer, table_block
from mtorkin.engines.native.tables import Tables, tables
from mtorkin.engines.native.task import carry_out

STATES, SETS, REPEATS = 1024, 64, 7
LARGE, FEWER = 300, 8  # fewer states and sets of networks with so many species, as in growth.py
NS_A_VECTOR = 0.45
HEAD = ("lanes", "rhs", "Jacobian", "factor and solve", "floor of a factor", "ms a simulation")
COUNTS = ("steps", "Newton iterations", "factorisations", "failed error tests")


def main(names: Sequence[str]) -> None:
    """Print the kernels, the counts and the shares of some networks (`cases.models`)."""
    print(f"{load().kind}; ns a lane, but for the last columns")
    for name in names:
        small = cases.case(name, FEWER)
        sets = SETS if len(small.y0) < LARGE else FEWER
        made = cases.case(name, sets)
        table = tables(made.model.equations)
        kinds = ((load().one, 1), (load().many, load().lanes))
        rows = [_row(made, table, call, lanes) for call, lanes in kinds]
        block = len(table.species_of) - table.factors.dense
        print(
            f"\n{name}: {len(made.y0)} species, {len(table.j_columns)} numbers in J, "
            f"the last {block} rows dense, {_products(table):,} products in a factorisation"
        )
        print(pd.DataFrame(rows).to_string(index=False, float_format="{:.4g}".format), flush=True)


def _row(made: cases.Case, table: Tables, call: Call, lanes: int) -> dict[str, float]:
    kernels = _kernels(made, table, call)
    sets = len(made.p)
    start = np.tile(made.y0, (sets, 1))
    plan = reference.plan(cases.TIMES, 1e-6, 1e-9)
    shortest, counts = np.inf, np.zeros(len(COUNTS))
    for _ in range(3):
        began = time.process_time()
        found = carry_out(call, table, plan, made.p, start)
        shortest = min(shortest, (time.process_time() - began) / sets)
        counts = found.counts.mean(axis=0)
    row = dict(
        zip(HEAD, (lanes, *kernels, _products(table) * NS_A_VECTOR / lanes, 1e3 * shortest), strict=True)
    )
    often = (counts[1], counts[2], counts[2])  # a factorisation has a Jacobian and is timed with one solution
    shares = [1e-9 * ns * n / shortest for ns, n in zip(kernels, often, strict=True)]
    row |= dict(zip(COUNTS, counts.tolist(), strict=True))
    names = ("share of rhs", "of Jacobians", "of factors")
    return row | dict(zip((*names, "the rest"), (*shares, 1 - sum(shares)), strict=True))


def _kernels(made: cases.Case, table: Tables, call: Call) -> tuple[float, float, float]:
    """Processor ns a lane of the right-hand side, the Jacobian, and a factorisation with one solution."""
    block = ctypes.addressof(table_block(table, 0))
    sets = len(made.p)
    states = STATES if sets == SETS else STATES // 16
    run = reference.simulated(made, load().many, made.p[:16], 1e-6, 1e-9)
    y = np.ascontiguousarray(
        np.resize(run.reshape(-1, run.shape[-1]), (states, run.shape[-1]))[:, table.order]
    )
    p = np.ascontiguousarray(made.p[np.arange(states) % sets])
    rates, entries = np.empty_like(y), np.empty((states, len(table.j_columns)))
    given = (block, states, False, pointer(y), pointer(p))
    nothing = _ns(lambda: call.evaluate(*given, None, None, None), states)
    right = _ns(lambda: call.evaluate(*given, pointer(rates), None, None), states)
    both = _ns(lambda: call.evaluate(*given, pointer(rates), pointer(entries), None), states)
    c, x = np.full(states, 1.0), rates.copy()
    solved = _ns(lambda: call.solve(block, states, pointer(entries), pointer(c), pointer(x)), states)
    return right - nothing, both - right, solved


def _ns(run: Callable[[], object], states: int) -> float:
    spent = []
    for _ in range(REPEATS):
        began = time.process_time()
        run()
        spent.append(time.process_time() - began)
    return 1e9 * min(spent) / states


def _products(table: Tables) -> int:
    """Products of one factorisation."""
    factors, n = table.factors, len(table.species_of)
    upper = np.diff(factors.u_starts)
    dense = n - factors.dense
    columns: Array = np.asarray(factors.l_columns)
    return int(upper[columns].sum() + len(columns) + dense**3 // 3)


if __name__ == "__main__":
    main(sys.argv[1:] or ["full"])
