"""Ids that a tool would misread are refused where they can still be named."""

from __future__ import annotations

import pytest

from mtorkin.errors import DeclarationError
from mtorkin.sbml.ids import check_ids


@pytest.mark.parametrize(
    ("ids", "sentence"),
    [
        (["4EBP1"], "id '4EBP1' cannot be exported: letters, digits and underscores"),
        (["κ"], "id 'κ' cannot be exported"),
        (["time"], "id 'time' is a word of SBML's formulas or of Antimony"),
        (["Gamma", "Delay"], "id 'Delay' is a word"),
        (["species"], "id 'species' is a word"),
        (["a", "b", "a"], "id 'a' stands for two things"),
    ],
)
def test_refuses(ids: list[str], sentence: str) -> None:
    with pytest.raises(DeclarationError, match=sentence) as caught:
        check_ids(ids, "toy")
    assert str(caught.value).startswith("toy: ")


def test_accepts_what_the_model_uses() -> None:
    check_ids(["Akt_pS473", "_x", "mTORC1__FRB_free", "k1"], "toy")
