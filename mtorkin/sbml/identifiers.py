"""What things of the model are in public databases: UniProt, ChEBI and others of compounds, GO, Reactome.

UniProt ids are those that the molecules declare; `identifiers.tsv` has the rest, which of several
ids are subunits rather than isoforms, under which label each was read, and where. A drug without a
record that could be checked (PP30) has that of its kind; a nominal tool has that of its kind, and of
the compound that it stands for. `mechanism irs` is the process that a mechanism is of, `process 216`
what a reaction with that SBO term is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from mtorkin.entities import Entity, Ledger, Pool, content
from mtorkin.errors import TableError
from mtorkin.language.molecule import Molecule
from mtorkin.network import Network, Species

__all__ = [
    "COMPOUNDS",
    "Identifier",
    "Known",
    "identifiers",
    "known_in",
    "molecules_of",
    "parts_of",
    "read_identifiers",
]

COMPOUNDS = ("chebi", "pubchem.compound", "chembl.compound")
DATABASES = ("uniprot", *COMPOUNDS, "go", "reactome", "taxonomy")
RELATIONS = ("is", "part", "class", "like", "property")


@dataclass(frozen=True)
class Identifier:
    """One row: a name of the model, and a record that it is, or how it is related to it.

    ``relation``: ``is``, ``part`` (a subunit of it), ``class`` (its kind), ``like`` (what it stands for),
    ``property`` (a process that it takes part in). ``source``: where id and label were read together.
    """

    name: str
    relation: str
    database: str
    id: str
    label: str
    verified: str
    source: str

    @property
    def uri(self) -> str:
        """The address at identifiers.org."""
        return f"https://identifiers.org/{self.database}/{self.id}"


Known = Mapping[str, tuple[Identifier, ...]]
COLUMNS = tuple(f.name for f in fields(Identifier))


@lru_cache(maxsize=1)
def read_identifiers() -> tuple[Identifier, ...]:
    """Return all rows of the table, in order. Raises TableError, naming the line, for a damaged one."""
    path = Path(__file__).with_name("identifiers.tsv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    table = [(n, cells) for n, cells in enumerate(rows, start=1) if not cells[0].startswith("#")]
    if not table or tuple(table[0][1]) != COLUMNS:
        raise TableError(f"{path.name}: the columns are not {', '.join(COLUMNS)}")
    return tuple(_row(cells, f"{path.name}, line {n}") for n, cells in table[1:])


def _row(cells: list[str], where: str) -> Identifier:
    if len(cells) != len(COLUMNS):
        raise TableError(f"{where} has {len(cells)} cells; there are {len(COLUMNS)} columns")
    row = Identifier(*cells)
    for what, value, allowed in (
        ("relation", row.relation, RELATIONS),
        ("database", row.database, DATABASES),
        ("verified", row.verified, ("yes", "no")),
    ):
        if value not in allowed:
            raise TableError(f"{where}: {what} is {value!r}; it is one of {', '.join(allowed)}")
    return row


def identifiers(name: str) -> tuple[Identifier, ...]:
    """Return the rows of one name; () where the table has none."""
    return tuple(row for row in read_identifiers() if row.name == name)


def known_in(network: Network) -> Known:
    """Return the identifiers of every name of the table and of every molecule of a network."""
    known = {row.name: identifiers(row.name) for row in read_identifiers()}
    for molecule in molecules_of(network):
        if molecule.uniprot:
            listed = {(row.database, row.id): row for row in known.get(molecule.name, ())}
            known[molecule.name] = tuple(
                listed.get(("uniprot", id), Identifier(molecule.name, "is", "uniprot", id, "", "no", ""))
                for id in molecule.uniprot
            )
    return known


def molecules_of(network: Network) -> tuple[Molecule, ...]:
    """Return the molecules of a network, also those that only sit on others, each once, in order."""
    found: dict[str, Molecule] = {}
    for species in network.species:
        for molecule in _with_held(_pool(species.entity).molecule):
            found.setdefault(molecule.name, molecule)
    return tuple(found.values())


def _with_held(molecule: Molecule) -> Iterator[Molecule]:
    yield molecule
    for site in molecule.all_sites:
        for value in site.values:
            if value.holds is not None:
                yield from _with_held(value.holds.molecule)


def parts_of(species: Species, known: Known) -> tuple[tuple[Identifier, ...], ...]:
    """Return the identifiers of each elementary molecule in a species, () for one without any.

    A state may have ids of its own (PIP2, PIP3), and a drug those of the name it has in the medium
    (temsirolimus, which counts as rapamycin in totals). A value that is called like a molecule, without
    holding one in totals (wortmannin in a pocket, Rheb on FKBP38), is a part too.
    """
    pool = _pool(species.entity)
    if pool.id in known:
        return (known[pool.id],)
    inside = content(pool)
    if isinstance(species.entity, Ledger):
        inside += content(species.entity)
    own = pool.molecule.name.partition("_")[0]
    named = [own] if len(inside) == 1 and own in known else list(inside)
    called = [value for value in pool.values if value in known]
    return tuple(known.get(part, ()) for part in dict.fromkeys([*named, *called]))


def _pool(entity: Entity) -> Pool:
    return entity.pool if isinstance(entity, Ledger) else entity
