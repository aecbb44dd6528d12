"""All claims are tested once for all tests: they share steady states and runs."""

from __future__ import annotations

import pandas as pd
import pytest

from mtorkin.build import build
from mtorkin.claims import run_claims


@pytest.fixture(scope="session")
def table() -> pd.DataFrame:
    return run_claims(build())
