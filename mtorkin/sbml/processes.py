"""Reactions as SBML, with the rule that each comes from: its name, and what kind of process it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mtorkin.directed import OneWay, directed
from mtorkin.entities import Ledger
from mtorkin.network import Network, Reaction, Species
from mtorkin.sbml.identifiers import Known
from mtorkin.sbml.mathml import math
from mtorkin.sbml.names import reaction_names, species_names
from mtorkin.sbml.sbo import MATERIAL, modifier_term, of_process, of_species_kind, sbo
from mtorkin.sbml.xml import Tag, tag

__all__ = ["reactions"]

CARRIED = " (carried along)"


@dataclass(frozen=True)
class _Origin:
    """The rule that a reaction is of, and whether it carries the marks of a pool along with it."""

    rule: OneWay
    carried: bool

    @property
    def name(self) -> str:
        return self.rule.name + (CARRIED if self.carried else "")


def reactions(network: Network, known: Known) -> Iterator[Tag]:
    """Yield every reaction, with a readable name and a term for itself and its modifiers."""
    origins = _origins(network)
    rules = {id: origin.name for id, origin in origins.items()}
    names = reaction_names(network, rules, species_names(network))
    unknown = {s.id for s in network.species if of_species_kind(s, known) == MATERIAL}
    kinds = {s.id: _molecule(s) for s in network.species}
    for reaction in network.reactions:
        origin = origins[reaction.id]
        changed = {id for id, _ in (*reaction.reactants, *reaction.products)}
        process = of_process(origin.rule, material=not changed <= unknown)
        moved = {kinds[id] for id in changed}
        kin = {id for id in reaction.modifiers if kinds[id] in moved}
        terms = {
            id: modifier_term(id, reaction, process, kin, carried=origin.carried) for id in reaction.modifiers
        }
        yield tag(
            "reaction",
            list(_parts(reaction, terms)),
            id=reaction.id,
            name=names[reaction.id],
            sboTerm=sbo(process),
            reversible="false",
            fast="false",
            compartment=reaction.compartment,
        )


def _molecule(species: Species) -> str:
    entity = species.entity
    return (entity.pool if isinstance(entity, Ledger) else entity).molecule.name


def _origins(network: Network) -> dict[str, _Origin]:
    """The rule of every reaction, by id: a reaction's label begins with the name of its rule."""
    rules = {(m.name, rule.name): rule for m in network.mechanisms for rule in directed(m)}
    found: dict[str, _Origin] = {}
    for r in network.reactions:
        for end in _ends(r.label):
            name = r.label[:end].removesuffix(CARRIED)
            if (rule := rules.get((r.mechanism, name))) is not None:
                found[r.id] = _Origin(rule, r.label[:end].endswith(CARRIED))
                break
        else:
            raise KeyError(f"{r.id}: no rule of {r.mechanism} begins {r.label!r}")
    return found


def _ends(label: str) -> Iterator[int]:
    """Where a rule's name may end in a label: before a colon, the last first; or at the end."""
    yield len(label)
    yield from (i for i in range(len(label) - 1, 0, -1) if label[i] == ":")


def _parts(reaction: Reaction, terms: dict[str, int]) -> Iterator[Tag]:
    for what, side in (("Reactants", reaction.reactants), ("Products", reaction.products)):
        if side:
            yield tag(f"listOf{what}", [_reference(id, n) for id, n in side])
    if terms:
        modifiers = [
            tag("modifierSpeciesReference", species=id, sboTerm=sbo(term)) for id, term in terms.items()
        ]
        yield tag("listOfModifiers", modifiers)
    yield tag("kineticLaw", [math(reaction.rate, times=reaction.compartment)])


def _reference(id: str, n: int) -> Tag:
    return tag("speciesReference", species=id, stoichiometry=str(n), constant="true")
