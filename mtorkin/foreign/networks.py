"""Equations of a model of others, in the form that our engines read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import scipy.sparse

from mtorkin.entities import Pool
from mtorkin.equations import Equations
from mtorkin.language.expression import Expr, Input, Parameter
from mtorkin.language.mechanism import Assignment
from mtorkin.language.molecule import Molecule
from mtorkin.network import Network
from mtorkin.parts import Compartment, Reaction, Species

__all__ = ["equations_of"]

PLACE = Compartment("all", 1.0)  # volumes are in the stoichiometry
NOTHING = Pool(Molecule("foreign"), ())  # what a species of others is made of is not known


def equations_of(
    states: Mapping[str, Expr],
    rates: Sequence[Expr],
    entries: Sequence[tuple[int, int, float]],
    formulas: Mapping[str, Expr],
    parameters: Sequence[str],
    inputs: Sequence[str],
) -> Equations:
    """Return equations; `states` has formulas at time 0, `entries` how rates change states.

    An entry is the place of a state, the place of a rate, and a factor. `formulas` are in order.
    """
    network = Network(
        mechanisms=(),
        species=tuple(Species(id, id, PLACE.id, expr, "", NOTHING) for id, expr in states.items()),
        reactions=tuple(
            Reaction(f"flow_{i}", "", "", (), (), (), rate, PLACE.id) for i, rate in enumerate(rates)
        ),
        assignments=tuple(Assignment(id, "1", expr) for id, expr in formulas.items()),
        observables=(),
        parameters=tuple(Parameter(id, "1") for id in parameters),
        inputs=tuple(Input(id, "1") for id in inputs),
        mutations=(),
        conserved=(),
        compartments=(PLACE,),
    )
    rows, columns, data = zip(*entries, strict=True) if entries else ((), (), ())
    matrix = scipy.sparse.csr_matrix((data, (rows, columns)), shape=(len(states), len(rates)))
    constants = tuple(x.id for x in (*network.parameters, *network.inputs))
    return Equations(network, tuple(states), constants, matrix)
