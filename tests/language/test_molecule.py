"""Molecules, sites and patterns: what may be said, and what a slip is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mtorkin.errors import DeclarationError
from mtorkin.language import Parameter, join, molecule, weight

FKBP = molecule("FKBP")
mTOR = molecule("mTOR", sites={"FRB": ("free", FKBP)}, marks={"S1261": ("u", "p"), "S2481": ("u", "p")})
Raptor = molecule("Raptor", marks={"S792": ("u", "p")})
mTORC1 = join("mTORC1", mTOR, Raptor, sites={"at": ("cytosol", "lysosome")})
w = Parameter("w", "1")


def message(error: pytest.ExceptionInfo[DeclarationError]) -> str:
    return str(error.value)


def test_an_unknown_site_is_told_the_sites_and_the_nearest() -> None:
    with pytest.raises(DeclarationError) as error:
        mTOR(S1216="p")
    assert message(error) == ("mTOR has no site 'S1216'; it has FRB, S1261, S2481; did you mean 'S1261'?")


def test_a_site_of_a_molecule_that_has_none() -> None:
    with pytest.raises(DeclarationError, match="FKBP has no site 'FRB'; it has none"):
        FKBP(FRB="free")


def test_an_unknown_value_is_told_the_values_and_the_nearest() -> None:
    with pytest.raises(DeclarationError) as error:
        mTORC1(at="lysosom")
    assert message(error) == (
        "mTORC1.at cannot be 'lysosom'; it can be cytosol, lysosome; did you mean 'lysosome'?"
    )


def test_a_value_may_be_the_molecule_that_sits_there() -> None:
    assert mTOR(FRB=FKBP) == mTOR(FRB="FKBP") == mTOR(FRB=FKBP())
    with pytest.raises(DeclarationError, match=r"mTOR\.FRB cannot be 'Raptor'; it can be free, FKBP"):
        mTOR(FRB=Raptor)


def test_the_order_of_keywords_does_not_matter() -> None:
    assert mTOR(FRB="free", S1261="p") == mTOR(S1261="p", FRB="free")
    assert str(mTOR(S1261="p", FRB="free")) == "mTOR(FRB=free, S1261=p)"


def test_a_complex_has_the_sites_and_marks_of_its_members() -> None:
    assert [s.name for s in mTORC1.sites] == ["FRB", "at"]
    assert [[s.name for s in g] for g in mTORC1.groups] == [["S1261"], ["S2481"], ["S792"]]
    assert mTORC1.parts == ("mTOR", "Raptor")


def test_a_complex_holds_each_part_once() -> None:
    with pytest.raises(DeclarationError, match="dimer would hold a part twice: mTOR, Raptor, mTOR"):
        join("dimer", mTORC1, mTOR)


def test_a_mark_may_become_a_structural_site_of_the_complex() -> None:
    held = join("held", mTOR, sites={"S1261": ("u", "p")})
    assert "S1261" in {s.name for s in held.sites}
    assert [[s.name for s in g] for g in held.groups] == [["S2481"]]


def test_a_complex_may_drop_sites_it_cannot_have() -> None:
    without = join("without", mTOR, without=("FRB", "S2481"))
    assert [s.name for s in without.all_sites] == ["S1261"]


def test_joint_marks_stay_joint_in_a_complex_unless_declared_anew() -> None:
    pair = molecule("pair", marks={"A": ("u", "p"), "B": ("u", "p")}, joint=[("A", "B")])
    assert [[s.name for s in g] for g in join("c", pair, Raptor).groups] == [["A", "B"], ["S792"]]
    triple = join("t", pair, Raptor, joint=[("A", "B", "S792")])
    assert [[s.name for s in g] for g in triple.groups] == [["A", "B", "S792"]]


def test_joint_marks_must_be_declared() -> None:
    with pytest.raises(DeclarationError, match=r"X: joint marks \['C'\] are not declared"):
        molecule("X", marks={"A": ("u", "p")}, joint=[("A", "C")])


def test_a_name_is_a_site_or_a_mark_not_both() -> None:
    with pytest.raises(DeclarationError, match="X declares A twice"):
        molecule("X", sites={"A": ("u", "p")}, marks={"A": ("u", "p")})


def test_a_weight_knows_the_sites_and_values() -> None:
    with pytest.raises(DeclarationError, match="mTORC1 has no site 'location'"):
        weight("A", mTORC1, "", location={"cytosol": w})
    with pytest.raises(DeclarationError, match=r"mTORC1\.at cannot be 'nucleus'"):
        weight("A", mTORC1, "", at={"nucleus": w})


def test_an_abundance_is_a_parameter_in_nM() -> None:
    assert (mTOR.abundance.id, mTOR.abundance.unit) == ("mTOR_abundance", "nM")


def test_a_mark_is_in_one_joint_group() -> None:
    marks = dict.fromkeys(("A", "B", "C"), ("u", "p"))
    with pytest.raises(DeclarationError, match="X: B is in two joint groups; make them one"):
        molecule("X", marks=marks, joint=[("A", "B"), ("B", "C")])


@pytest.mark.parametrize("values", [(), ("u",), ("u", "u")])
def test_a_site_has_two_or_more_values_each_once(values: tuple[str, ...]) -> None:
    with pytest.raises(DeclarationError, match=r"X\.A needs two or more values, each once"):
        molecule("X", sites={"A": values})


@pytest.mark.parametrize(
    "declare", [lambda: molecule("4EBP1"), lambda: molecule("X", sites={"a b": ("u", "p")})]
)
def test_names_are_parts_of_ids(declare: Callable[[], object]) -> None:
    with pytest.raises(DeclarationError, match="id"):
        declare()
