"""A description as Markdown; formulas are code, as in Antimony and in SBML's formula syntax."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtorkin.export.description.sections import Balance, Description, Number, Section
from mtorkin.language.infix import infix, number_text
from mtorkin.language.mechanism import Assignment, Observable

__all__ = ["markdown_lines"]


def markdown_lines(what: Description) -> Iterator[str]:
    """Yield the lines of the page."""
    yield from (f"# {what.title}", "")
    for paragraph in what.notes:
        yield from (paragraph, "")
    yield "A rate `v` is the change of concentration [nM/min] in its own compartment; a number before"
    yield "it is the ratio of volumes. Reactions are numbered through the model."
    yield from ("", "| compartment | volume |", "|---|---|")
    yield from (f"| {id} | {number_text(size)} |" for id, size in what.compartments)
    yield from ("", "## Inputs", "", *_numbers(what.inputs))
    for section in what.sections:
        yield from _section(section)
    if what.totals:
        yield from ("", "## Totals that cells start with", "", *_numbers(what.totals))
    if what.others:
        yield from ("", "## Quantities that nothing uses here", "", *map(_quantity, what.others))
    yield from ("", "## Balances", "")
    yield "Every species, with its concentration before cells come to rest."
    yield ""
    yield from map(_balance, what.balances)
    yield from ("", "## Sources", "")
    yield from (f"- {key}: <{uri}>" for key, uri in what.sources)


def _section(section: Section) -> Iterator[str]:
    yield from ("", f"## {section.title.replace('_', ' ')}", "", *section.about.strip().splitlines())
    if section.numbers:
        yield from ("", "**Parameters**", "", *_numbers(section.numbers))
    if section.assignments:
        yield from ("", "**Quantities**", "", *map(_quantity, section.assignments))
    if section.steps:
        yield from ("", "**Reactions**", "")
        for s in section.steps:
            yield f"- {s.name}: `v{s.number} = {infix(s.rate)}` ({s.compartment})"
    if section.observables:
        yield from ("", "**Observables**", "")
        for o in section.observables:
            yield _quantity(o)


def _numbers(rows: Sequence[Number]) -> Iterator[str]:
    yield "| id | value | unit | meaning | evidence | source |"
    yield "|---|---|---|---|---|---|"
    for n in rows:
        cells = (f"`{n.id}`", number_text(n.value), n.unit, n.meaning, n.evidence, n.source)
        yield "| " + " | ".join(" ".join(c.split()).replace("|", "\\|") for c in cells) + " |"


def _quantity(x: Assignment | Observable) -> str:
    return f"- `{x.id} = {infix(x.expr)}` [{x.unit}]{_said(x.meaning)}"


def _said(meaning: str) -> str:
    return f": {' '.join(meaning.split())}" if meaning else ""


def _balance(b: Balance) -> str:
    text = ""
    for factor, number in b.terms:
        size = "" if abs(factor) == 1 else f"{number_text(abs(factor))}*"
        text += f" {'-' if factor < 0 else '+'} {size}v{number}"
    formula = text.removeprefix(" + ").strip() or "0"
    return f"- {b.name}: `d({b.id})/dt = {formula}`; at first `{infix(b.initial)}` ({b.compartment})"
