"""Matplotlib without the help texts of its artists, for commands, where nobody can ask for them.

While it loads, matplotlib writes for each class of artist what its setters take: a third of the time.
"""

from __future__ import annotations

from typing import Any

from matplotlib import artist

__all__ = ["skip_help"]


def skip_help() -> None:
    """Leave those texts empty; to be called before anything else of matplotlib is imported."""
    untyped: Any = artist
    untyped.kwdoc = lambda _: ""
