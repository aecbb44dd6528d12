"""What is wrong is told in a sentence: exit code 2, no traceback, nothing left behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mtorkin._resources import blots_dir
from tests.cli.conftest import Run

BLOTS = "blot,lane,condition,time,target,signal\n"
LANES = BLOTS + "b1,1,rapamycin-short,0,S6K_pT389,100\nb1,2,rapamycin-short,60,S6K_pT389,10\n"
SHORT = ("simulate", "rapamycin-short", "--points", "3")
# DEPTOR is made and no longer removed, so it grows for ever
DRIFTS = ("--set", "k_DEPTOR_deg=0", "--set", "k_DEPTOR_deg_mTOR=0")

COMMANDS = {
    "protocol": (("simulate", "rapamycin-shrt"), ["rapamycin-shrt", "'rapamycin-short'", "insulin"]),
    "no protocol": (("simulate",), ["rapamycin-short", "--period"]),
    "input": (
        ("simulate", "--period", "0 rapamicin=100"),
        ["rapamicin", "did you mean 'rapamycin'", "Akt_inhibitor", "more", "starts at 0 min"],
    ),
    "negative dose": (("simulate", "--period", "0 rapamycin=-1"), ["rapamycin", "-1"]),
    "infinite dose": (("simulate", "--period", "0 rapamycin=inf"), ["rapamycin=inf", "finite"]),
    "period without time": (("simulate", "--period", "rapamycin=1"), ["--period", "0 rapamycin=100"]),
    "period order": (
        ("simulate", "--period", "30 rapamycin=1", "--period", "10 rapamycin=0"),
        ["10 min", "30 min"],
    ),
    "time": ((*SHORT, "--until", "3weeks"), ["--until", "'3weeks'", "min, h, d"]),
    "time NaN": ((*SHORT, "--until", "nan"), ["--until", "nan"]),
    "span": ((*SHORT, "--from", "2h", "--until", "1h"), ["--until", "later"]),
    "a part of a name": ((*SHORT, "--observables", "pS6K"), ["pS6K", "S6K_pT389", "S6K_total"]),
    "observable": ((*SHORT, "--observables", "S6K_pT398"), ["S6K_pT398", "'S6K_pT389'"]),
    "engine": ((*SHORT, "--engine", "scypi"), ["scypi", "scipy", "roadrunner"]),
    "tolerance": ((*SHORT, "--rtol", "-1"), ["rtol", "-1", "positive"]),
    "parameter": (
        (*SHORT, "--set", "koff_mTORC3=1"),
        ["koff_mTORC3", "'koff_mTORC2'", "mtorkin show parameters"],
    ),
    "parameter NaN": ((*SHORT, "--set", "koff_mTORC2=nan"), ["koff_mTORC2=nan", "finite"]),
    "parameter text": ((*SHORT, "--set", "koff_mTORC2=5nM"), ["koff_mTORC2=5nM", "number"]),
    "parameter comma": ((*SHORT, "--set", "koff_mTORC2=0,5"), ["0,5", "point"]),
    "no value": ((*SHORT, "--set", "koff_mTORC2"), ["--set", "NAME=NUMBER"]),
    "twice": ((*SHORT, "--set", "koff_mTORC2=1", "--set", "koff_mTORC2=2"), ["koff_mTORC2", "twice"]),
    "abundance": ((*SHORT, "--set", "Rictor_abundance=-5"), ["Rictor_abundance", "-5", "from 0 up"]),
    "scale": ((*SHORT, "--scale", "Rictor=-1"), ["Rictor", "-1", "from 0 up"]),
    "scale name": ((*SHORT, "--scale", "Rictr=0.2"), ["Rictr", "'Rictor'"]),
    "mutant": ((*SHORT, "--mutate", "S1261B"), ["S1261B", "'S1261A'"]),
    "mutant twice": ((*SHORT, "--mutate", "S1261A", "--mutate", "S1261A"), ["--mutate", "S1261A", "twice"]),
    "context": ((*SHORT, "--context", "PC33"), ["PC33", "generic"]),
    "cells of a context": ((*SHORT, "--context", "A549"), ["A549", "'LKB1_null'"]),
    "overlay": ((*SHORT, "--overlay", "nowhere.tsv"), ["nowhere.tsv"]),
    "no steady state": ((*SHORT, *DRIFTS), ["no steady state", "drifting", "DEPTOR is", "min"]),
    "export protocol": (("export", "sbml", "--protocol", "insuline"), ["insuline", "'insulin'"]),
    "export parameter": (("export", "antimony", "--set", "x=1"), ["no parameter 'x'"]),
    "claim": (("claims", "--ids", "Z9"), ["Z9"]),
    "free parameter": (
        ("fit", "breast_cancer_blots.csv", "--cell-line", "MCF-7", "--free", "K_insuline"),
        ["--free", "K_insuline", "did you mean 'K_insulin'", "mtorkin show parameters"],
    ),
    "cell line": (
        ("fit", "breast_cancer_blots.csv", "--cell-line", "MCF7"),
        ["MCF7", "'MCF-7'", "ZR-75-1"],
    ),
    "two cell lines": (("fit", "breast_cancer_blots.csv"), ["--cell-line", "MCF-7, ZR-75-1"]),
    "a folder": (("fit", "."), [".: is a folder"]),
    "no fit": (("profile", "nowhere.json"), ["nowhere.json", "is not a saved fit"]),
    "no fit to predict with": (
        ("predict", "nowhere.json", "insulin"),
        ["nowhere.json", "is not a saved fit"],
    ),
    "treatment to predict": (("predict", "nowhere.json", "insuline"), ["insuline", "'insulin'"]),
    "treatment to design with": (
        ("design", "nowhere.json", "--protocols", "insulin"),
        ["nowhere.json", "there is no such file", "mtorkin fit --out"],
    ),
    "noise": (
        ("fit", "breast_cancer_blots.csv", "--cell-line", "MCF-7", "--sigma", "-1"),
        ["--sigma -1", "a positive number", "leave --sigma out"],
    ),
    "a folder for an overlay": ((*SHORT, "--overlay", "."), [".: is a folder", "TSV"]),
    "no PEtab problem": (("petab", "fit.json"), ["fit.json", ".yaml"]),
    "no blots": (("fit", "nowhere.csv"), ["nowhere.csv", "no such file"]),
}


@pytest.mark.parametrize("case", COMMANDS)
def test_is_told(case: str, run: Run, folder: Path) -> None:
    words, told = COMMANDS[case]
    done = run(*words, "--out", folder)
    assert done.code == 2, done.out
    *notes, error = done.err.splitlines()
    assert error.startswith("error: ")
    assert all(note.startswith("note: ") for note in notes)
    assert not done.out
    for text in told:
        assert text in done.err
    assert not folder.exists()
    assert not list(folder.parent.iterdir())


TABLES = {
    "missing column": (
        "b.csv",
        "blot,lane,condition,time,target\nb1,1,insulin,0,S6K_pT389\n",
        ["b.csv:1", "'signal'", "missing"],
    ),
    "misspelt column": ("b.csv", LANES.replace("signal", "sgnal"), ["b.csv:1", "'signal'", "'sgnal'"]),
    "empty file": ("b.csv", "", ["b.csv", "empty"]),
    "no lines": ("b.csv", BLOTS, ["b.csv", "no lines"]),
    "antibody": (
        "b.csv",
        LANES.replace("S6K_pT389,10\n", "S6K_pT398,10\n"),
        ["b.csv:3:target", "S6K_pT398", "'S6K_pT389'"],
    ),
    "condition": ("b.csv", LANES.replace("short,60", "shrt,60"), ["b.csv:3:condition", "'rapamycin-short'"]),
    "signal": ("b.csv", LANES.replace(",10\n", ",NaN\n"), ["b.csv:3:signal", "finite"]),
    "negative signal": ("b.csv", LANES.replace(",10\n", ",-10\n"), ["b.csv:3:signal", "negative"]),
    "time in another unit": (
        "b.csv",
        "time_unit," + LANES.replace("b1", "parsec,b1"),
        ["b.csv:2:time_unit", "parsec", "min"],
    ),
    "parameter unit": (
        "p.tsv",
        "parameterId\tnominalValue\tunit\nkoff_mTORC2\t0.1\t1/s\n",
        ["p.tsv:2", "'1/s'", "'1/min'"],
    ),
    "parameter name": (
        "p.tsv",
        "parameterId\tnominalValue\nkoff_mTORC3\t0.1\n",
        ["p.tsv:2", "'koff_mTORC2'"],
    ),
    "parameter value": (
        "p.tsv",
        "parameterId\tnominalValue\nkoff_mTORC2\t-0.1\n",
        ["p.tsv:2", "nominalValue", "-0.1"],
    ),
    "parameter NaN": ("p.tsv", "parameterId\tnominalValue\nkoff_mTORC2\tnan\n", ["p.tsv:2", "finite"]),
    "parameter column": ("p.tsv", "parameterId\tvalue\nkoff_mTORC2\t0.1\n", ["p.tsv:1", "nominalValue"]),
    "condition input": ("c.csv", "condition,start,input,value\na,0,rapamicin,1\n", ["c.csv", "'rapamycin'"]),
    "condition value": (
        "c.csv",
        "condition,start,input,value\na,0,rapamycin,lots\n",
        ["c.csv:2:value", "lots"],
    ),
    "no table": ("d.csv", "name,age\nmTOR,30\n", ["d.csv:1", "name, age", "blot", "parameterId"]),
}


OTHER_FILES = {
    "an overlay": ("fit.tsv", b"parameterId\tnominalValue\nx\t1\n", "it is an overlay of parameter values"),
    "a report's tables": ("fit.nc", b"CDF\x02\x00\xa5", "it is the tables of a report"),
    "a picture": ("fit.png", b"\x89PNG\r\n", "it is a picture"),
    "profiles": ("profiles.json", b'{"format": 2, "walks": []}', "it holds saved profiles"),
    "a table of profiles": (
        "profiles.csv",
        b"parameterId,value,unit,kind,by_blots,lower\nx,1,nM,one-sided,1,1\n",
        "it is the table of profiles",
    ),
    "a sample": ("posterior.npz", b"PK\x03\x04", "it is a saved sample"),
    "another version": (
        "old.json",
        b'{"format": 1, "starts": {}}',
        "(format 1, this one reads 3); make it anew",
    ),
    "cut short": ("fit.json", b'{"format": 3, "starts": {', "ends too early"),
    "empty": ("fit.json", b"", "the file is empty"),
    "something": ("notes.txt", b"hello", "it is a file of another kind"),
}
PYTHON = ("Errno", "codec", "line 1 column", "Expecting", "KeyError", "pickle", "Traceback")


@pytest.mark.parametrize("case", OTHER_FILES)
@pytest.mark.parametrize("verb", ["profile", "predict", "sample", "design", "report"])
def test_another_file_than_a_fit(case: str, verb: str, run: Run, tmp_path: Path) -> None:
    name, content, told = OTHER_FILES[case]
    path = tmp_path / name
    path.write_bytes(content)
    done = run(verb, path, *(["insulin"] if verb == "predict" else []))
    assert done.code == 2
    assert f"{path}: is not a saved fit: " in done.err and told in done.err
    assert "`mtorkin fit --out FOLDER` writes it as fit.json" in done.err
    assert not any(word in done.err for word in PYTHON)


def test_the_fit_beside_a_wrong_file_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fit.json").write_text("{}")
    (tmp_path / "fit.tsv").write_text("parameterId\tnominalValue\n")
    for given in (tmp_path / "fit.tsv", tmp_path):
        assert f"there is {tmp_path / 'fit.json'}" in run("profile", given).err


@pytest.mark.parametrize("case", TABLES)
def test_check_tells_what_is_wrong_with_a_table(case: str, run: Run, tmp_path: Path) -> None:
    name, text, told = TABLES[case]
    (tmp_path / name).write_text(text)
    done = run("check", tmp_path / name)
    assert done.code == 2, done.out
    assert not done.out
    for text in told:
        assert text in done.err


@pytest.mark.parametrize("case", [c for c, (name, *_) in TABLES.items() if name == "b.csv"])
def test_fit_refuses_what_check_refuses(case: str, run: Run, tmp_path: Path, folder: Path) -> None:
    name, text, _ = TABLES[case]
    (tmp_path / name).write_text(text)
    done = run("fit", tmp_path / name, "--out", folder)
    assert done.code == 2
    assert done.err == run("check", tmp_path / name).err
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_simulate_refuses_an_overlay_in_another_unit(run: Run, tmp_path: Path, folder: Path) -> None:
    name, text, told = TABLES["parameter unit"]
    (tmp_path / name).write_text(text)
    done = run(*SHORT, "--overlay", tmp_path / name, "--out", folder)
    assert done.code == 2
    assert all(text in done.err for text in told)
    assert not folder.exists()


@pytest.mark.parametrize("words", [("simulat",), ("simulate", "--untl", "3"), ("export", "cobra")])
def test_unknown_words_are_bad_input(words: tuple[str, ...], run: Run) -> None:
    done = run(*words)
    assert done.code == 2
    assert words[-1] in done.err or words[-2] in done.err


def test_a_file_is_not_a_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    done = run(*SHORT, "--out", tmp_path / "out" / "deeper")
    assert done.code == 2
    assert "is a file" in done.err
    assert (tmp_path / "out").read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_refused_before_the_work(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    def work(*_: object, **__: object) -> None:
        raise AssertionError("began to work")

    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setattr("mtorkin.cli.options.make_model", work)
    out = tmp_path / "a" / "b"
    for words in (("fit", "breast_cancer_blots.csv", "--cell-line", "MCF-7"), SHORT):
        done = run(*words, "--out", out)
        assert done.code == 2
        assert done.err == f"error: --out {out}: cannot write there (Permission denied)\n"


def test_a_cell_line_of_a_table_without_cell_lines(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(LANES)
    done = run("fit", tmp_path / "b.csv", "--cell-line", "HeLa")
    assert done.code == 2
    assert "has no column cell_line; leave --cell-line out" in done.err


def test_a_failed_picture_leaves_what_was_there(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    (folder / "rapamycin-short.csv").write_text("mine")

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "x.png")

    monkeypatch.setattr("mtorkin.plot.time_course.save", fail)
    done = run(*SHORT, "--out", folder)
    assert done.code == 2
    assert "x.png: No space left" in done.err
    assert (folder / "rapamycin-short.csv").read_text() == "mine"
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("simulate", "insulin", "--scale", "mTORR=0"), "'mTOR'"),
        (("fit", str(blots_dir() / "README.md")), "README.md"),
    ],
)
def test_in_a_process_of_its_own(words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    code = "from mtorkin.cli import main; main()"
    call = [sys.executable, "-W", "error", "-c", code, *words, "--out", "x"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not done.stdout
    assert not list(tmp_path.iterdir())
