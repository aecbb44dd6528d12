"""Reactions as SBML, with the rule that each comes from: its name, and what kind of process it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mtorkin.entities import Ledger
from mtorkin.network import Network, Reaction, Species
from mtorkin.sbml.annotation import Relation, annotated, meta_id
from mtorkin.sbml.identifiers import Known, parts_of
from mtorkin.sbml.mathml import math
from mtorkin.sbml.names import reaction_names, species_names
from mtorkin.sbml.origins import origins
from mtorkin.sbml.sbo import BINDING, DISSOCIATION, MATERIAL, modifier_term, of_process, of_species_kind, sbo
from mtorkin.sbml.xml import Tag, tag

__all__ = ["reactions"]


def reactions(network: Network, known: Known) -> Iterator[Tag]:
    """Yield every reaction, with a readable name and a term for itself and its modifiers."""
    rule_of = origins(network)
    rules = {id: origin.name for id, origin in rule_of.items()}
    names = reaction_names(network, rules, species_names(network))
    unknown = {s.id for s in network.species if of_species_kind(s, known) == MATERIAL}
    kinds = {s.id: _molecule(s) for s in network.species}
    proteins = {
        s.id: sum(any(x.database == "uniprot" for x in part) for part in parts_of(s, known))
        for s in network.species
    }
    for reaction in network.reactions:
        origin = rule_of[reaction.id]
        changed = {id for id, _ in (*reaction.reactants, *reaction.products)}
        process = of_process(origin.rule, material=not changed <= unknown)
        moved = {kinds[id] for id in changed}
        kin = {id for id in reaction.modifiers if kinds[id] in moved}
        terms = {
            id: modifier_term(id, reaction, process, kin, carried=origin.carried) for id in reaction.modifiers
        }
        about = [] if origin.carried else annotated(reaction.id, _process(process, changed, proteins, known))
        yield tag(
            "reaction",
            [*about, *_parts(reaction, terms)],
            metaid=meta_id(reaction.id) if about else None,
            id=reaction.id,
            name=names[reaction.id],
            sboTerm=sbo(process),
            reversible="false",
            fast="false",
            compartment=reaction.compartment,
        )


def _process(term: int, changed: set[str], proteins: Mapping[str, int], known: Known) -> tuple[Relation, ...]:
    """The biological process, where all that changes is of proteins, two of them where they meet."""
    needed = 2 if term in (BINDING, DISSOCIATION) else 1
    if not all(proteins[id] for id in changed) or max(proteins[id] for id in changed) < needed:
        return ()
    return (Relation("bqbiol:isVersionOf", tuple(x.uri for x in known.get(f"process {term}", ()))),)


def _molecule(species: Species) -> str:
    entity = species.entity
    return (entity.pool if isinstance(entity, Ledger) else entity).molecule.name


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
