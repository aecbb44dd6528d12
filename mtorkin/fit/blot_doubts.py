"""What is odd about a blot table and not wrong: told, never repaired.

Every doubt is a sentence that names the lanes and their lines. What can be stated as a rule is
stated in the sentence, so that its reader can disagree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd

from mtorkin.errors import counted, listed
from mtorkin.fit.blot_checks import PLANNED_HOURS, digits

__all__ = ["doubts", "looks_like_hours"]

CONTROL = re.compile(
    r"control|ctrl|untreated|vehicle|dmso|basal|unstim|starved|mock|\bfed\b|none", re.IGNORECASE
)
FULL_SCALE = (255.0, 4095.0, 65535.0, 255.0 * 257)
ORDER = 1.0  # of magnitude, in log10
SHOWN = 5


def doubts(table: pd.DataFrame) -> list[str]:
    """Notes on outliers, controls, loading, saturation, detection, times and replicates (no unit)."""
    kinds: tuple[Callable[[pd.DataFrame], Iterator[str]], ...] = (
        _outliers,
        _spikes,
        _controls,
        _loading,
        _background,
        _plateaus,
        _repeats,
        _without_limit,
        _hours,
        _factors_of_60,
        _lone,
        _replicates,
        _spellings,
    )
    notes: list[str] = []
    for kind in kinds:
        found = list(kind(table))
        notes += found[:SHOWN]
        if len(found) > SHOWN:
            notes.append(f"and {len(found) - SHOWN} more notes like the last")
    return notes


def _logs(table: pd.DataFrame) -> pd.DataFrame:
    """Lanes with a value, and log10 of it less the median of their blot and antibody."""
    some = table[(table["value"] > 0) & (table["censored"] == "")].copy()
    logs = pd.Series(np.log10(some["value"].to_numpy(float)), index=some.index)
    some["level"] = logs - logs.groupby([some["blot"], some["target"]]).transform("median")
    return some


def _times(fold: float) -> str:
    return f"{10 ** abs(fold):.2g} times {'higher' if fold > 0 else 'lower'}"


def _far(lane: pd.Series, fold: float, others: str) -> str:
    return (
        f"{lane['target']}, lane {lane['lane']} of blot {lane['blot']} (line {lane['line']}), is "
        f"{_times(fold)} than {others}: an outlier?"
    )


def _outliers(table: pd.DataFrame) -> Iterator[str]:
    """Lanes an order of magnitude from the same lane of the other blots."""
    for _, same in _logs(table).groupby(["target", "condition", "time"], sort=False):
        if len(same) < 3:
            continue
        levels = same["level"].to_numpy(float)
        for position, (_, lane) in enumerate(same.iterrows()):
            others = np.delete(levels, position)
            fold = float(levels[position] - np.median(others))
            # the others must agree, or the outlier among them makes outliers of them
            if abs(fold) > max(ORDER, float(np.ptp(others))):
                yield _far(lane, fold, "in the other replicates")


def _spikes(table: pd.DataFrame) -> Iterator[str]:
    """Where there are no replicates: lanes an order of magnitude from both neighbours in time."""
    some = _logs(table)
    sizes = some.groupby(["target", "condition", "time"])["level"].transform("size")
    for _, lanes in some[sizes < 3].groupby(["blot", "target", "condition"], sort=False):
        lanes = lanes.sort_values("time")
        levels = lanes["level"].to_numpy(float)
        for i in (0, len(levels) - 1):
            # the ends have one neighbour, and a stimulus can move them by an order of magnitude
            if len(levels) > 3 and abs(levels[i]) > 2 * ORDER:
                yield _far(lanes.iloc[i], float(levels[i]), "the median of its strip")
        for i in range(1, len(levels) - 1):
            up, down = (
                levels[i] - max(levels[i - 1], levels[i + 1]),
                levels[i] - min(levels[i - 1], levels[i + 1]),
            )
            fold = float(up if up > ORDER else down if down < -ORDER else 0.0)
            if fold:
                yield _far(lanes.iloc[i], fold, "the lanes before and after it")


def _controls(table: pd.DataFrame) -> Iterator[str]:
    for blot, lanes in table.groupby("blot", sort=False):
        if (lanes["time"] == 0).any() or any(
            CONTROL.search(str(name)) for name in lanes["condition"].unique()
        ):
            continue
        yield (
            f"blot {blot} has no control: no lane at time 0, and no condition called control, untreated "
            "or the like; its scale can be told from the model only"
        )


def _loading(table: pd.DataFrame) -> Iterator[str]:
    """Lanes loaded five times more or less than the median lane of their blot."""
    seen = set()
    for (blot, target), lanes in table.groupby(["blot", "target"], sort=False):
        if len(lanes) > 2 and (lanes["loading_control"] == lanes["signal"]).all():
            yield f"the loading control of {target}, blot {blot}, is the signal in every lane: copied?"
        shares = lanes["loading_control"] / lanes["loading_control"].median()
        for index in lanes.index[(shares > 5) | (shares < 0.2)]:
            lane = lanes.loc[index, "lane"]
            if (blot, lane) not in seen:
                seen.add((blot, lane))
                yield (
                    f"the loading control of lane {lane}, blot {blot} (line {lanes.loc[index, 'line']}), is "
                    f"{shares[index]:.2g} times the median of its blot"
                )


def _background(table: pd.DataFrame) -> Iterator[str]:
    weak = table[
        (table["background"] > 0.9 * table["signal"]) & (table["value"] > 0) & (table["censored"] == "")
    ]
    if len(weak):
        yield (
            f"{counted(len(weak), 'lane has', 'lanes have')} a background above nine tenths of the signal: "
            f"such values are mostly noise (first line {weak['line'].iloc[0]})"
        )


def _plateaus(table: pd.DataFrame) -> Iterator[str]:
    """Lanes that look saturated and are not marked."""
    open_ = table[~table["saturated"] & (table["signal"] > 0)]
    for (blot, target), lanes in open_.groupby(["blot", "target"], sort=False):
        most = lanes["signal"].max()
        count = int((lanes["signal"] == most).sum())
        if count >= 3 or (count >= 2 and most in FULL_SCALE):
            yield (
                f"{count} lanes of {target} on blot {blot} share the highest signal, {most:g}: "
                "saturated? mark "
                "them with saturated = yes"
            )


def _repeats(table: pd.DataFrame) -> Iterator[str]:
    """The same long number twice in one series, which no densitometer gives."""
    for (blot, target), lanes in table[table["censored"] == ""].groupby(["blot", "target"], sort=False):
        twice = lanes[lanes["signal"].duplicated(keep=False)]
        for signal, same in twice.groupby("signal", sort=False):
            if digits(float(str(signal))) >= 5 and len(same) == 2:
                yield (
                    f"lanes {' and '.join(map(str, same['lane']))} of {target}, blot {blot}, have the "
                    "same signal "
                    f"{signal:.10g} (lines {' and '.join(map(str, same['line']))}): copied?"
                )


def _without_limit(table: pd.DataFrame) -> Iterator[str]:
    lost = table[table["below_detection"] & (table["censored"] == "")]
    if len(lost):
        yield (
            f"set aside: {counted(len(lost), 'lane')} below detection, without a limit that could be used "
            f"(first line {lost['line'].iloc[0]}); write <120 as the signal where 120 is the limit"
        )


def looks_like_hours(times: Sequence[float]) -> bool:
    """Whether times (taken as min) would be usual as hours: 0.25, 0.5, 1, 2 or 1, 4, 24, 48.

    A course that ends at 10 min or later with steps of minutes is none of these.
    """
    later = sorted({time for time in times if time > 0})
    if len(later) < 2:
        return False
    if any(time % 1 for time in later):
        return later[-1] <= 8 and all(time % 0.25 == 0 for time in later)
    return later[-1] in (24, 36, 48, 72, 96) and all(time in PLANNED_HOURS for time in later)


def _hours(table: pd.DataFrame) -> Iterator[str]:
    blots: dict[tuple[float, ...], list[str]] = {}
    for blot, lanes in table.groupby("blot", sort=False):
        blots.setdefault(tuple(sorted(set(lanes["time"]))), []).append(str(blot))
    for times, names in blots.items():
        if looks_like_hours(times):
            which = f"blot{'s' if len(names) > 1 else ''} {listed(names, SHOWN)}"
            hours = ", ".join(f"{time:g}" for time in times)
            yield (
                f"the times of {which} ({hours}) would be usual as hours and "
                "are read as minutes; add a column time_unit with h, or with min if they are right"
            )


def _factors_of_60(table: pd.DataFrame) -> Iterator[str]:
    """Blots whose times are those of another blot in another unit."""
    times = {str(blot): frozenset(lanes["time"]) - {0.0} for blot, lanes in table.groupby("blot", sort=False)}
    for blot, mine in times.items():
        for other, theirs in times.items():
            if len(mine) > 1 and mine == {60 * time for time in theirs}:
                yield (
                    f"the times of blot {blot} are 60 times those of blot {other}: is one in another "
                    "unit? add a "
                    "column time_unit"
                )
                break


def _lone(table: pd.DataFrame) -> Iterator[str]:
    series = table.groupby(["blot", "target"], sort=False)["lane"]
    lone = [f"{target} on blot {blot}" for (blot, target), lanes in series if len(lanes) == 1]
    if lone:
        yield f"a single lane says nothing once the scale of its blot is free: {listed(lone, SHOWN)}"


def _spellings(table: pd.DataFrame) -> Iterator[str]:
    """Blots whose names differ in case, spaces or marks only: one blot that lost half of its lanes?"""
    names: dict[str, str] = {}
    for blot in dict.fromkeys(map(str, table["blot"])):
        plain = re.sub(r"[\W_]", "", blot.lower())
        other = names.setdefault(plain, blot)
        if plain and other != blot:
            yield f"blots {other!r} and {blot!r} are taken for two: is it one, spelled in two ways?"


def _replicates(table: pd.DataFrame) -> Iterator[str]:
    without = table[table["replicate"] == ""]
    if 0 < len(without) < len(table):
        first = without["line"].iloc[0]
        some = counted(len(without), "lane names", "lanes name")
        yield f"{some} no replicate and the others do (first line {first})"
