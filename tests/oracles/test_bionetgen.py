"""BioNetGen's expansion of a sub-network, stored by ``make oracles``, against ours."""

from __future__ import annotations

import numpy as np
import pytest

from mtorkin.equations import equations
from mtorkin.network import Network, assemble
from tests.oracles.model import STORED, constants, digest, mechanisms, model_text, printer
from tests.oracles.net import Expanded, merged_ours, merged_theirs, our_id, read_stored

REDO = "the rules have changed since BioNetGen last saw them: run `make oracles`"


@pytest.fixture(scope="module")
def theirs() -> Expanded:
    return read_stored(STORED)


@pytest.fixture(scope="module")
def ours() -> Network:
    # BNGL knows no volumes, so the medium counts as large as the cells
    return assemble(mechanisms(), expand_marks=True, medium=1.0)


@pytest.fixture(scope="module")
def ids(theirs: Expanded) -> tuple[str, ...]:
    return tuple(our_id(s, printer()) for s in theirs.species)


def test_stored_result_is_of_todays_rules(theirs: Expanded) -> None:
    assert theirs.model == digest(model_text()), REDO
    assert theirs.values == constants(), REDO


def test_same_species(theirs: Expanded, ours: Network, ids: tuple[str, ...]) -> None:
    assert len(ids) == len(set(ids)) > 300
    assert set(ids) == {s.id for s in ours.species}


def test_same_reactions(theirs: Expanded, ours: Network, ids: tuple[str, ...]) -> None:
    mine, other = merged_ours(ours, constants()), merged_theirs(theirs, ids)
    assert len(theirs.reactions) == len(ours.reactions)
    assert mine.keys() == other.keys()
    assert mine == pytest.approx(other, rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_same_right_hand_side(theirs: Expanded, ours: Network, ids: tuple[str, ...], seed: int) -> None:
    state = dict(zip(ids, np.random.default_rng(seed).lognormal(size=len(ids)), strict=True))
    e = equations(ours)
    p = e.constants_of({**constants(), **{i.id: i.default for i in ours.inputs}} | _sizes(ours))
    mine = dict(zip(e.species, e.rhs(np.array([state[s] for s in e.species]), p), strict=True))
    other = theirs.rhs(np.array([state[s] for s in ids]))
    scale = np.abs(other).max()
    assert np.array([mine[s] for s in ids]) == pytest.approx(other, rel=1e-9, abs=1e-12 * scale)


def _sizes(network: Network) -> dict[str, float]:
    return {p.id: 1.0 for p in network.parameters if p.id.endswith("_abundance")}
