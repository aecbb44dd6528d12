"""What a row says of a criterion: passed, failed, pending, literal, record."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

from mtorkin.build import build, in_context
from mtorkin.claims import evaluate, read_claims
from mtorkin.claims.report import to_markdown
from mtorkin.cli.claims import tally
from mtorkin.errors import DeclarationError

from .test_reading import folder

TEXT = """
[X1]
statement = "s"
experiment = "e"
verified = ["Foster2010"]
unverified = ["Kim2002"]
criteria = [
  { measure = "percent", readout = "mTORC1", run = "Raptor_KD", max = 35 },
  { measure = "percent", readout = "mTORC1", run = "Raptor_KD", min = 90, literal = "it is wrong" },
  { measure = "percent", readout = "mTORC1", run = "Raptor_KD", max = 35, literal = "it is wrong" },
  { measure = "percent", readout = "mTORC9", run = "Raptor_KD", max = 35, literal = "it is wrong" },
]

[X2]
statement = "s"
experiment = "e"
record = true
criteria = [{ measure = "share_above", readout = "mTORC1", run = ["Raptor_KD", "Rictor_KD"], to = 90 }]
pending = [{ part = "obesity", why = "it is of the organism" }]
"""
COMMON = "[fed]\n[Raptor_KD]\nscale = { Raptor = 0.2 }\n[Rictor_KD]\nscale = { Rictor = 0.2 }\n"


def table_of(tmp_path: Path, text: str) -> pd.DataFrame:
    place = folder(tmp_path, text)
    (place / "common.toml").write_text(COMMON, encoding="utf-8")
    return evaluate(build(), read_claims(place))


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return table_of(tmp_path_factory.mktemp("claims"), TEXT)


def test_a_literal_reading_is_run_and_must_not_hold(rows: pd.DataFrame) -> None:
    assert rows["status"].tolist()[:4] == ["passed", "literal", "failed", "failed"]
    assert rows["reason"][1] == "it is wrong"
    assert "reconsider" in rows["reason"][2]
    assert "no observable 'mTORC9'" in rows["reason"][3]
    assert rows["pass"].tolist() == [True] + 5 * [False]


def test_records_are_reported_and_not_judged(rows: pd.DataFrame) -> None:
    assert rows["status"].tolist()[4:] == ["record", "record"]
    assert rows["value"][4] == 50
    assert rows["kind"].tolist()[3:] == ["M", "N", "N"]


def test_sources_are_told(rows: pd.DataFrame) -> None:
    assert rows["verified"].tolist()[3:5] == ["verified: Foster2010; unverified: Kim2002", ""]
    page = to_markdown(rows)
    assert "*Sources*: verified: Foster2010; unverified: Kim2002." in page
    assert "(record, not judged)" in page
    assert "1 of 3 criteria" in page


def test_the_tally_counts_them_apart(rows: pd.DataFrame) -> None:
    said = "0 claims hold, 1 is recorded only, 1 fails; 1 of 3 criteria met, 1 read otherwise, 2 recorded"
    assert tally(rows) == said


@pytest.fixture
def small_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "contexts").mkdir()
    lines = "parameterId\tnominalValue\nRaptor_abundance\t4\nPTEN_abundance\t0\n"
    (tmp_path / "contexts" / "small.tsv").write_text(lines, encoding="utf-8")
    monkeypatch.setattr(import_module("mtorkin.build"), "parameters_dir", lambda: tmp_path)
    return "small"


def test_a_context_is_laid_over_the_models_values(small_cell: str) -> None:
    model = build().scaled(Rictor=0.5)
    there = in_context(model, small_cell)
    assert there.context == "small"
    assert there.values["Raptor_abundance"] == 4
    assert there.values["Rictor_abundance"] == model.values["Rictor_abundance"]
    assert in_context(model, "generic") is model
    with pytest.raises(DeclarationError, match=r"no context 'smal'; .*did you mean 'small'"):
        in_context(model, "smal")
    with pytest.raises(DeclarationError, match="the model is of context 'small'"):
        in_context(there, "generic")


def test_runs_in_a_context_wait_where_the_model_is_of_another(tmp_path: Path, small_cell: str) -> None:
    text = TEXT.replace('experiment = "e"', 'experiment = "e"\nruns.PC = { context = "small" }', 1)
    place = folder(tmp_path, text.replace('run = "Raptor_KD"', 'run = "PC"', 1))
    (place / "common.toml").write_text(COMMON, encoding="utf-8")
    claims = read_claims(place)[:1]
    assert evaluate(build(), claims)["status"][0] == "passed"
    row = evaluate(replace(build(), context="HeLa"), claims).iloc[0]
    assert (row["status"], row["pass"]) == ("pending", False)
    assert row["reason"] == "it needs cells of its own (small), and the model is of context HeLa"
