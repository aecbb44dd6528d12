"""Models that many tests share; they are frozen, so sharing them is safe."""

from __future__ import annotations

import pytest
import toy

from mtorkin.build import build
from mtorkin.model import Model


@pytest.fixture(scope="session")
def toy_model() -> Model:
    return toy.mtor_like()


@pytest.fixture(scope="session")
def core() -> Model:
    return build()
