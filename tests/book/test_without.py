"""Every mechanism is there for a reason: without it, a statement of the literature fails.

Each row of the book is taken out in the smallest way there is, and one criterion is asked; the same
for whole mechanisms, without which the model can often not be assembled.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mtorkin.book import Removal, Row, read_rows, removal
from mtorkin.claims import read_claims
from mtorkin.mechanisms import ALL
from mtorkin.model import Model

from .without import verdict

CLAIMS = {claim.id: claim for claim in read_claims()}
# without these the model is whole, and this criterion fails
LOOSE = {
    "deptor": "A16.1",
    "sites": "D5.1",
    "four_ebp1": "B12.2",
    "mtorc2_substrates": "A20.3",
    "fkbp38": "C10.1",
    "leptin": "F25.1",
    "wnt_gsk3": "F7.1",
    "hypoxia": "F5.1",
    "ros_dna_damage": "F8.1",
    "p53_sestrins": "F17.1",
    "sirt1": "F20.1",
    "gadd34": "F10.1",
    "ard1": "F13.1",
    "readouts": "A21.1",
    "growth_pet": "H2.1",
    "rapamycin": "B1.1",
    "temsirolimus": "G12.2",
    "Torin1": "G1.1",
    "PP242": "G1.5",
    "PP30": "G1.9",
    "Ku_0063794": "G1.13",
    "WAY_600": "G1.17",
    "WYE_687": "G1.21",
    "WYE_354": "G1.25",
    "CC_223": "G1.29",
    "BEZ235": "G4.1",
    "PI_103": "G4.9",
    "S6K_inhibitor": "E1.1",
    "PI3K_inhibitor": "N9.2",
    "Akt_inhibitor": "F18.1",
    "wortmannin": "G5.1",
}


def once() -> Iterator[Row]:
    """Each removal with its criterion once: rows may share them."""
    done = set()
    for row in read_rows():
        if (row.without, row.fails) not in done:
            done.add((row.without, row.fails))
            yield row


@pytest.mark.slow
@pytest.mark.parametrize("row", list(once()), ids=lambda row: f"{row.number}-{row.without[:30]}")
def test_a_claim_fails_without_the_row(row: Row, core: Model) -> None:
    id, _, number = row.fails.partition(".")
    taken = removal(row.without)
    found = verdict(core, CLAIMS[id], int(number), taken)
    assert not found.met, f"{row.fails} is met without {row.mechanism}: {found.said}"
    assert taken.dropped or not found.refusal, found.refusal


@pytest.mark.parametrize("name", [m.name for m in ALL])
def test_no_mechanism_can_be_spared(name: str, core: Model) -> None:
    id, _, number = LOOSE.get(name, "A1.1").partition(".")
    found = verdict(core, CLAIMS[id], int(number), Removal(dropped=(name,)))
    assert not found.met, f"{found.said} without {name}"
    if name not in LOOSE:
        assert "which nothing here makes" in found.refusal, found.refusal
