"""The literature's statements as experiments: data in `statements/`, and what runs them."""

from mtorkin.claims.reading import read_claims
from mtorkin.claims.running import evaluate, run_claims
from mtorkin.claims.statement import Claim, Criterion

__all__ = ["Claim", "Criterion", "evaluate", "read_claims", "run_claims"]
