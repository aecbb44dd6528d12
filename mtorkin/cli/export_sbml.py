"""`mtorkin export sbml`: one file, or one of every kind of cells and every named protocol."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtorkin.cli import options, output, treatments
from mtorkin.errors import DeclarationError
from mtorkin.protocol import NAMED, Protocol

if TYPE_CHECKING:
    from mtorkin.model import Model

__all__ = ["Diagram", "Every", "Level", "check_level", "text", "write_every"]

LEVELS = ("3.1", "2.4")

Level = Annotated[
    str,
    typer.Option(metavar="3.1|2.4", help="Level and version of SBML; 2.4 for old tools."),
]
Diagram = Annotated[
    bool,
    typer.Option(
        "--diagram/--no-diagram",
        help="With pictures of the network, or without: for tools that take minutes to read them.",
    ),
]
Every = Annotated[
    Path | None,
    typer.Option(
        "--all", metavar="DIR", help="Write a file of every kind of cells and of every named protocol there."
    ),
]


def check_level(level: str) -> None:
    """Say what Level 2 loses. Raises DeclarationError for a level that is not written."""
    if level not in LEVELS:
        raise DeclarationError(f"--level {level}: SBML is written in {' or '.join(LEVELS)}")
    if level == "2.4":
        from mtorkin.sbml import LOST

        typer.echo(f"note: Level 2 Version 4 has no place for {LOST}", err=True)


def text(model: Model, protocol: Protocol | None, level: str, diagram: bool) -> str:
    """Return a model as SBML of a level; Level 2 has no pictures in any case."""
    from mtorkin.export import sbml_level2_string, sbml_string

    if level == "2.4":
        return sbml_level2_string(model, protocol)
    return sbml_string(model, protocol, diagram=diagram)


def write_every(folder: Path, level: str, context: str, named: str | None, diagram: bool) -> None:
    """Write a file a kind of cells and protocol into a folder, all of them or none.

    A `context` other than generic, or a protocol that is `named`, keeps to it.
    """
    from mtorkin.build import contexts

    cells = [context] if context != "generic" else list(contexts())
    protocols: list[str | None] = [named] if named else [None, *NAMED]
    with output.staged(folder) as stage:
        for cell in cells:
            model = options.make_model(cell, None, None, None, None)
            for name in protocols:
                protocol = treatments.find(name, None, None).protocol if name else None
                stem = "-".join(x for x in ("mtorkin", cell, name) if x)
                (stage / f"{stem}.xml").write_text(
                    text(model, protocol, level, diagram), encoding="utf-8", newline="\n"
                )
    typer.echo(f"wrote {len(cells) * len(protocols)} files into {folder}")
