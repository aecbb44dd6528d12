"""sbmltoodejax: its equations, read from the file by its own parser, under SciPy's LSODA.

Its own integrator is explicit and holds what rules calculate constant over a step, and it knows no
events: so its right-hand side is solved here, with the rules in it, and starts anew at each event.
JAX takes more than ten minutes to compile a module of this size. What stands in it is arithmetic on
arrays, which NumPy does as well: the text is run with NumPy in the place of JAX.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from common import Job, Pieces, pieces, serve, stretches
from scipy.integrate import solve_ivp

VERSION = importlib.metadata.version("sbmltoodejax")


class Arrays:
    """As much of jax.numpy as generated modules use; in double precision."""

    float32 = float64 = np.float64

    @staticmethod
    def array(values: Any, dtype: Any = None) -> Any:
        """Return rows of one shape: some are numbers, some of many states at once."""
        try:
            return np.array(values, dtype=dtype)
        except ValueError:
            return np.array(np.broadcast_arrays(*values), dtype=dtype)


@cache
def filled(species: tuple[str, ...], parameters: tuple[str, ...]) -> dict[str, Any]:
    """What was made of a file with these species and parameters: filled by `equations`."""
    return {}


def equations(found: Pieces) -> dict[str, Any]:
    """Return the generated module's names, made once for files that differ in numbers only."""
    made = filled(tuple(found.species), tuple(found.parameters))
    if "AssignmentRule" not in made:
        text = generated(found.text).split("class ModelStep")[0]
        text = re.sub(r"^(import|from) .*$", "", text, flags=re.MULTILINE)
        text = re.sub(r"w = w\.at\[(\d+)\]\.set\((.*)\)$", r"w[\1] = \2", text, flags=re.MULTILINE)
        columns = "rateRuleVector.reshape(-1, *[1] * (reactionVelocities.ndim - 1))"
        text = text.replace("+ rateRuleVector\n", f"+ {columns}\n")  # states are columns, where many
        made |= {"jnp": Arrays, "jit": lambda f: f, "eqx": SimpleNamespace(Module=object)}
        exec(text, made)  # what the tool itself wrote a moment ago, from our own file
    return made


def generated(text: str) -> str:
    """Return the module that sbmltoodejax writes."""
    from sbmltoodejax.modulegeneration import GenerateModel
    from sbmltoodejax.parse import ParseSBMLFile

    folder = Path(os.environ["AGREEMENT_CACHE"])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"jax_{hashlib.sha256(text.encode()).hexdigest()[:16]}.py"
    GenerateModel(ParseSBMLFile(text), str(path))
    return path.read_text(encoding="utf-8")


def run(job: Job) -> dict[str, Any]:
    """Return the values of one job."""
    found = pieces(job["sbml"])
    made = equations(found)
    rates, rules = made["RateofSpeciesChange"](), made["AssignmentRule"]()
    c = np.array(made["c"], dtype=float)
    for id, i in made["c_indexes"].items():
        c[i] = found.parameters.get(id, c[i])
    volumes = np.array([found.volumes[id] for id in made["y_indexes"]])
    y = np.array([found.species[id] for id in made["y_indexes"]]) * volumes

    count = len(made["w_indexes"])

    def ruled(y: Any, t: float) -> Any:
        """One state in Python's numbers, which are ten times as fast as arrays of one."""
        if y.ndim == 1:
            return rules(y.tolist(), [0.0] * count, c.tolist(), t)
        return rules(y, np.zeros((count, y.shape[1])), c, t)

    def rate(t: float, y: Any) -> Any:
        return rates(y.tolist(), t, ruled(y, t), c.tolist())

    def slopes(t: float, y: Any) -> Any:
        """Differences, all columns at once: exact enough for Newton's steps."""
        steps = 1e-7 * np.maximum(abs(y), 1e-3 * volumes)
        moved = y[:, None] + np.diag(steps)
        return (rates(moved, t, ruled(moved, t), c) - rate(t, y)[:, None]) / steps

    rows = {}
    for start, times, set_ in stretches(found, job["times"]):
        for id, value in set_.items():
            if id in made["c_indexes"]:
                c[made["c_indexes"][id]] = value
            else:
                y[made["y_indexes"][id]] = value * found.volumes[id]
        if not times:
            continue
        done = solve_ivp(
            rate,
            (start, times[-1]),
            y,
            method="LSODA",
            t_eval=sorted(set(times)),
            jac=slopes,
            rtol=job["rtol"],
            atol=job["atol"] * volumes,
        )
        if not done.success:
            raise RuntimeError(done.message)
        for t, state in zip(done.t, done.y.T, strict=True):
            w = ruled(state, t)
            rows[float(t)] = [float(w[made["w_indexes"][id]]) for id in job["ids"]]
        y = done.y[:, -1].copy()
    return {"version": VERSION, "messages": [], "values": [rows[t] for t in job["times"]]}


serve(run)
