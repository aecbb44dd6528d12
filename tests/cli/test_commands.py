"""What the commands print and write."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import mtorkin as mk
from mtorkin._resources import blots_dir
from mtorkin.cli import output, treatments, words
from mtorkin.cli.claims import tally
from mtorkin.drugs import dose_in_blood
from mtorkin.errors import DeclarationError
from mtorkin.export import sbml_string
from tests.cli.conftest import Run

SHORT = ("simulate", "rapamycin-short", "--points", "13")
BLOTS = blots_dir() / "breast_cancer_blots.csv"


@pytest.mark.parametrize(
    "verb",
    [("simulate",), ("claims",), ("fit",), ("show",), ("check",), ("export", "sbml"), ("export", "antimony")],
)
def test_every_verb_has_help_with_examples(verb: tuple[str, ...], run: Run) -> None:
    done = run(*verb, "--help")
    assert done.code == 0
    assert f"mtorkin {' '.join(verb)} " in done.out.split("Examples:")[1]


def test_simulate_writes_table_figure_and_settings(run: Run, folder: Path) -> None:
    done = run(*SHORT, "--scale", "Rictor=0.5", "--out", folder)
    assert done.code == 0, done.err
    assert "S6K_pT389" in done.out
    names = {path.name for path in folder.iterdir()}
    assert names == {f"rapamycin-short.{end}" for end in ("csv", "png", "json")}
    table = pd.read_csv(folder / "rapamycin-short.csv", index_col="time_min")
    assert table.index[0] == 0 and table.index[-1] == 60
    assert table["S6K_pT389"].iloc[-1] < 0.15 * table["S6K_pT389"].iloc[0]
    settings = json.loads((folder / "rapamycin-short.json").read_text())
    assert settings["scale"] == ["Rictor=0.5"]
    assert settings["periods"][1] == {"start": 0.0, "inputs": {"rapamycin": 100.0}}
    assert (folder / "rapamycin-short.png").read_bytes()[:4] == b"\x89PNG"


def test_simulate_in_json_has_what_was_asked_for(run: Run) -> None:
    periods = ("--period", "steady insulin=0.1", "--period", "0 insulin=100")
    done = run(
        "simulate",
        *periods,
        "--every",
        "5",
        "--until",
        "10min",
        "--observables",
        "Akt_pS473,IRS_pY",
        "--json",
    )
    record = json.loads(done.out)
    assert record["times"] == [0, 5, 10]
    assert list(record["observables"]) == ["Akt_pS473", "IRS_pY"]
    first, *_, last = record["observables"]["Akt_pS473"]
    assert last > 2 * first
    assert record["periods"][0] == {"start": "until steady", "inputs": {"insulin": 0.1}}


def test_simulate_takes_a_condition_and_part_of_the_time(run: Run) -> None:
    conditions = BLOTS.with_name("breast_cancer_conditions.csv")
    name = "MCF7_starved_insulin_aa"
    done = run(
        "simulate",
        name,
        "--conditions",
        conditions,
        "--from",
        "10",
        "--until",
        "20",
        "--every",
        "5",
        "--json",
    )
    assert json.loads(done.out)["times"] == [10, 15, 20]


def test_simulate_takes_an_overlay(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("parameterId\tnominalValue\tunit\nS6K_abundance\t0\tnM\n")
    done = run(*SHORT, "--overlay", path, "--observables", "S6K_total", "--json")
    assert max(json.loads(done.out)["observables"]["S6K_total"]) == pytest.approx(0, abs=1e-9)


def test_without_a_verb_there_is_help(run: Run) -> None:
    done = run()
    assert done.code == 2
    assert "simulate" in done.out + done.err and "Usage" in done.out + done.err


def test_check_sums_up_blots(run: Run) -> None:
    done = run("check", BLOTS)
    assert done.code == 0, done.err
    assert "600 lanes, 4 blots, 13 antibodies" in done.out
    assert "at rest with amino_acids 0.1, insulin 0.02; 0: amino_acids 1, insulin 100" in done.out
    record = json.loads(run("check", "breast_cancer_blots.csv", "--json").out)
    assert (record["kind"], record["file"]) == ("blots", "breast_cancer_blots.csv")


def test_check_sums_up_an_overlay(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("# mine\nparameterId\tnominalValue\nkoff_mTORC2\t5000\n")
    done = run("check", path)
    assert done.code == 0, done.err
    assert "outside its bounds" in done.out
    assert "no unit column: values are taken in the model's units" in done.out


def test_what_is_odd_is_noted_on_standard_error(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("parameterId\tnominalValue\nkoff_mTORC2\t0.0014\n")
    done = run("show", "koff_mTORC2", "--overlay", path, "--set", "kon_mTORC2=1e99", "--json")
    assert done.code == 0
    assert json.loads(done.out)[0]["name"] == "koff_mTORC2"
    first, second = done.err.splitlines()
    assert first == "note: mine.tsv: no unit column: values are taken in the model's units"
    assert second.startswith("note: kon_mTORC2 = 1e+99 lies outside its bounds ")


@pytest.mark.parametrize(("format", "suffix"), [("sbml", "xml"), ("antimony", "ant")])
def test_export_takes_a_file_or_a_folder(format: str, suffix: str, run: Run, tmp_path: Path) -> None:
    assert run("export", format, "--out", tmp_path / f"mine.{suffix}").code == 0
    assert run("export", format, "--out", tmp_path / "folder").code == 0
    printed = run("export", format).out
    assert (tmp_path / f"mine.{suffix}").read_text() == printed
    assert (tmp_path / "folder" / f"mtorkin.{suffix}").read_text() == printed


def test_claims_exit_with_1_where_one_fails(run: Run, folder: Path) -> None:
    good = run("claims", "--ids", "B1", "--out", folder)
    assert good.code == 0, good.out
    assert "\n1 claim holds; 1 of 1 criteria met\n" in good.out
    assert [path.name for path in folder.iterdir()] == ["claims.csv"]
    bad = run("claims", "--ids", "B1", "--mutate", "S2035T", "--failed")
    assert bad.code == 1
    assert "FAILS" in bad.out
    assert "0 claims hold, 1 fails; 0 of 1 criteria met" in bad.out


def test_the_tally_counts_what_cannot_be_tested_apart() -> None:
    status = {"A1": ["passed"], "A2": ["passed", "pending"], "A3": ["failed", "passed"], "A4": ["pending"]}
    table = pd.DataFrame([{"id": id, "status": s} for id, some in status.items() for s in some])
    assert tally(table) == (
        "1 claim holds, 1 holds as far as they can be tested, 1 cannot be tested here, 1 fails; "
        "3 of 4 criteria met, 2 pending"
    )


@pytest.mark.parametrize(
    ("text", "value"), [("90", 90), ("90min", 90), ("1.5h", 90), ("2 d", 2880), ("30s", 0.5)]
)
def test_times(text: str, value: float) -> None:
    assert words.minutes(text, "--until") == pytest.approx(value)


def test_doses_in_other_units_and_repeated() -> None:
    patient = "1h everolimus_oral_human=10mg every=24h times=2"
    protocol = treatments.make_protocol(["0 rapamycin=0.1uM", patient])
    assert [p.start for p in protocol.periods[1:]] == [0, 60, 1500]
    assert dict(protocol.periods[1].inputs) == {"rapamycin": pytest.approx(100)}
    ten_mg = dose_in_blood("everolimus_oral_human", mg=10)
    assert [dict(p.inputs) for p in protocol.periods[2:]] == 2 * [{"everolimus_oral_human": ten_mg}]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0 amino_acids=1nM", "is relative"),
        ("0 rapamycin=1mg", "given to cells, in nM"),
        ("0 rapamycin=1uMM", "did you mean 'uM'"),
        ("0 everolimus_oral_human=1uM", "given in mg"),
        ("0 rapamycin=1 every=24h", "times=7"),
        ("0 rapamycin=1 every=24h times=1.5", "whole number"),
    ],
)
def test_a_dose_that_cannot_be_is_told(text: str, said: str) -> None:
    with pytest.raises(DeclarationError, match=said):
        treatments.make_protocol([text])


def test_a_period_may_be_steady() -> None:
    assert words.period("steady insulin=0.1") == (None, {"insulin": 0.1})
    with pytest.raises(DeclarationError, match="NAME=NUMBER"):
        words.period("5 insulin")


def test_short_numbers() -> None:
    values = [0, 1234.5, 0.012345, 3.0, 1e-5, 123456, float("nan")]
    assert [output.short(v) for v in values] == ["0", "1234", "0.0123", "3", "1.00e-05", "1.23e+05", "nan"]


def test_staged_files_come_all_or_none(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    with pytest.raises(RuntimeError), output.staged(out) as stage:
        (stage / "x").write_text("half")
        raise RuntimeError
    assert not list(tmp_path.iterdir())
    with output.staged(out) as stage:
        (stage / "x").write_text("whole")
    assert [path.name for path in out.iterdir()] == ["x"]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_sbml_of_an_old_level_says_what_is_lost(run: Run, tmp_path: Path) -> None:
    done = run("export", "sbml", "--level", "2.4", "--out", tmp_path / "old.xml")
    assert done.code == 0, done.err
    assert "has no place for the pictures" in done.err
    assert 'level="2" version="4"' in (tmp_path / "old.xml").read_text(encoding="utf-8")
    assert run("export", "sbml", "--level", "2.3").code == 2


def test_every_sbml_file_or_none(run: Run, tmp_path: Path) -> None:
    asked = ("--context", "MCF7", "--protocol")
    done = run("export", "sbml", "--all", tmp_path / "files", *asked, "insulin")
    assert done.code == 0, done.err
    assert [p.name for p in (tmp_path / "files").iterdir()] == ["mtorkin-MCF7-insulin.xml"]
    assert run("export", "sbml", "--all", tmp_path / "no", *asked, "insuline").code == 2
    assert not (tmp_path / "no").exists()
    assert run("export", "sbml", "--all", tmp_path / "no", "--set", "k_IR_off=1").code == 2


def test_sbml_without_pictures(run: Run, tmp_path: Path) -> None:
    assert run("export", "sbml", "--no-diagram", "--out", tmp_path / "plain.xml").code == 0
    assert (tmp_path / "plain.xml").read_text(encoding="utf-8") == sbml_string(mk.build(), diagram=False)
    every = ("--all", tmp_path / "all", "--context", "PC3", "--protocol", "insulin")
    assert run("export", "sbml", "--no-diagram", *every).code == 0
    (there,) = (tmp_path / "all").iterdir()
    assert "layout:" not in there.read_text(encoding="utf-8")
