"""Drugs at the command line: listed, shown, and added when a treatment names them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run

QUICK = ("--until", "20", "--points", "2", "--observables", "everolimus_in_medium", "--json")


def test_a_treatment_that_names_a_drug_has_it(run: Run) -> None:
    done = run("simulate", "--period", "0 everolimus=20", "--set", "affinity_everolimus=1", *QUICK)
    assert done.code == 0, done.err
    assert json.loads(done.out)["observables"]["everolimus_in_medium"][-1] > 0


def test_an_exported_treatment_too(run: Run) -> None:
    done = run("export", "antimony", "--period", "0 zotarolimus=1")
    assert done.code == 0 and "k_zotarolimus_uptake" in done.out


def test_a_table_of_conditions_may_name_one(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("condition,start,input,value\na,0,ridaforolimus,1\n", encoding="utf-8")
    assert run("check", path).code == 0


def test_drugs_are_listed_and_shown(run: Run) -> None:
    (table,) = json.loads(run("show", "drugs", "--json").out)
    by_name = {row["drug"]: row for row in table["tables"][""]}
    assert by_name["everolimus"]["in the standard model"] == "on request"
    kinds = {card["kind"] for card in json.loads(run("show", "RAD001", "--json").out)}
    assert {"drug", "mechanism", "molecule", "input"} <= kinds
    (card,) = json.loads(run("show", "affinity_everolimus", "--json").out)
    assert card["kind"] == "parameter" and card["table"] == "parameters/drugs.tsv"


def test_a_misspelt_drug_is_told_the_nearest(run: Run) -> None:
    done = run("show", "everolimuss")
    assert done.code == 2 and "did you mean 'everolimus'" in done.err


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ("Afinitor", "everolimus"),
        ("RAD001", "everolimus"),
        ("sirolimus", "rapamycin"),
        ("Rapamycin", "rapamycin"),
        ("everolimuss", "everolimus"),
    ],
)
def test_a_drug_by_another_name_is_told_that_of_the_model(run: Run, given: str, called: str) -> None:
    for words in (("simulate", "--period", f"0 {given}=10"), ("dose-response", given, "--at", "1h")):
        done = run(*words)
        assert done.code == 2 and f"'{called}'" in done.err and "temsirolimus" not in done.err


def test_inputs_on_request_are_named_with_the_others(run: Run) -> None:
    assert "everolimus_oral_human" in run("show", "inputs").out
