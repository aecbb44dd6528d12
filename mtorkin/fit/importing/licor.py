"""LI-COR: Odyssey text exports (one row a band) and Image Studio exports (one row a shape)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mtorkin.errors import TableError
from mtorkin.fit.cells import Cells, Row
from mtorkin.fit.importing.reading import Lane, Reading

__all__ = ["is_image_studio", "is_odyssey", "read_image_studio", "read_odyssey"]

LADDER = re.compile(r"(std|standard|ladder|marker|mw)\b.*", re.IGNORECASE)
# Image Studio lets people add fields; these are the words they use
PROTEIN = ("protein", "antibody", "target")
SAMPLE = ("sample", "lane", "lane name")
CONDITION = ("condition", "treatment")
TIME = {"time": "", "time (min)": "min", "time_min": "min", "time (h)": "h", "time (s)": "s"}
REPLICATE = ("replicate", "experiment")


def is_odyssey(columns: Sequence[str]) -> bool:
    """Whether a header is that of an Odyssey export."""
    return "lane name" in columns and any(name.startswith("i.i.") for name in columns)


def is_image_studio(columns: Sequence[str]) -> bool:
    """Whether a header is that of an Image Studio export."""
    return {"image name", "channel", "signal"} <= set(columns)


def read_odyssey(cells: Cells, blot: str) -> Reading:
    """Read bands; ladders and background shapes are left out, and each channel is an antibody.

    The integrated intensity has its background taken off by the instrument. Where a lane has
    several bands in a channel, each band is an antibody of its own: "700 Band 2".
    """
    signal = next(name for name in cells.columns if name.startswith("i.i."))
    bands = [row for row in cells.rows if not _no_lane(row)]
    ladders = sum(bool(LADDER.fullmatch(row.text("lane name"))) for row in cells.rows)
    if not bands:
        raise TableError(f"{cells.path}: a LI-COR export whose rows are all ladders or background")
    seen = [(row.text("lane name"), row.text("channel")) for row in bands]
    several = {channel for lane, channel in seen if seen.count((lane, channel)) > 1}
    lanes, saturated = [], 0
    for row in bands:
        channel = row.required("channel")
        at_limit = bool(row.text("% sat")) and row.number("% sat") > 0
        saturated += at_limit
        lanes.append(
            Lane(
                row.path,
                row.line,
                row.place(signal),
                blot,
                row.required("lane name"),
                f"{channel} {row.text('name')}" if channel in several else channel,
                row.required(signal),
                saturated=at_limit,
            )
        )
    notes, doubts = _odyssey_notes(cells, bands, ladders, saturated)
    return Reading("a LI-COR Odyssey export", tuple(lanes), notes, doubts=doubts)


def _no_lane(row: Row) -> bool:
    lane = row.text("lane name")
    return lane in ("", "-") or bool(LADDER.fullmatch(lane))


def _odyssey_notes(
    cells: Cells, bands: Sequence[Row], ladders: int, saturated: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    notes, doubts = list(cells.notes), []
    methods = {row.text("bkgd method") for row in bands} - {""}
    if ladders:
        notes.append(f"{ladders} bands of ladder lanes (Std) are left out")
    if others := len(cells.rows) - len(bands) - ladders:
        notes.append(f"{others} shapes in no lane (background) are left out")
    without = [row for row in bands if row.text("bkgd method").lower() == "no background"]
    if without:
        doubts.append(
            f"no background was taken off {len(without)} of {len(bands)} bands "
            f"(first line {without[0].line}); measure them again with one background method for all"
        )
    elif methods:
        notes.append(f"the instrument has taken off the background ({', '.join(sorted(methods))})")
    if len(methods) > 1:
        doubts.append(f"bands of one blot have different background methods: {', '.join(sorted(methods))}")
    if saturated:
        doubts.append(f"{saturated} bands have saturated pixels (% Sat above 0): true values are higher")
    return tuple(notes), tuple(doubts)


def read_image_studio(cells: Cells, blot: str) -> Reading:
    """Read shapes of type Signal; antibody and lane are fields that people added, where they did.

    `Signal` is Total less the background. Without a field for the protein an antibody is the image and
    channel; without one for the sample a lane is the number of the shape.
    """
    columns = cells.columns
    protein, sample = _first(PROTEIN, columns), _first(SAMPLE, columns)
    condition, replicate = _first(CONDITION, columns), _first(REPLICATE, columns)
    time = _first(tuple(TIME), columns)
    shapes = [row for row in cells.rows if row.text("type").lower() in ("", "signal")]
    keys = [(row.text(sample or "name"), row.text(protein or "image name")) for row in shapes]
    doubled = len(set(keys)) < len(keys)
    lanes = [
        Lane(
            row.path,
            row.line,
            row.place("signal"),
            f"{blot} {_image(row)}" if doubled else blot,
            row.required(sample or "name"),
            row.required(protein) if protein else f"{_image(row)} {row.text('channel')}",
            row.required("signal"),
            condition=row.text(condition) if condition else "",
            time=row.text(time) if time else "",
            time_unit=TIME[time] if time else "",
            replicate=row.text(replicate) if replicate else "",
        )
        for row in shapes
    ]
    notes = [*cells.notes, "the instrument has taken off the background (Signal, not Total, is read)"]
    if left := len(cells.rows) - len(shapes):
        notes.append(f"{left} shapes of another type than Signal are left out")
    if not sample:
        notes.append("the number of the shape (Name) is taken for the lane, since no column is called Sample")
    return Reading("an Image Studio export", tuple(lanes), tuple(notes))


def _first(wanted: Sequence[str], columns: Sequence[str]) -> str:
    return next((name for name in wanted if name in columns), "")


def _image(row: Row) -> str:
    return re.sub(r"\.(tiff?|png|jpe?g)$", "", row.text("image name"), flags=re.IGNORECASE)
