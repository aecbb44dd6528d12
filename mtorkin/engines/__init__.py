"""Engines: one signature, one stretch of constant inputs at a time.

An engine gets a `Stretch` and returns the concentrations [nM] at its times, shape (times, species),
the first row as given. It meets no discontinuity and keeps nothing from one call to the next. One
that cannot go on raises `Stopped`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mtorkin.arrays import Array
from mtorkin.engines import scipy
from mtorkin.engines.stopped import Stopped
from mtorkin.engines.stretch import Stretch
from mtorkin.errors import DeclarationError, nearest

__all__ = ["ENGINES", "Engine", "Stopped", "Stretch", "engine_named"]

Engine = Callable[[Stretch], Array]


def _roadrunner(stretch: Stretch) -> Array:
    from mtorkin.engines import roadrunner  # here: who does not use it need not load 190 MB

    return roadrunner.integrate(stretch)


ENGINES: Mapping[str, Engine] = MappingProxyType({"scipy": scipy.integrate, "roadrunner": _roadrunner})


def engine_named(name: str) -> Engine:
    """Return an engine by its name (no unit). Raises DeclarationError where there is none."""
    if name not in ENGINES:
        known = ", ".join(sorted(ENGINES))
        if name == "native":
            raise DeclarationError(f"engine 'native' is not available yet; there are {known}")
        raise DeclarationError(f"no engine {name!r}{nearest(str(name), ENGINES)} (there are {known})")
    return ENGINES[name]
