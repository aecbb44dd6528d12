"""What the workers share: one engine in one process, which does what it is asked and says how long it took.

A worker reads a JSON object a line and answers with one. It runs in the environment of its peer, so
that this file needs nothing but numpy. Times are s of the clock and of the processor (with what the
process itself started, such as a compiler); only the engine's work is inside of them.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

UNIT_RTOL, UNIT_ATOL = 1e-6, 1e-9  # errors are in units of what these allow


class Case:
    """The files of a case: ids and arrays, as `benchmarks/cases.py` wrote them."""

    def __init__(self, folder: Path) -> None:
        ids = json.loads((folder / "ids.json").read_text(encoding="utf-8"))
        self.rates = folder / "rates.xml"
        self.name: str = ids["name"]
        self.model: str = ids["model"]
        self.species: list[str] = ids["species"]
        self.constants: list[str] = ids["constants"]
        self.directions: list[str] = ids["directions"]
        self.channels: list[str] = ids["channels"]
        arrays = dict(np.load(folder / "case.npz"))
        self.times, self.p, self.y0 = arrays["times"], arrays["p"], arrays["y0"]
        self.exact, self.gradient_times = arrays["exact"], arrays["gradient_times"]
        self.data, self.exact_gradient = arrays.get("data"), arrays.get("exact_gradient")

    def directions_of(self, count: int) -> list[int]:
        """Places of so many directions, spread evenly from the strong to the weak."""
        return [i * len(self.directions) // count for i in range(count)]


class Peer:
    """What an engine does; a subclass for each."""

    packages: tuple[str, ...] = ()

    def __init__(self, case: Case, scratch: Path) -> None:
        self.case, self.scratch = case, scratch

    def load(self) -> None:
        """From the model's file to what can be run; timed."""
        raise NotImplementedError

    def simulate(self, i: int, rtol: float, atol: float) -> Any:
        """Run the i-th set, as the engine leaves it; timed."""
        raise NotImplementedError

    def species(self, found: Any) -> Any:
        """What `simulate` returned as an array (times, species) [nM]; not timed, before the next run."""
        return found

    def many(self, sets: int, rtol: float, atol: float) -> tuple[Any, dict[str, float]]:
        """Species of the first sets (some, times after 0, species), and what all took."""
        total, kept = {"wall": 0.0, "cpu": 0.0}, []
        for i in range(sets):
            found, took = spent(lambda i=i: self.simulate(i, rtol, atol))
            total = {k: total[k] + took[k] for k in total}
            if i < len(self.case.exact):
                kept.append(np.asarray(self.species(found))[1:])
        return np.stack(kept), total

    def prepare_gradient(self, count: int, method: str) -> None:
        """What is done once before gradients; not timed, but reported by `seconds_to_prepare`."""

    def gradient(self, places: list[int], method: str, rtol: float, atol: float) -> Any:
        """p d/dp of the objective by some of the case's directions."""
        raise NotImplementedError(f"no {method} sensitivities")

    def settings(self) -> str:
        """How it was run, for the page."""
        return ""


def spent(run: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What it returns, and s of clock and processor."""
    clock, processor = time.perf_counter(), _processor()
    found = run()
    return found, {"wall": time.perf_counter() - clock, "cpu": _processor() - processor}


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def errors(found: Any, case: Case) -> dict[str, Any]:
    """Root mean square over times and species, in units of what the tolerances allow: by set."""
    count = min(len(found), len(case.exact))
    exact = case.exact[:count]
    off = (found[:count] - exact) / (UNIT_RTOL * np.abs(exact) + UNIT_ATOL)
    by_set = np.sqrt(np.mean(off**2, axis=(1, 2)))
    return {"error": float(np.median(by_set)), "worst": float(by_set.max()), "measured_on": count}


def _do(peer: Peer, case: Case, order: dict[str, Any]) -> dict[str, Any]:
    what = order.pop("do")
    if what == "load":
        _, took = spent(lambda: (peer.load(), peer.simulate(0, UNIT_RTOL, UNIT_ATOL)))
        return took
    if what == "about":
        found = {"Python": platform.python_version()}
        for package in peer.packages:
            try:
                found[package] = version(package)
            except PackageNotFoundError:
                found[package] = "unknown"
        return {"versions": found, "settings": peer.settings()}
    if what == "many":
        sets = order["sets"]
        found, took = peer.many(sets, order["rtol"], order["atol"])
        return {**took, "sets": sets, **errors(found, case)}
    if what == "one":
        runs = []
        for i in range(order["sets"]):
            found, took = spent(lambda i=i: peer.simulate(i, order["rtol"], order["atol"]))
            runs.append((np.asarray(peer.species(found))[1:], took))
        middle = {k: float(np.median([took[k] for _, took in runs])) for k in ("wall", "cpu")}
        return {**middle, "sets": len(runs), **errors(np.stack([found for found, _ in runs]), case)}
    if what == "prepare":
        _, took = spent(lambda: peer.prepare_gradient(order["count"], order["method"]))
        return took
    if what == "gradient":
        return _gradient(peer, case, order)
    raise ValueError(what)


def _gradient(peer: Peer, case: Case, order: dict[str, Any]) -> dict[str, Any]:
    places = case.directions_of(order["count"])
    found, took = spent(lambda: peer.gradient(places, order["method"], order["rtol"], order["atol"]))
    exact = case.exact_gradient[places]
    off = np.abs(found - exact) / np.abs(exact)
    return {**took, "error": float(np.median(off)), "worst": float(off.max())}


def serve(make: type[Peer]) -> None:
    """Answer orders from standard input until it ends. What libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    case = Case(Path(sys.argv[1]))
    peer = make(case, Path(sys.argv[2]))
    for line in sys.stdin:
        try:
            answer = _do(peer, case, json.loads(line))
        except Exception as error:  # whatever it is, it becomes a row that says so
            why = str(error).strip().splitlines() or [""]
            answer = {"failed": f"{type(error).__name__}: {why[-1][:300]}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
