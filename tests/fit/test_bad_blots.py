"""A battery of malformed blot files: an error or a warning each, never a silent number."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from mtorkin.errors import TableError
from mtorkin.fit import Blots, read_blots

from .malformed import CLEAN, CONDITIONS, DOUBTS, ERRORS, HARMLESS, NOTES, cell, with_column


def reading(folder: Path, content: str | bytes) -> Blots:
    """What a file with this content says."""
    path = folder / "bad.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_blots(path, CONDITIONS)


def test_the_battery_is_long_enough_and_the_clean_table_is_read_in_silence(tmp_path: Path) -> None:
    assert len(ERRORS) + len(DOUBTS) + len(NOTES) >= 60
    assert reading(tmp_path, CLEAN).notes == ()


@pytest.mark.parametrize("case", ERRORS)
def test_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    content, said = ERRORS[case]
    with pytest.raises(TableError, match=f"bad.csv.*{said}"):
        reading(tmp_path, content)


@pytest.mark.parametrize("case", DOUBTS)
def test_is_doubted(case: str, tmp_path: Path) -> None:
    content, said = DOUBTS[case]
    blots = reading(tmp_path, content)
    assert any(re.search(said, doubt) for doubt in blots.doubts), blots.doubts
    assert set(blots.doubts) <= set(blots.notes)
    assert len(blots.doubts) == 1, "one defect, one doubt"


@pytest.mark.parametrize("case", NOTES)
def test_is_noted(case: str, tmp_path: Path) -> None:
    content, said = NOTES[case]
    blots = reading(tmp_path, content)
    assert any(re.search(said, note) for note in blots.notes), blots.notes
    assert blots.doubts == ()


@pytest.mark.parametrize("case", HARMLESS)
def test_changes_no_number(case: str, tmp_path: Path) -> None:
    clean = reading(tmp_path, CLEAN)
    blots = reading(tmp_path, HARMLESS[case])
    assert list(blots.table["value"]) == list(clean.table["value"])
    assert blots.notes == ()


@pytest.mark.parametrize(
    ("content", "censored", "value"),
    [
        (cell(4, "signal", "<323"), "below", (323 - 21) / 42),
        (cell(4, "signal", "> 65535"), "above", (65535 - 21) / 42),
        (with_column("censored", "", "", "below", ""), "below", (323 - 21) / 42),
        (with_column("saturated", "", "", "yes", ""), "above", (323 - 21) / 42),
        (with_column("below_detection", "", "", "yes", ""), "below", (323 - 21) / 42),
    ],
)
def test_a_limit_is_kept_with_its_side(tmp_path: Path, content: str, censored: str, value: float) -> None:
    table = reading(tmp_path, content).table
    assert list(table["censored"].iloc[:4]) == ["", "", censored, ""]
    assert table["value"].iloc[2] == pytest.approx(value)
    assert bool(table["saturated"].iloc[2]) == (censored == "above")
    assert bool(table["below_detection"].iloc[2]) == (censored == "below")


Content = Callable[[Path], Path]


def workbook(**sheets: list[list[object]]) -> Content:
    """Writes a workbook with these sheets."""

    def write(folder: Path) -> Path:
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        path = folder / "bad.xlsx"
        book.save(path)
        return path

    return write


def test_a_formula_without_a_result_is_refused(tmp_path: Path) -> None:
    rows: list[list[object]] = [text.split(",") for text in CLEAN.splitlines()]
    rows[3][6] = "=F4/2"
    path = workbook(Sheet1=rows)(tmp_path)
    with pytest.raises(TableError, match=r"bad.xlsx:Sheet1!G4: the formula =F4/2 has no stored result"):
        read_blots(path, CONDITIONS)


def test_an_error_in_a_workbook_names_sheet_and_cell(tmp_path: Path) -> None:
    rows: list[list[object]] = [text.split(",") for text in cell(4, "signal", "n.d.").splitlines()]
    path = workbook(about=[["read me"]], lanes=rows)(tmp_path)
    with pytest.raises(TableError, match=r"bad.xlsx:lanes!F4 \(signal\): 'n.d.' is not a number"):
        read_blots(path, CONDITIONS)
