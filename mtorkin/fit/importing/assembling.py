"""From lanes in a file's words to mtorkin's blot table.

Everything that a file leaves open is asked for, and everything that is decided here is said in a
note: which names are which antibodies, what is divided by, what was left out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from mtorkin.errors import TableError, listed, nearest
from mtorkin.fit.cells import Cells, Row
from mtorkin.fit.importing.choices import IGNORE, LOADING, Choices, Open
from mtorkin.fit.importing.labels import read_label
from mtorkin.fit.importing.naming import loading_control, targets_of
from mtorkin.fit.importing.reading import Lane, Reading, not_measured

__all__ = ["COLUMNS", "assemble"]

COLUMNS = (
    "blot",
    "lane",
    "condition",
    "time",
    "time_unit",
    "target",
    "signal",
    "loading_control",
    "background",
    "replicate",
    "saturated",
    "below_detection",
)
SHOWN = 8
LONGEST = 60  # of a label in a message


def assemble(path: str, reading: Reading, choices: Choices, names: Collection[str]) -> Cells:
    """Return a reading as a blot table (signals as in the file, times in the unit that is given).

    `names` are the targets allowed. Raises TableError where antibodies, loading controls, conditions or
    times are not known, all at once, naming the lanes, and saying what to add.
    """
    if not reading.lanes:
        raise TableError(f"{path}: {reading.kind} without a single lane")
    targets, notes, loading = _named(path, reading, choices, names)
    if loading:
        notes.append(f"signals are divided by {loading}, the loading control")
    divisors = _divisors(reading.lanes, targets, loading)
    rows: list[Row] = []
    missing: list[Lane] = []
    left: dict[str, int] = {}
    for lane in reading.lanes:
        target = targets[lane.antibody]
        if target in (IGNORE, LOADING):
            continue
        if not_measured(lane.signal):
            left[lane.antibody] = left.get(lane.antibody, 0) + 1
            continue
        told = _told(lane, choices)
        if told is None:
            missing.append(lane)
        elif told.condition != IGNORE:
            rows.append(_row(told, target, divisors, loading, choices))
    _refuse_missing(missing, choices)
    _refuse_doubles(rows)
    if left:
        lanes = ", ".join(f"{name} ({count})" for name, count in left.items())
        notes.append(f"lanes that were not measured are left out: {lanes}")
    if any(row.text("time") and not row.text("time_unit") for row in rows) and choices.lanes is None:
        notes.append("the file gives no unit of time: minutes, unless time_unit (--time-unit) says otherwise")
    if not rows:
        raise TableError(f"{path}: {reading.kind}, but no lane of it can be used; {'; '.join(notes)}")
    doubts = [*reading.doubts, *_saturated_loading(rows, divisors)]
    said = (f"read as {reading.kind}", *reading.notes, *notes)
    return Cells(path, COLUMNS, tuple(rows), said, doubts=tuple(doubts))


def _named(
    path: str, reading: Reading, choices: Choices, names: Collection[str]
) -> tuple[dict[str, str], list[str], str]:
    """Targets, notes and the loading control. Raises Open, with the lanes that are open as well."""
    told: list[Open] = []
    targets: dict[str, str] = {lane.antibody: "" for lane in reading.lanes}
    notes: list[str] = []
    loading = ""
    try:
        targets, notes = targets_of(path, reading, choices, names)
        loading = loading_control(path, reading, choices, targets)
    except Open as error:
        told.append(error)
        open_lanes = [
            lane
            for lane in reading.lanes
            if targets[lane.antibody] not in (IGNORE, LOADING) and _told(lane, choices) is None
        ]
        try:
            _refuse_missing([lane for lane in open_lanes if not not_measured(lane.signal)], choices)
        except Open as more:
            told.append(more)
    if len(told) == 1:
        raise told[0]
    if told:
        said = "; ".join(
            f"({i}) {str(each).removeprefix(f'{path}: ')}" for i, each in enumerate(told, start=1)
        )
        raise Open(f"{path}: {len(told)} things are open, to be told at once: {said}", told[1].lanes)
    return targets, notes, loading


def _divisors(lanes: Sequence[Lane], targets: dict[str, str], loading: str) -> dict[tuple[str, str], Lane]:
    """The loading control's lane by (blot, lane), and by ("", lane) where only one blot has it."""
    found: dict[tuple[str, str], Lane] = {}
    for lane in lanes:
        if lane.antibody != loading or not loading or not_measured(lane.signal):
            continue
        key = (lane.blot, lane.lane)
        if key in found:
            raise TableError(
                f"{lane.place}: lane {lane.lane!r} of blot {lane.blot!r} has {loading} twice (before: "
                f"{found[key].place})"
            )
        found[key] = lane
    return found


def _saturated_loading(rows: Sequence[Row], divisors: dict[tuple[str, str], Lane]) -> list[str]:
    """A doubt about lanes whose loading control is saturated: their values are too high, unmarked."""
    keys = dict.fromkeys((row.text("blot"), row.text("lane")) for row in rows)
    found = [key for key in keys if key in divisors and divisors[key].saturated]
    if not found:
        return []
    lanes = ", ".join(lane for _, lane in found[:SHOWN])
    return [
        f"the loading control is saturated in {len(found)} lanes ({lanes}), so that their values are too high"
    ]


def _told(lane: Lane, choices: Choices) -> Lane | None:
    """The lane with its condition and time, from the side table, the file or its label; or None."""
    row = choices.lanes.find(lane.blot, lane.lane, lane.key) if choices.lanes else None
    if row is not None:
        return replace(
            lane,
            condition=row.text("condition"),
            time=row.text("time"),
            time_unit=row.text("time_unit"),
            replicate=row.text("replicate") or lane.replicate,
        )
    if lane.condition and lane.time:
        return lane
    label = read_label(lane.key or lane.lane)
    if label is None:
        return None
    return replace(lane, condition=label.condition, time=label.time, time_unit=label.unit)


def _row(
    lane: Lane, target: str, divisors: dict[tuple[str, str], Lane], loading: str, choices: Choices
) -> Row:
    divisor = divisors.get((lane.blot, lane.lane))
    if loading and divisor is None and not lane.loading:
        raise TableError(
            f"{lane.place}: lane {lane.lane!r} of blot {lane.blot!r} has no {loading}, by which the "
            "others are "
            "divided; add it, leave the lane out (condition = ignore), or choose loading = none"
        )
    cells = {
        "blot": lane.blot,
        "lane": lane.lane,
        "condition": lane.condition,
        "time": lane.time,
        "time_unit": lane.time_unit or choices.time_unit,
        "target": target,
        "signal": lane.signal,
        "loading_control": divisor.signal if divisor is not None else lane.loading,
        "background": lane.background,
        "replicate": lane.replicate,
        "saturated": "yes" if lane.saturated else "",
        "below_detection": "yes" if _not_above(lane) else "",
    }
    places = dict.fromkeys(COLUMNS, lane.place)
    if divisor is not None:
        places["loading_control"] = divisor.place
    return Row(lane.path, lane.line, cells, places)


def _not_above(lane: Lane) -> bool:
    """Whether an instrument's signal, from which it took the background, is 0 or less."""
    try:
        return float(lane.signal) <= float(lane.background or 0)
    except ValueError:
        return False


def _refuse_missing(missing: Sequence[Lane], choices: Choices) -> None:
    if not missing:
        return
    names = list(dict.fromkeys((lane.key or lane.lane)[:LONGEST] for lane in missing))
    lanes = [(lane.blot, lane.key or lane.lane) for lane in missing]
    if choices.lanes is not None:
        known = [name for _, name in choices.lanes.rows]
        raise Open(
            f"{missing[0].place}: {choices.lanes.path} has no line for "
            f"{listed(names, SHOWN)}{nearest(names[0], known)}; add it, "
            "with condition = ignore for a lane to be left out",
            lanes,
        )
    raise Open(
        f"{missing[0].place}: the file does not say, in one way only, which condition and time these "
        "lanes are: "
        f"{listed(names, SHOWN)}; write a table with the columns lane,condition,time (min) and a line "
        f"for each, such as {names[0]!r},insulin,15, and name it with lanes (--lanes lanes.csv; "
        "mtorkin import --lanes-template begins it)",
        lanes,
    )


def _refuse_doubles(rows: Sequence[Row]) -> None:
    seen: dict[tuple[str, str, str], Row] = {}
    for row in rows:
        key = (row.text("blot"), row.text("lane"), row.text("target"))
        if key in seen:
            raise row.error(
                "signal",
                f"lane {key[1]!r} of blot {key[0]!r} has {key[2]} a second time (before: "
                f"{seen[key].place('signal')}): a doubled row, or several bands; leave one out "
                "(antibodies NAME=ignore), or map each band by itself",
            )
        seen[key] = row
