"""Blots that were divided by one of their own lanes, or the mean of some: the model is treated alike.

Let every lane of a group (one blot, one antibody) be v_i = s m_i e^(e_i), and let the table have
y_i = v_i / R, where R is a control lane, the mean of the lanes of a time or of a condition, or the mean
of the blot. The noise of R is in every y_i, so the y_i are correlated, and comparing y_i with m_i / R(m)
lane by lane would count the noise of R as many times as there are lanes. The exact likelihood of the
ratios takes R as unknown: with v = R y, and R of degree one in v,

    p(y) ∝ integral p_v(R y) R^(n-1) dR ∝ integral prod_i Normal(ln y_i; ln c + ln m_i, sigma) d ln c,

which does not depend on what R was, only on the ratios among lanes. It is the likelihood with a scale
integrated out (`likelihood`). For one control lane c it is the normal density of ln y_i - ln(m_i / m_c)
with covariance sigma^2 (1 + 11'). For normal noise the same holds to first order in the noise.

So a normalised group is a group with a scale, provided that the lanes it was divided by are in it, with
the value they got (1 for a control lane; a mean of 1 for several). `with_references` checks that, and
puts in a reference that the table left out, as one lane with value 1. `ratios` divides data and model
alike, for figures and for sums of squares on the scale of the blot.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from mtorkin.errors import TableError, nearest
from mtorkin.fit.lanes import Flags

__all__ = ["HOW", "ratios", "reference_lanes", "split", "with_references"]

HOW = ("", "control", "time", "condition", "mean")
AGREES = 0.02
UNITS = (1.0, 100.0)  # what a reference is set to: one, or per cent
ADDED = "reference"


def with_references(
    lanes: pd.DataFrame, conditions: Collection[str], source: str
) -> tuple[pd.DataFrame, list[str]]:
    """Lanes with the references that the table left out, and notes; `conditions` are those known.

    `lanes` needs the column `normalised`: nothing, or a word and what it was (`split`): `control LANE`
    or `control CONDITION@TIME`, `time MIN`, `condition NAME` or `condition NAME@TIME`, or `mean`.
    Raises TableError where a word is not among these, a group says two things, its reference is not 1
    (or 100) on average, or is missing and cannot be put in.
    """
    added, notes = [], []
    for (blot, target), group in lanes.groupby(["blot", "target"], sort=False):
        where = f"{source}: blot {blot}, {target}"
        how, reference = _said(group, where)
        if not how:
            continue
        if not reference and how != "mean":
            notes.append(
                f"{where}: normalised to a {how} that is not named; its lanes should be in the table"
            )
            continue
        found = group[reference_lanes(group, how, reference, where)]
        if not found.empty and (found["censored"] != "").all():
            raise TableError(f"{where}: normalised to {_words(how, reference)}, which is censored: a limit")
        found = found[found["censored"] == ""]
        if found.empty:
            extra = _missing(group, how, reference, conditions, where)
            added.append(extra)
            notes.append(
                f"{target} on blot {blot}: the reference ({extra['condition']} at {extra['time']:g} min) is "
                "not in the table and was put in as a lane of value 1"
            )
            continue
        mean = float(found["value"].mean())
        if not any(abs(mean / unit - 1) <= AGREES for unit in UNITS):
            text = (
                f"{where}: said to be normalised to {_words(how, reference)}, which is {mean:.3g} and not 1"
            )
            if how != "mean":
                raise TableError(
                    f"{text}; leave `normalised` empty for raw values, or name the right reference"
                )
            notes.append(f"{text}: lanes may be missing; the scale is fitted all the same")
    if added:
        lanes = pd.concat([lanes, pd.DataFrame(added).astype(lanes.dtypes)], ignore_index=True)
    return lanes, notes


def reference_lanes(group: pd.DataFrame, how: str, reference: str, where: str) -> Flags:
    """Which lanes of a group it was divided by (lanes,), none where they are not in it.

    All of them for "mean" and "". Raises TableError where a time is no number.
    """
    name, at, time = reference.partition("@")
    times = group["time"].to_numpy(float)
    found = np.ones(len(group), dtype=np.bool_)
    if not reference:
        return found
    if how == "time":
        found &= np.isclose(times, _time(reference, where))
    elif how == "control" and not at:
        found &= np.array([str(lane) == reference for lane in group["lane"]])
    elif how in ("control", "condition"):
        found &= np.array([condition == name for condition in group["condition"]])
        found &= np.isclose(times, _time(time, where)) if at else found
    return found


def ratios(data: pd.DataFrame) -> pd.DataFrame:
    """Lanes of a fit (`FitResult.data`) with `value_ratio` and `model_ratio` (no unit).

    Both are divided by their own mean over the reference lanes of the group, as the blot was
    normalised; by the mean of all its lanes where it was not.
    """
    found = data.copy()
    found[["value_ratio", "model_ratio"]] = np.nan
    for (blot, target), group in data.groupby(["blot", "target"], sort=False):
        how, reference = split(str(group["normalised"].iloc[0]))
        by = group[reference_lanes(group, how, reference, f"blot {blot}, {target}")]
        by = group[group["lane"] == ADDED] if by.empty else by
        for column, ratio in (("value", "value_ratio"), ("predicted", "model_ratio")):
            found.loc[group.index, ratio] = group[column] / by[column].mean()
    return found


def split(words: str) -> tuple[str, str]:
    """How a blot was normalised (control, time, condition, mean) and to which, "" where it is not said."""
    how, *reference = re.split(r"[\s:=]+", words.strip(), maxsplit=1)
    return how.lower(), " ".join(reference)


def _said(group: pd.DataFrame, where: str) -> tuple[str, str]:
    words = [str(each) for each in dict.fromkeys(group["normalised"])]
    if len(words) > 1:
        raise TableError(f"{where}: normalised to {words[0]!r} on one line and to {words[1]!r} on another")
    how, reference = split(words[0])
    if how not in HOW:
        raise TableError(
            f"{where}: normalised to {how!r}{nearest(how, HOW)}; allowed are {', '.join(HOW[1:])}, or nothing"
        )
    return how, reference


def _missing(
    group: pd.DataFrame, how: str, reference: str, conditions: Collection[str], where: str
) -> pd.Series:
    """The lane that the group was divided by and that the table left out."""
    present = list(dict.fromkeys(group["condition"]))
    name, at, time = reference.partition("@")
    if how == "time" and len(present) == 1:
        name, at, time = str(present[0]), "@", reference
    if not at or name not in conditions:
        hint = nearest(name, conditions) if at else ""
        raise TableError(
            f"{where}: its reference {reference!r} is not in the table{hint}; add its lane (value 1), or "
            "write CONDITION@TIME with a known condition, so that the model can be run for it"
        )
    lane = group.iloc[0].copy()
    lane["lane"], lane["condition"], lane["time"] = ADDED, name, _time(time, where)
    lane["value"], lane["censored"], lane["replicate"] = 1.0, "", ""
    for flag in ("saturated", "below_detection"):
        lane[flag] = False
    return lane


def _time(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise TableError(f"{where}: reference time {text!r} is not a number of minutes") from None


def _words(how: str, reference: str) -> str:
    return "the blot mean" if how == "mean" else f"{how} {reference}"
