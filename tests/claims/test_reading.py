"""Mistakes in files of claims are told with file, claim and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtorkin.build import build
from mtorkin.claims import evaluate, read_claims
from mtorkin.errors import DeclarationError, MtorkinError, TableError
from mtorkin.protocol import Period

GOOD = """
[X1]
statement = "s"
experiment = "e"
runs.KD = { scale = { Raptor = 0.2 } }
runs.drug = { periods = [{ at = 0, rapamycin = 100 }], until = 60 }
criteria = [
  { measure = "percent", readout = "mTORC1", run = "KD", max = 35 },
  { measure = "percent", readout = "mTORC1", run = "drug", max = 95 },
]
"""


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "common.toml").write_text("[fed]\n", encoding="utf-8")
    (tmp_path / "X.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_controls_and_times_have_defaults(tmp_path: Path) -> None:
    (claim,) = read_claims(folder(tmp_path, GOOD))
    at_rest, treated = claim.criteria
    assert (at_rest.of, at_rest.at) == ("fed", (0.0,))
    assert (treated.of, treated.at) == ("start", (60.0,))
    assert claim.group == "X"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[X1]", "[X1", "X.toml is not TOML"),
        ('experiment = "e"', "", "X.toml, X1 lacks 'experiment'"),
        ('statement = "s"', 'statment = "s"', "unknown key 'statment'; did you mean 'statement'"),
        ('measure = "percent"', 'measure = "precent"', "no measure 'precent'; did you mean 'percent'"),
        ('run = "drug"', 'run = "durg"', "no run 'durg'; did you mean 'drug'"),
        (", max = 35", "", "criterion 1 has neither 'min' nor 'max'"),
        ("0.2", "-1", "Raptor is -1"),
        ("0.2", '"low"', "Raptor is 'low'"),
        ("at = 0, ", "", "a period lacks 'at'"),
        ("rapamycin = 100", "rapamycin = -1", "run 'drug'.*rapamycin is -1"),
        (", until = 60", "", "needs 'until'"),
        ("runs.KD", "runs.fed", "that name is taken"),
        ("runs.KD = {", 'runs.KD = { after = "fde", until = 5,', "no run 'fde'; did you mean 'fed'"),
        ('measure = "percent"', 'measure = "points"', "points compares with another run"),
        ('measure = "percent"', 'measure = "correlation"', "correlation needs 'against'"),
        (', run = "drug"', ', run = ["drug", "KD"]', "percent is taken of one run, not of 2"),
        ("runs.drug = {", "runs.drug = { doses = { rapamycin = [0, 1] },", "a dose of rapamycin is 0"),
        ("runs.drug = {", "runs.drug = { doses = { rapamycin = [1] },", "give at least two in a list"),
        ("runs.drug = {", 'runs.drug = { after = "KD", drugs = ["x"],', "it must have the same 'drugs'"),
        ("runs.drug = {", "runs.drug = { repeat = { every = 9 },", "repeat lacks 'times'"),
        ('experiment = "e"', 'experiment = "e"\nrecord = true', "a record is not judged"),
        ('experiment = "e"', 'experiment = "e"\nkind = "C"', "kind is 'C'; it must be one of M, Co, N"),
        (", max = 35", ', max = 35, fails = "a", literal = "b"', "so it has no 'fails'"),
        ("max = 35", 'max = "35"', "max is '35'; it must be a number"),
        ('measure = "percent"', 'measure = "half_time"', "half_time needs a run with 'every'"),
        (', run = "drug"', ', cohort = "x"', "no cohort 'x'"),
        ("criteria", "pending", "unknown key 'measure'"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises((TableError, DeclarationError), match=said):
        read_claims(folder(tmp_path, GOOD.replace(old, new)))


def test_a_claim_is_told_once(tmp_path: Path) -> None:
    place = folder(tmp_path, GOOD)
    (place / "Y.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(TableError, match="there is a claim X1 already"):
        read_claims(place)


def test_nothing_to_test_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="neither criteria nor a reason"):
        read_claims(folder(tmp_path, '[X1]\nstatement = "s"\nexperiment = "e"\n'))


def test_common_runs_are_needed(tmp_path: Path) -> None:
    with pytest.raises(MtorkinError, match=r"common\.toml is missing"):
        read_claims(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Raptor =", "Rpator =", "did you mean 'Raptor'"),
        ('readout = "mTORC1"', 'readout = "mTORC3"', "no observable 'mTORC3'"),
        ("scale = { Raptor = 0.2 }", 'mutate = ["S1262A"]', "did you mean 'S1261A'"),
        ("scale = { Raptor = 0.2 }", "factor = { koff_mTORC3 = 2 }", "koff_mTORC"),
    ],
)
def test_what_the_model_lacks_is_a_failed_row(tmp_path: Path, old: str, new: str, said: str) -> None:
    claims = read_claims(folder(tmp_path, GOOD.replace(old, new)))
    row = evaluate(build(), claims).iloc[0]
    assert row["status"] == "failed"
    assert said in row["reason"]


def test_a_run_can_follow_on_another(tmp_path: Path) -> None:
    text = GOOD.replace("runs.drug", "runs.lost").replace(
        "periods = [{ at = 0, rapamycin = 100 }], until = 60",
        'after = "fed", set = { kon_mTORC1 = 0 }, until = 600',
    )
    text = text.replace('run = "drug"', 'run = "lost"')
    row = evaluate(build(), read_claims(folder(tmp_path, text))).iloc[1]
    assert 0 < row["value"] < 60


SERIES = """
[X1]
statement = "s"
experiment = "e"
runs.PP242.doses = { PP242 = [1, 0.5] }
runs.PP242.periods = [{ at = 0, insulin = 2 }, { at = 9, insulin = 3 }]
runs.PP242.until = 60
runs.weekly.periods = [{ at = 0, drug = 5 }, { at = 60, drug = 0 }]
runs.weekly.repeat = { every = 100, times = 2 }
runs.weekly.until = 200
runs.weekly.every = 50
runs.Rictor_KO = { scale = { Rictor = 0 } }
criteria = [
  { measure = "ec50", readout = "x", run = "PP242", max = 35 },
  { measure = "potency_ratio", readout = "x", run = "PP242", of = "PP242", max = 35 },
  { measure = "correlation", readout = "x", against = "y", run = "weekly", max = 35 },
]
"""


def test_a_series_stands_for_its_runs(tmp_path: Path) -> None:
    (claim,) = read_claims(folder(tmp_path, SERIES))
    names = ("PP242_1", "PP242_0.5")
    assert claim.criteria[0].runs == names
    assert claim.criteria[1].others == names
    assert claim.criteria[1].of_at == 60
    first = claim.runs["PP242_0.5"]
    assert (first.drug, first.dose) == ("PP242", 0.5)
    assert first.treatment.periods == (Period(0, insulin=2, PP242=0.5), Period(9, insulin=3))


def test_a_series_is_not_a_run(tmp_path: Path) -> None:
    text = SERIES.replace('"potency_ratio"', '"percent"').replace('run = "PP242", of', 'run = "weekly", of')
    with pytest.raises(DeclarationError, match="'PP242' is a series of doses; name one of its runs"):
        read_claims(folder(tmp_path, text))
    with pytest.raises(TableError, match="that name is taken"):
        read_claims(folder(tmp_path, SERIES.replace("runs.Rictor_KO", 'runs."PP242_1"')))


def test_periods_are_repeated(tmp_path: Path) -> None:
    (claim,) = read_claims(folder(tmp_path, SERIES))
    assert [p.start for p in claim.runs["weekly"].treatment.periods] == [0, 60, 100, 160]
