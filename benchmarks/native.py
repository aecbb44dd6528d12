"""The native engine against its peers in one run: ``python -m benchmarks.native [sets]``.

One model, one protocol (fed cells, 100 nM rapamycin for 24 h), rtol 1e-6 and atol 1e-9 of steps in
each integrator, one thread but for the last row. Parameter sets are log-normal (sigma 0.3). `error` is
the root mean square of what is off at all times and species, in units of rtol |y| + atol, median over
sets, from a run at 1e-11. Rounds alternate, so that a slow phase of the machine hits all alike.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from mtorkin import Model, Period, Protocol, build
from mtorkin.arrays import Array
from mtorkin.engines import Stretch, roadrunner, scipy
from mtorkin.engines.native.library import Call, load
from mtorkin.engines.native.tables import tables
from mtorkin.engines.native.task import Plan, carry_out
from mtorkin.files import write_text
from mtorkin.protocol import UNTIL_STEADY, intervals
from mtorkin.steady import constants_in, dosed, rest

RTOL, ATOL = 1e-6, 1e-9
TIMES = np.linspace(0.0, 1440.0, 97)
ROUNDS = 3
FEW = 8  # sets that the slow peers do, and that errors are measured on
PROTOCOL = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=100))


def sets_of(model: Model, count: int) -> tuple[Array, Array]:
    """Constants (sets, constants), and the state they all begin with [nM]."""
    fed, treated = intervals(PROTOCOL, model.network)
    p = np.array(constants_in(model, treated))
    factors = np.exp(0.3 * np.random.default_rng(3).standard_normal((count, len(p))))
    factors[:, len(model.network.parameters) :] = 1.0
    limits = [*(q.at_most for q in model.network.parameters), *(np.inf for _ in model.network.inputs)]
    return np.minimum(p * factors, limits), dosed(model, rest(model, fed)[0], treated)


def native(model: Model, call: Call, p: Array, y0: Array, rtol: float, atol: float) -> Array:
    """Species (sets, times, species) [nM] with the native engine."""
    none, count = np.zeros(1, dtype=np.int32), np.array([len(TIMES) - 1], dtype=np.int32)
    plan = Plan(
        *(np.zeros(1), TIMES[-1:], np.empty((1, 0)), TIMES[1:], count, none, ()),
        rtol=rtol,
        atol=atol,
        most_steps=100_000,
    )
    found = carry_out(call, tables(model.equations), plan, p, np.tile(y0, (len(p), 1)))
    assert found.species is not None and np.all(found.status == 1)
    return found.species


def main(count: int) -> None:
    """Measure, print, and write ``results/native.tsv``."""
    model = build()
    p, y0 = sets_of(model, count)
    roadrunner.SAFETY_RTOL = roadrunner.SAFETY_ATOL = 1.0  # steps, not results, at RTOL and ATOL
    scipy.SAFETY_RTOL = scipy.SAFETY_ATOL = 1.0
    one, many = load().one, load().many

    def peer(integrate: Callable[[Stretch], Array]) -> Callable[[], Array]:
        stretches = [Stretch(model.equations, q.tolist(), y0, TIMES, RTOL, ATOL) for q in p[:FEW]]
        return lambda: np.stack([integrate(s)[1:] for s in stretches])

    def threads() -> Array:
        with ThreadPoolExecutor(2) as pool:
            halves = pool.map(
                lambda q: native(model, many, q, y0, RTOL, ATOL), np.array_split(p, 2), timeout=None
            )
            return np.concatenate(list(halves))

    runs: dict[str, tuple[Callable[[], Array], int]] = {
        "libroadrunner, one by one": (peer(roadrunner.integrate), FEW),
        "scipy BDF, one by one": (peer(scipy.integrate), FEW),
        "native, one by one": (lambda: native(model, one, p[:FEW], y0, RTOL, ATOL), FEW),
        f"native, {count} sets": (lambda: native(model, many, p, y0, RTOL, ATOL), count),
        f"native, {count} sets, two threads": (threads, count),
    }
    exact = native(model, many, p[:FEW], y0, 1e-11, 1e-14)
    spent: dict[str, list[float]] = {name: [] for name in runs}
    errors: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, (run, sets) in runs.items():
            began = time.perf_counter()
            found = run()
            spent[name].append(1e3 * (time.perf_counter() - began) / sets)
            off = (found[:FEW] - exact) / (RTOL * np.abs(exact) + ATOL)
            errors[name] = float(np.median(np.sqrt(np.mean(off**2, axis=(1, 2)))))
    rows = [
        {"what": n, "ms a simulation": np.median(t), "fastest": min(t), "error": errors[n]}
        for n, t in spent.items()
    ]
    table = pd.DataFrame(rows)
    table["times as fast"] = table["ms a simulation"].iloc[0] / table["ms a simulation"]
    write_text(Path("results") / "native.tsv", table.to_csv(sep="\t", index=False, float_format="%.3g"))
    print(f"{load().kind}, {load().lanes} lanes")
    print(table.to_string(index=False, float_format="{:.3g}".format))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
