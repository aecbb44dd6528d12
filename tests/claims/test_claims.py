"""What the literature says, against the model: one test a claim."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from mtorkin.build import build
from mtorkin.claims import Claim, read_claims, run_claims
from mtorkin.claims.report import to_markdown
from mtorkin.claims.running import COLUMNS
from mtorkin.errors import DeclarationError

CLAIMS = read_claims()
ROOT = Path(__file__).resolve().parents[2]
# thresholds, written down before the statements; those of group I came with the contexts, after the
# signatures that the specification gives them
AGREED = Path(__file__).with_name("agreed.tsv")
OURS = "NT"  # groups of statements beyond the agreed ones
# thresholds that the data state in another unit, or that are conditions of the experiment
RESTATED = {
    ("A1", 5.0): (0.05,),
    ("A1", 35.0): (0.35,),
    ("A14", 5.0): (95.0, 105.0),
    ("A19", 20.0): (80.0,),
    ("A19", 50.0): (50.0,),
    ("A21", 24.0): (1440.0,),
    ("B8", 3.0): (180.0,),
    ("B8", 12.0): (720.0,),
    ("B9", 100.0): (),
    ("E2", 80.0): (),  # desirable
    ("F6", 0.5): (30.0,),
    ("H4", 25.0): (5.0, 50.0),  # the fall itself is `to`
    ("F6", 6.0): (360.0,),
}

# what the texts call the readouts
READOUTS = {
    "pS6K": "S6K_pT389",
    "C1": "mTORC1",
    "C2": "mTORC2",
    "lysosomal C1": "mTORC1_lysosomal",
    "S473": "Akt_pS473",
    "T308": "Akt_pT308",
    "p37": "FourEBP1_pT37_46",
    "p65": "FourEBP1_pS65",
    "S2481(C1)": "mTOR_pS2481_in_mTORC1",
    "S2481(C2)": "mTOR_pS2481_in_mTORC2",
    "SGK": "SGK1_pS422",
    "mTOR": "mTOR_total",
    "pIRS": "IRS_pY",
    "pAMPK": "AMPK_pT172",
    "T1462": "TSC2_pT1462",
    "pGSK3": "GSK3_pS9",
    "FOXO-nuclear": "FOXO_nuclear",
}
IN_EACH_IP = ("D12", "D15", "D16")  # here C1 and C2 are the IPs of another readout


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_claim_holds_but_for_what_is_listed(claim: Claim, table: pd.DataFrame) -> None:
    rows = table[table["id"] == claim.id].to_dict("records")[: len(claim.criteria)]
    wrong = []
    for c, row in zip(claim.criteria, rows, strict=True):
        meant = (
            "record" if claim.kind == "N" else "literal" if c.literal else "failed" if c.fails else "passed"
        )
        if row["status"] == "passed" and c.fails:
            wrong.append(f"met, though listed as failing: {row['criterion']}; drop its `fails`")
        elif row["status"] != ("record" if claim.kind == "N" else meant):
            wrong.append(f"{row['criterion']}, but {row['value']:.4g} {row['reason']}")
    assert not wrong, f"{claim.id}: " + "; ".join(wrong)


def agreed() -> dict[str, dict[str, str]]:
    with AGREED.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file, delimiter="\t")}


def test_all_that_was_agreed_is_there_in_order() -> None:
    assert [claim.id for claim in CLAIMS if claim.id[0] not in OURS] == list(agreed())


def test_pending_parts_are_shown_and_do_not_pass(table: pd.DataFrame) -> None:
    pending = table[table["status"] == "pending"]
    assert set(pending["id"]) == {claim.id for claim in CLAIMS if claim.pending and claim.kind != "N"}
    assert not pending["pass"].any()
    assert (pending["reason"] != "").all()


def agreed_bounds(text: str) -> list[tuple[str, str, float]]:
    """What a text asks for: a readout or "", "low" or "high", and the number."""
    number = r"(\d+(?:\.\d+)?)"
    name = r"((?:lysosomal )?[\w-]+(?:\((?:C1|C2)\))?)?"
    found = [
        (READOUTS.get(who, ""), "high" if sign == "≤" else "low", float(value))
        for who, sign, value in re.findall(rf"{name} ?([≤≥]) ?{number}", text)
    ]
    for who, low, high in re.findall(rf"{name} {number}–{number}", f" {text}"):
        found += [(READOUTS.get(who, ""), side, float(x)) for side, x in (("low", low), ("high", high))]
    return found


def test_essential_ones_and_thresholds_are_those_agreed() -> None:
    wrong = []
    for claim in CLAIMS:
        if claim.id[0] in OURS:
            continue
        row = agreed()[claim.id]
        if claim.essential != (row["essential"] == "E"):
            wrong.append(f"{claim.id} essential")
        judged = [c for c in claim.criteria if not c.literal]
        for readout, side, value in agreed_bounds(row["criterion"]):
            if (claim.id, value) in RESTATED:
                bounds = {bound for c in judged for bound in (c.low, c.high)}
                wrong += [f"{claim.id} {b:g}" for b in RESTATED[claim.id, value] if b not in bounds]
                continue
            of = [c for c in judged if claim.id in IN_EACH_IP or readout in ("", c.readout.id)]
            if value not in {getattr(c, side) for c in of}:
                wrong.append(f"{claim.id} {readout} {side} {value:g}")
    assert not wrong


def test_bounds_are_read_from_texts() -> None:
    said = agreed_bounds("×5: C1 ≤70, S2481(C2) ≥80.5; pS6K 75–130; ≥2×")
    assert said == [
        ("mTORC1", "high", 70),
        ("mTOR_pS2481_in_mTORC2", "low", 80.5),
        ("", "low", 2),
        ("S6K_pT389", "low", 75),
        ("S6K_pT389", "high", 130),
    ]


def test_the_page_of_claims_is_fresh(table: pd.DataFrame) -> None:
    """All but the numbers, which differ a little between machines."""
    number = r"\| -?[\d.e+-]+ \|"
    written = (ROOT / "docs" / "reference" / "claims.md").read_text(encoding="utf-8")
    assert re.sub(number, "", written) == re.sub(number, "", to_markdown(table, "claims")), (
        "run python docs/reference/make_claims.py"
    )


def test_the_table_has_its_columns() -> None:
    table = run_claims(build(), ids=["A10", "D12"])
    assert tuple(table.columns) == COLUMNS
    assert list(dict.fromkeys(table["id"])) == ["A10", "D12"]


def test_part_of_the_claims_gives_what_all_give(table: pd.DataFrame) -> None:
    part = run_claims(build(), ids=["B5"])["value"].tolist()
    assert part == pytest.approx(table[table["id"] == "B5"]["value"].tolist(), rel=1e-3)


def test_an_unknown_claim_is_named_with_the_nearest() -> None:
    with pytest.raises(DeclarationError, match=r"no claim 'B05'; did you mean 'B5'\?"):
        run_claims(build(), ids=["B05"])


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(DeclarationError, match="no engine 'scypi'"):
        run_claims(build(), ids=["A10"], engine="scypi")


def test_what_a_smaller_model_lacks_is_a_failed_row() -> None:
    from mtorkin.mechanisms import ALL

    smaller = build([m for m in ALL if m.name not in ("Torin1",)])
    rows = run_claims(smaller, ids=["D18"])
    assert (rows["status"] == "failed").all()
    assert rows["reason"].str.contains("Torin1").all()


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    run_claims(build(), ids=["A2"], progress=lambda done, all: told.append((done, all)))
    assert told == [(1, 2), (2, 2)]
