"""Blots as instruments and other programs export them: Odyssey, Image Studio, MIDAS, PEtab.

The files are made here, in the shape of real ones; the real ones are read where ../shared exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from mtorkin.errors import TableError

from .importing import BANDS, LANES, MAP, SHARED, odyssey, read, real, said, values


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
        "set aside: 1 lane below detection, without a limit",
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
