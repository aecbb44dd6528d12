"""Blots in tables of our own and of others: labels, wide tables, what is written and read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtorkin.errors import TableError
from mtorkin.fit import read_blots
from mtorkin.fit.blots import blots_of
from mtorkin.fit.importing import Choices, long_table, read_lane_table, read_lanes
from mtorkin.fit.importing.labels import read_label

from .importing import BANDS, LANES, MAP, NAMES, odyssey, read, said, values


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
    rows = "".join(f"{5 * i},0.{i + 1},0.{i + 3}7\n" for i in range(5))
    path.write_text("time,Akt_pS473,pErk\n" + rows, encoding="utf-8")
    with pytest.raises(TableError, match=r"d2d.csv:1:perk: is no antibody .*--antibodies perk=TARGET"):
        read(path)
    assert len(read(path, antibodies={"pErk": "ignore"})) == 5
    path.write_text("time,Akt_pS473,GAPDH\n" + rows, encoding="utf-8")
    assert values(read(path), "Akt_pS473")[0] == pytest.approx(0.1 / 0.37)


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


def test_a_long_table_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(
        "blot;lane;treatment;time (h);antibody;signal;normalised;censored\n"
        "a;1;ins;0;p-S6K T389;1,0;control 1;\na;2;ins;0,5;p-S6K T389;<2,5;control 1;\n"
        "a;3;ins;1;p-S6K T389;9,5;control 1;above\n",
        encoding="utf-8",
    )
    before = read(path)
    assert list(before.table["time"]) == [0, 30, 60]
    assert list(before.table["value"]) == [1, 2.5, 9.5]
    assert list(before.table["censored"]) == ["", "below", "above"]
    path.write_text(long_table(read_lanes(path, Choices(), NAMES)), encoding="utf-8")
    assert read(path).table.equals(before.table)


def test_a_long_table_takes_no_side_table(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("blot,lane,condition,time,target,signal\na,1,insulin,0,p-S6K,1\n", encoding="utf-8")
    with pytest.raises(TableError, match="is a long table, which says itself what each lane is"):
        read(path, LANES)
    blots = read_blots(path, antibodies={"p-S6K": "S6K_pT389"})
    assert blots.targets == ("S6K_pT389",)
