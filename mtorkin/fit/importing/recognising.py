"""Which format a file has, from its content, and the reader for it."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mtorkin.errors import TableError
from mtorkin.fit.cells import Cells, Row, cells_of
from mtorkin.fit.importing import licor, midas, rows, stacked, tables
from mtorkin.fit.importing.assembling import assemble
from mtorkin.fit.importing.choices import IGNORE, LOADING, Choices
from mtorkin.fit.importing.reading import Reading
from mtorkin.fit.sheets import Sheet, read_sheets

__all__ = ["LOOKED_FOR", "is_recognised", "read_lanes"]

LOOKED_FOR = (
    "our long table (blot, lane, condition, time, target, signal)",
    "a LI-COR Odyssey export (Lane Name, Channel, I.I.)",
    "an Image Studio export (Image Name, Channel, Signal)",
    "a MIDAS table (TR:, DA:, DV:)",
    "a PEtab measurement table (observableId, measurement, time)",
    "stacked blocks (antibodies above replicate ids, labels at the left)",
    "sheets of antibody|loading control pairs",
    "a table with a column time and one column an antibody",
    "a table with one line an antibody and one column a time (0, 15s, 30 min, 1h)",
)


def read_lanes(path: str | os.PathLike[str], choices: Choices, names: Collection[str]) -> Cells:
    """Read a file of blots in any format as mtorkin's blot table; signals as they are in the file.

    `names` are the targets allowed. The table's notes say what was understood. Raises TableError
    where the format is not recognised, saying what was looked for, and where a format leaves open
    what `choices` do not tell.
    """
    file = Path(path)
    sheets = [sheet for sheet in read_sheets(file) if sheet.lines]
    if not sheets:
        raise TableError(f"{file}:1: the file is empty; its first line names the columns")
    headed = [(sheet, _columns(sheet)) for sheet in sheets]
    for sheet, columns in headed:
        reading = _headed(sheet, columns, file.stem, choices)
        if reading is not None:
            cells = assemble(str(file), reading, choices, names)
            return _unused(cells, sheet, sheets)
    for sheet, columns in headed:
        if tables.is_long(columns):
            cells = tables.with_our_names(cells_of(sheet))
            return _unused(_long(cells, choices), sheet, sheets)
    if blocks := stacked.find_blocks(sheets):
        return assemble(str(file), stacked.read_stacked(blocks), choices, names)
    pairs = stacked.read_pairs(sheets)
    if pairs is not None:
        return assemble(str(file), pairs, choices, names)
    for sheet, columns in headed:
        if tables.is_wide(columns, choices.antibodies):
            reading = tables.read_wide(cells_of(sheet), file.stem, choices.antibodies)
            return _unused(assemble(str(file), reading, choices, names), sheet, sheets)
    for sheet, _ in headed:
        if rows.is_rows(sheet.lines[0][1]):
            reading = rows.read_rows(sheet, file.stem)
            return _unused(assemble(str(file), reading, choices, names), sheet, sheets)
    raise _not_recognised(sheets[0])


def is_recognised(sheets: Sequence[Sheet], antibodies: Mapping[str, str]) -> bool:
    """Whether the grids of a file look like blots in any format; nothing is checked."""
    for sheet in (sheet for sheet in sheets if sheet.lines):
        columns = _columns(sheet)
        headers = (tables.is_long, tables.is_petab, midas.is_midas, licor.is_odyssey, licor.is_image_studio)
        if any(known(columns) for known in headers) or tables.is_wide(columns, antibodies):
            return True
        if rows.is_rows(sheet.lines[0][1]):
            return True
    return bool(stacked.find_blocks(sheets)) or stacked.read_pairs(sheets) is not None


def _columns(sheet: Sheet) -> tuple[str, ...]:
    return tuple(" ".join(cell.lower().split()) for cell in sheet.lines[0][1])


def _headed(sheet: Sheet, columns: Sequence[str], stem: str, choices: Choices) -> Reading | None:
    """What a sheet says, where its first line is the header of a format that we know."""
    if tables.is_petab(columns):
        return tables.read_petab(cells_of(sheet), stem)
    if midas.is_midas(columns):
        return midas.read_midas(cells_of(sheet), stem)
    if licor.is_odyssey(columns):
        return licor.read_odyssey(cells_of(sheet), stem)
    if licor.is_image_studio(columns):
        return licor.read_image_studio(cells_of(sheet), stem)
    return None


def _long(cells: Cells, choices: Choices) -> Cells:
    """A long table with the antibodies that were told; nothing else is open in it."""
    if choices.lanes is not None or choices.loading:
        raise TableError(
            f"{cells.path}: is a long table, which says itself what each lane is and what it is divided "
            "by; lanes "
            "and loading are for files that do not"
        )
    if LOADING in choices.antibodies.values():
        raise TableError(
            f"{cells.path}: is a long table; its loading control is the column loading_control, not an "
            "antibody"
        )
    kept = []
    for row in cells.rows:
        target = choices.antibodies.get(row.text("target"), row.text("target"))
        unit = row.text("time_unit") or choices.time_unit
        if target != IGNORE:
            kept.append(
                Row(row.path, row.line, {**row.cells, "target": target, "time_unit": unit}, row.places)
            )
    if "target" not in cells.columns:
        kept = list(cells.rows)
    return replace(cells, rows=tuple(kept))


def _unused(cells: Cells, used: Sheet, sheets: Sequence[Sheet]) -> Cells:
    others = [sheet.name for sheet in sheets if sheet is not used]
    if not others:
        return cells
    return replace(cells, notes=(*cells.notes, f"only sheet {used.name} is read; not {', '.join(others)}"))


def _not_recognised(sheet: Sheet) -> TableError:
    line, first = sheet.lines[0]
    seen = ", ".join(cell for cell in first if cell)
    return TableError(
        f"{sheet.place(line)}: not recognised as a table of blots; its first line has {seen[:200]}; "
        "looked for were "
        f"{'; '.join(LOOKED_FOR)}; write the long table: one line a lane and antibody, with the columns "
        "blot,lane,condition,time,target,signal"
    )
