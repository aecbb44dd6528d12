"""Fed cells at rest, and what a dose leaves of a readout."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from mtorkin.model import Model
from mtorkin.steady import steady_state

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "make_drugs.py"
Left = Callable[..., float]


@pytest.fixture(scope="session")
def page() -> ModuleType:
    """The script that measures every IC50 for the documentation."""
    spec = importlib.util.spec_from_file_location("make_drugs", PAGE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def left(core: Model, page: ModuleType) -> Left:
    """Share of a readout that a dose leaves after some minutes, in the standard model."""
    rest = steady_state(core).y

    def call(readout: str, minutes: float = 60.0, **dose: float) -> float:
        return float(page.left(core, rest, readout, minutes, **dose))

    return call
