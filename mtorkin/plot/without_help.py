"""Matplotlib without the help texts of its artists, for commands, where nobody can ask for them.

While it loads, matplotlib writes for each class of artist what its setters take: a fifth of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib import artist

__all__ = ["without_help"]


@contextmanager
def without_help() -> Iterator[None]:
    """Leave those texts empty for classes that are first imported in this block (no unit)."""
    untyped: Any = artist
    usual = untyped.kwdoc
    untyped.kwdoc = lambda _: ""
    try:
        yield
    finally:
        untyped.kwdoc = usual
