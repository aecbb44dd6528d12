"""Tables, noise and protocols of a result as JSON has them, and back."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import pandas as pd

from mtorkin.fit.noise import LogNormal, Noise, Normal
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol

__all__ = ["frame_record", "noise_record", "period_records", "read_record"]

NOISES = {"log-normal": LogNormal, "normal": Normal}


def frame_record(frame: pd.DataFrame) -> dict[str, Any]:
    """Return a table with the types of its columns."""

    def plain(value: Any) -> Any:
        # JSON has no word for inf and nan
        return str(value) if isinstance(value, float) and not math.isfinite(value) else value

    return {
        "name": frame.index.name,
        "index": frame.index.tolist(),
        "types": {str(name): str(kind) for name, kind in frame.dtypes.items()},
        "columns": {str(name): [plain(x) for x in frame[name].tolist()] for name in frame.columns},
    }


def noise_record(noise: Noise) -> dict[str, Any]:
    """Return a kind of noise and its numbers."""
    kind = next(name for name, each in NOISES.items() if isinstance(noise, each))
    return {"kind": kind, **asdict(noise)}


def period_records(protocol: Protocol) -> list[Any]:
    """Return start (min; null for "until steady") and inputs of each period."""
    return [[p.start if isinstance(p.start, float) else None, dict(p.inputs)] for p in protocol.periods]


def _protocol(periods: list[Any]) -> Protocol:
    return Protocol(*(Period(UNTIL_STEADY if start is None else start, **given) for start, given in periods))


def read_record(value: Any, name: str) -> Any:
    """Return the field `name` of a result from what JSON has of it."""
    if name == "scatter":
        given = dict(value)
        return NOISES[given.pop("kind")](**given)
    if name == "protocols":
        return {condition: _protocol(periods) for condition, periods in value.items()}
    if isinstance(value, dict) and "types" in value:
        index = pd.Index(value["index"], name=value["name"])
        return pd.DataFrame(value["columns"], index=index).astype(value["types"])
    if name == "objective" and value is None:
        return math.inf
    return tuple(value) if isinstance(value, list) else value
