"""What steady states and readouts need of a network, natively where that is built.

The numbers agree with those of `mtorkin.equations` to rounding. Where a formula has no value, the
equations are asked, since they say so with an error.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines import available, engine_named
from mtorkin.engines.native import kernels
from mtorkin.engines.stretch import Stretch
from mtorkin.equations import Equations

__all__ = ["integrate", "jacobian", "observed"]


def integrate(stretch: Stretch) -> Array:
    """Return concentrations [nM] at the stretch's times, shape (times, species).

    With the native engine, or the reference engine. Raises Stopped.
    """
    return engine_named(_here())(stretch)


def jacobian(equations: Equations, y: Array, p: Sequence[float]) -> Array:
    """Return d(dy/dt)/dy [1/min], shape (species, species). Raises ArithmeticError."""
    if _here() == "native":
        found: Array = kernels.evaluate(equations, y[None], np.array([p]))[1][0]
        if np.all(np.isfinite(found)):
            return found
    return equations.jacobian(y, p)


def observed(equations: Equations, rows: Array, p: Sequence[float]) -> Array:
    """Return the observables [own units] of some states, shape (states, observables).

    `rows` [nM] has shape (states, species). Raises ArithmeticError.
    """
    if _here() == "native":
        found = kernels.observe(equations, rows, np.array(p, dtype=float))
        if np.all(np.isfinite(found)):
            return found
    count = len(equations.network.observables)
    return np.array([equations.observed(row, p) for row in rows.tolist()]).reshape(len(rows), count)


def _here() -> str:
    return "native" if "native" in available() else "scipy"
