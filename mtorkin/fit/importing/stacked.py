"""Authors' workbooks: blocks stacked in a sheet, a name above the columns of its replicates.

A block is found by its shape, not by its place: a line with the names of antibodies, a line of
replicate ids below it, then lines with a label and numbers. The same workbook often has the raw
block, the raw one divided by the mean of the blot, and that divided by a loading control: the raw
block is read, and the others are compared with what they should be (`recomputing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mtorkin.errors import TableError
from mtorkin.fit.importing.reading import Lane, Reading, is_loading, not_measured
from mtorkin.fit.importing.recomputing import explain
from mtorkin.fit.sheets import Line, Sheet

__all__ = ["Block", "Column", "find_blocks", "read_stacked"]

NORMALISED = re.compile(r"normali[sz]|divided|ratio|fold|percent|%|relative to|corrected", re.IGNORECASE)
SUMMARY = re.compile(r"average|mean\b|standard dev|\bsd\b|\bsem\b|anova|median|p-?value", re.IGNORECASE)
LIMIT = re.compile(r"[<>≤≥]\s*[\d.]+")


@dataclass(frozen=True)
class Column:
    """One replicate of one antibody: its place in the sheet and its cells, from the block's top."""

    antibody: str
    replicate: str
    index: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """A block of a sheet: its title, where it begins, the labels and lines of its rows, its columns."""

    sheet: Sheet
    title: str
    line: int
    labels: tuple[str, ...]
    lines: tuple[int, ...]
    columns: tuple[Column, ...]

    def place(self, column: Column, row: int) -> str:
        """Where a number of the block stands."""
        return self.sheet.place(self.lines[row], column.index)


def is_number(text: str) -> bool:
    """Whether a cell holds a number, or one with a limit's mark: "12.5", "<120"."""
    try:
        float(text.lstrip("<>≤≥ "))
    except ValueError:
        return False
    return True


def find_blocks(sheets: Sequence[Sheet]) -> list[Block]:
    """Return every block of every sheet, in order (no unit)."""
    found: list[Block] = []
    for sheet in sheets:
        position = 0
        while position < len(sheet.lines) - 2:
            block = _block(sheet, position)
            if block is None:
                position += 1
            else:
                found.append(block)
                position += 2 + len(block.labels)
    return found


def _block(sheet: Sheet, at: int) -> Block | None:
    """The block whose antibodies are named on line `at` of the sheet, if one is."""
    (line, head), (_, ids), (_, first) = sheet.lines[at : at + 3]
    spans = _spans(head, ids)
    if len(spans) < 2 or not _are_ids([ids[index] for _, index in spans]):
        return None
    start = spans[0][1]
    # numbers beside a label are measurements, even where they could be ids
    if any(ids[:start]) and all(is_number(ids[index]) for _, index in spans):
        return None
    if start == 0 or not any(first[:start]):
        return None
    numbers = [is_number(_cell(first, index)) for _, index in spans]
    if not any(numbers) or not all(
        number or not_measured(_cell(first, index)) for number, (_, index) in zip(numbers, spans, strict=True)
    ):
        return None
    rows = list(_rows(sheet.lines[at + 2 :], start, [index for _, index in spans]))
    columns = tuple(
        Column(name, ids[index].rstrip(" :"), index, tuple(_cell(cells, index) for _, _, cells in rows))
        for name, index in spans
    )
    labels, lines = tuple(label for _, label, _ in rows), tuple(line for line, _, _ in rows)
    return Block(sheet, _title(sheet, at, head[:start]), line, labels, lines, columns)


def _cell(cells: Sequence[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""


def _spans(head: Sequence[str], ids: Sequence[str]) -> list[tuple[str, int]]:
    """(antibody, column) for every column that has an id, under the last name at or left of it."""
    begun, name, found = False, "", []
    for index in range(1, max(len(head), len(ids))):
        named, id = _cell(head, index), _cell(ids, index)
        if named and id and not is_number(named):
            begun, name = True, named
        elif named:
            name = ""
        if begun and name and id:
            found.append((name, index))
    return found


def _are_ids(ids: Sequence[str]) -> bool:
    """Whether cells can be ids of replicates: short, and at most small whole numbers."""
    return all(len(id) <= 20 and (not is_number(id) or (id.isdigit() and len(id) <= 3)) for id in ids)


def _rows(
    lines: Sequence[Line], start: int, indices: Sequence[int]
) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """(line, label, cells) from the top of a block to its end; labels are filled down from above."""
    above = [""] * start
    before = None
    for number, cells in lines:
        if before is not None and number > before + 1:
            return  # an empty line ends a block
        numbers = [is_number(_cell(cells, index)) for index in indices]
        if not any(numbers) and not any(
            _cell(cells, index) and not_measured(_cell(cells, index)) for index in indices
        ):
            return
        words = [_cell(cells, index) for index in range(start)]
        # a label that stands only on the first row of its group holds for the rows below
        filled = [word or (above[index] if any(words) else "") for index, word in enumerate(words)]
        above = filled
        before = number
        yield number, " ".join(word for word in filled if word), cells


def _title(sheet: Sheet, at: int, left: Sequence[str]) -> str:
    words = " ".join(word for word in left if word)
    if words and not words.endswith(":"):
        return words
    if at == 0:
        return ""
    number, above = sheet.lines[at - 1]
    filled = [cell for cell in above if cell]
    return filled[0] if len(filled) == 1 and number + 1 == sheet.lines[at][0] else ""


def read_stacked(blocks: Sequence[Block]) -> Reading:
    """Read the raw block; say what the other blocks are. Raises TableError where it is not clear which."""
    raw = [b for b in blocks if b.title and not NORMALISED.search(b.title) and not SUMMARY.search(b.title)]
    derived = [b for b in blocks if NORMALISED.search(b.title) and not SUMMARY.search(b.title)]
    untitled = [b for b in blocks if not b.title]
    notes: list[str] = []
    doubts: list[str] = []
    loading = ""
    if raw:
        chosen = raw
        for block in derived:
            told, odd, found = explain(block, raw)
            notes += told
            doubts += odd
            loading = loading or found
        notes.insert(0, f"raw values are in the block {raw[0].title!r}, which begins at {_at(raw[0])}")
    elif len(derived) == 1:
        chosen = derived
        doubts.append(
            f"there are no raw values: those of the block {derived[0].title!r} at {_at(derived[0])} are "
            "taken "
            "as they are, and cannot be recomputed"
        )
    elif len(untitled) == 1 and not derived:
        chosen = untitled
        doubts.append(f"the block at {_at(untitled[0])} has no title; its numbers are taken as raw")
    else:
        titles = "; ".join(f"{b.title or 'no title'!s} ({_at(b)})" for b in blocks)
        raise TableError(
            f"{blocks[0].sheet.path}: a workbook of stacked blocks, none of which is called raw, grey "
            "values, "
            f"or the like ({titles}); write such a title left of the antibodies of the raw block"
        )
    lanes = [lane for block in chosen for lane in _lanes(block)]
    return Reading("a workbook of stacked blocks", tuple(lanes), tuple(notes), loading, tuple(doubts))


def _at(block: Block) -> str:
    return block.sheet.place(block.line, 0)


def _lanes(block: Block) -> Iterator[Lane]:
    for column in block.columns:
        for row, (label, text) in enumerate(zip(block.labels, column.cells, strict=True)):
            if not label:
                raise TableError(
                    f"{block.sheet.place(block.lines[row], 0)}: a line of numbers without a label; say which "
                    "lane it is"
                )
            if text and not is_number(text) and not not_measured(text):
                raise TableError(
                    f"{block.place(column, row)}: {text!r} is not a number; write a number, <limit, or n.d."
                )
            yield Lane(
                block.sheet.path,
                block.lines[row],
                block.place(column, row),
                column.replicate,
                label,
                column.antibody,
                text,
                replicate=column.replicate,
            )


PAIR_WORDS = ("signal", "value", "values", "antibody", "band", "target", "intensity", "grey value")


def read_pairs(sheets: Sequence[Sheet]) -> Reading | None:
    """Read sheets of antibody|loading pairs of columns, one sheet an antibody; None where there are none.

    The n-th pair of a sheet is blot and replicate n. An antibody's name is the header left of the
    loading control or, where that says nothing, the sheet's.
    """
    lanes: list[Lane] = []
    for sheet in sheets:
        for at, (_, head) in enumerate(sheet.lines[:-1]):
            pairs = [i for i in range(2, len(head)) if is_loading(head[i]) and head[i - 1]]
            below = sheet.lines[at + 1][1]
            if not pairs or not all(
                is_number(_cell(below, i)) and is_number(_cell(below, i - 1)) for i in pairs
            ):
                continue
            lanes += _pair_lanes(sheet, at, head, pairs)
            break
    if not lanes:
        return None
    note = "the n-th pair of columns of each sheet is taken as blot and replicate n"
    return Reading("sheets of antibody and loading control, pair by pair", tuple(lanes), (note,))


def _pair_lanes(sheet: Sheet, at: int, head: Sequence[str], pairs: Sequence[int]) -> Iterator[Lane]:
    indices = [index for pair in pairs for index in (pair - 1, pair)]
    for number, label, cells in _rows(sheet.lines[at + 1 :], pairs[0] - 1, indices):
        for count, pair in enumerate(pairs, start=1):
            named = head[pair - 1]
            antibody = sheet.name if sheet.name and named.lower() in PAIR_WORDS else named
            place = sheet.place(number, pair - 1)
            signal, loading = _cell(cells, pair - 1), _cell(cells, pair)
            if not_measured(signal) or not_measured(loading):
                signal = ""
            yield Lane(
                sheet.path,
                number,
                place,
                str(count),
                label,
                antibody,
                signal,
                loading=loading,
                replicate=str(count),
            )
