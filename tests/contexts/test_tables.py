"""The tables of contexts: valid overlays, which say something, and say where it is from."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest

from mtorkin.build import GENERIC, build, contexts
from mtorkin.claims import read_claims
from mtorkin.cli import topics
from mtorkin.context_tables import Difference, differences
from mtorkin.errors import DeclarationError

ROOT = Path(__file__).resolve().parents[2]
NAMES = [name for name in contexts() if name != GENERIC]
PAGE = ROOT / "docs" / "reference" / "contexts.md"


@pytest.mark.parametrize("context", NAMES)
def test_every_row_changes_something_and_says_why(context: str) -> None:
    units = {p.id: p.unit for p in build().network.parameters}
    bibliography = (ROOT / "parameters" / "references.bib").read_text(encoding="utf-8")
    assert re.fullmatch(r"[A-Za-z0-9_]+", context)
    wrong = []
    for row in differences(context):
        if row.value == row.generic:
            wrong.append(f"{row.parameter} repeats the generic value")
        if row.unit != units[row.parameter]:
            wrong.append(f"{row.parameter} is in {units[row.parameter]}, not {row.unit}")
        if not row.note or not row.system:
            wrong.append(f"{row.parameter} lacks a note, or the cells")
        if row.source and f"{{{row.source}," not in bibliography:
            wrong.append(f"{row.parameter}: no reference {row.source}")
        if row.verified and not row.source:
            wrong.append(f"{row.parameter} is verified, but names no source")
        factor = re.match(r"x ([\d.]+);", row.note)
        if row.generic and not (factor and _same(row.value / row.generic, float(factor[1]))):
            wrong.append(f"{row.parameter}: its note does not begin with x {row.value / row.generic:.3g}")
    assert not wrong


def _same(a: float, b: float) -> bool:
    return a == pytest.approx(b, rel=5e-3)


def test_values_are_those_of_the_model() -> None:
    model = build(context="HeLa")
    assert {row.parameter: row.value for row in differences("HeLa")} == {
        id: value for id, value in model.values.items() if value != build().values[id]
    }


def test_every_context_has_a_statement_of_its_own() -> None:
    claims = [claim for claim in read_claims() if claim.group == "I_contexts"]
    about = {c for claim in claims for run in claim.runs.values() for c in run.treatment.contexts}
    assert about == set(NAMES)


def test_the_generic_cell_has_no_differences() -> None:
    assert differences(GENERIC) == ()
    with pytest.raises(DeclarationError, match=r"no context 'HeLA'.*did you mean 'HeLa'"):
        differences("HeLA")


def test_a_difference_in_words() -> None:
    assert str(Difference("IR_abundance", 28.0, 40.0, "nM")) == "IR x 0.7"
    assert str(Difference("PI3K_mutant", 0.15, 0.0, "1")) == "PI3K_mutant 0.15"


def test_show_lists_what_differs() -> None:
    rows = {row["context"]: row for row in topics.TOPICS["contexts"](build())}
    assert set(rows) == {GENERIC, *NAMES}
    assert rows["LNCaP"]["differs in"] == "PTEN x 0, FKBP51 x 5, FKBP12 x 0.667"
    json.dumps(list(rows.values()))


def test_the_page_is_fresh() -> None:
    script = PAGE.with_name("make_contexts.py")
    spec = importlib.util.spec_from_file_location("make_contexts", script)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert PAGE.read_text(encoding="utf-8") == module.page(), "run python docs/reference/make_contexts.py"
