"""SBML and Antimony of a model, under a protocol or at rest."""

from __future__ import annotations

import os
from pathlib import Path

from mtorkin.export.antimony import antimony_text
from mtorkin.export.header import header
from mtorkin.export.start import FED, situation
from mtorkin.files import write_text
from mtorkin.model import Model
from mtorkin.protocol import Protocol
from mtorkin.sbml import as_level2, document, document_text
from mtorkin.sbml.xml import Tag

__all__ = ["antimony_string", "sbml_level2_string", "sbml_string", "write_antimony", "write_sbml"]


def sbml_string(
    model: Model, protocol: Protocol | None = None, *, name: str = "mtorkin", diagram: bool = True
) -> str:
    """Return a model as SBML Level 3 Version 1: nM, nmol, min; `name` is the model's id.

    `diagram=False` leaves out the pictures of the network (layout and render), which some tools take
    minutes to read: Antimony's converter, for one.

    Without a protocol, time 0 is the steady state of fed cells, so that the file shows living cells
    and doses can be added by hand; with one, what it does at 0 is in the initial values and what it
    does later are events. Raises DeclarationError where the protocol sets what the model does not
    have or an id cannot stand in a file, SimulationError where there is no steady state.
    """
    return document_text(_document(model, protocol, name, diagram))


def sbml_level2_string(model: Model, protocol: Protocol | None = None, *, name: str = "mtorkin") -> str:
    """Return a model as SBML Level 2 Version 4, for tools that read no Level 3; see `sbml_string`.

    It has the same equations, numbers and doses; what it lacks is in `mtorkin.sbml.LOST`.
    """
    return document_text(as_level2(_document(model, protocol, name, diagram=False)))


def _document(model: Model, protocol: Protocol | None, name: str, diagram: bool) -> Tag:
    start, changes = situation(model, protocol or FED)
    about = header(model, protocol)
    return document(model.network, model.values, start, changes, name, about, diagram=diagram)


def antimony_string(model: Model, protocol: Protocol | None = None, *, name: str = "mtorkin") -> str:
    """Return a model as Antimony, mechanism by mechanism; otherwise as `sbml_string`."""
    start, changes = situation(model, protocol or FED)
    return antimony_text(
        model.network,
        model.values,
        start=start,
        changes=changes,
        name=name,
        notes=header(model, protocol).notes,
    )


def write_sbml(
    model: Model, path: str | os.PathLike[str], protocol: Protocol | None = None, *, diagram: bool = True
) -> Path:
    """Write `sbml_string` to a file, atomically; returns the path. Raises OSError too."""
    return write_text(path, sbml_string(model, protocol, diagram=diagram))


def write_antimony(model: Model, path: str | os.PathLike[str], protocol: Protocol | None = None) -> Path:
    """Write `antimony_string` to a file, atomically; returns the path. Raises OSError too."""
    return write_text(path, antimony_string(model, protocol))
