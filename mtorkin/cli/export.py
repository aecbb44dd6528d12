"""`mtorkin export`: the model as a file that other tools run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtorkin.cli import export_sbml, options, output, treatments
from mtorkin.errors import DeclarationError
from mtorkin.files import write_text

if TYPE_CHECKING:
    from mtorkin.model import Model
    from mtorkin.protocol import Protocol

app = typer.Typer(
    help="Write the model as a file that other tools run.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Name = Annotated[
    str | None,
    typer.Option(
        "--protocol",
        metavar="NAME",
        help="Write a treatment with it: doses at 0 as initial values, later ones as events.",
    ),
]
Target = Annotated[
    Path | None,
    typer.Option(metavar="FILE|DIR", help="File, or folder to put it in; without, it is printed."),
]


SBML = """Write SBML Level 3 Version 1, with units, for COPASI, tellurium, libRoadRunner and others.

\b
Examples:
  mtorkin export sbml --out mtorkin.xml
  mtorkin export sbml --protocol rapamycin-prolonged --out rapamycin.xml
  mtorkin export sbml --context MCF7 --protocol rapamycin-washout --out mcf7.xml
  mtorkin export sbml --overlay results/fit.tsv --out fitted.xml
  mtorkin export sbml --level 2.4 --out old.xml
  mtorkin export sbml --no-diagram --out plain.xml       (for Antimony's converter)
  mtorkin export sbml --all files --protocol insulin     (in every kind of cells)
"""
ANTIMONY = """Write Antimony: the model as text that people read and tellurium runs.

\b
Examples:
  mtorkin export antimony --out mtorkin.ant
  mtorkin export antimony --mutate S1261A | less
"""


def _antimony(model: Model, protocol: Protocol | None) -> str:
    from mtorkin.export import antimony_string

    return antimony_string(model, protocol)


def _command(make: Callable[[Model, Protocol | None], str], suffix: str) -> Callable[..., None]:
    """Return the command that writes what `make` returns into a file whose name ends in `suffix`."""

    def write(
        protocol: Name = None,
        conditions: treatments.Conditions = None,
        period: treatments.Periods = None,
        context: options.Context = "generic",
        overlay: options.Overlay = None,
        set_: options.Set = None,
        scale: options.Scale = None,
        mutate: options.Mutate = None,
        out: Target = None,
    ) -> None:
        treatment = _protocol(protocol, conditions, period)
        model = options.make_model(context, overlay, set_, scale, mutate, treatments.named(treatment))
        _write(make, model, treatment, out, suffix)

    return write


def _protocol(name: str | None, conditions: Path | None, periods: list[str] | None) -> Protocol | None:
    asked = name is not None or conditions is not None or bool(periods)
    return treatments.find(name, conditions, periods).protocol if asked else None


def _write(
    make: Callable[[Model, Protocol | None], str],
    model: Model,
    protocol: Protocol | None,
    out: Path | None,
    suffix: str,
) -> None:
    if out is None:
        typer.echo(make(model, protocol), nl=False)
        return
    if out.is_dir() or not out.suffix:
        output.check_folder(out)
        out = out / f"mtorkin{suffix}"
    output.check_folder(out.parent, out)
    if out.suffix.lower() not in {suffix, ".sbml", ".txt"}:
        raise DeclarationError(f"--out {out}: the file name must end in {suffix}")
    text = make(model, protocol)
    write_text(out, text)
    species, reactions = len(model.network.species), len(model.network.reactions)
    typer.echo(f"wrote {out} ({species} species, {reactions} reactions)")


@app.command("sbml", help=SBML)
def _sbml(
    protocol: Name = None,
    conditions: treatments.Conditions = None,
    period: treatments.Periods = None,
    context: options.Context = "generic",
    overlay: options.Overlay = None,
    set_: options.Set = None,
    scale: options.Scale = None,
    mutate: options.Mutate = None,
    level: export_sbml.Level = "3.1",
    diagram: export_sbml.Diagram = True,
    every: export_sbml.Every = None,
    out: Target = None,
) -> None:
    export_sbml.check_level(level)
    if every is not None:
        if any((out, conditions, period, overlay, set_, scale, mutate)):
            raise DeclarationError("--all goes with --context, --protocol, --level and --no-diagram only")
        export_sbml.write_every(every, level, context, protocol, diagram)
        return
    write = _command(lambda model, treatment: export_sbml.text(model, treatment, level, diagram), ".xml")
    write(protocol, conditions, period, context, overlay, set_, scale, mutate, out)


app.command("antimony", help=ANTIMONY)(_command(_antimony, ".ant"))
