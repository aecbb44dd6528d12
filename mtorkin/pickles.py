"""Pickling of models for worker processes."""

from __future__ import annotations

import io
import pickle
from types import MappingProxyType
from typing import Any

__all__ = ["dumps"]


def dumps(value: object) -> bytes:
    """Return a pickle that may hold read-only mappings, which the standard library refuses."""
    out = io.BytesIO()
    pickler = pickle.Pickler(out)
    pickler.dispatch_table = {MappingProxyType: lambda m: (_read_only, (dict(m),))}
    pickler.dump(value)
    return out.getvalue()


def _read_only(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)
