"""What is run: every protocol on every kind of cells, sets far apart, explicit networks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from benchmarks.accuracy.runs import (
    ENGINES,
    EXACT,
    REFERENCE,
    RTOLS,
    Piece,
    lanes,
    off,
    pieces_of,
    steps_as_asked,
    through,
)
from mtorkin.arrays import Array
from mtorkin.build import build, contexts
from mtorkin.equations import equations
from mtorkin.language.expression import evaluate
from mtorkin.many import simulate_many
from mtorkin.model import Model
from mtorkin.network import Network, assemble
from mtorkin.protocol import NAMED, UNTIL_STEADY, Period, Protocol, intervals
from mtorkin.settle import imbalance, settle
from mtorkin.steady import constants_in, dosed, rest
from tests.oracles.model import constants, mechanisms
from tests.oracles.subnetwork import DYNAMIC, ENERGY, SITES, STARVED, Selection, select

# 692 species; all selections of the tests have fewer
LARGE = Selection("large", frozenset({"S792", "T2446"}), frozenset({"Protor", "FKBP51"}))
DAY = np.array([1.0, 10.0, 60.0, 120.0, 240.0, 480.0, 720.0, 1440.0])
NETWORKS = ("large", "sites", "dynamic", "energy", "starved", "BioNetGen")
DOSED = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=100))
Row = dict[str, object]


def protocols(names: Iterable[str] = tuple(NAMED), cells: Iterable[str] | None = None) -> pd.DataFrame:
    """Every named protocol on every kind of cells, one simulation at a time."""
    rows: list[Row] = []
    for cell in contexts() if cells is None else cells:
        model = build(context=cell)
        for name in names:
            start, pieces = pieces_of(model, NAMED[name].protocol, NAMED[name].times)
            exact = through(REFERENCE, model.equations, start, pieces, EXACT)
            rows += _each(model, start, pieces, exact, {"cells": cell, "run": name})
    return pd.DataFrame(rows)


def _each(model: Model, start: Array, pieces: list[Piece], exact: Array | None, label: Row) -> list[Row]:
    rows = []
    with steps_as_asked():
        for rtol in RTOLS:
            for engine, integrate in ENGINES.items():
                seen = through(integrate, model.equations, start, pieces, rtol)
                rows.append({**label, "engine": engine, "rtol": rtol, "error": off(seen, exact, rtol)})
    return rows


def spread(model: Model, count: int, sigma: float, seed: int = 11) -> tuple[Array, Array]:
    """Constants of log-normal sets (sets, constants), and the fed state with the dose [nM]."""
    fed, treated = intervals(DOSED, model.network)
    p = np.array(constants_in(model, treated))
    factors = np.exp(sigma * np.random.default_rng(seed).standard_normal((count, len(p))))
    factors[:, len(model.network.parameters) :] = 1.0
    most = [*(q.at_most for q in model.network.parameters), *(np.inf for _ in model.network.inputs)]
    return np.minimum(p * factors, most), dosed(model, rest(model, fed)[0], treated)


def sets(count: int = 512, sigma: float = 1.0) -> pd.DataFrame:
    """A day of rapamycin for sets that are far apart: native in lanes, CVODE one by one."""
    model = build()
    e = model.equations
    p, y0 = spread(model, count, sigma)
    found = {rtol: lanes(e, p, y0, DAY, rtol)[0] for rtol in RTOLS}
    weights = e.conserved
    totals = y0 @ weights.T
    rows: list[Row] = []
    for i, q in enumerate(p.tolist()):
        pieces = [Piece(0.0, q, lambda y: y, np.array([0.0, *DAY]))]
        exact = through(REFERENCE, e, y0, pieces, EXACT)
        for rtol in RTOLS:
            with steps_as_asked():
                theirs = through(ENGINES["CVODE"], e, y0, pieces, rtol)
            ours = found[rtol][i]
            kept = float(np.max(np.abs(ours @ weights.T / totals - 1.0)))
            label: Row = {"run": i, "rtol": rtol}
            rows.append(label | {"engine": "native", "error": off(ours, exact, rtol), "totals": kept})
            rows.append(label | {"engine": "CVODE", "error": off(theirs, exact, rtol), "totals": np.nan})
    return pd.DataFrame(rows)


def networks(names: Sequence[str] = NETWORKS) -> pd.DataFrame:
    """Networks that are expanded state by state: fed cells with a day of rapamycin.

    BioNetGen's has a constant for every rule and begins as declared. Only that one has CVODE beside it:
    libRoadRunner had not compiled one of the others after six minutes.
    """
    rows: list[Row] = []
    selections = {s.name: s for s in (LARGE, SITES, DYNAMIC, ENERGY, STARVED)}
    for name in names:
        numbers = dict(build().values)
        if name in selections:
            network = assemble(select(selections[name]), expand_marks=True)
        else:
            network = assemble(mechanisms(), expand_marks=True, medium=1.0)
            numbers |= constants()
        rows += _explicit(name, network, numbers, name not in selections)
    return pd.DataFrame(rows)


def _explicit(name: str, network: Network, numbers: dict[str, float], plain: bool) -> list[Row]:
    e = equations(network)
    p = e.constants_of({**numbers, **{i.id: i.default for i in network.inputs}})
    y = np.array([evaluate(s.initial, numbers) for s in network.species])
    if not plain:
        y = settle(e, p, y).y.copy()
    y[next(j for j, s in enumerate(network.species) if s.dose == "rapamycin")] = 100.0
    pieces = [Piece(0.0, p, lambda y: y, np.array([0.0, *DAY]))]
    exact = through(REFERENCE, e, y, pieces, EXACT)
    rows: list[Row] = []
    for rtol in RTOLS:
        seen = {"native, lanes": lanes(e, np.array([p]), y, DAY, rtol)[0][0]}
        with steps_as_asked():
            for engine, integrate in ENGINES.items():
                if engine == "native" or plain:
                    seen[engine] = through(integrate, e, y, pieces, rtol)
        label: Row = {"run": name, "species": len(y), "reactions": len(network.reactions), "rtol": rtol}
        rows += [label | {"engine": k, "error": off(v, exact, rtol)} for k, v in seen.items()]
    return rows


def steady(cells: Iterable[str] | None = None) -> pd.DataFrame:
    """Steady states in lanes against those of `steady_state`, and what is left of the net rates."""
    rows: list[Row] = []
    for cell in contexts() if cells is None else cells:
        model = build(context=cell)
        interval = intervals(DOSED, model.network)[0]
        exact = rest(model, interval)[0]
        ids = model.equations.species
        found = simulate_many(model, DOSED, None, [0.0], observables=ids).value.to_numpy()[0, 0, 0]
        large = exact > 1e-6
        rows.append(
            {
                "cells": cell,
                "apart": float(np.max(np.abs(found[large] / exact[large] - 1.0))),
                "residual": imbalance(model.equations, constants_in(model, interval), found),
            }
        )
    return pd.DataFrame(rows)


def order(orders: Iterable[int] = (1, 2, 3, 4, 5)) -> pd.DataFrame:
    """Steps and errors where the order is limited: the error falls with that power of the steps."""
    model = build()
    p, y0 = spread(model, 8, 0.3)
    exact = lanes(model.equations, p, y0, DAY, 1e-11)[0]
    rows: list[Row] = []
    for most in orders:
        finest = {1: 1e-6, 2: 1e-7, 3: 1e-8}.get(most, 1e-9)
        for rtol in np.geomspace(finest * 1e2, finest, 7):
            seen, counts = lanes(model.equations, p, y0, DAY, float(rtol), most_order=most)
            size = np.abs(exact) + 1e-3
            errors = np.sqrt(np.mean(((seen - exact) / size) ** 2, axis=(1, 2)))
            for i, error in enumerate(errors):
                rows.append(
                    {"order": most, "run": i, "rtol": rtol, "steps": counts[i, 0], "error": float(error)}
                )
    return pd.DataFrame(rows)
