"""Western blots, in mtorkin's table format or a lab's, checked on the way in.

One line is one lane of one blot seen with one antibody. Needed columns: `blot` (what shares a
scale for each antibody: one gel, transferred and developed together), `lane`, `condition` (a name
in the table of conditions), `time` (min after the treatment), `target` (an observable of the model
or an antibody known by another name) and `signal` (grey value). Optional columns:
`loading_control`, `background`, `replicate`, `saturated`, `below_detection`, `time_unit`,
`censored` (below, above), `normalised` and `context` (kind of cells). Other formats become this one
(`importing`).

What the model is compared with is recomputed from the raw columns:
value = (signal - background) / loading_control.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from mtorkin.antibodies import ANTIBODIES, observable_of
from mtorkin.errors import TableError, nearest
from mtorkin.fit.blot_checks import check_lanes, copied_blocks, times_in_minutes
from mtorkin.fit.blot_doubts import doubts
from mtorkin.fit.blot_rows import check_columns, check_loading, lane_of, target_of
from mtorkin.fit.cells import Cells
from mtorkin.fit.conditions import Condition, read_conditions
from mtorkin.fit.importing import Choices, read_antibodies, read_lane_table, read_lanes
from mtorkin.fit.normalisation import split
from mtorkin.protocol import NAMED

__all__ = ["Blots", "read_blots"]


@dataclass(frozen=True, eq=False)
class Blots:
    """Lanes of Western blots ready to be compared with a model.

    `table` has one row a lane and antibody: blot, lane, condition, cell_line, time (min), target
    (observable id), value (no unit: signal less background, over loading control), signal,
    loading_control, background, replicate, saturated, below_detection, censored, normalised, line
    (in the file). `censored` is "" or says that the true value is `below` or `above` `value`, which
    then is a limit; a lane below detection for which no limit is known has "" there, and a value
    that cannot be used. `normalised` is how the signals were normalised before they came here: ""
    or a word (control, time, condition, mean) and its reference. Treat it as read-only.

    `conditions` are the treatments by name; `notes` say what was understood, doubted or set aside,
    `doubts` are those of them that a person should look at; `source` is the file.
    """

    table: pd.DataFrame
    conditions: Mapping[str, Condition]
    notes: tuple[str, ...]
    source: str
    doubts: tuple[str, ...] = ()

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
    *,
    lanes: str | os.PathLike[str] | None = None,
    antibodies: str | os.PathLike[str] | Mapping[str, str] | None = None,
    loading: str = "",
    time_unit: str = "",
) -> Blots:
    """Read blots in any format that mtorkin knows, and check them; times in min.

    The format is recognised by content: our long table (CSV, TSV, XLSX), LI-COR Odyssey and Image
    Studio exports, MIDAS, stacked blocks, sheets of antibody|loading pairs, PEtab measurements, and
    tables with one column an antibody.

    `conditions` is a table of conditions or a mapping by name. None looks beside the file for
    `NAME_conditions.csv`, where the file is `NAME.csv`, then without `_blots` at the end of NAME
    (a note says which), and otherwise takes the protocols that mtorkin knows by name.
    `observables` are further names allowed as target, for example `model.observables.index`.
    What a foreign format leaves open is told by `lanes`, a table that says condition, time and
    replicate of each lane; `antibodies`, names in the file -> targets, `loading` or `ignore` (a
    mapping or a table with the columns name and target); `loading`, the name of the loading control
    or `none`; and `time_unit` (s, min, h).

    Raises TableError, naming file, line and column, where the format is not recognised or leaves
    open what was not told; a column is missing; the table is empty; a target, condition or flag is
    unknown; a signal is not a number, negative, or not above its background; a lane appears twice
    or as two treatments; or times look like seconds.
    """
    choices = Choices(
        None if lanes is None else read_lane_table(lanes), read_antibodies(antibodies), loading, time_unit
    )
    names = {*observables, *(antibody.observable for antibody in ANTIBODIES)}
    cells = read_lanes(path, choices, names)
    known, found, advice = _conditions(Path(path), conditions)
    return blots_of(cells, names, known, advice, found)


def blots_of(
    cells: Cells,
    names: Collection[str],
    conditions: Mapping[str, Condition] | None,
    advice: str = "",
    found: Sequence[str] = (),
) -> Blots:
    """Check a blot table that was read as text; times in min.

    `names` are the targets allowed. `conditions` None takes any name for a condition, and the
    result has none. `advice` ends the message on an unknown condition; `found` are notes on where
    they come from.
    Raises TableError as `read_blots` does.
    """
    notes = [*cells.notes, *check_columns(cells), *found]
    times = times_in_minutes(cells)
    records = []
    for row, time in zip(cells.rows, times, strict=True):
        target, note = target_of(row, names)
        notes += [note] if note else []
        records.append(lane_of(row, conditions, advice) | {"time": time, "target": target})
    check_loading(cells)
    table = pd.DataFrame.from_records(records)
    check_lanes(cells, table)
    doubted = [*cells.doubts, *copied_blocks(table), *doubts(table)]
    used = {name: conditions[name] for name in _used(table, conditions)} if conditions is not None else {}
    return Blots(table, used, tuple(dict.fromkeys([*notes, *doubted])), cells.path, tuple(doubted))


def _used(table: pd.DataFrame, conditions: Mapping[str, Condition]) -> list[str]:
    """Names of the conditions of the lanes, and of those that a blot was normalised to."""
    other = [split(str(words))[1].partition("@")[0] for words in dict.fromkeys(table["normalised"])]
    return list(dict.fromkeys([*table["condition"], *(name for name in other if name in conditions)]))


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
