"""A protocol as a file can say it: what holds at time 0, and what changes later.

An event at time 0 is silently lost by some tools, so what a protocol does at 0 goes into the
initial values; where it begins at rest, the initial concentrations are the steady state.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType

from mtorkin.export.rest import polished
from mtorkin.language.expression import evaluate
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Interval, Period, Protocol, doses, intervals
from mtorkin.sbml import Change, Start
from mtorkin.steady import steady_state

__all__ = ["FED", "situation"]

FED = Protocol(Period(UNTIL_STEADY))


def situation(model: Model, protocol: Protocol) -> tuple[Start, tuple[Change, ...]]:
    """Return what a protocol makes hold at time 0 [nM], and its changes after that, in order.

    Raises DeclarationError where it sets what the model does not have, SimulationError where it
    begins at rest and there is no steady state.
    """
    pieces = intervals(protocol, model.network)
    species: Mapping[str, float] = {}
    if pieces[0].start == -math.inf:
        species = _at_rest(model, pieces[0])
        pieces = pieces[1:]
    start = Start(dict(pieces[0].inputs), {**species, **_dosed(model, pieces[0])})
    changes = (
        Change(later.start, _new(before, later) | _dosed(model, later)) for before, later in pairwise(pieces)
    )
    return start, tuple(change for change in changes if change.values)


@lru_cache(maxsize=32)  # protocols share it, and to polish it takes a second
def _at_rest(model: Model, piece: Interval) -> Mapping[str, float]:
    network = model.network
    begun = {s.id: evaluate(s.initial, model.values) for s in network.species}
    begun |= _dosed(model, piece)
    found = steady_state(model, {**dict(piece.inputs), **dict(piece.doses)})
    values = {**model.values, **dict(piece.inputs)}
    state = {str(id): float(c) for id, c in found.state.items()}
    return MappingProxyType(polished(network, values, begun, state))


def _dosed(model: Model, piece: Interval) -> dict[str, float]:
    species = doses(model.network)
    return {species[name]: value for name, value in piece.doses}


def _new(before: Interval, later: Interval) -> dict[str, float]:
    old = dict(before.inputs)
    return {name: value for name, value in later.inputs if value != old[name]}
