"""Options that several commands share, and the model they describe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtorkin.cli.words import assignments

if TYPE_CHECKING:
    from mtorkin.model import Model

MODEL = "Model"

Context = Annotated[
    str,
    typer.Option(metavar="NAME", help="Kind of cell: see `mtorkin show contexts`.", rich_help_panel=MODEL),
]
Overlay = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Parameter values to lay over the model's, e.g. of a fit (TSV: parameterId, nominalValue).",
        rich_help_panel=MODEL,
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="ID=VALUE",
        help="Set a parameter, in its own unit; may be repeated.",
        rich_help_panel=MODEL,
    ),
]
Scale = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=FACTOR",
        help="Multiply what cells have of a molecule: Rictor=0.2 is a knock-down, =0 a knock-out; "
        "may be repeated.",
        rich_help_panel=MODEL,
    ),
]
Mutate = Annotated[
    list[str] | None,
    typer.Option(
        metavar="MUTANT",
        help="A mutant, e.g. S1261A; may be repeated. See `mtorkin show mutants`.",
        rich_help_panel=MODEL,
    ),
]
Engine = Annotated[str, typer.Option(metavar="NAME", help="scipy (reference) or roadrunner.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Write files into this folder.")]
Jobs = Annotated[int, typer.Option(min=1, help="Processes to use.")]
Seed = Annotated[int, typer.Option(help="Seed of every random choice.")]


def make_model(
    context: str,
    overlay: Path | None = None,
    set_: list[str] | None = None,
    scale: list[str] | None = None,
    mutate: list[str] | None = None,
) -> Model:
    """Return the model that the options describe: context, overlay, set, scale, mutate, in turn.

    Raises DeclarationError and TableError as the model does.
    """
    from mtorkin.build import build

    model = build(context=context)
    if overlay is not None:
        from mtorkin.cli.overlays import read_values

        model = model.with_values(**read_values(overlay, model))
    model = model.with_values(**assignments(set_ or (), "--set"))
    model = model.scaled(**assignments(scale or (), "--scale"))
    return model.mutated(*(mutate or ()))


def as_record(
    context: str,
    overlay: Path | None,
    set_: list[str] | None,
    scale: list[str] | None,
    mutate: list[str] | None,
) -> dict[str, object]:
    """Return the options of a model as JSON has them."""
    return {
        "context": context,
        "overlay": None if overlay is None else str(overlay),
        "set": set_ or [],
        "scale": scale or [],
        "mutate": mutate or [],
    }
