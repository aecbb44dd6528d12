"""Terms of the Systems Biology Ontology for species, reactions and modifiers.

They follow from what is declared: what a species is made of, the kind of a rule, and how it changes
the values of a site. Where that does not say enough, the term is the general one. Names and numbers
were compared with the ontology; the tests hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mtorkin.directed import OneWay
from mtorkin.language.expression import Add, Div, Expr, Leaf, Mul, Number, Pow
from mtorkin.language.molecule import Pattern
from mtorkin.network import Reaction, Species
from mtorkin.sbml.identifiers import COMPOUNDS, Known, parts_of

__all__ = ["COMPARTMENT", "modifier_term", "of_process", "of_species_kind", "sbo"]

COMPARTMENT = 290  # physical compartment
POLYPEPTIDE, COMPLEX, CHEMICAL, MATERIAL = 252, 297, 247, 285
PROCESS, REACTION = 375, 176
BINDING, DISSOCIATION, DEGRADATION, PRODUCTION = 177, 180, 179, 393
CONVERSION, CONFORMATION, TRANSLOCATION, HYDROLYSIS = 182, 181, 185, 376
PHOSPHORYLATION, DEPHOSPHORYLATION, ACETYLATION, GROUP_REMOVAL = 216, 330, 215, 211
MODIFIER, CATALYST, INHIBITOR, STIMULATOR = 19, 13, 20, 459
COVALENT = frozenset({PHOSPHORYLATION, DEPHOSPHORYLATION, ACETYLATION, GROUP_REMOVAL})

PLACES = frozenset({"cytosol", "nucleus", "lysosome", "membrane"})


def sbo(number: int) -> str:
    """Return a term as it is written."""
    return f"SBO:{number:07d}"


def of_species_kind(species: Species, known: Known) -> int:
    """Return polypeptide chain, protein complex, simple chemical, or material entity of unknown nature."""
    parts = parts_of(species, known)
    found = {x.database for part in parts for x in part}
    if "uniprot" in found:
        subunits = any(x.relation == "part" for part in parts for x in part)
        return COMPLEX if len(parts) > 1 or subunits else POLYPEPTIDE
    return CHEMICAL if found & set(COMPOUNDS) else MATERIAL


def of_process(rule: OneWay, material: bool = True) -> int:
    """Return what a rule does; `material` is False where it is on no molecule (cells in the cycle)."""
    if not material:
        return PROCESS
    if rule.lossy:
        return DEGRADATION if rule.left else PRODUCTION
    if rule.unbinding:
        return DISSOCIATION
    if named := _named(rule.name):
        return named
    count = len(rule.left), len(rule.right)
    if count in ((2, 1), (1, 2)):
        return BINDING if count == (2, 1) else DISSOCIATION
    if count == (1, 1):
        return _of_one(rule.left[0], rule.right[0])
    return REACTION


def _named(name: str) -> int:
    """What the verb of a rule says, for those that change several sites at once."""
    for pattern, term in (
        (r"\bdephosphorylate", DEPHOSPHORYLATION),
        (r"\bphosphorylate", PHOSPHORYLATION),
        (r"\bdeacetylate", GROUP_REMOVAL),
        (r"\bacetylates\b", ACETYLATION),
        (r"\bhydrolyses\b", HYDROLYSIS),
    ):
        if re.search(pattern, name):
            return term
    return 0


def _of_one(left: Pattern, right: Pattern) -> int:
    """One molecule turns into one: by the values that change."""
    if left.molecule.name != right.molecule.name:
        elsewhere = left.molecule.compartment != right.molecule.compartment
        # what keeps its name but for the place is carried, whatever the compartment is called
        same = left.molecule.name.partition("_")[0] == right.molecule.name.partition("_")[0]
        return TRANSLOCATION if elsewhere or same else CONVERSION
    before = left.asked
    changed = [(site, before.get(site), new) for site, new in right.where if before.get(site) != new]
    kinds = {_of_site(site, old or "", new) for site, old, new in changed}
    return kinds.pop() if len(kinds) == 1 else REACTION


def _of_site(site: str, old: str, new: str) -> int:
    if {old, new} <= PLACES:
        return TRANSLOCATION
    if site == "fold":
        return CONFORMATION
    if site == "partner":
        return DISSOCIATION if new == "none" else BINDING
    if new == "p" or (old, new) == ("u", "pY"):
        return PHOSPHORYLATION
    if old == "p":
        return DEPHOSPHORYLATION
    return REACTION


def modifier_term(id: str, reaction: Reaction, process: int, kin: Iterable[str], *, carried: bool) -> int:
    """Return the role of a modifier: from whether the rate rises or falls with its amount.

    `kin` are other forms of the molecules that the reaction changes: such a one is there because a
    mark is set on a part of it, or because it competes for the enzyme, and is a modifier without
    more. So is a partner of a pool whose marks are `carried` along.
    """
    if carried or id in kin:
        return MODIFIER
    effect = _effects(reaction.rate, id)
    if effect == {-1}:
        return INHIBITOR
    if effect == {1}:
        return CATALYST if process in COVALENT else STIMULATOR
    return MODIFIER


def _effects(expr: Expr, id: str) -> set[int]:
    """The directions in which an amount from 0 up moves a formula of amounts from 0 up."""
    match expr:
        case Leaf():
            return {1} if expr.id == id else set()
        case Add(terms):
            return set().union(*(_effects(t, id) for t in terms))
        case Mul(factors):
            negative = sum(isinstance(f, Number) and f.value < 0 for f in factors) % 2
            found = set().union(*(_effects(f, id) for f in factors))
            return {-x for x in found} if negative else found
        case Div(numerator, denominator):
            return _effects(numerator, id) | {-x for x in _effects(denominator, id)}
        case Pow(base, _):
            return _effects(base, id)
    return set()
