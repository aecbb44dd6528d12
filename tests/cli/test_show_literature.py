"""`mtorkin show` of claims, their sources, and protocols."""

from __future__ import annotations

import json

import pytest

from mtorkin.claims.reading import read_claims
from mtorkin.cli import words
from mtorkin.cli.literature_cards import sources
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("asked", "kind", "said"),
    [
        (
            ("claim", "B13"),
            "claim",
            ["Raptor and mTOR", "Tao2010", "mTORC1, rapamycin 1h at 60 min", "55 to 95"],
        ),
        (("b13",), "claim", ["mtorkin claims --ids B13"]),
        (("source", "Tao2010"), "source", ["Biochemistry 2010", "verified: abstract", "B13"]),
        (("protocol", "insulin"), "protocol", ["960 min", "insulin 100", "mtorkin simulate insulin"]),
        (("input", "insulin"), "input", ["insulin in the medium"]),
        (("rapamycin-short",), "protocol", ["rapamycin 100"]),
        (("parameters", "koff_mTORC2"), "parameter", ["koff_mTORC2"]),
    ],
)
def test_by_name(asked: tuple[str, ...], kind: str, said: list[str], run: Run) -> None:
    (card,) = json.loads(run("show", *asked, "--json").out)
    assert card["kind"] == kind
    text = run("show", *asked).out
    for each in said:
        assert each in text


def test_a_source_says_which_numbers_are_from_it(run: Run) -> None:
    from mtorkin.build import build

    table = build().parameters
    key = next(key for key in sources() if (table["source"] == key).sum() > 2)
    (card,) = json.loads(run("show", "source", key, "--json").out)
    ids = {row["parameter"] for row in card["tables"]["Numbers from it"]}
    assert set(table.index[table["source"] == key]) <= ids


def test_lists(run: Run) -> None:
    (found,) = json.loads(run("show", "claims", "--json").out)
    assert [row["claim"] for row in found["tables"][""]] == [claim.id for claim in read_claims()]
    (found,) = json.loads(run("show", "sources", "--json").out)
    assert {row["source"] for row in found["tables"][""]} == set(sources())
    assert run("show", "Sources").out == run("show", "all", "sources").out == run("show", "sources").out


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        ("species", "IR__Y_u", "species"),
        ("reactions", "IRS_is_made", "reaction"),
        ("quantities", "S6K_active", "quantity"),
        ("molecules", "Akt", "molecule"),
    ],
)
def test_a_kind_may_be_in_the_plural(kind: str, name: str, found: str, run: Run) -> None:
    cards = json.loads(run("show", kind, name, "--json").out)
    assert [(card["kind"], card["name"]) for card in cards] == [(found, name)]


def test_a_list_is_of_no_other_kind(run: Run) -> None:
    done = run("show", "drug", "sources")
    assert done.code == 2
    assert "sources is no drug: it is a list; mtorkin show sources" in done.err


def test_another_kind_is_told(run: Run) -> None:
    done = run("show", "drug", "B13")
    assert done.code == 2
    assert "B13 is no drug: it is a claim" in done.err


def test_counts() -> None:
    found = [words.counted(1, "lane"), words.counted(0, "lane"), words.counted(2, "antibody")]
    assert found == ["1 lane", "0 lanes", "2 antibodies"]
    assert words.counted(3, "lane is", "lanes are") == "3 lanes are"
