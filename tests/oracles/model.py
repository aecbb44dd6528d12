"""The sub-network that BioNetGen expands, with constants that tell every rule apart."""

from __future__ import annotations

import hashlib
import random
from functools import cache
from pathlib import Path

from mtorkin.language import Mechanism
from tests.oracles.bngl import Printer
from tests.oracles.steps import id_of
from tests.oracles.subnetwork import SITES, select, with_constants

STORED = Path(__file__).parent / "stored" / "bionetgen.txt"


@cache
def mechanisms() -> tuple[Mechanism, ...]:
    """The selected rules, each with a plain constant."""
    return with_constants(select(SITES))


@cache
def printer() -> Printer:
    """Their BNGL."""
    return Printer(mechanisms())


def constants() -> dict[str, float]:
    """A number for every rule and coupling, drawn from its name, so that a new rule moves no other."""
    ids = [s.k for s in printer().steps] + [id_of(c) for m in mechanisms() for c in m.couplings]
    return {id: round(random.Random(id).uniform(0.5, 2.0), 9) for id in ids}


def model_text() -> str:
    """The BNGL model."""
    return printer().text(constants())


def digest(text: str) -> str:
    """A short name for one text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
