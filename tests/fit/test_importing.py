"""Blots in the formats that labs have: what is read, what is asked for, what is said.

The files are made here, in the shape of real ones; the real ones are read where ../shared exists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from mtorkin.antibodies import ANTIBODIES
from mtorkin.errors import TableError
from mtorkin.fit import Blots, read_blots
from mtorkin.fit.blots import blots_of
from mtorkin.fit.importing import Choices, long_table, read_lane_table, read_lanes
from mtorkin.fit.importing.labels import read_label

NAMES = {antibody.observable for antibody in ANTIBODIES}
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
real = pytest.mark.skipif(not SHARED.is_dir(), reason="the real data are not here")


def read(path: Path, lanes: str = "", **choices: object) -> Blots:
    """A file as blots, any condition allowed; `lanes` are the lines of a side table."""
    table = None
    if lanes:
        beside = path.with_name("lanes.csv") if path.parent.name != "data" else path
        beside.write_text(f"lane,condition,time\n{lanes}\n", encoding="utf-8")
        table = read_lane_table(beside)
    cells = read_lanes(path, Choices(lanes=table, **choices), NAMES)  # type: ignore[arg-type]
    return blots_of(cells, NAMES, None)


def said(blots: Blots, pattern: str) -> bool:
    return any(re.search(pattern, note) for note in blots.notes)


def values(blots: Blots, target: str) -> list[float]:
    return [float(value) for value in blots.table.loc[blots.table["target"] == target, "value"]]


ODYSSEY = (
    "Id,Name,Lane Name,MW,% Sat,I.I.(K Counts),Shape Area,Channel,Description,Background,Bkgd Method,\r\n"
)


def odyssey(*bands: tuple[str, str, str, str, str]) -> str:
    """An Odyssey export: (band, lane, saturation, intensity, channel) a row, with its trailing commas."""
    rows = [
        f"{i},{band},{lane},5.0E-E-4,{sat},{intensity},7.2,{channel},,31.5,Average,\r\n"
        for i, (band, lane, sat, intensity, channel) in enumerate(bands)
    ]
    return ODYSSEY + "".join(rows)


BANDS = [
    ("Band 1", "Lane 1", "0", "6.5", "700"),
    ("Band 1", "Lane 1", "0", "80.0", "800"),
    ("Band 1", "Lane 2", "0", "26.0", "700"),
    ("Band 1", "Lane 2", "0", "65.0", "800"),
    ("Band 1", "Lane 3", "4", "99.0", "700"),
    ("Band 1", "Lane 3", "0", "66.0", "800"),
    ("Band 1", "Lane 4", "0", "-0.2", "700"),
    ("Band 1", "Lane 4", "0", "70.0", "800"),
    ("Band 1", "Std 1", "0", "-19.6", "700"),
    ("Background", "-", "0", "0.0", "700"),
]
MAP = {"700": "S6K_pT389", "800": "loading"}
LANES = "Lane 1,control,0\nLane 2,ins,15\nLane 3,ins,30\nLane 4,rapa,30"


def test_odyssey(tmp_path: Path) -> None:
    path = tmp_path / "gel 1.txt"
    path.write_bytes(odyssey(*BANDS).encode())
    blots = read(path, LANES, antibodies=MAP)
    table = blots.table
    assert list(table["blot"].unique()) == ["gel 1"]
    assert list(table["condition"]) == ["control", "ins", "ins", "rapa"]
    assert values(blots, "S6K_pT389")[:3] == pytest.approx([6.5 / 80, 26 / 65, 1.5])
    assert list(table["censored"]) == ["", "", "above", ""]
    assert list(table["below_detection"]) == [False, False, False, True]
    for words in (
        "1 bands of ladder lanes",
        "1 shapes in no lane",
        "taken off the background",
        r"1 bands have saturated pixels",
        "1 lanes are below detection and have no limit",
        "divided by 800",
    ):
        assert said(blots, words), words


@pytest.mark.parametrize(
    ("lanes", "antibodies", "words"),
    [
        ("", {}, r"none of its names is an antibody .*: 700, 800; .*--antibodies '700=S6K_pT389'"),
        (
            "",
            MAP,
            r"gel.txt:2:i.i.\(k counts\): .*which condition and time these lanes are: Lane 1, .*lanes.csv",
        ),
        (LANES.replace("Lane 4", "Lane 5"), MAP, r"lanes.csv has no line for Lane 4; did you mean 'lane"),
        (LANES, {"700": "S6K_pT398"}, r"'700' is said to see 'S6K_pT398', .*did you mean 'S6K_pT389'"),
        (LANES, {"701": "S6K_pT389"}, r"the file has no '701'; did you mean '700'"),
        (LANES + "\nLane 1,ins,5", MAP, r"lanes.csv:6:lane: 'Lane 1' is already on line 2"),
        (LANES.replace(",15", ",soon"), MAP, r"lanes.csv:3:time: 'soon' is not a number"),
    ],
)
def test_odyssey_asks_for_what_it_lacks(
    tmp_path: Path, lanes: str, antibodies: Mapping[str, str], words: str
) -> None:
    path = tmp_path / "gel.txt"
    path.write_bytes(odyssey(*BANDS).encode())
    with pytest.raises(TableError, match=words):
        read(path, lanes, antibodies=antibodies)


def test_odyssey_with_several_bands_in_a_lane(tmp_path: Path) -> None:
    path = tmp_path / "gel.txt"
    path.write_text(odyssey(*BANDS[:8], ("Band 2", "Lane 1", "0", "3", "700")), encoding="utf-8")
    with pytest.raises(TableError, match=r"the file has no '700'; .*it has 700 Band 1, 800, 700 Band 2"):
        read(path, LANES, antibodies=MAP)
    chosen = {"700 Band 1": "S6K_pT389", "800": "loading"}
    assert len(read(path, LANES, antibodies=chosen)) == 4
    lacking = odyssey(*(band for band in BANDS if band[1:] != ("Lane 2", "0", "65.0", "800")))
    path.write_text(lacking, encoding="utf-8")
    with pytest.raises(TableError, match=r"gel.txt:4:.*lane 'Lane 2' of blot 'gel' has no 800"):
        read(path, LANES, antibodies=MAP)


STUDIO = (
    "Image Name,Channel,Name,Signal,Total,Area,Bkgnd.,Type,Protein,Sample\r"
    "a-800.tiff,W,2,367000,567000,5460,36.6,Signal,pS6K,K1\r"
    "a-800.tiff,W,3,123000,296000,5254,32.9,Signal,pS6K,K2\r"
    "a-700.tiff,W,1,50000,96000,5254,32.9,Signal,GAPDH,K1\r"
    "a-700.tiff,W,2,41000,96000,5254,32.9,Signal,GAPDH,K2\r"
    "a-700.tiff,W,9,1,96000,5254,32.9,Background,GAPDH,K2\r"
)


def test_image_studio_with_line_ends_of_an_old_mac(tmp_path: Path) -> None:
    path = tmp_path / "studio.csv"
    path.write_bytes(STUDIO.encode())
    blots = read(path, "K1,control,0\nK2,ins,15", antibodies={"pS6K": "S6K_pT389"})
    assert values(blots, "S6K_pT389") == pytest.approx([367 / 50, 123 / 41])
    assert said(blots, "Signal, not Total")
    assert said(blots, "1 shapes of another type")
    path.write_bytes(
        STUDIO.replace("Sample", "Sample,Treatment,Time (min)").replace(",K1", ",K1,ins,0").encode()
    )
    with pytest.raises(TableError, match=r"studio.csv:3:signal: .*these lanes are: K2"):
        read(path, antibodies={"pS6K": "S6K_pT389"})


def test_midas(tmp_path: Path) -> None:
    path = tmp_path / "wells.csv"
    path.write_text(
        "TR:HepG2:CellLine,TR:IGF1,TR:NOINHIB,TR:PI3Ki,DA:AKT,DA:p70S6,DV:AKT,DV:p70S6\n"
        "1,,1,,0,0,3275,2040\n1,1,1,,30,30,21378.5,4375\n1,100, ,1,30,30,NaN,2100\n",
        encoding="utf-8",
    )
    with pytest.raises(TableError, match=r"none of its names .*AKT, p70S6"):
        read(path)  # AKT without a site may be any phospho-site: never read as Akt_total
    blots = read(path, antibodies={"AKT": "Akt_pS473", "p70S6": "S6K_pT389"})
    assert list(blots.table["condition"].unique()) == [
        "HepG2: untreated",
        "HepG2: IGF1",
        "HepG2: IGF1=100 + PI3Ki",
    ]
    assert len(blots) == 5
    assert said(blots, r"not measured are left out: AKT \(1\)")
    assert said(blots, "no unit of time: minutes")
    path.write_text(path.read_text().replace("DA:AKT", "DA:AKTS"), encoding="utf-8")
    with pytest.raises(TableError, match=r"wells.csv:1:dv:akt: has no column DA:akt"):
        read(path)


PETAB = (
    "observableId\tsimulationConditionId\tmeasurement\ttime\tobservableParameters\n"
    "obs_S6KpT389\tc1\t0.2\t0\ts1\nobs_S6KpT389\tc1\t0.3\t0\ts1\nobs_S6KpT389\tc1\t1.3\t900\ts1\n"
    "obs_S6K\tc1\t1.1\t1800\t\npEGFR\tc1\t1.1\t3600\t\n"
)


@pytest.mark.parametrize("version", [1, 2])
def test_petab(tmp_path: Path, version: int) -> None:
    path = tmp_path / "measurements.tsv"
    text = PETAB if version == 1 else PETAB.replace("simulationConditionId", "experimentId")
    path.write_text(text, encoding="utf-8")
    blots = read(path, time_unit="s")
    assert blots.targets == ("S6K_pT389", "S6K_total")
    assert list(blots.table["time"]) == [0, 0, 15, 30]
    assert list(blots.table["blot"]) == ["measurements s1"] * 3 + ["measurements"]
    assert list(blots.table["replicate"]) == ["1", "2", "1", "1"]
    assert said(blots, "left out, since no antibody is known by these names: pEGFR")
    path.write_text(text.replace("\t1800\t", "\tinf\t"), encoding="utf-8")
    with pytest.raises(TableError, match=r"measurements.tsv:5:measurement: 'inf' is not a finite number"):
        read(path)


def test_petab_in_seconds_is_refused_without_a_unit(tmp_path: Path) -> None:
    path = tmp_path / "measurements.tsv"
    path.write_text(PETAB.replace("pEGFR", "obs_S6K").replace("\ts1", "\t"), encoding="utf-8")
    with pytest.raises(TableError, match=r"3600: these times look like seconds .*--time-unit"):
        read(path)
    with pytest.raises(TableError, match=r"time unit 'sec': unknown; did you mean|time unit 'sec': unknown"):
        read(path, time_unit="sec")


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


def test_a_column_an_antibody(tmp_path: Path) -> None:
    path = tmp_path / "d2d.csv"
    path.write_text(
        "time,nExpID,input_ins,Akt_pS473,Akt_pS473_std,S6K_pT389\n0,1,1,0.2,0.1,0.3\n10,1,1,1.2,0.1,nan\n",
        encoding="utf-8",
    )
    blots = read(path)
    assert list(blots.table["target"]) == ["Akt_pS473", "S6K_pT389", "Akt_pS473"]
    assert list(blots.table["condition"].unique()) == ["nexpid=1 input_ins=1"]
    assert said(blots, "columns akt_ps473_std are not used")


def test_a_line_an_antibody(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(
        "site,cells,0,15s,1m,1h\nAkt pS473,fat,1,1.5,3,2\nS6K pT389,fat,1,n.d.,2,9\n", encoding="utf-8"
    )
    blots = read(path)
    assert list(blots.table["time"]) == [0, 0.25, 1, 60, 0, 1, 60]
    assert list(blots.table["condition"].unique()) == ["fat"]
    path.write_text(path.read_text().replace("fat,1,1.5", "fat,0,0.6"), encoding="utf-8")
    with pytest.raises(TableError, match=r"sites.csv:2:column 3: 0 is not above 0: are these logarithms"):
        read(path)


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("MCF-7 15 minutes ins + aa", ("MCF-7 ins + aa", "15", "min")),
        ("insulin 100 nM, 2 h", ("insulin 100 nM", "2", "h")),
        ("ins 30s", ("ins", "30", "s")),
        ("5' IGF1", ("IGF1", "5", "min")),
        ("15 min", None),
        ("MCF-7", None),
        ("30 min rapa, 15 min ins", None),
        ("HEK 293 15 min ins", None),
        ("ins 15", None),
        ("ins 15m", None),
    ],
)
def test_labels_are_read_in_one_way_or_not_at_all(text: str, read_as: tuple[str, str, str] | None) -> None:
    label = read_label(text)
    assert (label and (label.condition, label.time, label.unit)) == read_as


def test_what_is_written_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "gel.txt"
    path.write_bytes(odyssey(*BANDS).encode())
    (tmp_path / "lanes.csv").write_text(f"lane,condition,time\n{LANES}\n", encoding="utf-8")
    choices = Choices(lanes=read_lane_table(tmp_path / "lanes.csv"), antibodies=MAP)
    cells = read_lanes(path, choices, NAMES)
    before = blots_of(cells, NAMES, None).table.drop(columns="line")
    long = tmp_path / "blots.csv"
    long.write_text(long_table(cells), encoding="utf-8")
    after = blots_of(read_lanes(long, Choices(), NAMES), NAMES, None).table.drop(columns="line")
    assert before.equals(after)


def test_a_long_table_takes_no_side_table(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("blot,lane,condition,time,target,signal\na,1,insulin,0,p-S6K,1\n", encoding="utf-8")
    with pytest.raises(TableError, match="is a long table, which says itself what each lane is"):
        read(path, LANES)
    blots = read_blots(path, antibodies={"p-S6K": "S6K_pT389"})
    assert blots.targets == ("S6K_pT389",)


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


@real
def test_real_exports(tmp_path: Path) -> None:
    for name, bands in (("Akt Quantification", 12), ("Akt Quantification-2", 7)):
        path = tmp_path / f"{name}.txt"
        path.write_bytes((SHARED / "licor_exports" / path.name).read_bytes())
        lanes = "\n".join(f"Lane {i},ins,{5 * i - 10}" for i in range(2, 17))
        blots = read(path, lanes, antibodies={"700": "Akt_pS473", "800": "loading"})
        assert len(blots) == bands
        assert said(blots, "bands of ladder lanes")
    midas = SHARED / "hepatocyte_midas" / "LiverMSB2009__MD-LiverMSB2009.csv"
    assert len(read(midas, antibodies={"AKT": "Akt_pS473"})) == 95
    petab = SHARED / "petab_benchmarks" / "Fujita_SciSignal2010"
    measured = petab / "measurementData_step_Fujita_SciSignal2010.tsv"
    fujita = read(measured, antibodies={"pAkt_tot": "Akt_pS473"}, time_unit="s")
    assert fujita.table["time"].max() == 60
