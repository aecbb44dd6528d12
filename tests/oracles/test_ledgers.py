"""Pools and ledgers against the explicit expansion of the same rules; docs/explanation/ledgers.md."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtorkin.arrays import Array
from mtorkin.entities import Ledger
from tests.oracles import ledgers
from tests.oracles.ledgers import BOUNDS, OTHERS, TRIALS, error
from tests.oracles.scenarios import SCENARIOS, Scenario
from tests.oracles.subnetwork import DYNAMIC, Selection

DOCS = Path(__file__).parents[2] / "docs" / "explanation" / "ledgers.md"
each_trial = pytest.mark.parametrize(
    ("selection", "scenario"), TRIALS, ids=[s.name.split(",")[0] for _, s in TRIALS]
)
# the other sub-network's closed loop is in the docs only, to save time
each_closed = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name.split(",")[0])


def test_the_explicit_network_is_worth_comparing_with() -> None:
    pair = ledgers.closed(DYNAMIC)
    assert 300 <= len(pair.explicit.species) <= 1000
    assert len(pair.ledgers.species) < 200
    mTORC1 = [s for s in pair.explicit.species if s.id.startswith("mTORC1__")]
    told_apart = {site for s in mTORC1 for site, v in s.entity.by_site.items() if v not in "u"}
    assert {"FRB", "at", "PRAS40", "DEPTOR", "mLST8", "S1261", "S2481", "S2448"} <= told_apart


def test_a_ledger_starts_as_its_share_of_the_explicit_network() -> None:
    pair = ledgers.opened(DYNAMIC)
    parts = ledgers.projection(pair)
    assert (parts.sum(axis=1) > 0).all()
    assert len({tuple(row) for row in parts}) == len(pair.ledgers.species)


@each_trial
def test_what_involves_no_product_of_means_is_exact(selection: Selection, scenario: Scenario) -> None:
    network = ledgers.opened(selection).ledgers
    ours, explicit = ledgers.open_states(selection, scenario)
    theirs = explicit @ ledgers.projection(ledgers.opened(selection)).T
    for label, rows in ledgers.exact_rows(network):
        a, b = (states[:, list(rows)].sum(axis=1) for states in (ours, theirs))
        assert np.abs(a - b).max() <= 1e-6 * b.max() + 1e-8, label


@each_trial
def test_no_ledger_is_negative_or_exceeds_its_pool(selection: Selection, scenario: Scenario) -> None:
    network = ledgers.opened(selection).ledgers
    states, _ = ledgers.open_states(selection, scenario)
    assert states.min() > -1e-8
    at = {s.id: i for i, s in enumerate(network.species)}
    groups: dict[tuple[str, int], list[int]] = {}
    for i, s in enumerate(network.species):
        if isinstance(s.entity, Ledger):
            groups.setdefault((s.entity.pool.id, s.entity.group), []).append(i)
    for (pool, _), rows in groups.items():
        assert (states[:, rows].sum(axis=1) <= states[:, at[pool]] + 1e-8).all(), pool


@each_trial
def test_products_of_means_stay_within_their_bounds(selection: Selection, scenario: Scenario) -> None:
    ours, theirs = ledgers.open_runs(selection, scenario)
    assert _beyond(ours, theirs, BOUNDS) == {}


@each_closed
def test_products_of_means_stay_within_their_bounds_with_feedback(scenario: Scenario) -> None:
    ours, theirs = ledgers.closed_runs(DYNAMIC, scenario)
    assert _beyond(ours, theirs, BOUNDS) == {}


@each_closed
def test_feedback_passes_little_of_it_on(scenario: Scenario) -> None:
    ours, theirs = ledgers.closed_runs(DYNAMIC, scenario)
    others = [id for id in ours if id in theirs and not ledgers.follows(id)]
    assert {"S6K_pT389", "Akt_pS473", "FourEBP1_pS65", "mTOR_pS1261", "IRS_total"} <= set(others)
    assert _beyond(ours, theirs, dict.fromkeys(others, OTHERS)) == {}


def _beyond(ours: dict[str, Array], theirs: dict[str, Array], bounds: dict[str, float]) -> dict[str, float]:
    found = {id: error(ours[id], theirs[id]) for id in bounds if id in ours}
    return {id: e for id, e in found.items() if e > bounds[id]}


def test_the_docs_name_every_bound() -> None:
    table = [row.split("|") for row in DOCS.read_text(encoding="utf-8").splitlines() if "|" in row]
    bounds = {row[1].strip(): row[-2].strip() for row in table}
    for id, label in ledgers.LABELS.items():
        assert bounds.get(label) == f"{BOUNDS[id]:g}", f"{label}: run tests/oracles/measure_ledgers.py"
