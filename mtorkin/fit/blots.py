"""Western blots in mtorkin's table format, checked on the way in.

One line is one lane of one blot seen with one antibody. Needed columns: `blot` (what shares a
scale for each antibody: one gel, transferred and developed together), `lane`, `condition` (a name
in the table of conditions), `time` (min after the treatment), `target` (an observable of the model
or an antibody known by another name) and `signal` (grey value). Optional columns:
`loading_control`, `background`, `replicate`, `saturated`, `below_detection` and `time_unit`.

What the model is compared with is recomputed from the raw columns:
value = (signal - background) / loading_control.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from mtorkin.antibodies import ANTIBODIES, observable_of
from mtorkin.errors import TableError, nearest
from mtorkin.fit.blot_checks import check_lanes, copied_blocks, times_in_minutes
from mtorkin.fit.cells import Cells, Row, read_cells
from mtorkin.fit.conditions import Condition, read_conditions
from mtorkin.protocol import NAMED

__all__ = ["Blots", "read_blots"]

NEEDED = ("blot", "lane", "condition", "time", "target", "signal")
OPTIONAL = (
    "loading_control",
    "background",
    "replicate",
    "saturated",
    "below_detection",
    "time_unit",
)
YES = {"1", "yes", "true", "y", "x"}
NO = {"", "0", "no", "false", "n"}


@dataclass(frozen=True, eq=False)
class Blots:
    """Lanes of Western blots ready to be compared with a model.

    `table` has one row a lane and antibody: blot, lane, condition, cell_line, time (min), target
    (observable id), value (no unit: signal less background, over loading control), signal,
    loading_control, background, replicate, saturated, below_detection, line (in the file). Treat
    it as read-only. `conditions` are the treatments by name; `notes` say what was understood,
    doubted or set aside; `source` is the file.
    """

    table: pd.DataFrame
    conditions: Mapping[str, Condition]
    notes: tuple[str, ...]
    source: str

    @property
    def targets(self) -> tuple[str, ...]:
        """Observable ids that were blotted, in the order of the file."""
        return tuple(dict.fromkeys(self.table["target"]))

    @property
    def cell_lines(self) -> tuple[str, ...]:
        """Cell lines in the order of the file; "" where conditions name none."""
        return tuple(dict.fromkeys(self.table["cell_line"]))

    def __len__(self) -> int:
        return len(self.table)

    def select(
        self,
        *,
        targets: Iterable[str] | None = None,
        conditions: Iterable[str] | None = None,
        cell_line: str | None = None,
        blots: Iterable[str] | None = None,
    ) -> Blots:
        """The lanes that meet every given choice; None means all (no unit).

        Targets may be named by alias. Raises TableError where a name is not in the table, with
        the nearest one that is.
        """
        table = self.table
        wanted: list[tuple[str, list[str]]] = []
        if targets is not None:
            wanted.append(("target", [(observable_of(name) or (name,))[0] for name in targets]))
        if conditions is not None:
            wanted.append(("condition", list(conditions)))
        if cell_line is not None:
            wanted.append(("cell_line", [cell_line]))
        if blots is not None:
            wanted.append(("blot", list(blots)))
        for column, names in wanted:
            present = list(dict.fromkeys(self.table[column]))
            for name in names:
                if name not in present:
                    raise TableError(
                        f"{self.source}: no {column} {name!r}{nearest(name, present)}; the table "
                        f"has {', '.join(present)}"
                    )
            table = table[table[column].isin(names)]
        if table.empty:
            raise TableError(f"{self.source}: no lane is left after the selection")
        return replace(self, table=table.reset_index(drop=True))


def read_blots(
    path: str | os.PathLike[str],
    conditions: str | os.PathLike[str] | Mapping[str, Condition] | None = None,
    observables: Collection[str] = (),
) -> Blots:
    """Read a blot table (CSV, TSV, XLSX) and check it; times in min.

    `conditions` is a table of conditions or a mapping by name. None looks beside the file for
    `NAME_conditions.csv`, where the file is `NAME.csv`, then without `_blots` at the end of NAME
    (a note says which), and otherwise takes the protocols that mtorkin knows by name.
    `observables` are further names allowed as target, for example `model.observables.index`.

    Raises TableError, naming file, line and column, where a column is missing; the table is
    empty; a target, condition or flag is unknown; a signal is not a number, negative, or not
    above its background; a lane appears twice or as two treatments; or times look like seconds.
    """
    cells = read_cells(path)
    cells.require(NEEDED, NEEDED + OPTIONAL)
    notes = [f"column {column!r} is not used" for column in cells.columns if column not in NEEDED + OPTIONAL]
    known, found, advice = _conditions(Path(path), conditions)
    notes += found
    times = times_in_minutes(cells)
    names = {*observables, *(antibody.observable for antibody in ANTIBODIES)}
    records = []
    for row, time in zip(cells.rows, times, strict=True):
        target, note = _target(row, names)
        notes += [note] if note else []
        records.append(_record(row, known, advice) | {"time": time, "target": target})
    _check_loading(cells)
    table = pd.DataFrame.from_records(records)
    check_lanes(cells, table)
    notes += copied_blocks(table)
    used = {name: known[name] for name in dict.fromkeys(table["condition"])}
    return Blots(table, used, tuple(dict.fromkeys(notes)), str(path))


def _conditions(
    path: Path, given: str | os.PathLike[str] | Mapping[str, Condition] | None
) -> tuple[Mapping[str, Condition], list[str], str]:
    """Conditions by name, notes on where they come from, and what to do about one that is unknown."""
    if isinstance(given, Mapping):
        return given, [], "add it to the conditions given"
    if given is not None:
        return read_conditions(given), [], f"describe it in {given}"
    stems = dict.fromkeys([path.stem, path.stem.removesuffix("_blots")])
    names = [f"{stem}_conditions{path.suffix}" for stem in stems]
    for name in names:
        beside = path.with_name(name)
        if beside.is_file():
            note = f"conditions are those in {name}, beside the file"
            return read_conditions(beside), [note], f"describe it in {name}"
    advice = (
        f"no conditions file was found: beside the blots, {' and '.join(names)} "
        f"{'were' if len(names) > 1 else 'was'} looked for; write one, or name it"
    )
    return {name: Condition(name, named.protocol) for name, named in NAMED.items()}, [], advice


def _target(row: Row, known: Collection[str]) -> tuple[str, str]:
    name = row.required("target")
    if name in known:
        return name, ""
    resolved = observable_of(name)
    if resolved is None:
        raise row.error(
            "target",
            f"unknown antibody {name!r}{nearest(name, known)}; known are "
            f"{', '.join(sorted(known))}, and gene names or rodent numbering of these",
        )
    return resolved


def _record(row: Row, conditions: Mapping[str, Condition], advice: str) -> dict[str, object]:
    condition = row.required("condition")
    if condition not in conditions:
        listed = ", ".join(sorted(conditions)) or "none"
        raise row.error(
            "condition",
            f"unknown condition {condition!r}{nearest(condition, conditions)}; known are {listed}; {advice}",
        )
    signal = _amount(row, "signal")
    background = _amount(row, "background") if row.text("background") else 0.0
    loading = _amount(row, "loading_control") if row.text("loading_control") else 1.0
    if loading == 0:
        raise row.error("loading_control", "is 0; the signal is divided by it")
    below = _flag(row, "below_detection")
    if signal <= background and not below:
        raise row.error(
            "signal",
            f"{signal:g} is not above the background ({background:g}); mark the lane with "
            "below_detection = yes",
        )
    return {
        "blot": row.required("blot"),
        "lane": row.required("lane"),
        "condition": condition,
        "cell_line": conditions[condition].cell_line,
        "time": 0.0,
        "target": "",
        "value": (signal - background) / loading,
        "signal": signal,
        "loading_control": loading,
        "background": background,
        "replicate": row.text("replicate"),
        "saturated": _flag(row, "saturated"),
        "below_detection": below,
        "line": row.line,
    }


def _amount(row: Row, column: str) -> float:
    value = row.number(column)
    if value < 0:
        raise row.error(
            column,
            f"{value:g} is negative; give the raw grey value here and the background in its own column",
        )
    return value


def _flag(row: Row, column: str) -> bool:
    text = row.text(column).lower()
    if text not in YES | NO:
        raise row.error(column, f"{row.text(column)!r} is neither yes nor no")
    return text in YES


def _check_loading(cells: Cells) -> None:
    """Refuse a blot of which some lanes have a loading control and some have none."""
    first: dict[tuple[str, str], Row] = {}
    for row in cells.rows:
        before = first.setdefault((row.text("blot"), row.text("target")), row)
        if bool(row.text("loading_control")) != bool(before.text("loading_control")):
            raise row.error(
                "loading_control",
                f"given for some lanes of blot {row.text('blot')!r}, {row.text('target')}, and "
                f"not for others (compare line {before.line}); give all or none",
            )
