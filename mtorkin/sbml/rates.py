"""The right-hand side alone as SBML: for a solver, not for a reader.

Every concentration is a parameter with a rate rule, and nothing else is in the file that does not
move. libRoadRunner turns a reaction of the exported file into code that loads an amount and divides
by a volume at each mention of a species (6,000 divisions in one evaluation of the core); this form
has none of them, nor a product with the matrix of stoichiometries, and runs twice as fast
(docs/decisions/0009-a-file-for-the-engine.md). It leaves out units and names on purpose: the file
that people read is `write_document`.
"""

from __future__ import annotations

from collections.abc import Sequence

from mtorkin.language.expression import Expr, Leaf, Mul, Variable, add, leaves, mul
from mtorkin.network import Network
from mtorkin.sbml.document import CORE
from mtorkin.sbml.ids import check_ids
from mtorkin.sbml.mathml import math
from mtorkin.sbml.xml import document_text, tag

__all__ = ["needed", "write_rates"]


def write_rates(network: Network, order: Sequence[int], name: str = "rates") -> str:
    """Return an SBML document whose parameters are constants, assignments and concentrations.

    Their ids and units (nM, min) are those of the network; all numbers are 0, to be set before a
    run. `order` are the species' places in the order in which a solver gets (and eliminates) them.
    Raises DeclarationError where an id cannot stand in a file.
    """
    constants = [x.id for x in (*network.parameters, *network.inputs)]
    assigned = [a.id for a in network.assignments]
    moving = [s.id for s in network.species]
    check_ids((*constants, *assigned, *moving), name)
    parameters = [
        *(tag("parameter", id=id, value="0", constant="true") for id in constants),
        *(tag("parameter", id=id, constant="false") for id in assigned),
        *(tag("parameter", id=id, value="0", constant="false") for id in moving),
    ]
    rules = [tag("assignmentRule", [math(a.expr)], variable=a.id) for a in network.assignments]
    rates = _net_rates(network)
    rules += [tag("rateRule", [math(rates[moving[i]])], variable=moving[i]) for i in order]
    lists = [tag("listOfParameters", parameters), tag("listOfRules", rules)]
    model = tag("model", lists, id=name)
    return document_text(tag("sbml", [model], xmlns=CORE, xmlns_sbml=CORE, level="3", version="1"))


def needed(network: Network) -> list[set[int]]:
    """Return, for each species, the places of the species on which its rate depends."""
    place = {s.id: i for i, s in enumerate(network.species)}
    behind = {id: {i} for id, i in place.items()}
    for a in network.assignments:  # each after those that it mentions
        behind[a.id] = _behind(a.expr, behind)
    return [_behind(rate, behind) for rate in _net_rates(network).values()]


def _behind(expr: Expr, behind: dict[str, set[int]]) -> set[int]:
    return {i for leaf in leaves(expr) for i in behind.get(leaf.id, ())}


def _net_rates(network: Network) -> dict[str, Expr]:
    """dc/dt [nM/min] of each species: what its reactions bring, and itself times what takes it away."""
    volume = {c.id: c.size for c in network.compartments}
    size = {s.id: volume[s.compartment] for s in network.species}
    others: dict[str, list[Expr]] = {s.id: [] for s in network.species}
    own: dict[str, list[Expr]] = {s.id: [] for s in network.species}
    for r in network.reactions:
        for sign, side in ((-1.0, r.reactants), (1.0, r.products)):
            for id, n in side:
                term = mul(sign * n * volume[r.compartment] / size[id], r.rate)
                rest = _without(term, id)
                if rest is None:
                    others[id].append(term)
                else:
                    own[id].append(rest)
    return {id: add(*others[id], mul(Variable(id, "nM"), add(*own[id]))) for id in others}


def _without(term: Expr, id: str) -> Expr | None:
    """The other factors of a product, or None where `id` is not one of its factors."""
    factors = term.factors if isinstance(term, Mul) else (term,)
    for i, factor in enumerate(factors):
        if isinstance(factor, Leaf) and factor.id == id:
            return mul(*factors[:i], *factors[i + 1 :])
    return None
