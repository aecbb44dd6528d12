"""Sensitivities against central differences of fourth order between runs at 1e-10."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from mtorkin.arrays import Array
from mtorkin.build import build
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.sensitivities import sensitivities
from mtorkin.simulate import simulate

STEP = 1e-3
TIMES = [0.0, 10.0, 60.0, 61.0, 120.0, 480.0, 1440.0]
SMALL = 1e-4  # of an observable's peak: elasticities below it are not counted
AT = (-2, -1, 1, 2)
GIVEN = {"rapamycin@0": 100.0, "insulin@60": 50.0, "amino_acids@60": 0.5}


def protocol(steady: bool, **changes: float) -> Protocol:
    """Return a dose at 0 and two inputs at 60 min, from rest or from the declared amounts."""
    given = {**GIVEN, **{k.replace("_at_", "@"): v for k, v in changes.items()}}
    later = Period(60, insulin=given["insulin@60"], amino_acids=given["amino_acids@60"])
    first = Period(0, rapamycin=given["rapamycin@0"])
    return Protocol(*([Period(UNTIL_STEADY)] if steady else []), first, later)


def directions(model: Model, count: int) -> list[str]:
    """Parameters at equal distances in the network's list, and what the protocol gives."""
    ids = [p.id for p in model.network.parameters if model.values[p.id] > 0 and p.at_most > 1]
    return [*(ids[i] for i in np.linspace(0, len(ids) - 1, count).astype(int)), *GIVEN]


def difference(at: Callable[[float], Array], x: float) -> Array:
    """Return the derivative at x by central differences of fourth order."""
    h = STEP * x
    low, below, above, high = (at(x + k * h) for k in AT)
    return (low - 8 * below + 8 * above - high) / (12 * h)


def exactly(model: Model, name: str, steady: bool) -> Array:
    """Return derivatives of all observables by one direction, shape (times, observables)."""

    def values(m: Model, p: Protocol) -> Array:
        return simulate(m, p, TIMES, "native", rtol=1e-10, atol=1e-14).observable_values

    if name in GIVEN:
        key = name.replace("@", "_at_")
        return difference(lambda x: values(model, protocol(steady, **{key: x})), GIVEN[name])
    return difference(
        lambda x: values(model.with_values(**{name: x}), protocol(steady)), float(model.values[name])
    )


def derivatives(count: int = 75) -> pd.DataFrame:
    """Relative errors of all elasticities that are not small: one row an entry."""
    model = build()
    names = directions(model, count)
    rows = []
    for steady in (True, False):
        exact = np.stack([exactly(model, name, steady) for name in names], axis=-1)
        size = np.array([GIVEN.get(name, model.values.get(name, 0.0)) for name in names])
        for rtol in (1e-4, 1e-6, 1e-8):
            for controlled in (False, True):
                found = sensitivities(
                    *(model, protocol(steady), TIMES, names),
                    rtol=rtol,
                    atol=rtol / 1000,
                    controlled=controlled,
                )
                peak = np.abs(found.value.to_numpy()).max(axis=0)[None, :, None]
                counted = np.abs(exact) * size > SMALL * np.maximum(peak, 1e-6)
                seen = found.derivative.to_numpy()
                error = np.abs(seen - exact)[counted] / np.abs(exact)[counted]
                rows.append(
                    {
                        "from": "rest" if steady else "declared amounts",
                        "rtol": rtol,
                        "derivatives' errors limit steps": "yes" if controlled else "no",
                        "entries": int(counted.sum()),
                        "median": float(np.median(error)),
                        "99 %": float(np.quantile(error, 0.99)),
                        "largest": float(error.max()),
                    }
                )
    return pd.DataFrame(rows)
