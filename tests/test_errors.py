from __future__ import annotations

import pytest

from mtorkin.errors import DeclarationError, MtorkinError, SimulationError, TableError, listed, nearest


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


def test_long_lists_are_cut() -> None:
    names = [f"n{i}" for i in range(40)]
    assert listed(names[:3]) == "n0, n1, n2"
    assert listed(names[:14]).count(",") == 13
    assert listed(names) == f"{', '.join(names[:12])} … and 28 more"
