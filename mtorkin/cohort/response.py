"""Who responds to a treatment."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from mtorkin.errors import DeclarationError, nearest

__all__ = ["relative_change", "responders", "response_rate"]

FALL = 25.0  # %, what PET calls a partial metabolic response


def relative_change(table: pd.DataFrame, readout: str, at: float) -> pd.Series[float]:
    """Return each patient's change of a readout from time 0 to `at` [min], as a share of that at 0.

    `table` is that of `simulate_cohort`; the index is the patient; -0.25 is a fall by 25 %. Not a
    number for a patient whose simulation failed or who had nothing at 0. Raises DeclarationError
    for a readout or time that the table lacks.
    """
    columns = [c for c in table.columns if c not in ("patient", "time", "failed")]
    if readout not in columns:
        raise DeclarationError(
            f"the cohort has no {readout!r}{nearest(readout, columns)} (there are: {', '.join(columns)})"
        )
    values = table.pivot(index="patient", columns="time", values=readout)
    for time in (0.0, float(at)):
        if time not in values.columns:
            there = ", ".join(f"{t:g}" for t in values.columns)
            raise DeclarationError(f"the cohort was not looked at after {time:g} min, but after {there}")
    start = values[0.0].where(values[0.0] != 0, math.nan)
    found: pd.Series[float] = values[float(at)] / start - 1
    return found.rename(readout)


def responders(table: pd.DataFrame, readout: str, at: float, fall: float = FALL) -> pd.Series[bool]:
    """Return, by patient, whether a readout has fallen by `fall` % or more from 0 to `at` [min].

    A patient whose simulation failed is no responder. Raises DeclarationError as `relative_change`,
    and for a fall that is not between 0 and 100.
    """
    if not 0 < fall <= 100:
        raise DeclarationError(f"a response is a fall by {fall:g} %; give a number above 0, up to 100")
    changes = relative_change(table, readout, at)
    return (changes <= -fall / 100 + 1e-12).rename("responder")


def response_rate(table: pd.DataFrame, readout: str, at: float, fall: float = FALL) -> float:
    """Return the share of all patients that respond [0 to 1]; those that failed count as not responding."""
    return float(np.mean(responders(table, readout, at, fall)))
