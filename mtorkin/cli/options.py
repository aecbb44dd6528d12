"""Options that several commands share, and the model they describe."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtorkin.cli import words
from mtorkin.errors import DeclarationError, TableError

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
        "--overlay",
        "--fit",
        metavar="FILE",
        help="Parameter values to lay over the model's, e.g. of a fit (TSV: parameterId, nominalValue); "
        "or one that comes with mtorkin: MCF7, ZR751, SKMEL133, T47D.",
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
Engine = Annotated[
    str, typer.Option(metavar="NAME", help="native (fastest), roadrunner, or scipy (reference).")
]
FastestEngine = Annotated[
    str | None,
    typer.Option("--engine", metavar="NAME", help="native, roadrunner or scipy; else the fastest there is."),
]
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
    drugs: Iterable[str] = (),
) -> Model:
    """Return the model that the options describe: context, overlay, set, scale, mutate, in turn.

    `drugs` are added where the standard model leaves them out; other names in it say nothing. What
    is odd and not wrong (values outside the table's bounds, an overlay without units) is said on
    standard error. Raises DeclarationError for unknown names and for names given twice, and
    TableError as the model does.
    """
    from mtorkin.build import build
    from mtorkin.cli import overlays
    from mtorkin.drugs import check_names, on_request
    from mtorkin.model import ABUNDANCE
    from mtorkin.network import settable

    drugs = tuple(drugs)
    model = build(context=context, drugs=on_request(drugs))
    check_names(drugs, settable(model.network))
    notes = []
    if overlay is not None:
        overlay = overlays.shipped(overlay)
        values = overlays.read_values(overlay, model)
        notes += overlays.notes(overlay, values, model)
        model = model.with_values(**values)
    values = words.assignments(set_ or (), "--set")
    check_parameters(values, "--set", model)
    changed = model.with_values(**values)
    notes += overlays.outside(values, model)
    factors = words.assignments(scale or (), "--scale")
    molecules = sorted(id.removesuffix(ABUNDANCE) for id in model.values if id.endswith(ABUNDANCE))
    for name in factors:
        words.known(name, molecules, "abundance of", "see `mtorkin show molecules`")
    changed = changed.scaled(**factors)
    for name in mutate or ():
        words.known(name, [m.name for m in model.network.mutations], "mutant", "see `mtorkin show mutants`")
        if (mutate or []).count(name) > 1:
            raise DeclarationError(f"--mutate: {name} is given twice")
    for note in notes:
        typer.echo(f"note: {note}", err=True)
    return changed.mutated(*(mutate or ()))


def check_parameters(ids: Iterable[str], option: str, model: Model) -> None:
    """Raise DeclarationError, with the nearest match, for an id that is no parameter of the model."""
    for id in ids:
        try:
            words.known(id, list(model.values), "parameter", "see `mtorkin show parameters`")
        except DeclarationError as error:
            raise DeclarationError(f"{option}: {error}") from None


def table_file(path: Path) -> Path:
    """Return the path or, where there is no such file, one of that name that comes with mtorkin.

    Raises TableError where it is a folder.
    """
    from mtorkin._resources import blots_dir

    if path.is_dir():
        raise TableError(f"{path}: is a folder; name a table in it (CSV, TSV or XLSX)")
    ours = blots_dir() / path
    return ours if not path.exists() and len(path.parts) == 1 and ours.is_file() else path


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
