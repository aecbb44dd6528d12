"""How the cost of a simulation grows with the network: ours beside libRoadRunner's.

The core, the whole model, and two explicit networks (a selection of the rules with every mark as a
structural site: tests/oracles). For ours also how many numbers L and U have.
"""

from __future__ import annotations

from benchmarks import cases, runs
from benchmarks.environments import OURS, Unavailable, named
from benchmarks.measure import Options, Record, at
from benchmarks.talk import Worker
from mtorkin.engines.native.tables import tables

SETS, FEWER, LARGE = 64, 8, 300  # fewer sets of networks with so many species
ROUNDS = 3
LIMIT = 120.0  # s for libRoadRunner, whose matrices are dense


def measured(options: Options) -> Record:
    """Return a row for each network."""
    rows = []
    for name in cases.models():
        print(f"growth: {name}", flush=True)
        rows.append(_row(name))
    return {**runs.stamp(), "rows": rows}


def _row(name: str) -> Record:
    made = cases.case(name, SETS)
    folder = cases.written(name, SETS)
    table = tables(made.model.equations)
    factors, unknowns = table.factors, len(table.species_of)
    sparse = len(factors.l_columns) + len(factors.u_columns) + factors.dense
    nonzeros = sparse + (unknowns - factors.dense) ** 2  # the last rows are kept dense
    sets = SETS if len(made.y0) < LARGE else FEWER
    row: Record = {
        "name": name,
        "species": len(made.y0),
        "reactions": len(made.model.network.reactions),
        "nonzeros": nonzeros,
        "rounds": [],
    }
    with Worker(OURS, folder) as ours:
        row["set-up"] = ours.ask("load", OURS.loading)
        for _ in range(ROUNDS):
            many = ours.ask("many", sets=sets, **at(1))
            one = ours.ask("one", sets=2, **at(1))
            row["rounds"].append({"many": many["cpu"] / sets, "one": one["cpu"], "error": many["error"]})
    peer = named("roadrunner")
    try:
        with Worker(peer, folder) as theirs:
            row["roadrunner set-up"] = theirs.ask("load", LIMIT)
            row["roadrunner"] = theirs.ask("one", LIMIT, sets=2, **at(1))["cpu"]
    except Unavailable as error:
        row["failed"] = str(error)
    return row
