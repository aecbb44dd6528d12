"""More of a modeller's mistakes, each refused where it is made or where the network is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from mtorkin.build import build
from mtorkin.errors import DeclarationError, TableError
from mtorkin.language import (
    NOTHING,
    Bind,
    Change,
    Coupling,
    Input,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    join,
    molecule,
    mutation,
    weight,
)
from mtorkin.language.mechanism import Contribution, Load
from mtorkin.language.rule import Rule
from mtorkin.mechanisms import ALL
from mtorkin.network import assemble

k1, k2, nM = Parameter("k1", "1/min"), Parameter("k2", "1/(nM*min)"), Parameter("c", "nM")
A = molecule("A", marks={"S1": ("u", "p"), "S2": ("u", "p")})
B = molecule("B")
AB = join("AB", A, B)
BIND = Bind("B joins A", A() + B() >> AB(), k2, k1)
MARK = [Change("S1 on", AB(S1="u") >> AB(S1="p"), k1), Change("S2 on", AB(S2="u") >> AB(S2="p"), k1)]


def network(*rules: Rule, **more: object) -> None:
    assemble([Mechanism.of("it", "", rules, **more)])  # type: ignore[arg-type]


def drug(load: str) -> Mechanism:
    return Mechanism.of(
        f"drug_of_{load}", "", [], contributions=[Contribution(Load(load, "1"), 1 * Parameter("f", "1"))]
    )


READER = Mechanism.of(
    "reader", "", [BIND, Change("S1 on", A(S1="u") >> A(S1="p"), k1 / (1 + Load("pocket", "1")))]
)


def test_what_nobody_reads_may_be_left_out() -> None:
    both = Mechanism.of("both", "", [BIND], contributions=drug("pocket").contributions)
    assert len(assemble([both]).parameters) == len(assemble([Mechanism.of("it", "", [BIND])]).parameters)


def test_in_the_whole_model_every_sum_is_read() -> None:
    network = assemble(ALL)
    named = {a.id for a in network.assignments}
    assert {c.load.id for m in ALL for c in m.contributions} <= named


MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "a coupling in nM": (lambda: Coupling(AB(), nM), "it is a number"),
    "a weight in nM": (lambda: weight("W", AB, "", S1={"p": nM}), "it is a number"),
    "a coupling on what nothing makes": (
        lambda: network(
            Make("makes A", A(), Parameter("s", "nM/min")), couplings=[Coupling(AB(), Parameter("f", "1"))]
        ),
        "nothing here makes",
    ),
    "one coupling twice": (
        lambda: network(BIND, couplings=[Coupling(AB(), Parameter("f", "1"))] * 2),
        "used twice",
    ),
    "one rule twice": (lambda: network(BIND, BIND), "used twice"),
    "a rule that changes nothing": (lambda: Change("none", B() >> B(), k1), "changes nothing"),
    "a mutant with a negative factor": (lambda: mutation("M", "", k1=-1.0), "from 0 up"),
    "two mutants of one name": (
        lambda: network(BIND, mutations=[mutation("M", "", k1=0.0), mutation("M", "", k2=0.0)]),
        "used twice",
    ),
    "a drug that changes no rate": (
        lambda: assemble([Mechanism.of("it", "", [BIND]), drug("pocket")]),
        "add to the load pocket, which nothing reads",
    ),
    "a load by a wrong name": (
        lambda: assemble([READER, drug("poket"), drug("pocket")]),
        "add to the load poket.*did you mean 'pocket'",
    ),
    "an unknown compartment": (lambda: molecule("C", compartment="cel"), "did you mean 'cell'"),
    "a parameter that is no id": (lambda: Parameter("k-1", "1/min"), "cannot be an id"),
    "an observable that is no id": (lambda: Observable("a b", B().total, ""), "cannot be an id"),
    "an input below 0": (lambda: Input("x", "nM", -1.0), "0 or more"),
    "an input above its limit": (
        lambda: Input("x", "1", 2.0, at_most=1.0),
        "is 2.0; it is 0 or more, 1 or less",
    ),
    "two molecules of one name": (
        lambda: network(BIND, Remove("B goes", molecule("B", sites={"x": ("1", "2")})() >> NOTHING, k1)),
        "declared differently",
    ),
    "a structural rate that weighs marks": (
        lambda: network(
            BIND,
            *MARK,
            Change(
                "AB falls apart by its marks",
                AB() >> A() + B(),
                k1 * weight("W", AB, "", S1={"p": 2.0}, S2={"p": 3.0}).own,
            ),
        ),
        "must not depend on a mark",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_it_is_refused(mistake: str) -> None:
    make, says = MISTAKES[mistake]
    with pytest.raises(DeclarationError, match=says):
        make()


def test_a_share_is_at_most_one() -> None:
    with pytest.raises(TableError, match="a share, a number from 0 to 1"):
        build().with_values(e_S792=8.5)


def test_a_mutant_without_a_parameter_in_use() -> None:
    changed = mutation("M", "", elsewhere=0.0)
    model = build()
    network_ = assemble([Mechanism.of("it", "", [BIND], mutations=[changed])])

    with pytest.raises(DeclarationError, match="changes nothing here"):
        replace(model, network=network_).mutated("M")
