"""The rows of the book point at things that are there."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from mtorkin.book import Row, read_rows, removal, rows_of
from mtorkin.book.rows import stem
from mtorkin.build import build, with_drugs
from mtorkin.claims import read_claims
from mtorkin.cli.topics import molecules
from mtorkin.errors import DeclarationError
from mtorkin.mechanisms import ALL, pharmacokinetics
from mtorkin.mechanisms.drugs import ON_REQUEST
from mtorkin.model import Model

ROOT = Path(__file__).resolve().parents[2]
ROWS = read_rows()
CLAIMS = {claim.id: claim for claim in read_claims()}
SUBJECTS = (pharmacokinetics.RAPAMYCIN_HUMAN, pharmacokinetics.EVEROLIMUS_HUMAN)


@cache
def whole() -> Model:
    """The model with the drugs that are added on request."""
    return with_drugs(build(), *(m.name for m in (*ON_REQUEST, *SUBJECTS)))


@cache
def known() -> dict[str, frozenset[str]]:
    network = whole().network
    return {
        "molecules": frozenset(molecules(whole())),
        "reactions": frozenset(stem(r.id) for r in network.reactions),
        "observables": frozenset(o.id for o in network.observables),
        "inputs": frozenset(whole().inputs.index),
        "quantities": frozenset(
            x
            for group in (
                (a.id for a in network.assignments),
                whole().values,
                (m.name for m in network.mutations),
            )
            for x in group
        ),
        "claims": frozenset(CLAIMS),
    }


def name(row: Row) -> str:
    return f"{row.number}-{row.mechanism[:24]}"


def test_all_are_there_in_the_order_of_the_table_of_models() -> None:
    with (ROOT / "docs/reference/published_models.tsv").open(encoding="utf-8", newline="") as file:
        wanted = [(int(r["number"]), r["mechanism"]) for r in csv.DictReader(file, delimiter="\t")]
    assert [(row.number, row.mechanism) for row in ROWS] == wanted
    assert len(ROWS) == 98


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_pointers_resolve(row: Row) -> None:
    lost = [
        f"{kind}: {id}" for kind, there in known().items() for id in getattr(row, kind) if id not in there
    ]
    lost += [f for f in row.file if not (ROOT / "mtorkin/mechanisms" / f"{f}.py").is_file()]
    lost += [test for test in row.tests if not (ROOT / test).is_file()]
    assert not lost
    assert row.file and row.claims
    assert any((row.molecules, row.reactions, row.observables, row.inputs, row.quantities))
    assert row.how != "lumped" or row.note, "say what stands for what"


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_what_fails_without_it_is_a_claim_that_holds(row: Row) -> None:
    id, _, number = row.fails.partition(".")
    criterion = CLAIMS[id].criteria[int(number) - 1]
    assert not criterion.fails and not criterion.literal and CLAIMS[id].kind != "N"
    taken = removal(row.without)
    assert {id for id, _ in taken.values} <= set(whole().values)
    assert set(taken.never) <= known()["inputs"] | known()["quantities"]
    assert set(taken.dropped) <= {m.name for m in ALL}


@pytest.mark.parametrize("text", ["", "insulin", "k = x", "k = inf", "k=0", "never", "drop a b", "k = 0;"])
def test_a_removal_that_takes_nothing_out_is_refused(text: str) -> None:
    with pytest.raises(DeclarationError, match=r"takes nothing out|no finite number"):
        removal(text)


def test_rows_are_found_by_what_they_point_at() -> None:
    assert [r.number for r in rows_of("k_PIP3")] == [15]
    assert [r.number for r in rows_of("hypoxia")] == [8, 73]
    assert 19 in [r.number for r in rows_of("Akt_phosphorylates_TSC2_T1462__acetyl_u__with__T1462_u")]
    assert rows_of("nothing") == ()
