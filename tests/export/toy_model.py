"""The small network of the SBML tests as a model."""

from __future__ import annotations

from functools import cache

from sbml.toy import VALUES, network

from mtorkin.model import Model
from mtorkin.tables import ParameterTable


@cache
def toy_model() -> Model:
    """The network with its numbers, without a table."""
    return Model(network(), VALUES, ParameterTable({}, {}), "toy")
