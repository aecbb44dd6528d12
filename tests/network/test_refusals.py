"""What `assemble` refuses, and that the message names the rule, the line and the way out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import toy

from mtorkin.errors import DeclarationError
from mtorkin.language import (
    NOTHING,
    Assignment,
    Bind,
    Change,
    Coupling,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    join,
    molecule,
    weight,
)
from mtorkin.language.rule import Rule
from mtorkin.network import assemble

PHOSPHO = ("u", "p")
ligand = molecule("ligand")
A = molecule("A", sites={"at": ("here", "there")}, marks={"S1": PHOSPHO, "S2": PHOSPHO, "L": ("no", ligand)})
B = molecule("B", marks={"T1": PHOSPHO})
AB = join("AB", A, B)
k, kon = Parameter("k", "1/min"), Parameter("kon", "1/(nM*min)")
WHERE = r"test_refusals\.py:\d+: rule '{}' of it "


def refuse(
    *rules: Rule, observables: tuple[Observable, ...] = (), couplings: tuple[Coupling, ...] = ()
) -> str:
    mechanism = Mechanism.of("it", "", rules, couplings=couplings, observables=observables)
    with pytest.raises(DeclarationError) as error:
        assemble([mechanism])
    return str(error.value)


def test_a_missing_partner() -> None:
    text = refuse(Change("AB moves", AB(at="here") >> AB(at="there"), k))
    assert re.match(WHERE.format("AB moves"), text)
    assert "needs AB(at=here), which nothing here makes: is a mechanism missing?" in text


def test_a_missing_mechanism_in_the_toy() -> None:
    with pytest.raises(DeclarationError, match=r"needs mTORC1\(.*\), which nothing here makes"):
        assemble([toy.MEDICINE])


def test_a_value_that_nothing_sets() -> None:
    text = refuse(Change("A comes back", A(at="there") >> A(at="here"), k))
    assert "needs A(at=there), which nothing here makes" in text


def test_a_mark_that_nothing_sets() -> None:
    text = refuse(Change("S1 off", A(S1="p") >> A(S1="u"), k))
    assert "needs A(S1=p), which nothing here makes" in text


def test_a_rate_that_follows_what_nothing_makes() -> None:
    total = AB().total
    text = refuse(
        Change("A moves", A(at="here") >> A(at="there"), k * total / (total + Parameter("K", "nM")))
    )
    assert re.match(WHERE.format("A moves"), text)
    assert "needs AB(), which nothing here makes" in text


def test_a_rule_that_loses_matter() -> None:
    text = refuse(Change("B vanishes", A() + B() >> A(), kon))
    assert re.match(WHERE.format("B vanishes"), text)
    assert text.endswith("loses 1 B: only Make and Remove may")


def test_a_rule_that_makes_matter() -> None:
    text = refuse(Change("B appears", A() >> A() + B(), k))
    assert text.endswith("makes 1 B: only Make and Remove may")


def test_a_rule_that_loses_a_ligand() -> None:
    text = refuse(
        Bind("ligand sits", A(L="no") + ligand() >> A(L=ligand), kon, k),
        Change("ligand vanishes", A(L=ligand) >> A(L="no"), k),
    )
    assert text.endswith("loses 1 ligand: only Make and Remove may")


def test_a_structural_rule_that_depends_on_a_mark() -> None:
    text = refuse(
        Change("S1 on", A(S1="u") >> A(S1="p"), k),
        Change("A moves when marked", A(at="here", S1="p") >> A(at="there"), k),
    )
    assert re.match(WHERE.format("A moves when marked"), text)
    assert "names the mark S1 and changes the pool of A: a structural rate must not depend on a mark" in text
    assert text.endswith("Leave the mark out of the left side, or declare it as a structural site")


def test_two_marks_that_are_not_joint() -> None:
    text = refuse(
        Change("S1 on", A(S1="u") >> A(S1="p"), k),
        Change("S2 on after S1", A(S1="p", S2="u") >> A(S2="p"), k),
    )
    assert re.match(WHERE.format("S2 on after S1"), text)
    assert "names S1, S2 of A together: they are separate ledgers; declare them as joint marks" in text


def test_the_joint_amount_of_marks_that_are_not_joint() -> None:
    both = Observable("both", A(S1="p", S2="p").total, "both sites")
    on = (Change(f"{s} on", A(**{s: "u"}) >> A(**{s: "p"}), k) for s in ("S1", "S2"))
    text = refuse(*on, observables=(both,))
    assert re.match(r"test_refusals\.py:\d+: observable both ", text)
    assert "S1, S2 are separate ledgers, their joint amount is not carried" in text
    assert "Declare them as joint marks, or use a Weight" in text


def test_marks_of_two_reactants() -> None:
    text = refuse(
        Change("T1 on", B(T1="u") >> B(T1="p"), k),
        Change("A takes it over", A(S1="u") + B(T1="p") >> A(S1="p") + B(T1="u"), kon),
    )
    assert "names marks of two reactants; only one molecule may change a mark at a time" in text


def test_a_coupling_on_a_mark() -> None:
    text = refuse(
        Bind("A binds B", A() + B() >> AB(), kon, k),
        couplings=(Coupling(AB(S1="p"), Parameter("alpha", "1")),),
    )
    assert text.startswith("coupling AB(S1=p): S1 are marks; a structural rate must not depend on a mark")


def test_a_weight_of_its_own_molecule_in_a_rule_on_another() -> None:
    own = weight("w", B, "", T1={"p": Parameter("w", "1")}).own
    text = refuse(
        Change("A moves", A(at="here") >> A(at="there"), k * own), Change("T1", B(T1="u") >> B(T1="p"), k)
    )
    assert "own(w) is only known to a rule on B" in text


def test_ids_are_used_once() -> None:
    with pytest.raises(DeclarationError, match="mechanism used twice: kinase"):
        assemble([toy.KINASE, toy.KINASE])
    moves = Change("A moves", A(at="here") >> A(at="there"), k)
    seen = Observable("A__at_here", A().total, "has the id of a species")
    assert refuse(moves, observables=(seen,)) == "id used twice: A__at_here"
    twice = (Observable("x", A().total, ""), Observable("x", A().total, ""))
    assert refuse(moves, observables=twice) == "id used twice: x"


def test_a_parameter_is_declared_once() -> None:
    other = Parameter("k", "1/min", "something else")
    text = refuse(
        Change("A moves", A(at="here") >> A(at="there"), k), Make("B is made", B(), other * B.abundance)
    )
    assert text == "k is declared twice, differently"


def test_two_assignments_of_one_name() -> None:
    one, two = (Assignment("x", "1/min", factor * k) for factor in (1.0, 2.0))
    moves = Change("A moves", A(at="here") >> A(at="there"), one)
    returns = Change("A returns", A(at="there") >> A(at="here"), two)
    network = assemble([Mechanism.of("it", "", [moves, replace(returns, k=one)])])
    assert [a.id for a in network.assignments] == ["x"]
    assert "two assignments are named x, with different formulas" in refuse(
        moves, returns, observables=(Observable("y", two, "", "1/min"),)
    )


def test_make_and_remove_may_change_matter() -> None:
    rules = [Make("B is made", B(), k * B.abundance), Remove("B decays", B() >> NOTHING, k)]
    assert assemble([Mechanism.of("it", "", rules)]).conserved == ()
