"""One BLAS thread: our matrices are small, and threads that wait for each other cost tenfold.

It also makes results the same on machines with different numbers of cores.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

P = ParamSpec("P")
R = TypeVar("R")


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    return ThreadpoolController()  # looks for the loaded libraries: milliseconds, so once


def single_threaded(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function whose linear algebra runs on one thread."""

    @wraps(function)
    def limited(*args: P.args, **kwargs: P.kwargs) -> R:
        with _controller().limit(limits=1, user_api="blas"):
            return function(*args, **kwargs)

    return limited
