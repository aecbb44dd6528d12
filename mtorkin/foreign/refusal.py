"""How a file of others is refused."""

from __future__ import annotations

from mtorkin.errors import MtorkinError

__all__ = ["NotRead"]


class NotRead(MtorkinError):
    """A file of others cannot be read, or says what is not supported: names place, element and why."""
