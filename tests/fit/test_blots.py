"""Reading blot tables: what is recomputed, what is understood, and every mistake named."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtorkin._resources import blots_dir
from mtorkin.antibodies import ANTIBODIES, observable_of
from mtorkin.errors import TableError
from mtorkin.fit.blot_checks import looks_like_seconds
from mtorkin.fit.blots import read_blots
from mtorkin.fit.conditions import check_inputs, read_conditions
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol

HEADER = "blot,lane,condition,time,target,signal,loading_control,background,saturated"
GOOD = ["g1,1,starved,0,S6K_pT389,120,1,20,", "g1,2,starved,30,S6K_pT389,520,2,20,no"]
CONDITIONS = "condition,start,input,value\nstarved,-inf,insulin,0\nstarved,0,insulin,100\n"


def written(folder: Path, lines: list[str], header: str = HEADER) -> Path:
    """The path of a blot table with these lines, its conditions beside it."""
    path = folder / "my_blots.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    (folder / "my_conditions.csv").write_text(CONDITIONS, encoding="utf-8")
    return path


def test_values_are_recomputed_from_raw(tmp_path: Path) -> None:
    blots = read_blots(written(tmp_path, GOOD))
    assert list(blots.table["value"]) == [100, 250]
    assert blots.notes == ("conditions are those in my_conditions.csv, beside the file",)
    assert blots.conditions["starved"].protocol == Protocol(
        Period(UNTIL_STEADY, insulin=0), Period(0, insulin=100)
    )


def test_cells_that_were_not_treated(tmp_path: Path) -> None:
    lines = [*GOOD, "g1,3,fed,0,S6K_pT389,300,1,20,"]
    path = written(tmp_path, lines)
    table = tmp_path / "my_conditions.csv"
    table.write_text(f"{CONDITIONS}fed,-inf,,\n", encoding="utf-8")
    assert read_blots(path).conditions["fed"].protocol == Protocol(Period(UNTIL_STEADY))
    table.write_text(f"{CONDITIONS}fed,,,\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"my_conditions.csv:4:start: .*not treated, -inf in start"):
        read_blots(path)
    for half in ("fed,0,,", "fed,-inf,,1"):
        table.write_text(f"{CONDITIONS}{half}\n", encoding="utf-8")
        with pytest.raises(TableError, match=r"my_conditions.csv:4:input: is empty"):
            read_blots(path)
    for both in ("fed,-inf,,\nfed,0,insulin,1", "fed,0,insulin,1\nfed,-inf,,"):
        table.write_text(f"{CONDITIONS}{both}\n", encoding="utf-8")
        with pytest.raises(TableError, match=r"my_conditions.csv:[45]:input: .*'fed', but another line"):
            read_blots(path)


def test_conditions_beside_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    full = tmp_path / "my_blots_conditions.csv"
    full.write_text(CONDITIONS, encoding="utf-8")
    assert read_blots(path).notes == ("conditions are those in my_blots_conditions.csv, beside the file",)
    (tmp_path / "my_conditions.csv").unlink()
    assert len(read_blots(path)) == 2
    full.unlink()
    with pytest.raises(
        TableError,
        match=r"my_blots.csv:2:condition: .*no conditions file was found: .*"
        r"my_blots_conditions.csv and my_conditions.csv were looked for",
    ):
        read_blots(path)


def test_an_input_that_the_model_lacks_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "my_conditions.csv"
    path.write_text(CONDITIONS.replace("0,insulin", "0,insuln"), encoding="utf-8")
    found = read_conditions(path)
    with pytest.raises(
        TableError, match=r"my_conditions.csv:3:input: .*sets 'insuln'.*did you mean 'insulin'\?"
    ):
        check_inputs(found, ["insulin", "amino_acids"])
    check_inputs(found, ["insulin", "insuln"])


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("g1,3,starved,60,S6K_pT389,n.d.,1,20,", ":4:signal: 'n.d.' is not a number; leave out"),
        ("g1,3,starved,60,S6K_pT389,nan,1,20,", ":4:signal: 'nan' is not a finite number"),
        ('g1,3,starved,60,S6K_pT389,"52,1",1,20,', ":4:signal: .*write a point"),
        ("g1,3,starved,60,S6K_pT389,-3,1,0,", ":4:signal: -3 is negative"),
        ("g1,3,starved,60,S6K_pT389,,1,0,", ":4:signal: is empty"),
        ("g1,3,starved,60,S6K_pT389,10,1,20,", ":4:signal: 10 is not above the background"),
        ("g1,3,starved,60,S6K_pT389,50,0,20,", ":4:loading_control: is 0"),
        ("g1,3,starved,60,S6K_pT389,50,,20,", ":4:loading_control: given for some lanes"),
        ("g1,3,starved,60,S6K_pT388,50,1,20,", ":4:target: unknown antibody .*'S6K_pT389'"),
        ("g1,3,starvd,60,S6K_pT389,50,1,20,", ":4:condition: unknown .*'starved'"),
        ("g1,2,starved,30,S6K_pT389,50,1,20,", ":4:lane: .* already has S6K_pT389 on line 3"),
        ("g1,2,starved,60,Akt_pS473,50,1,20,", ":4:time: .*30 min on line 3"),
        ("g1,3,starved,-5,S6K_pT389,50,1,20,", ":4:time: -5 is before"),
        ("g1,3,starved,7200,S6K_pT389,50,1,20,", None),
        ("g1,3,starved,60,S6K_pT389,50,1,20,maybe", ":4:saturated: 'maybe' is neither"),
        (",3,starved,60,S6K_pT389,50,1,20,", ":4:blot: is empty"),
        ("g1,3,starved,60,S6K_pT389,50,1,20,,8", ":4: has 10 cells under 9 columns"),
    ],
)
def test_each_mistake_is_named_with_its_place(tmp_path: Path, line: str, what: str | None) -> None:
    path = written(tmp_path, [*GOOD, line])
    if what is None:
        assert len(read_blots(path)) == 3
        return
    with pytest.raises(TableError, match=f"my_blots.csv{what}"):
        read_blots(path)


def test_missing_column_empty_file_and_no_lines(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, HEADER.replace("signal", "signl"))
    with pytest.raises(TableError, match=r"column 'signal' is missing; did you mean 'signl'\?"):
        read_blots(path)
    path = written(tmp_path, [])
    with pytest.raises(TableError, match="a header and no lines"):
        read_blots(path)
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(TableError, match="the file is empty"):
        read_blots(path)
    with pytest.raises(TableError, match="there is no such file"):
        read_blots(tmp_path / "absent.csv")
    path.write_text(f"{HEADER},blot\n", encoding="utf-8")
    with pytest.raises(TableError, match="two columns are called 'blot'"):
        read_blots(path)


def test_seconds_are_refused_or_converted(tmp_path: Path) -> None:
    lines = [f"g1,{t},starved,{t},S6K_pT389,50,1,20," for t in (0, 900, 1800, 3600, 7200)]
    path = written(tmp_path, lines)
    with pytest.raises(TableError, match=r"my_blots.csv:6:time: 7200: .*seconds"):
        read_blots(path)
    path = written(tmp_path, [f"{line},s" for line in lines], f"{HEADER},time_unit")
    assert list(read_blots(path).table["time"]) == [0, 15, 30, 60, 120]


@pytest.mark.parametrize(
    ("times", "seconds"),
    [
        ([0, 15, 30, 60, 120], False),
        ([0, 60, 360, 1440, 2880, 4320], False),
        ([0, 60, 120, 180, 240, 300], False),
        ([0, 300, 900, 1800, 3600], True),
        ([0, 900, 1800, 3600, 5400, 7200], True),
        ([0], False),
    ],
)
def test_looks_like_seconds(times: list[float], seconds: bool) -> None:
    assert looks_like_seconds(times) is seconds


def test_other_ways_of_writing_a_table(tmp_path: Path) -> None:
    expected = list(read_blots(written(tmp_path, GOOD)).table["value"])
    text = "\n".join([HEADER, *GOOD])
    conditions = tmp_path / "my_conditions.csv"
    for name, content in {
        "a.tsv": text.replace(",", "\t").encode(),
        "b.csv": text.replace(",", ";").encode(),
        "c.csv": b"\xef\xbb\xbf" + text.encode(),
        "d.csv": text.replace("\n", "\r").encode(),
        "e.csv": text.replace("\n", "\r\n\r\n").encode(),
        "f.csv": text.encode("utf-16"),
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert list(read_blots(path, conditions).table["value"]) == expected


def test_excel(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for line in [HEADER, *GOOD]:
        book.active.append([float(x) if x.isdigit() else x for x in line.split(",")])
    path = tmp_path / "book.xlsx"
    book.save(path)
    conditions = read_conditions(written(tmp_path, GOOD).with_name("my_conditions.csv"))
    assert list(read_blots(path, conditions).table["value"]) == [100, 250]
    path.write_bytes(b"not a workbook")
    with pytest.raises(TableError, match="cannot be read as XLSX"):
        read_blots(path, conditions)


@pytest.mark.parametrize(
    ("name", "observable"),
    [
        ("PRAS40 pT247", "PRAS40_pT246"),
        ("Pras40-pThr247", "PRAS40_pT246"),
        ("AKT1S1 pS184", "PRAS40_pS183"),
        ("p-Akt (Ser473)", "Akt_pS473"),
        ("PKB pT308", "Akt_pT308"),
        ("S6K1 T412", "S6K_pT389"),
        ("phospho-p70S6K Thr389", "S6K_pT389"),
        ("IRS1pS636/639", "IRS_pS636"),
        ("IRS-1 pS632/635", "IRS_pS636"),
        ("4E-BP1pT36/45", "FourEBP1_pT37_46"),
        ("EIF4EBP1 pT37/46", "FourEBP1_pT37_46"),
        ("FRAP1 pS2448", "mTOR_pS2448"),
        ("MTOR", "mTOR_total"),
        ("DEPDC6", "DEPTOR_total"),
        ("TSC2 pT1466", "TSC2_pT1462"),
        ("Akt", "Akt_total"),
        ("MTOR pS2481 in mTORC2", "mTOR_pS2481_in_mTORC2"),
        ("total 4E-BP1", "FourEBP1_total"),
    ],
)
def test_aliases(name: str, observable: str) -> None:
    found = observable_of(name)
    assert found is not None
    assert found[0] == observable
    assert name in found[1]


def test_observables_are_their_own_name_and_other_sites_have_none() -> None:
    for antibody in ANTIBODIES:
        assert observable_of(antibody.observable) == (antibody.observable, "")
    for unknown in ("IRS1 pS307", "IRS1 pS312", "Erk", "S6K pT229"):
        assert observable_of(unknown) is None


def test_aliases_are_noted(tmp_path: Path) -> None:
    blots = read_blots(written(tmp_path, [line.replace("S6K_pT389", "S6K1 T412") for line in GOOD]))
    assert blots.targets == ("S6K_pT389",)
    note = "'S6K1 T412' (numbering of the longer isoform) is read as S6K_pT389"
    assert note in blots.notes


def test_copied_blocks_are_noted(tmp_path: Path) -> None:
    lines = [
        f"g1,{lane},starved,{10 * lane},{target},{50 + lane},1,20,"
        for target in ("S6K_pT389", "Akt_pS473")
        for lane in range(3)
    ]
    notes = read_blots(written(tmp_path, lines)).notes
    assert any("Akt_pS473 on blot g1 are those of S6K_pT389 on blot g1" in note for note in notes)


def test_select(tmp_path: Path) -> None:
    blots = read_blots(written(tmp_path, [*GOOD, "g2,1,starved,0,Akt_pS473,50,1,20,"]))
    assert blots.select(targets=["PKB pS473"]).targets == ("Akt_pS473",)
    assert len(blots.select(blots=["g1"])) == 2
    with pytest.raises(TableError, match="no target 'S6K_pT388'; did you mean 'S6K_pT389'"):
        blots.select(targets=["S6K_pT388"])
    with pytest.raises(TableError, match="no lane is left"):
        blots.select(targets=["Akt_pS473"], blots=["g1"])


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("c,-inf,insulin", "_conditions.csv:2:value: is empty"),
        ("c,early,insulin,1", ":2:start: 'early' is not a number"),
        ("c,-5,insulin,1", ":2:start: -5 min is before 0; use -inf"),
        ("c,0,insulin,-1", ":2:value: -1 is negative"),
        ("c,0,insulin,1\nc,0,insulin,2", ":3:input: 'insulin' is set twice"),
    ],
)
def test_conditions_are_checked(tmp_path: Path, lines: str, what: str) -> None:
    path = tmp_path / "my_conditions.csv"
    path.write_text(f"condition,start,input,value\n{lines}\n", encoding="utf-8")
    with pytest.raises(TableError, match=what):
        read_conditions(path)


def test_the_bundled_blots_are_complete() -> None:
    blots = read_blots(blots_dir() / "breast_cancer_blots.csv")
    assert blots.cell_lines == ("MCF-7", "ZR-75-1")
    # 13 antibodies, 4 blots, 12 lanes; one blot not determined and one copied, both left out
    assert len(blots) == 13 * 4 * 12 - 2 * 12
    assert not [note for note in blots.notes if "copied" in note]
    sizes = blots.table.groupby(["blot", "target"]).size()
    assert set(sizes) == {12}
    assert ("LT_01_BF", "S6K_pT389") not in sizes.index


def test_a_condition_begins_at_rest_unless_a_line_says_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "conditions.csv"
    path.write_text("condition,cell_line,start,input,value\ndrug,,0,rapamycin,100\n", encoding="utf-8")
    assert read_conditions(path)["drug"].protocol.begins_steady
