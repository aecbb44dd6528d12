"""Doses added to a background: which protocol that is, and what the cells then show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mtorkin.arrays import Array
from mtorkin.engines import default_engine
from mtorkin.errors import DeclarationError, listed, nearest
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol, check, intervals
from mtorkin.simulate import checked_times, simulate
from mtorkin.trajectory import resolved

__all__ = ["FED", "Setting", "resting_dose", "setting", "with_doses"]

FED = Protocol(Period(UNTIL_STEADY))


@dataclass(frozen=True, eq=False)
class Setting:
    """Cells, what is done to them apart from the drugs, and what is looked at, when [min] and how."""

    model: Model
    background: Protocol
    times: tuple[float, ...]
    readouts: tuple[str, ...]
    engine: str
    rtol: float
    atol: float

    def under(self, given: Mapping[str, float]) -> Array:
        """Return the readouts [their own units], shape (times, readouts), with doses given at 0.

        Raises as `simulate`.
        """
        protocol = with_doses(self.background, given)
        seen = simulate(self.model, protocol, self.times, self.engine, self.rtol, self.atol)
        return np.column_stack([seen[id] for id in self.readouts])

    def unit(self, readout: str) -> str:
        """Return the unit of a readout; that of species is nM."""
        units = {o.id: o.unit for o in self.model.network.observables}
        return units.get(readout, "nM")

    def unit_of_dose(self, drug: str) -> str:
        """Return the unit of the doses of a drug."""
        return str(self.model.inputs["unit"][drug])


def setting(
    model: Model,
    drugs: Sequence[str],
    at: float | Sequence[float] | Array,
    readouts: Sequence[str] | None,
    background: Protocol | None,
    engine: str | None,
    rtol: float,
    atol: float,
) -> Setting:
    """Return where and when doses are looked at; without an engine, with the fastest there is.

    Raises DeclarationError for a drug, readout or input that the model lacks, for times that are
    not above 0, and where the background gives one of the drugs at 0 too.
    """
    around = FED if background is None else background
    if not isinstance(around, Protocol):
        raise DeclarationError(
            f"background is {around!r}; write Protocol(Period(UNTIL_STEADY, insulin=0.1)), for example"
        )
    check(around, model.network)
    known = [str(id) for id in model.inputs.index]
    for drug in drugs:
        if drug not in known:
            raise DeclarationError(
                f"no drug or input {drug!r}{nearest(str(drug), known)} "
                f"(there are {listed(sorted(known))}: see model.inputs)"
            )
        if any(period.start == 0.0 and drug in dict(period.inputs) for period in around.periods):
            raise DeclarationError(
                f"the background sets {drug} at 0 min, where its doses are given; leave it out there"
            )
    times = checked_times([at] if isinstance(at, int | float) else at)
    if times[0] == 0.0:
        raise DeclarationError("times[0] is 0 min, before a dose acts; give times above 0")
    name = default_engine() if engine is None else engine
    observables = tuple(o.id for o in model.network.observables)
    if readouts is None:
        chosen = observables
    else:
        if isinstance(readouts, str) or not len(readouts):
            raise DeclarationError(f"readouts are {readouts!r}; give a list of ids, or None for all")
        chosen = tuple(resolved(id, (*observables, *model.equations.species))[0] for id in readouts)
    return Setting(model, around, tuple(times.tolist()), chosen, name, rtol, atol)


def with_doses(background: Protocol, given: Mapping[str, float]) -> Protocol:
    """Return a background with doses [their own units] added at time 0."""
    if not given:
        return background
    before = [p for p in background.periods if p.start is UNTIL_STEADY]
    now = [p for p in background.periods if p.start == 0.0]
    later = [p for p in background.periods if p not in before and p not in now]
    held = dict(now[0].inputs) if now else {}
    return Protocol(*before, Period(0, **{**held, **given}), *later)


def resting_dose(model: Model, background: Protocol, drug: str) -> float:
    """Return what untreated cells have of a drug or input [its own unit] until time 0."""
    first = intervals(background, model.network)[0]
    return dict((*first.inputs, *first.doses)).get(drug, 0.0)
