from __future__ import annotations

import pytest

from mtorkin.errors import DeclarationError, MtorkinError, SimulationError, TableError, nearest


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rapamicin", "; did you mean 'rapamycin'?"),
        ("RICTOR", "; did you mean 'Rictor'?"),
        ("xyz", ""),
        ("", ""),
    ],
)
def test_nearest(name: str, said: str) -> None:
    assert nearest(name, ["Rictor", "Raptor", "rapamycin", "insulin"]) == said


def test_nearest_of_nothing() -> None:
    assert nearest("rapamycin", []) == ""


@pytest.mark.parametrize("kind", [DeclarationError, TableError, SimulationError])
def test_one_root(kind: type[Exception]) -> None:
    assert issubclass(kind, MtorkinError)
