"""What every language prints: numbers by id, names, and which rates change which species."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from mtorkin.export.header import header
from mtorkin.export.start import FED, situation
from mtorkin.language.expression import evaluate
from mtorkin.language.infix import number_text
from mtorkin.model import Model
from mtorkin.protocol import Protocol
from mtorkin.sbml.names import species_names

__all__ = ["Parts", "balances", "one_line", "parts_of"]


@dataclass(frozen=True)
class Parts:
    """A model in a situation: id, number, unit and meaning of what has one, and later changes [min]."""

    model: Model
    name: str
    about: tuple[str, ...]
    species: tuple[tuple[str, float, str], ...]
    parameters: tuple[tuple[str, float, str, str], ...]
    inputs: tuple[tuple[str, float, str, str], ...]
    changes: tuple[tuple[float, tuple[tuple[str, float], ...]], ...]


def parts_of(model: Model, protocol: Protocol | None, name: str) -> Parts:
    """Return what to print; without a protocol, of fed cells at rest. Raises as `sbml_string`."""
    network, names = model.network, species_names(model.network)
    start, changes = situation(model, protocol or FED)
    about = header(model, protocol)
    units = {i.id: i.unit for i in network.inputs}
    return Parts(
        model,
        name,
        (about.title or "", *about.notes.splitlines()),
        tuple(
            (s.id, start.species.get(s.id, evaluate(s.initial, model.values)), names[s.id])
            for s in network.species
        ),
        tuple((p.id, model.values[p.id], p.unit, p.meaning) for p in network.parameters),
        tuple((i.id, start.inputs.get(i.id, i.default), units[i.id], i.meaning) for i in network.inputs),
        tuple((c.start, tuple(c.values.items())) for c in changes),
    )


def balances(parts: Parts, spell: Callable[[int], str]) -> Iterator[tuple[str, str]]:
    """Every species and its dc/dt, from the rates of reactions as `spell` writes them."""
    network = parts.model.network
    volume = {c.id: c.size for c in network.compartments}
    terms: dict[str, list[tuple[float, int]]] = {s.id: [] for s in network.species}
    size = {s.id: volume[s.compartment] for s in network.species}
    for j, r in enumerate(network.reactions):
        for sign, side in ((-1.0, r.reactants), (1.0, r.products)):
            for id, n in side:
                terms[id].append((sign * n * volume[r.compartment] / size[id], j))
    for id, listed in terms.items():
        text = ""
        for factor, j in listed:
            size_of = "" if abs(factor) == 1 else f"{number_text(abs(factor))}*"
            text += f" {'-' if factor < 0 else '+'} {size_of}{spell(j)}"
        yield id, text.removeprefix(" + ").removeprefix(" ") or "0"


def one_line(text: str) -> str:
    """Return a text without line ends."""
    return " ".join(text.split())
