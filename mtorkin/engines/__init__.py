"""Engines: one signature, one stretch of constant inputs at a time.

An engine gets a `Stretch` and returns the concentrations [nM] at its times, shape (times, species),
the first row as given. It meets no discontinuity and keeps nothing from one call to the next. One
that cannot go on raises `Stopped`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mtorkin.arrays import Array
from mtorkin.engines.stopped import Stopped
from mtorkin.engines.stretch import Stretch
from mtorkin.errors import DeclarationError, nearest

__all__ = ["ENGINES", "Engine", "Stopped", "Stretch", "available", "default_engine", "engine_named"]

Engine = Callable[[Stretch], Array]


def _scipy(stretch: Stretch) -> Array:
    from mtorkin.engines import scipy  # here: its integrators load for as long as all of ours

    return scipy.integrate(stretch)


def _roadrunner(stretch: Stretch) -> Array:
    from mtorkin.engines import roadrunner  # here: who does not use it need not load 190 MB

    return roadrunner.integrate(stretch)


def _native(stretch: Stretch) -> Array:
    from mtorkin.engines.native import single

    return single.integrate(stretch)


ENGINES: Mapping[str, Engine] = MappingProxyType(
    {"scipy": _scipy, "roadrunner": _roadrunner, "native": _native}
)


def engine_named(name: str) -> Engine:
    """Return an engine by its name (no unit).

    Raises DeclarationError where there is none, or it has not been built here.
    """
    if name not in ENGINES:
        known = ", ".join(sorted(ENGINES))
        raise DeclarationError(f"no engine {name!r}{nearest(str(name), ENGINES)} (there are {known})")
    if name == "native" and (why := _native_missing()):
        raise DeclarationError(f"{why}; or use engine 'scipy' or 'roadrunner'")
    return ENGINES[name]


def available() -> tuple[str, ...]:
    """Return the names of the engines that work here: "native" needs to have been compiled."""
    return tuple(name for name in ENGINES if name != "native" or not _native_missing())


def default_engine() -> str:
    """Return the name of the fastest engine that works here: "native", or the reference engine."""
    return "native" if "native" in available() else "scipy"


def _native_missing() -> str:
    from mtorkin.engines.native.library import missing

    return missing()
