"""The list of drugs is the drugs that the mechanisms bring."""

from __future__ import annotations

from pathlib import Path

from mtorkin.drugs import drug_named, drugs
from mtorkin.mechanisms import ALL, ON_REQUEST, pharmacokinetics
from mtorkin.mechanisms import drugs as package
from mtorkin.mechanisms.catalogue import CATALOGUE
from mtorkin.model import Model


def test_every_drug_has_a_row_and_every_row_a_drug() -> None:
    table = drugs()
    standard = {m.name for m in package.STANDARD}
    assert standard <= {m.name for m in ALL}
    added = {m.name for m in (*package.ON_REQUEST, *pharmacokinetics.ON_REQUEST)}
    assert added <= {m.name for m in ON_REQUEST}
    assert set(table.index) == standard | added
    assert set(table.index[table["in_standard_model"]]) == standard
    assert table.index.is_unique


def test_a_drug_is_given_by_its_name(core: Model) -> None:
    table = drugs()
    assert set(table.index[table["in_standard_model"]]) <= set(core.inputs.index)


def test_no_two_drugs_share_a_name() -> None:
    names = [n.lower() for d in CATALOGUE for n in {d.name, *d.also}]
    assert len(names) == len(set(names))
    assert drug_named("rad001").name == "everolimus"
    assert drug_named("NVP-BEZ235").name == "BEZ235"


def test_the_review_is_covered() -> None:
    asked = (
        "rapamycin everolimus temsirolimus ridaforolimus zotarolimus Torin1 PP242 PP30 Ku_0063794 WAY_600 "
        "WYE_687 WYE_354 CC_223 BEZ235 PI_103 wortmannin PI3K_inhibitor Akt_inhibitor S6K_inhibitor"
    )
    assert set(asked.split()) <= set(drugs().index)


def test_the_page_of_drugs_has_them_all() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "drugs.md").read_text("utf-8")
    assert [n for n in drugs().index if f"`{n}`" not in page] == []
