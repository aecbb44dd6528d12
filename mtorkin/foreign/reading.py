"""SBML of others: read it, simulate it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from mtorkin.arrays import Array
from mtorkin.errors import MtorkinError
from mtorkin.foreign.assemble import assemble
from mtorkin.foreign.conditions import TIME
from mtorkin.foreign.course import course
from mtorkin.foreign.declared import Document
from mtorkin.foreign.document import document_of, read_document
from mtorkin.foreign.model import Foreign
from mtorkin.foreign.refusal import NotRead
from mtorkin.foreign.values import values_of
from mtorkin.simulate import checked_times

__all__ = ["made", "read_sbml", "sbml_of", "simulate_foreign"]


def read_sbml(path: str | os.PathLike[str]) -> Foreign:
    """Read an SBML file (level 2 or 3) as a model that our engines simulate; units as in the file.

    Supported: compartments of constant size, species in concentrations or amounts, parameters, local
    parameters, reactions with any rate of + - * / powers, exp and logarithms, functions, initial
    assignments, assignment and rate rules, `piecewise` of the time, events at times known before.
    Nothing is fetched, expanded or evaluated. Raises NotRead, with element, id and reason, for the
    rest and for what is not SBML.
    """
    return made(read_document(path))


def sbml_of(text: bytes, source: str = "text") -> Foreign:
    """The same for the text of a file; `source` is its name in errors. Raises NotRead."""
    return made(document_of(text, source))


def made(
    document: Document, overridden: Iterable[str] = (), sizes: Mapping[str, float] | None = None
) -> Foreign:
    """Return the model of what a file declares; arguments as in `assemble`. Raises NotRead."""
    try:
        return assemble(document, overridden, sizes)
    except RecursionError:
        raise NotRead(f"{document.source}: formulas are nested too deeply") from None
    except NotRead:
        raise
    except MtorkinError as error:  # a constant division by zero, for one
        raise NotRead(f"{document.source}: {error}") from error


def simulate_foreign(
    model: Foreign,
    times: Sequence[float] | Array,
    values: Mapping[str, float] | None = None,
    engine: str | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-9,
) -> pd.DataFrame:
    """Return species and what rules give at `times`, in the units of the file, from its time 0.

    `values` changes constants. A value at a time is the one before what happens there acts, at 0 the
    one after. `engine` is "native" where that is built, else "scipy". Raises DeclarationError for
    times that do not increase from 0 up and for an unknown constant, SimulationError.
    """
    when = checked_times(times)
    numbers = model.numbers(values or {})
    found = course(model, numbers, when, model.start(numbers), rtol=rtol, atol=atol, engine=engine)
    table = {id: found.states[:, i] for i, id in enumerate(model.species) if id != TIME.id}
    known = known_arrays(model, numbers, found.states, found.inputs, when)
    for id, formula in model.formulas.items():
        table[id] = np.broadcast_to(values_of(formula, known), when.shape)
    return pd.DataFrame(table, index=pd.Index(when, name="time"))


def known_arrays(
    model: Foreign, numbers: Mapping[str, float], states: Array, inputs: Array, times: Array
) -> dict[str, Array | float]:
    """Return what formulas may name, each shape (times,) or one number."""
    known: dict[str, Array | float] = dict(numbers)
    known |= {x.id: inputs[:, i] for i, x in enumerate(model.equations.network.inputs)}
    known |= {id: states[:, i] for i, id in enumerate(model.species)}
    known[TIME.id] = times
    return known
