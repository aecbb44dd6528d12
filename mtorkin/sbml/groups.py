"""Mechanisms in the words of SBML's groups package: what each is, and what of the file is of it.

A network's reactions are made by rules, and rules belong to mechanisms; a file without them is a list
of 863 equals. Each group has the mechanism's own text as notes, and the papers that it cites.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mtorkin.language.mechanism import Mechanism, parameters_named
from mtorkin.network import Network
from mtorkin.sbml.annotation import Relation, Remark, annotated, meta_id, noted
from mtorkin.sbml.identifiers import identifiers
from mtorkin.sbml.xml import Tag, tag

__all__ = ["GROUPS", "groups"]

GROUPS = "http://www.sbml.org/sbml/level3/version1/groups/version1"


def groups(network: Network, written: Iterable[str], remarks: Mapping[str, Remark]) -> list[Tag]:
    """Return the list of groups: one a mechanism that has anything in the file; [] where none has.

    `written` are the ids of the file; `remarks` give each mechanism's text and papers, by its name.
    """
    there = set(written)
    made = [
        _group(m, members, remarks.get(m.name, Remark()))
        for m in network.mechanisms
        if (members := [id for id in _of(m, network) if id in there])
    ]
    return [tag("groups:listOfGroups", made)] if made else []


def _of(mechanism: Mechanism, network: Network) -> list[str]:
    """What belongs to a mechanism: its reactions, the parameters it names, what it lets one observe."""
    found = [r.id for r in network.reactions if r.mechanism == mechanism.name]
    found += [p.id for p in parameters_named(mechanism)]
    return [*found, *(o.id for o in mechanism.observables)]


def _group(mechanism: Mechanism, members: list[str], remark: Remark) -> Tag:
    id = f"mechanism_{mechanism.name}"
    process = tuple(x.uri for x in identifiers(f"mechanism {mechanism.name}"))
    relations = (
        Relation("bqbiol:isVersionOf", process),
        Relation("bqbiol:isDescribedBy", remark.papers),
    )
    about = annotated(id, relations)
    listed = [tag("groups:member", groups_idRef=member) for member in members]
    return tag(
        "groups:group",
        [*noted(remark.paragraphs), *about, tag("groups:listOfMembers", listed)],
        metaid=meta_id(id) if about else None,
        groups_id=id,
        groups_kind="partonomy",
        groups_name=mechanism.name.replace("_", " "),
    )
