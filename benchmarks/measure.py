"""One peer against our engine, alternately in one run: simulations, gradients, setting up.

Ratios are those of a round, so that a slow phase of the machine hits both sides; the page takes their
median. Tolerances are `f` times 1e-6 and 1e-9; where errors differ by more than 1.5 times at f = 1,
whoever is less accurate is tightened until they do not. Where that is the peer, ours is also loosened
until it is hardly more accurate than the peer at f = 1. All rows are kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import cases, environments, runs
from benchmarks.environments import OURS, Peer, Unavailable
from benchmarks.talk import Worker

RTOL, ATOL = 1e-6, 1e-9
TIGHT = 1e-4  # f
ALIKE, AIM = 1.5, 1.22  # errors that count as equal, and how near they are brought
LOOSEST = 1e3  # f
CHUNK = 2.5  # s that a peer simulates in one round
FEWEST = 4
SLOW = 5.0  # s of one gradient, from where the peer is not tightened and rounds are one
PATIENCE = 60.0  # s for one simulation or gradient by the peer at tightened tolerances

Record = dict[str, Any]


@dataclass(frozen=True)
class Options:
    """What was asked for: how many sets, how many rounds, and whether to compile again."""

    sets: int = 1000
    rounds: int = 5
    again: bool = False


def at(f: float) -> dict[str, float]:
    """The tolerances of a factor."""
    return {"rtol": RTOL * f, "atol": ATOL * f}


def measured(peer: Peer, options: Options, keep: Callable[[Record], object]) -> Record:
    """Return everything about a peer; what could not be had is a reason under "failed".

    `keep` gets what there is after each part, so that a run that is ended loses one part.
    """
    record: Record = {"peer": peer.name, "title": peer.title, **runs.stamp(), "failed": {}}
    try:
        environments.ready(peer)
        case = cases.written("full", options.sets)
        record["model"] = cases.described(case)["model"]
        _attempt(record, "set-up", lambda: _setting_up(peer, case, options))
        with Worker(OURS, case) as ours, Worker(peer, case) as theirs:
            ours.ask("load")
            theirs.ask("load", peer.loading)
            about = theirs.ask("about")
            record |= {"versions": about["versions"], "settings": about["settings"]}
            record["ours"] = ours.ask("about")
            _attempt(record, "simulation", lambda: _simulations(ours, theirs, options))
        keep(record)
        for method in peer.methods:
            for count in peer.counts:
                name = f"gradient, {method}, {count}"
                print(f"{peer.name}: {name}", flush=True)
                _attempt(record, name, partial(_gradient, peer, case, method, count, options))
                keep(record)
    except Unavailable as error:
        record["failed"]["all"] = str(error)
    return record


def _attempt(record: Record, name: str, run: Callable[[], Record]) -> None:
    try:
        record[name] = run()
    except Unavailable as error:
        record["failed"][name] = str(error)
        print(f"{record['peer']}: {name}: {error}", flush=True)


# -- setting up -----------------------------------------------------------------------------------


def _setting_up(peer: Peer, case: Path, options: Options) -> Record:
    """From a model object, or its file, to the first result, in new processes."""
    kept, model = environments.scratch_of(peer) / "set-up.json", cases.described(case)["model"]
    if peer.compiles and not options.again and (before := runs.stored(kept)).get("model") == model:
        return before
    rounds = []
    for _ in range(1 if peer.compiles else min(options.rounds, 3)):
        took: Record = {}
        for who, each in (("ours", OURS), ("theirs", peer)):
            print(f"{peer.name}: set-up, {who}", flush=True)
            with Worker(each, case, fresh=each.compiles) as worker:
                took[who] = worker.ask("load", each.loading)
        rounds.append(took)
    found = {"rounds": rounds, "model": model, **runs.stamp()}
    runs.write(kept, found)
    return found


def _prepared(peer: Peer, case: Path, name: str, took: Record) -> Record:
    """What getting ready for a gradient took, when the compiler ran: a later run finds its work done."""
    kept, model = environments.scratch_of(peer) / "prepared.json", cases.described(case)["model"]
    all_of_them = runs.stored(kept)
    if all_of_them.get("model") != model:
        all_of_them = {"model": model}
    found = max(all_of_them.get(name, took), took, key=lambda each: float(each["cpu"]))
    runs.write(kept, {**all_of_them, name: found})
    return found


# -- simulations ----------------------------------------------------------------------------------


def _simulations(ours: Worker, theirs: Worker, options: Options) -> Record:
    few = min(cases.FEW, options.sets)
    found: Record = {}
    first = theirs.ask("one", sets=few, **at(1))
    mine = ours.ask("many", sets=few, **at(1))
    pairs = [(1.0, 1.0), *_equal(ours, theirs, mine["error"], first["error"], "one", {"sets": few})]
    found["pairs"] = [{"ours_f": o, "theirs_f": t, "rounds": []} for o, t in pairs]
    share = max(FEWEST, min(options.sets, int(CHUNK / max(first["wall"], 1e-4))))
    for _ in range(options.rounds):
        known: dict[float, Record] = {}  # theirs at one tolerance is measured once a round
        for pair in found["pairs"]:
            o, t = at(pair["ours_f"]), pair["theirs_f"]
            many = _by_set(ours.ask("many", sets=options.sets, **o))
            one = ours.ask("one", sets=few, **o)
            if t not in known:
                known[t] = _by_set(theirs.ask("many", sets=share, **at(t)))
            pair["rounds"].append({"ours_many": many, "ours_one": one, "theirs": known[t]})
    found["tight"] = _tight(theirs, "one", sets=2)  # last, since it may take too long
    return found


def _by_set(took: Record) -> Record:
    return took | {k: took[k] / took["sets"] for k in ("wall", "cpu")}


def _equal(
    ours: Worker,
    theirs: Worker,
    mine: float,
    their: float,
    what: str,
    order: Record,
    method: str = "",
    tighten: bool = True,
) -> list[tuple[float, float]]:
    """Pairs of factors for our and their tolerances at which errors are alike; none where they are at 1."""
    if max(mine, their) <= ALIKE * min(mine, their):
        return []
    asked = {**order, **({"method": method} if method else {})}

    def my_error(f: float) -> float:
        return float(ours.ask("many" if what == "one" else what, **asked, **at(f))["error"])

    if mine > their:
        return [(factor_for(my_error, their, mine), 1.0)]
    # a bit below theirs, so that what counts as near is never the less accurate
    looser = factor_for(my_error, their / AIM, mine, LOOSEST)
    if not tighten:
        return [(looser, 1.0)]
    tighter = factor_for(lambda f: float(theirs.ask(what, **order, **at(f))["error"]), mine, their)
    return [(1.0, tighter), (looser, 1.0)]


def factor_for(error: Callable[[float], float], target: float, at_one: float, most: float = 1.0) -> float:
    """Return f up to `most` at which the error is near the target, by the secant rule on logarithms."""
    f, now, slope = 1.0, at_one, 0.8
    best, near = f, abs(math.log(now / target))
    for _ in range(7):
        step = max(min(math.log(target / now) / slope, 2.0), -4.0)
        ahead = min(f * math.exp(step), most)
        then = error(ahead)
        if ahead != f and then > 0:
            slope = min(max(math.log(then / now) / math.log(ahead / f), 0.3), 1.5)
        f, now = ahead, then
        if abs(math.log(now / target)) < near:
            best, near = f, abs(math.log(now / target))
        if near <= math.log(AIM):
            break
    return best


def _tight(theirs: Worker, what: str, **order: Any) -> Record:
    """How far its own tight run is from the reference, or why it has none."""
    try:
        found = theirs.ask(what, PATIENCE, **order, **at(TIGHT))
    except Unavailable as error:
        return {"failed": str(error)}
    return {k: found[k] for k in ("error", "worst")}


# -- gradients ------------------------------------------------------------------------------------


def _gradient(peer: Peer, case: Path, method: str, count: int, options: Options) -> Record:
    """Ours forward, as by default and with the errors of derivatives under control, against theirs."""
    order = {"count": count}
    asked = {**order, "method": method}
    with Worker(OURS, case) as ours, Worker(peer, case) as theirs:
        took = theirs.ask("prepare", peer.loading, **asked)
        prepared = _prepared(peer, case, f"{method}, {count}", took)
        theirs.ask("gradient", **asked, **at(1))  # what a library puts off until then is no gradient's
        first = theirs.ask("gradient", **asked, **at(1))
        found: Record = {"prepared": prepared, "pairs": [], "untightened": {}}
        slow = first["cpu"] > SLOW
        for mine in ("forward", "controlled"):
            error = ours.ask("gradient", method=mine, **order, **at(1))["error"]
            equal = _equal(*(ours, theirs, error, first["error"], "gradient", asked, mine), tighten=False)
            if error * ALIKE < first["error"] and not slow:
                try:
                    equal.insert(0, (1.0, _tightened(peer, case, asked, error, first["error"])))
                except Unavailable as failure:
                    found["untightened"][mine] = str(failure)
            found["pairs"] += [
                {"mode": mine, "ours_f": o, "theirs_f": t, "rounds": []} for o, t in [(1.0, 1.0), *equal]
            ]
        for _ in range(1 if slow else min(options.rounds, 3)):
            # theirs at one tolerance is measured once a round
            known: dict[float, Record] = {1.0: first} if slow else {}
            for pair in found["pairs"]:
                o, t = pair["ours_f"], pair["theirs_f"]
                took = {"ours": ours.ask("gradient", method=pair["mode"], **order, **at(o))}
                if t not in known:
                    known[t] = theirs.ask("gradient", **asked, **at(t))
                pair["rounds"].append({**took, "theirs": known[t]})
        found["tight"] = _tight(theirs, "gradient", **asked)
    return found


def _tightened(peer: Peer, case: Path, asked: Record, mine: float, their: float) -> float:
    """The peer's f at which its error is ours, sought in a process of its own that may be ended.

    Raises Unavailable where there is none: difference quotients lose themselves in noise.
    """
    with Worker(peer, case) as trying:
        trying.ask("prepare", peer.loading, **asked)

        def error(f: float) -> float:
            return float(trying.ask("gradient", PATIENCE, **asked, **at(f))["error"])

        f = factor_for(error, mine, their)
        reached = error(f)
        if max(mine, reached) > ALIKE * min(mine, reached):
            raise Unavailable(f"gradient: an error of {reached:.2g} at f = {f:.2g}")
        return f
