"""Whether other simulators, reading the files we write, get the numbers that we get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from mtorkin.arrays import Array
from mtorkin.export.sbml import sbml_string
from mtorkin.export.tools import COPASI, ROADRUNNER, Tool, run_sbml
from mtorkin.model import Model
from mtorkin.protocol import Protocol
from mtorkin.simulate import simulate

__all__ = ["agreement_table", "comparison_times", "relative_to_peak"]

RTOL, ATOL = 1e-9, 1e-12
NEGLIGIBLE = 1e-3  # nM: about one molecule a cell

# where in a period values are compared: dense after its start, never at the next one's, where one
# tool reports the state before what happens there acts and another the state after
_POINTS = np.array([0.0005, 0.002, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 0.995])


def agreement_table(
    model: Model,
    protocols: Mapping[str, Protocol],
    *,
    tools: Sequence[Tool] = (ROADRUNNER, COPASI),
    after: float = 1440.0,
    timeout: float = 300.0,
) -> pd.DataFrame:
    """Return one row a protocol and tool: the largest difference from scipy over all observables.

    Columns: protocol, tool, version, `difference` [1] (largest over observables and times, divided
    by the observable's peak in scipy), `observable` (where that is), `time` [min], `messages` (of
    the tool, on loading). Tolerances are 1e-9 relative and 1e-12 nM. `after` [min] is for how long
    the last period is followed, `timeout` [s] what a tool may take. Raises SimulationError where a
    tool's process fails.
    """
    rows = []
    for name, protocol in protocols.items():
        times = comparison_times(protocol, after)
        ours = simulate(model, protocol, times, engine="scipy", rtol=RTOL, atol=ATOL)
        text = sbml_string(model, protocol)
        for tool in tools:
            theirs = run_sbml(tool, text, times, ours.observables, rtol=RTOL, atol=ATOL, timeout=timeout)
            apart = relative_to_peak(ours.observable_values, theirs.values.to_numpy())
            when, which = np.unravel_index(apart.argmax(), apart.shape)
            rows.append(
                {
                    "protocol": name,
                    "tool": tool.name,
                    "version": theirs.version,
                    "difference": float(apart.max()),
                    "observable": ours.observables[which],
                    "time": times[when],
                    "messages": len(theirs.messages),
                }
            )
    return pd.DataFrame.from_records(rows)


def comparison_times(protocol: Protocol, after: float) -> list[float]:
    """Return times [min] at which tools are compared, between the starts of periods."""
    later = (p.start for p in protocol.periods if isinstance(p.start, float))
    starts = sorted({0.0, *later})
    ends = [*starts[1:], starts[-1] + after]
    return [
        float(begin + x * (end - begin)) for begin, end in zip(starts, ends, strict=True) for x in _POINTS
    ]


def relative_to_peak(ours: Array, theirs: Array) -> Array:
    """Return |theirs - ours| over each observable's peak in ours [1], shape (times, observables).

    An observable that never reaches 1e-3 nM, about one molecule a cell, is compared with that.
    """
    peak = np.abs(ours).max(axis=0).clip(min=NEGLIGIBLE)
    return np.asarray(np.abs(theirs - ours) / peak)
