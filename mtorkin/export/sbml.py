"""SBML and Antimony of a model, under a protocol or at rest."""

from __future__ import annotations

import os
from pathlib import Path

from mtorkin.export.antimony import antimony_text
from mtorkin.export.start import FED, situation
from mtorkin.files import write_text
from mtorkin.model import Model
from mtorkin.protocol import Protocol
from mtorkin.sbml import write_document

__all__ = ["antimony_string", "sbml_string", "write_antimony", "write_sbml"]


def sbml_string(model: Model, protocol: Protocol | None = None, *, name: str = "mtorkin") -> str:
    """Return a model as SBML Level 3 Version 1: nM, nmol, min; `name` is the model's id.

    Without a protocol, time 0 is the steady state of fed cells, so that the file shows living cells
    and doses can be added by hand; with one, what it does at 0 is in the initial values and what it
    does later are events. Raises DeclarationError where the protocol sets what the model does not
    have or an id cannot stand in a file, SimulationError where there is no steady state.
    """
    start, changes = situation(model, protocol or FED)
    return write_document(
        model.network,
        model.values,
        start=start,
        changes=changes,
        name=name,
        notes=_notes(model, protocol),
    )


def antimony_string(model: Model, protocol: Protocol | None = None, *, name: str = "mtorkin") -> str:
    """Return a model as Antimony, mechanism by mechanism; otherwise as `sbml_string`."""
    start, changes = situation(model, protocol or FED)
    return antimony_text(
        model.network,
        model.values,
        start=start,
        changes=changes,
        name=name,
        notes=_notes(model, protocol),
    )


def write_sbml(model: Model, path: str | os.PathLike[str], protocol: Protocol | None = None) -> Path:
    """Write `sbml_string` to a file, atomically; returns the path. Raises OSError too."""
    return write_text(path, sbml_string(model, protocol))


def write_antimony(model: Model, path: str | os.PathLike[str], protocol: Protocol | None = None) -> Path:
    """Write `antimony_string` to a file, atomically; returns the path. Raises OSError too."""
    return write_text(path, antimony_string(model, protocol))


def _in_words(protocol: Protocol) -> str:
    parts = []
    for period in protocol.periods:
        when = f"from {period.start:g} min" if isinstance(period.start, float) else "cells at rest"
        what = ", ".join(f"{name} {value:g}" for name, value in period.inputs)
        parts.append(f"{when}{': ' if what else ''}{what}")
    return "; ".join(parts) + " (inputs that are not named stay as they are)"


def _notes(model: Model, protocol: Protocol | None) -> str:
    network = model.network
    begins = "the steady state of fed cells" if protocol is None else _in_words(protocol)
    paragraphs = (
        f"A kinetic model of mTOR signalling in {model.context} cells: {len(network.species)} "
        f"species and {len(network.reactions)} reactions, generated from rules by mtorkin.",
        "Concentrations are nM (amounts nmol, in a cell of 1 litre under a medium of 1000), times "
        "are min. A species that is 'bearing' a mark is the part of a pool that has the mark: it "
        "is counted in the pool, and carried along by the pool's reactions, which name it or the "
        "pool as a modifier. The quantities with rules whose names are those of blots, such as "
        "S6K_pT389, are the observables.",
        f"Time 0: {begins}.",
        "The software is under the MIT licence; this file is dedicated to the public domain (CC0 1.0).",
    )
    return "\n".join(paragraphs)
