"""What `mtorkin show` says."""

from __future__ import annotations

import json

import pytest

from mtorkin.build import mechanisms
from mtorkin.protocol import NAMED
from tests.cli.conftest import Run


def test_show_lists_every_mechanism_and_protocol(run: Run) -> None:
    assert all(name in run("show").out for name in mechanisms())
    assert all(name in run("show", "protocols").out for name in NAMED)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("mtorc1", ["mechanism"]),
        ("mTORC1", ["molecule", "observable"]),
        ("koff_mTORC2", ["parameter"]),
        ("rapamycin", ["drug", "mechanism", "molecule", "input", "species"]),
        ("S6K_active", ["quantity"]),
        ("S1261A", ["mutant"]),
        ("s6k_pt389", ["observable"]),
    ],
)
def test_show_finds_by_name(name: str, kinds: list[str], run: Run) -> None:
    cards = json.loads(run("show", name, "--json").out)
    assert [card["kind"] for card in cards] == kinds
    text = run("show", name).out
    assert all(f"({kind})" in text for kind in kinds)


def test_a_mechanism_card_has_prose_rules_and_sources(run: Run) -> None:
    (card,) = json.loads(run("show", "mtorc2", "--json").out)
    assert card["about"].startswith("mTORC2: Rictor")
    tables = {title.split(" (")[0]: rows for title, rows in card["tables"].items()}
    assert {"rule": "Rictor joins mTOR"}.items() <= tables["Rules"][2].items() or any(
        row["rule"] == "Rictor joins mTOR" for row in tables["Rules"]
    )
    row = next(r for r in tables["Parameters"] if r["parameter"] == "koff_mTORC2")
    assert row["unit"] == "1/min" and row["evidence"]


@pytest.mark.parametrize(
    "topic",
    [
        "parameters",
        "observables",
        "inputs",
        "mutants",
        "molecules",
        "species",
        "reactions",
        "quantities",
        "contexts",
    ],
)
def test_show_has_lists(topic: str, run: Run) -> None:
    (card,) = json.loads(run("show", topic, "--json").out)
    assert len(card["tables"][""]) >= 1


def test_an_observable_card_has_its_formula_and_mechanism(run: Run) -> None:
    (card,) = json.loads(run("show", "S6K_pT389", "--json").out)
    assert (card["formula"], card["mechanism"]) == ("S6K(T389=p)", "s6k")


def test_show_tells_drugs_of_one_class_apart(run: Run) -> None:
    text = run("show").out
    assert "Torin1 in the medium: mTOR kinase inhibitor" in text
    assert "`" not in text
    assert run("show", "Torin1").out.count("rapid equilibrium") == 1


def test_show_says_what_is_near(run: Run) -> None:
    done = run("show", "mtorc4")
    assert done.code == 2
    assert "did you mean 'mtorc" in done.err.lower()


def test_show_names_the_rows_of_the_review(run: Run) -> None:
    found = json.loads(run("show", "hypoxia", "--json").out)
    rows = found[0]["tables"]["Mechanisms that the review names"]
    assert [row["no."] for row in rows] == [8, 73]
    assert rows[0]["claims"] == "F5, F6"


def test_a_context_is_shown_with_what_it_differs_in(run: Run) -> None:
    (card,) = json.loads(run("show", "HeLa", "--json").out)
    assert card["kind"] == "context" and "LKB1_abundance" in str(card["tables"])
