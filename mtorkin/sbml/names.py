"""Names that a reader of the file sees: what a species is in words, and what a reaction does.

Ids say the same in letters that every tool can read; a name is for people, and unique, since COPASI
speaks of things by their names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from mtorkin.entities import Ledger
from mtorkin.language.molecule import Molecule, Site
from mtorkin.network import Network, Reaction, Species

__all__ = ["reaction_names", "species_names"]

# a value that is one word and says nothing without its site
_EMPTY = {"free": "{} free", "absent": "no {}", "none": "no {}"}
_SPELLED = {"FourEBP1": "4E-BP1", "PKCa": "PKCα", "HIF1": "HIF-1α", "ac": "acetylated"}


def species_names(network: Network) -> dict[str, str]:
    """Return a readable name for every species, by id: ``mTORC1 · FKBP12·rapamycin, lysosome; S792-P``.

    After the dot stand the values of the structural sites, after the semicolon the marks that this
    part of the pool bears.
    """
    return _unique({s.id: _species_name(s) for s in network.species})


def reaction_names(network: Network, rules: Mapping[str, str], species: Mapping[str, str]) -> dict[str, str]:
    """Return a readable name for every reaction, by id: its rule's name, and what turns into what.

    `rules` and `species` give the names of the rules (by reaction) and of the species. Where marks
    are carried by different partners, these tell the reactions apart.
    """
    names = {r.id: f"{rules[r.id]}: {_turns(r, species)}" for r in network.reactions}
    count = Counter(names.values())
    for r in network.reactions:
        if count[names[r.id]] > 1 and r.modifiers:
            names[r.id] += " (through " + ", ".join(species[id] for id in r.modifiers) + ")"
    return _unique(names)


def _turns(reaction: Reaction, names: Mapping[str, str]) -> str:
    left, right = (
        " + ".join(names[id] for id, _ in side) or "∅" for side in (reaction.reactants, reaction.products)
    )
    return f"{left} → {right}"


def _unique(names: dict[str, str]) -> dict[str, str]:
    """Names, with the id behind those that more than one thing has."""
    count = Counter(names.values())
    return {id: name if count[name] == 1 else f"{name} [{id}]" for id, name in names.items()}


def _species_name(species: Species) -> str:
    entity = species.entity
    pool = entity.pool if isinstance(entity, Ledger) else entity
    molecule = pool.molecule
    values = [_value(s, pool.by_site[s.name]) for s in molecule.sites]
    name = _molecule(molecule) + (" · " + ", ".join(values) if values else "")
    if isinstance(entity, Ledger):
        name += "; " + ", ".join(_value(s, entity.by_site[s.name]) for s in entity.sites)
    return name


def _molecule(molecule: Molecule) -> str:
    place = "_" + molecule.compartment
    outside = "" if molecule.compartment == "cell" else f", {molecule.compartment}"
    name = molecule.name.removesuffix(place)
    if "_".join(molecule.parts) == name:  # a complex that is called by its parts
        return "·".join(map(_spelled, molecule.parts)) + outside
    return _spelled(name) + outside


def _value(site: Site, value: str) -> str:
    held = site.value(value).holds
    if held is not None and held.molecule.name == value:
        return f"with {_molecule(held.molecule)}"
    if value == "u":
        others = [_spelled(v.name) for v in site.values if v.name != value]
        if others == ["p"]:
            return f"{_residues(site.name)}-OH"
        return f"not {others[0]}" if len(others) == 1 else "unmodified"
    if value == "p":
        return f"{_residues(site.name)}-P"
    if re.fullmatch(r"p[A-Z]\d*", value):  # a site that may bear one phosphate or another
        return f"{value[1:]}-P"
    if site.name == "phospho":
        return "unphosphorylated" if value == "none" else f"{_residues(value)}-P"
    return _EMPTY[value].format(_spelled(site.name)) if value in _EMPTY else _spelled(value)


def _residues(name: str) -> str:
    return name.replace("_", "/")


def _spelled(name: str) -> str:
    return _SPELLED.get(name, name.replace("_", " "))
