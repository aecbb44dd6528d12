"""Engines: one signature, one stretch of constant inputs at a time.

An engine gets equations, the numbers of their constants, concentrations at the start, times from
the start of the stretch [min, the first one 0], and tolerances, and returns the concentrations [nM],
shape (times, species), the first row as given. It meets no discontinuity and keeps nothing from one
call to the next. One that cannot go on raises `Stopped`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from mtorkin.arrays import Array
from mtorkin.engines import scipy
from mtorkin.engines.stopped import Stopped
from mtorkin.equations import Equations
from mtorkin.errors import DeclarationError, nearest

__all__ = ["ENGINES", "Engine", "Stopped", "engine_named"]

Engine = Callable[[Equations, Sequence[float], Array, Array, float, float], Array]


def _roadrunner(
    equations: Equations,
    constants: Sequence[float],
    y0: Array,
    times: Array,
    rtol: float,
    atol: float,
) -> Array:
    from mtorkin.engines import roadrunner  # here: who does not use it need not load 190 MB

    return roadrunner.integrate(equations, constants, y0, times, rtol, atol)


ENGINES: Mapping[str, Engine] = MappingProxyType({"scipy": scipy.integrate, "roadrunner": _roadrunner})


def engine_named(name: str) -> Engine:
    """Return an engine by its name (no unit). Raises DeclarationError where there is none."""
    if name not in ENGINES:
        known = ", ".join(sorted(ENGINES))
        if name == "native":
            raise DeclarationError(f"engine 'native' is not available yet; there are {known}")
        raise DeclarationError(f"no engine {name!r}{nearest(str(name), ENGINES)} (there are {known})")
    return ENGINES[name]
