"""What BioNetGen expanded, in a form that is the same on every run, and the map to our network."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mtorkin.arrays import Array
from mtorkin.language import Molecule
from mtorkin.language.expression import Parameter, evaluate, leaves
from mtorkin.network import Network
from tests.oracles.bngl import Printer
from tests.oracles.steps import is_bond, parts

Components = dict[str, str]
Key = tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]


@dataclass(frozen=True)
class Expanded:
    """Species in canonical spelling, sorted; reactions as indices of them and a rate constant."""

    model: str  # digest of the BNGL text
    values: dict[str, float]
    species: tuple[str, ...]
    reactions: tuple[tuple[tuple[int, ...], tuple[int, ...], str], ...]

    def constant(self, text: str) -> float:
        """The number a rate constant has, a product or quotient of parameters."""
        value, sign = 1.0, 1
        for token in re.split(r"([*/])", text):
            if token in "*/":
                sign = 1 if token == "*" else -1
            else:
                value *= (self.values[token] if token in self.values else float(token)) ** sign
        return value

    def rhs(self, y: Array) -> Array:
        """dy/dt by mass action."""
        dy = np.zeros(len(self.species))
        for left, right, k in self.reactions:
            rate = self.constant(k) * float(np.prod(y[list(left)]))
            for s in left:
                dy[s] -= rate
            for s in right:
                dy[s] += rate
        return dy


def canonical(species: str) -> str:
    """The species with molecules in order and each bond spelled by what is at its other end."""
    molecules = parsed(species)
    return ".".join(
        f"{name}({','.join(c + v for c, v in sorted(components.items()))})"
        for name, components in sorted(molecules.items())
    )


def parsed(species: str) -> dict[str, Components]:
    """Molecules of a species: component -> ``~state``, ``!Partner.component`` or nothing."""
    molecules: dict[str, Components] = {}
    ends: dict[str, list[tuple[str, str]]] = {}
    for name, body in re.findall(r"(\w+)\(([^)]*)\)", species):
        if name in molecules:
            raise ValueError(f"{species}: {name} occurs twice")
        molecules[name] = {}
        for component, mark, value in re.findall(r"(\w+)([~!]?)([\w.]*)", body):
            molecules[name][component] = mark + value
            if mark == "!":
                ends.setdefault(value, []).append((name, component))
    for bond in ends.values():
        if len(bond) == 2:  # numbered; a canonical spelling names the other end already
            (a, ca), (b, cb) = bond
            molecules[a][ca], molecules[b][cb] = f"!{b}.{cb}", f"!{a}.{ca}"
    return molecules


def read_net(text: str, model: str) -> Expanded:
    """Read the network file that BioNetGen writes."""
    blocks = {
        name: [line.split("#")[0].split() for line in body.strip().splitlines()]
        for name, body in re.findall(r"begin (\w+)\n(.*?)end \1", text, re.S)
    }
    formulas = {id: value for _, id, value in blocks["parameters"]}
    values = {id: float(v) for id, v in formulas.items() if not id.startswith("_")}
    names = [canonical(pattern) for _, pattern, _ in blocks["species"]]
    species = tuple(sorted(names))
    at = {name: i for i, name in enumerate(species)}
    place = {str(n + 1): at[name] for n, name in enumerate(names)}
    reactions = []
    for _, left, right, rate in blocks["reactions"]:
        ends = [tuple(sorted(place[s] for s in side.split(",") if s != "0")) for side in (left, right)]
        factors = [formulas[f] if f.startswith("_") else f for f in rate.split("*")]
        reactions.append((ends[0], ends[1], "*".join(factors)))
    return Expanded(model, values, species, tuple(sorted(reactions)))


# -- the stored file ------------------------------------------------------------------------------------


def stored_text(expanded: Expanded) -> str:
    """The result as text: one species or reaction a line."""

    def side(ids: tuple[int, ...]) -> str:
        return ",".join(map(str, ids)) or "-"

    lines = [f"model {expanded.model}"]
    lines += [f"parameter {id} {value!r}" for id, value in expanded.values.items()]
    lines += [f"species {s}" for s in expanded.species]
    lines += [f"reaction {side(a)} {side(b)} {k}" for a, b, k in expanded.reactions]
    return "\n".join(lines) + "\n"


def read_stored(path: Path) -> Expanded:
    """Read what ``stored_text`` wrote."""
    rows: dict[str, list[list[str]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, *rest = line.split(" ")
        rows.setdefault(kind, []).append(rest)

    def side(text: str) -> tuple[int, ...]:
        return () if text == "-" else tuple(map(int, text.split(",")))

    return Expanded(
        rows["model"][0][0],
        {id: float(value) for id, value in rows["parameter"]},
        tuple(r[0] for r in rows["species"]),
        tuple((side(a), side(b), k) for a, b, k in rows["reaction"]),
    )


# -- the map to our network -------------------------------------------------------------------------------


def our_id(species: str, printer: Printer) -> str:
    """The id of the pool that a BNGL species is, with every mark as a structural site."""
    graph = parsed(species)
    tops = [name for name, c in graph.items() if not c.get("up") and not c.get("host")]
    if len(tops) != 1:
        raise ValueError(f"{species} is not one molecule with what it holds")
    chain = _chain(graph, tops[0])
    molecule = next(m for m in printer.molecules if parts(m) == chain)
    values, used = _values(graph, molecule, printer)
    if used | set(chain) != set(graph):
        raise ValueError(f"{species}: something hangs where {molecule.name} cannot hold it")
    return "__".join([molecule.name, *(f"{s}_{v}" for s, v in values.items())])


def _chain(graph: Mapping[str, Components], top: str) -> tuple[str, ...]:
    chain = [top]
    while down := graph[chain[-1]].get("down"):
        chain.append(down[1:].split(".")[0])
    return tuple(chain)


def _values(
    graph: Mapping[str, Components], molecule: Molecule, printer: Printer
) -> tuple[dict[str, str], set[str]]:
    values: dict[str, str] = {}
    used: set[str] = set()
    for site in molecule.all_sites:
        here = graph[printer.bearer(molecule, site.name)][site.name]
        if not is_bond(site):
            values[site.name] = here[1:]
            continue
        held = here[1:].split(".")[0]
        chain = _chain(graph, held) if held else ()
        of = {parts(v.holds.molecule) if v.holds else (): v for v in site.values}
        values[site.name] = of[chain].name
        if (pattern := of[chain].holds) is not None:
            used |= set(chain)
            inner, deeper = _values(graph, pattern.molecule, printer)
            want = {s.name: s.default for s in pattern.molecule.all_sites} | pattern.asked
            if inner != want or deeper:
                raise ValueError(f"{molecule.name}.{site.name} holds {held} as {inner}")
    return values, used


# -- reactions, merged --------------------------------------------------------------------------------------


def merged_theirs(expanded: Expanded, ids: tuple[str, ...]) -> dict[Key, float]:
    """Rate constant by (what is multiplied, what changes)."""
    found: dict[Key, float] = {}
    for left, right, k in expanded.reactions:
        change = Counter({ids[s]: 0 for s in (*left, *right)})
        change.subtract(ids[s] for s in left)
        change.update(ids[s] for s in right)
        key = _key(Counter(ids[s] for s in left), change)
        found[key] = found.get(key, 0.0) + expanded.constant(k)
    return found


def merged_ours(network: Network, values: Mapping[str, float]) -> dict[Key, float]:
    """The same of our network, whose rates are products of constants and species."""
    found: dict[Key, float] = {}
    species = {s.id for s in network.species}
    for r in network.reactions:
        named = [x for x in leaves(r.rate) if not isinstance(x, Parameter)]
        assert {x.id for x in named} <= species
        change = Counter({s: -n for s, n in r.reactants})
        change.update(dict(r.products))
        key = _key(Counter(x.id for x in named), change)
        ones = dict.fromkeys(species, 1.0)
        found[key] = found.get(key, 0.0) + evaluate(r.rate, {**values, **ones})
    return found


def _key(monomial: Counter[str], change: Mapping[str, int]) -> Key:
    return tuple(sorted(monomial.items())), tuple(_changed(change))


def _changed(change: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    return ((s, n) for s, n in sorted(change.items()) if n)
