"""Our own engine: tables from the model object; lanes of sets for many, one lane for one."""

# ruff: noqa: D102 (what the methods do is said in common.py)

from __future__ import annotations

from typing import Any

import numpy as np
from common import Case, Peer, serve, spent

from benchmarks import cases, reference
from mtorkin.engines.native.library import load

CHUNK = 256  # as `simulate_many`


class Native(Peer):
    """Tolerances are those of steps, as the peers'."""

    packages = ("mtorkin", "numpy")

    def __init__(self, case: Case, scratch: Any) -> None:
        super().__init__(case, scratch)
        # the start is read from the case, so that nothing of the network has been compiled before `load`
        self.made = cases.started(case.name, cases.models()[case.name](), case.y0, case.p)

    def load(self) -> None:
        _ = self.made.model.equations

    def simulate(self, i: int, rtol: float, atol: float) -> Any:
        found = reference.simulated(self.made, load().one, self.made.p[i : i + 1], rtol, atol)[0]
        return np.vstack([self.made.y0, found])

    def many(self, sets: int, rtol: float, atol: float) -> tuple[Any, dict[str, float]]:
        parts = np.array_split(self.made.p[:sets], -(-sets // CHUNK))

        def run() -> Any:
            compared = None  # the rest is let go, as that of peers is: keeping it is memory to be fetched
            for p in parts:
                found = reference.simulated(self.made, load().many, p, rtol, atol)
                compared = found if compared is None else compared
            return compared

        found, took = spent(run)
        return found[: len(self.case.exact)], took

    def gradient(self, places: list[int], method: str, rtol: float, atol: float) -> Any:
        names = [self.case.directions[i] for i in places]
        rows, slopes = reference.followed(self.made, names, rtol, atol, method == "controlled")
        columns = [self.case.species.index(id) for id in self.case.channels]
        return reference.contracted(rows, slopes, self.case.data, columns)

    def settings(self) -> str:
        return f"{load().kind}, {load().lanes} lanes"


serve(Native)
