"""The file in sbml/ is the model of this checkout, and clean."""

from __future__ import annotations

import importlib.util
import runpy
from itertools import zip_longest
from pathlib import Path

import pytest

import mtorkin as mk
from mtorkin.export.check import sbml_messages
from mtorkin.export.sbml import sbml_string, write_sbml
from mtorkin.export.tools import COPASI, run_sbml

SBML = Path(__file__).resolve().parents[2] / "sbml" / "mtorkin.xml"


def test_it_is_up_to_date() -> None:
    """Byte for byte: initial values are computed to more digits than are written."""
    there, now = SBML.read_text(encoding="utf-8").splitlines(), sbml_string(mk.build()).splitlines()
    apart = [i for i, (a, b) in enumerate(zip_longest(there, now), start=1) if a != b]
    # not the two texts in one assert: pytest would look for their difference for minutes
    assert not apart, f"run `make sbml`: {len(apart)} lines differ, the first is line {apart[0]}"


def test_libsbml_has_nothing_to_say() -> None:
    assert sbml_messages(SBML.read_text(encoding="utf-8")) == ()


@pytest.mark.skipif(
    importlib.util.find_spec("basico") is None,
    reason="COPASI is not installed: pip install -c constraints.txt '.[copasi]'",
)
def test_copasi_opens_it_without_a_message_and_cells_are_at_rest() -> None:
    ids = ["S6K_pT389", "Akt_pS473", "mTORC2"]
    done = run_sbml(COPASI, SBML.read_text(encoding="utf-8"), [1.0, 10000.0], ids)
    assert done.messages == ()
    assert (done.values > 0).all(axis=None)
    assert done.values.iloc[1].to_list() == pytest.approx(done.values.iloc[0].to_list(), rel=1e-8)


def test_writing_is_atomic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model.xml"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr("mtorkin.export.sbml.document", lambda *a, **k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_sbml(mk.build(), path)
    assert [p.name for p in tmp_path.iterdir()] == ["model.xml"]
    assert path.read_text(encoding="utf-8") == "old"


def test_the_page_on_its_quality_is_up_to_date() -> None:
    made = runpy.run_path(str(SBML.parents[1] / "docs/reference/make_sbml_quality.py"))
    page = SBML.with_name("QUALITY.md").read_text(encoding="utf-8")
    assert page == made["page"](), "run python docs/reference/make_sbml_quality.py"
    assert "| no message |" in page
