"""Writing files so that nobody ever finds half of one.

Everything is written beside its destination under a hidden name and moved there when complete:
a reader sees the old file or the new one, and a failure leaves nothing behind.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["atomic_path", "write_text"]


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A temporary path that becomes `path` when the block ends well (no unit).

    The temporary path is in the same folder, which is made if needed, and has the same suffix,
    since many writers choose a format by it. If the block raises, it is removed and `path` is
    left as it was. Raises OSError where the folder cannot be written.
    """
    destination = Path(path)
    destination.parent.mkdir(parents=True, exist_ok=True)
    # not tempfile: it makes files that only their owner can read, and os.replace keeps that
    name = f".{destination.stem}.{secrets.token_hex(4)}{destination.suffix}"
    temporary = destination.parent / name
    try:
        yield temporary
        os.replace(temporary, destination)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: str | os.PathLike[str], text: str) -> Path:
    """Write `text` to `path` in UTF-8 with "\\n" line ends, atomically; returns the path.

    Raises OSError where the folder cannot be written.
    """
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    return Path(path)
