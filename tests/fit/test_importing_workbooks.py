"""Blots in authors' workbooks, stacked or a sheet an antibody.

They are made here, in the shape of real ones; the real ones are read where ../shared exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from mtorkin.errors import TableError

from .importing import SHARED, read, real, said, values


def stacked(*, title: str = "normalized to ERK", copy: bool = True) -> list[list[object]]:
    """A sheet of three blocks: raw, over the mean of the blot, and that over Coomassie."""
    labels = [f"MCF-7 {time} minutes ins + aa" for time in (0, 15, 30, 60)]
    raw = {
        ("AktpT308", "BF"): [11.0, 25.0, 45.0, 48.0],
        ("AktpT308", "AI"): [21.0, 44.0, 39.0, 37.0],
        ("S6KpT389", "BF"): [18.0, 151.0, 374.0, 359.0],
        ("S6KpT389", "AI"): [9.0, 70.0, 190.0, 210.0],
        ("S6KpT229", "BF"): [30.0, 80.0, 100.0, 95.0],
        ("S6KpT229", "AI"): [33.0, 77.0, 99.0, 91.0],
        ("Coomassie staining", "BF"): [9.0, 10.0, 11.0, 10.0],
        ("Coomassie staining", "AI"): [5.0, 5.5, 6.0, 5.2],
        ("GAPDH", "BF"): [7.0, 7.1, 7.3, 6.9],
        ("GAPDH", "AI"): [4.0, 4.1, 4.3, 4.9],
    }

    def share(column: list[float]) -> list[float]:
        return [value * len(column) / sum(column) for value in column]

    def source(key: tuple[str, str]) -> list[float]:
        return raw["S6KpT229", "BF"] if copy and key == ("S6KpT389", "BF") else raw[key]

    def block(name: str, columns: Mapping[tuple[str, str], list[float]]) -> list[list[object]]:
        heads = [key[0] if key[1] == "BF" else None for key in columns]
        rows: list[list[object]] = [[name, *heads], [None, *(key[1] for key in columns)]]
        rows += [[label, *(c[i] for c in columns.values())] for i, label in enumerate(labels)]
        return [*rows, []]

    mean = {key: share(source(key)) for key in raw}
    divided = {
        key: [
            a / b for a, b in zip(share(source(key)), share(raw["Coomassie staining", key[1]]), strict=True)
        ]
        for key in raw
    }
    average: list[list[object]] = [["average per experiment", "AktpT308", "GAPDH"], [labels[0], 1.2, 0.4]]
    return [*block("values", raw), *block("normalized intensity", mean), *block(title, divided), *average]


def written(path: Path, **sheets: list[list[object]]) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_stacked_blocks(tmp_path: Path) -> None:
    rows = stacked()
    rows[3][2] = "n.d."
    blots = read(written(tmp_path / "author.xlsx", Sheet2=rows))
    assert blots.targets == ("Akt_pT308", "S6K_pT389")
    assert list(blots.table["condition"].unique()) == ["MCF-7 ins + aa"]
    assert values(blots, "S6K_pT389")[:4] == pytest.approx([18 / 9, 151 / 10, 374 / 11, 359 / 10])
    assert len(blots) == 15
    for words in (
        r"raw values are in the block 'values', which begins at .*author.xlsx:Sheet2!A1",
        r"'normalized to ERK' is the raw one .*by Coomassie staining: it is mislabelled",
        r"'normalized to ERK', S6KpT389, replicate BF, is a copy of S6KpT229; .*raw values",
        r"divided by Coomassie staining",
        r"left out, since no antibody .*: S6KpT229",
        r"not measured are left out: AktpT308 \(1\)",
    ):
        assert said(blots, words), words


def test_an_honest_workbook_raises_no_doubt(tmp_path: Path) -> None:
    path = written(tmp_path / "author.xlsx", S=stacked(title="normalized to Coomassie", copy=False))
    assert read(path).doubts == ()
    assert said(read(path, loading="GAPDH"), "divided by GAPDH")
    assert set(read(path, loading="none").table["loading_control"]) == {1.0}
    with pytest.raises(TableError, match=r"no loading control 'GAPHD'; did you mean 'GAPDH'"):
        read(path, loading="GAPHD")


def test_stacked_blocks_without_raw_values_and_with_other_labels(tmp_path: Path) -> None:
    rows = stacked(copy=False)
    path = written(tmp_path / "author.xlsx", S=rows[7:13])
    assert said(read(path, loading="none"), "there are no raw values")
    for row in rows[2:6]:
        row[0] = str(row[0]).replace("minutes ", "")
    path = written(tmp_path / "author.xlsx", S=rows)
    with pytest.raises(TableError, match=r"author.xlsx:S!B3: .*these lanes are: MCF-7 0 ins \+ aa"):
        read(path)
    rows[4][1] = "strong"
    with pytest.raises(TableError, match=r"author.xlsx:S!B5: 'strong' is not a number"):
        read(written(tmp_path / "author.xlsx", S=rows))


def test_labels_on_the_first_row_of_a_group(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["grey values", None, "S6K pT389", None],
        [None, None, "A", "B"],
        ["insulin", "0 min", 10, 12],
        [None, "15 min", 50, 55],
        ["rapamycin", "15 min", 5, 6],
    ]
    blots = read(written(tmp_path / "author.xlsx", S=rows))
    assert list(blots.table["condition"].iloc[:3]) == ["insulin", "insulin", "rapamycin"]
    assert list(blots.table["time"].iloc[:3]) == [0, 15, 15]


def test_one_sheet_an_antibody(tmp_path: Path) -> None:
    def sheet(name: str, factor: float) -> list[list[object]]:
        head: list[object] = ["lane", name, "GAPDH", name, "GAPDH"]
        return [head, *([f"ins {t} min", factor * (t + 2), 2.0, factor * (t + 3), 3.0] for t in (0, 15, 30))]

    path = written(tmp_path / "pairs.xlsx", **{"p-Akt S473": sheet("signal", 2), "S6": sheet("S6K pT389", 3)})
    blots = read(path)
    assert blots.targets == ("Akt_pS473", "S6K_pT389")
    assert values(blots, "Akt_pS473") == pytest.approx([2, 2, 17, 12, 32, 22])
    assert list(blots.table["blot"].unique()) == ["1", "2"]


@real
def test_the_breast_cancer_workbook() -> None:
    folder = SHARED / "breast_cancer_blots"
    blots = read(folder / "raw_xlsx" / "zr75_data.xlsx")
    assert len(blots) == 14 * 4 * 12 - 12
    for words in (
        "'normalized to ERK' is .*by Coomassie staining: it is mislabelled",
        "S6KpT389, replicate BF, is a copy of S6KpT229",
        r"not measured are left out: AktpT308 \(12\)",
        "Akt_pS473, lane MCF-7 0 minutes ins \\+ aa of blot BG .* times lower",
        "have the same signal 249624516",
    ):
        assert said(blots, words), words
    # what the authors would have published, had they not copied the column
    table = blots.table[(blots.table["blot"] == "BF") & (blots.table["target"] == "S6K_pT389")]
    table = table.set_index(["condition", "time"])
    signal, loading = table["signal"], table["loading_control"]
    recomputed = (signal / signal.mean()) / (loading / loading.mean())
    for row in pd.read_csv(folder / "S6KpT389_BF_correction.csv").itertuples():
        mine = recomputed[f"{row.cell_line} ins + aa", float(str(row.time_min))]
        assert mine == pytest.approx(row.recomputed_from_raw, rel=1e-9)


@real
def test_the_other_breast_cancer_workbook() -> None:
    assert read(SHARED / "breast_cancer_blots" / "raw_xlsx" / "t47d_data.xlsx").doubts == ()
