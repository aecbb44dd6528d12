"""From a lab's export to a table that is checked and drawn, and everything that stops it on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

GEL = (
    "Id,Name,Lane Name,% Sat,I.I.(K Counts),Channel,Bkgd Method,\r\n"
    "1,Band 1,Lane 1,0,6.5,700,Average,\r\n2,Band 1,Lane 1,0,80,800,Average,\r\n"
    "3,Band 1,Lane 2,0,26,700,Average,\r\n4,Band 1,Lane 2,0,65,800,Average,\r\n"
)
LANES = "lane,condition,time\nLane 1,starved ins,0\nLane 2,starved ins,15\n"
CONDITIONS = (
    "condition,cell_line,start,input,value\nstarved ins,,-inf,insulin,0.02\nstarved ins,,0,insulin,100\n"
)


@pytest.fixture
def gel(tmp_path: Path) -> Path:
    path = tmp_path / "gel.txt"
    path.write_bytes(GEL.encode())
    (tmp_path / "lanes.csv").write_text(LANES)
    return path


def test_an_export_becomes_a_table_that_is_checked_and_drawn(gel: Path, run: Run) -> None:
    folder, out = gel.parent, gel.parent / "blots.csv"
    words = ("--antibodies", "700=S6K_pT389", "--antibodies", "800=loading", "--lanes", folder / "lanes.csv")
    done = run("import", gel, *words, "--out", out)
    assert done.code == 0, done.err
    assert "read as a LI-COR Odyssey export" in done.out
    assert out.read_text().splitlines()[1] == "gel,Lane 1,starved ins,0,S6K_pT389,6.5,80"
    asked = run("check", out)
    assert asked.code == 2
    assert "is still to be filled in" in asked.err
    (folder / "blots_conditions.csv").write_text(CONDITIONS)
    strips = folder / "strips.png"
    done = run("check", out, "--out", strips)
    assert done.code == 0, done.err
    assert "2 lanes, 1 blot, 1 antibody, 1 condition; nothing is wrong" in done.out
    assert "at rest with insulin 0.02; 0: insulin 100" in done.out
    assert strips.stat().st_size > 2000
    record = json.loads(
        run("check", gel, *words, "--conditions", folder / "blots_conditions.csv", "--json").out
    )
    assert record["summary"].startswith("a table of blots: 2 lanes")
    again = run("import", gel, *words, "--out", out)
    assert again.code == 2
    assert "is there already" in again.err
    done = run("import", gel, *words, "--out", out, "--force")
    assert done.code == 0
    assert (folder / "blots_conditions.csv").read_text() == CONDITIONS


def test_a_table_of_lanes_is_begun(gel: Path, run: Run) -> None:
    template, out = gel.parent / "mine.csv", gel.parent / "blots.csv"
    done = run("import", gel, "--lanes-template", template, "--out", out)
    assert done.code == 2 and "700, 800" in done.err
    assert f"wrote {template}" in done.out
    assert template.read_text() == "lane,condition,time,replicate\nLane 1,,,\nLane 2,,,\n"
    words = ("--antibodies", "700=S6K_pT389", "--antibodies", "800=loading", "--lanes", template)
    empty = run("import", gel, *words, "--out", out)
    assert empty.code == 2 and "mine.csv:2:condition" in empty.err
    template.write_text(template.read_text().replace("1,,,", "1,ins,0,").replace("2,,,", "2,ins,15,"))
    assert run("import", gel, *words, "--out", out).code == 0
    kept = run("import", gel, *words, "--lanes-template", template, "--out", gel.parent / "x.csv")
    assert kept.code == 2 and "--lanes-template" in kept.err and "for something else" in kept.err
    filled, other = template.read_text(), gel.parent / "y.csv"
    for option in (("--lanes-template", template, "--out", other), ("--out", template)):
        lost = run("import", gel, *words, *option, "--force")
        assert lost.code == 2 and "for something else too" in lost.err
    assert template.read_text() == filled
    done = run("import", gel, *words, "--lanes-template", gel.parent / "more.csv", "--out", other)
    assert done.code == 0 and "more.csv: not written, nothing to fill in" in done.out
    assert not (gel.parent / "more.csv").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            (),
            [
                "2 things are open",
                "(1) a LI-COR Odyssey export, but none",
                "700, 800",
                "--antibodies '700=S6K_pT389'",
                "(2) ",
                "Lane 1, Lane 2",
                "--lanes-template",
            ],
        ),
        (("--antibodies", "700=S6K_pT389"), ["Lane 1, Lane 2", "--lanes lanes.csv"]),
        (("--antibodies", "700"), ["--antibodies '700'", "NAME=TARGET"]),
        (("--antibodies", "700=S6K_pT389", "--antibodies", "700=ignore"), ["'700' is told twice"]),
        (("--antibodies", "700=S6K_pT398"), ["'S6K_pT389'"]),
        (("--time-unit", "sec"), ["'sec'", "s, min, h"]),
        (("--loading", "GAPDH", "--antibodies", "700=S6K_pT389"), ["'GAPDH'", "700, 800"]),
        (("--lanes", "nowhere.csv"), ["nowhere.csv", "no such file"]),
    ],
)
def test_what_is_lacking_is_told_and_nothing_is_written(
    gel: Path, run: Run, words: tuple[str, ...], told: list[str]
) -> None:
    before = sorted(path.name for path in gel.parent.iterdir())
    done = run("import", gel, *words, "--out", gel.parent / "blots.csv")
    assert done.code == 2, done.out
    assert not done.out
    for text in told:
        assert text in done.err
    assert sorted(path.name for path in gel.parent.iterdir()) == before


@pytest.mark.parametrize(
    ("out", "told"),
    [("blots.xlsx", "ends in .csv"), ("gel.txt/blots.csv", "is a file"), (".", "ends in .csv")],
)
def test_import_needs_a_place_to_write(gel: Path, run: Run, out: str, told: str) -> None:
    done = run("import", gel, "--antibodies", "700=S6K_pT389", "--out", gel.parent / out)
    assert done.code == 2
    assert told in done.err


def test_only_blots_are_drawn(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(CONDITIONS)
    done = run("check", path, "--out", tmp_path / "c.png")
    assert done.code == 2
    assert "only blots are drawn" in done.err
    done = run("check", "breast_cancer_blots.csv", "--out", tmp_path / "strips.txt")
    assert done.code == 2
    assert ".png, .pdf, .svg" in done.err
    assert [each.name for each in tmp_path.iterdir()] == ["c.csv"]
