from __future__ import annotations

from pathlib import Path

import pytest

from mtorkin import _resources
from mtorkin.errors import MtorkinError

ROOT = Path(__file__).resolve().parents[1]


def test_a_checkout_uses_its_own_folders() -> None:
    assert _resources.parameters_dir() == ROOT / "parameters"
    assert _resources.sbml_dir() == ROOT / "sbml"
    assert _resources.blots_dir() == ROOT / "examples" / "data"


def test_the_packaged_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_resources, "_PACKAGE", tmp_path / "mtorkin")
    for folder in ("mtorkin/_data/parameters", "parameters"):
        (tmp_path / folder).mkdir(parents=True)
    assert _resources.parameters_dir() == tmp_path / "mtorkin" / "_data" / "parameters"


def test_a_broken_install_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_resources, "_PACKAGE", tmp_path / "mtorkin")
    with pytest.raises(MtorkinError, match="'blots' that comes with mtorkin is missing"):
        _resources.blots_dir()
