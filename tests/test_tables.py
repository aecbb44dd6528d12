"""Reading tables: each defect is an error with file and line, and names what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mtorkin.errors import TableError
from mtorkin.tables import COLUMNS, read_overlay, read_table, read_tables

GOOD = {
    "parameterId": "k",
    "nominalValue": "0.5",
    "lowerBound": "0.1",
    "upperBound": "2",
    "estimate": "true",
    "priorDistribution": "log-normal",
    "priorParameters": "-0.69;0.5",
    "unit": "1/min",
    "evidence": "measured",
    "source": "Kim2002",
    "locator": "Fig. 1",
    "verified": "yes",
    "system": "HEK293",
    "note": "",
}
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a table of a good first row and a second with the given changes; line 3 is the changed one."""

    def written(name: str = "it.tsv", drop: str = "", **changed: str) -> Path:
        columns = [c for c in COLUMNS if c != drop]
        rows = [GOOD, {**GOOD, "parameterId": "k2", **changed}]
        lines = ["\t".join(columns), *("\t".join(row[c] for c in columns) for row in rows)]
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written


def test_a_good_table(write: Write) -> None:
    first, second = read_table(write())
    assert (first.parameterId, first.nominalValue, first.estimate, first.verified) == ("k", 0.5, True, True)
    assert first.priorParameters == (-0.69, 0.5)
    assert (first.where, second.where) == ("it.tsv:2", "it.tsv:3")


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column(write: Write, column: str) -> None:
    with pytest.raises(TableError, match=rf"^it\.tsv:1: column '{column}' is missing; the columns are "):
        read_table(write(drop=column))


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        (
            {"nominalValue": "nan"},
            r"column 'nominalValue' of k2 is 'nan'; it must be a finite number from 0 up",
        ),
        ({"nominalValue": "inf"}, r"column 'nominalValue' of k2 is 'inf'"),
        (
            {"nominalValue": "-1"},
            r"column 'nominalValue' of k2 is '-1'; it must be a finite number from 0 up",
        ),
        ({"nominalValue": "1,5"}, r"column 'nominalValue' of k2 is '1,5'"),
        ({"nominalValue": ""}, r"column 'nominalValue' of k2 is ''"),
        ({"lowerBound": "low"}, r"column 'lowerBound' of k2 is 'low'"),
        ({"nominalValue": "3"}, r"k2 = 3\.0 lies outside its bounds 0\.1\.\.2\.0"),
        ({"lowerBound": "0.7"}, r"k2 = 0\.5 lies outside its bounds 0\.7\.\.2\.0"),
        ({"unit": "uM"}, r"column 'unit' is 'uM'; it must be one of '1', 'nM', 'min'"),
        ({"unit": "1/mn"}, r"column 'unit' is '1/mn'; .*did you mean '1/min'\?"),
        ({"evidence": "guessed"}, r"column 'evidence' is 'guessed'; it must be one of 'measured', 'derived'"),
        ({"evidence": "mesured"}, r"did you mean 'measured'\?"),
        ({"source": ""}, r"k2 is 'measured' but names no source; without one it is 'assumed'"),
        ({"source": "", "evidence": "derived"}, r"k2 is 'derived' but names no source"),
        ({"estimate": "yes"}, r"column 'estimate' is 'yes'; it must be one of 'true', 'false'"),
        ({"verified": "true"}, r"column 'verified' is 'true'; it must be one of 'yes', 'no'"),
        (
            {"priorDistribution": "normal"},
            r"column 'priorDistribution' is 'normal'.*did you mean 'log-normal'\?",
        ),
        ({"priorParameters": "a;b"}, r"column 'priorParameters'"),
        ({"priorParameters": "1"}, r"a log-normal prior needs 'mean;sd'"),
        ({"priorParameters": "1;0"}, r"a log-normal prior needs 'mean;sd'"),
        ({"priorParameters": "nan;1"}, r"prior"),
    ],
    ids=lambda x: "-".join(f"{k}={v}" for k, v in x.items()) if isinstance(x, dict) else "",
)
def test_a_bad_cell(write: Write, changed: dict[str, str], text: str) -> None:
    with pytest.raises(TableError, match=rf"^it\.tsv:3: .*{text}"):
        read_table(write(**changed))


def test_another_number_of_columns(write: Write) -> None:
    path = write()
    good = path.read_text(encoding="utf-8")
    for broken in ("one\tcolumn\ttoo\tfew\n", good.splitlines()[1] + "\tmore\n"):
        path.write_text(good + broken, encoding="utf-8")
        text = r"^it\.tsv:4: has another number of columns than the header \(14\)"
        with pytest.raises(TableError, match=text):
            read_table(path)


def test_spaces_instead_of_tabs(write: Write) -> None:
    path = write()
    path.write_text(path.read_text(encoding="utf-8").replace("\t", " "), encoding="utf-8")
    with pytest.raises(TableError, match=r"column 'parameterId' is missing.*Is the file tab-separated\?"):
        read_table(path)


def test_an_empty_table(tmp_path: Path) -> None:
    path = tmp_path / "it.tsv"
    path.write_text("\t".join(COLUMNS) + "\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"it\.tsv: holds no rows"):
        read_table(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(TableError, match=r"it\.tsv:1: column 'parameterId' is missing"):
        read_table(path)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"absent\.tsv: cannot be read"):
        read_table(tmp_path / "absent.tsv")
    (tmp_path / "binary.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TableError, match=r"binary\.tsv: is not text"):
        read_table(tmp_path / "binary.tsv")


def test_lines_are_counted_with_comments_and_blank_lines(write: Write) -> None:
    path = write()
    header, first, second = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(["# about", header, "", first, "# more", second, "# end"]), encoding="utf-8")
    assert [row.where for row in read_table(path)] == ["it.tsv:4", "it.tsv:6"]
    path.write_text("\n".join(["# about", "# more", "k\tv", first]), encoding="utf-8")
    with pytest.raises(TableError, match=r"^it\.tsv:3: column 'parameterId' is missing"):
        read_table(path)


def test_a_verified_number_names_what_was_read(write: Write) -> None:
    with pytest.raises(TableError, match=r"^it\.tsv:3: k2 is verified but names no source"):
        read_table(write(evidence="assumed", source=""))


def test_a_quotation_mark_is_a_letter(write: Write) -> None:
    rows = read_table(write(note='"half of it', system='a 5" dish'))
    assert (rows[1].note, rows[1].system) == ('"half of it', 'a 5" dish')


def test_a_spreadsheet_may_put_a_mark_before_the_first_column(write: Write) -> None:
    path = write()
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read_table(path)[0].parameterId == "k"


def test_a_folder(write: Write, tmp_path: Path) -> None:
    write("one.tsv", parameterId="k2")
    two = write("two.tsv", parameterId="k3")
    two.write_text("\n".join(x for x in two.read_text().splitlines() if not x.startswith("k\t")))
    table = read_tables(tmp_path)
    assert table.origin == {"k": "one", "k2": "one", "k3": "two"}


def test_a_row_that_is_given_twice(write: Write, tmp_path: Path) -> None:
    write("one.tsv")
    write("two.tsv", parameterId="k3")
    with pytest.raises(TableError, match=r"^two\.tsv:2: k is given twice, first in one\.tsv:2"):
        read_tables(tmp_path)


def test_a_folder_without_tables(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"holds no parameter table \(\*\.tsv\)"):
        read_tables(tmp_path)


def test_overlays(tmp_path: Path) -> None:
    path = tmp_path / "HeLa.tsv"
    path.write_text("parameterId\tnominalValue\tnote\nLKB1_abundance\t0\tnull\n", encoding="utf-8")
    assert read_overlay(path, ["LKB1_abundance", "k"]) == {"LKB1_abundance": 0.0}


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (
            "LKB_abundance\t0\n",
            r"^HeLa\.tsv:2: no parameter 'LKB_abundance'; did you mean 'LKB1_abundance'\?",
        ),
        ("k\t1\nk\t2\n", r"^HeLa\.tsv:3: k is given twice"),
        ("k\t-1\n", r"^HeLa\.tsv:2: column 'nominalValue' of k is '-1'"),
    ],
)
def test_slips_in_overlays(tmp_path: Path, rows: str, text: str) -> None:
    path = tmp_path / "HeLa.tsv"
    path.write_text("parameterId\tnominalValue\n" + rows, encoding="utf-8")
    with pytest.raises(TableError, match=text):
        read_overlay(path, ["LKB1_abundance", "k"])
