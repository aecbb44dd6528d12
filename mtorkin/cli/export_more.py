"""`mtorkin export copasi | omex | odes | description`: files that bring more than the model, or less."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtorkin.cli import fit, options, output, treatments, words
from mtorkin.cli.export import Name, Target, _protocol, app
from mtorkin.errors import DeclarationError
from mtorkin.files import write_text

if TYPE_CHECKING:
    from mtorkin.fit import Blots
    from mtorkin.model import Model
    from mtorkin.protocol import Protocol

__all__ = ["app"]

COPASI = """Write a COPASI file (.cps): protocols, kinds of cells, tasks, plots, and blots to fit.

Each named protocol, and each kind of cell at rest, is a parameter set of the file; it is set to
--protocol. Blots go into NAME_blots.txt beside it. Needs the extra copasi (copasi-basico).

\b
Examples:
  mtorkin export copasi --out mtorkin.cps
  mtorkin export copasi --protocol insulin --context PC3 --no-fit --out insulin.cps
  mtorkin export copasi --blots my_blots.csv --free K_insulin,kcat_S6K_T389 --out mine.cps
"""
OMEX = """Write a COMBINE archive (.omex): an experiment a protocol (SED-ML), what should come out, figures.

\b
Examples:
  mtorkin export omex --out mtorkin.omex
  mtorkin export omex --protocol rapamycin-short --overlay results/fit.tsv --out short.omex
  mtorkin export omex --period '0 rapamycin=20' --period '60 rapamycin=0' --out mine.omex
"""
ODES = """Write the equations alone: a Python module that needs NumPy, or a MATLAB/Octave function.

\b
Examples:
  mtorkin export odes --out mtorkin_odes.py
  mtorkin export odes --language matlab --protocol insulin --out insulin.m
  mtorkin export odes --language matlab | less
"""
DESCRIPTION = """Write the model in words: every mechanism and equation, parameters and their sources.

\b
Examples:
  mtorkin export description --out mtorkin.md
  mtorkin export description --format latex --context MCF7 --out mcf7.tex
"""

Out = Annotated[Path | None, typer.Option(metavar="FILE|DIR", help="File, or folder to put it in.")]
BlotTable = Annotated[
    Path | None,
    typer.Option("--blots", metavar="FILE", help="Blots to fit [default: ours, of MCF-7 cells]."),
]
NoFit = Annotated[bool, typer.Option("--no-fit", help="Leave the parameter estimation out.")]
Language = Annotated[
    str | None, typer.Option(metavar="NAME", help="python or matlab; else as --out ends, or python.")
]
Format = Annotated[
    str | None, typer.Option(metavar="NAME", help="markdown or latex; else as --out ends, or markdown.")
]


@app.command("copasi", help=COPASI)
def copasi(
    protocol: Name = None,
    conditions: treatments.Conditions = None,
    period: treatments.Periods = None,
    blots: BlotTable = None,
    cell_line: fit.CellLine = None,
    targets: fit.Targets = None,
    free: fit.Free = None,
    no_fit: NoFit = False,
    context: options.Context = "generic",
    overlay: options.Overlay = None,
    set_: options.Set = None,
    scale: options.Scale = None,
    mutate: options.Mutate = None,
    out: Out = None,
) -> None:
    """Write a COPASI file."""
    from mtorkin.bundle import copasi_files
    from mtorkin.fit.fitting import INSULIN_FREE

    path = _needed(out, ".cps")
    chosen = words.names(free)
    if no_fit and (blots or chosen or cell_line or targets):
        raise DeclarationError("--no-fit leaves the blots out; give it without --blots, --free and the like")
    treatment = _protocol(protocol, conditions, period)
    model = options.make_model(context, overlay, set_, scale, mutate, treatments.named(treatment))
    options.check_parameters(chosen or (), "--free", model)
    wanted: Sequence[str] = () if no_fit else INSULIN_FREE if chosen is None else chosen
    if not wanted and not no_fit:
        raise DeclarationError("--free: names none; --no-fit leaves the parameter estimation out")
    model, lanes = _blots(model, blots, cell_line, words.names(targets)) if wanted else (model, None)
    texts = copasi_files(model, path.name, treatment, blots=lanes, free=wanted)
    with output.staged(path.parent) as stage:
        for name, text in texts.items():
            write_text(stage / name, text)
    output.say_files(path.parent, map(Path, texts))


def _blots(
    model: Model, table: Path | None, cell_line: str | None, targets: list[str] | None
) -> tuple[Model, Blots]:
    """Return the lanes to fit; of our own table, MCF-7 unless told otherwise."""
    if table is None:
        return fit.read(Path("breast_cancer_blots.csv"), None, model, targets, cell_line or "MCF-7")
    return fit.read(table, None, model, targets, cell_line)


@app.command("omex", help=OMEX)
def omex(
    protocol: Name = None,
    conditions: treatments.Conditions = None,
    period: treatments.Periods = None,
    context: options.Context = "generic",
    overlay: options.Overlay = None,
    set_: options.Set = None,
    scale: options.Scale = None,
    mutate: options.Mutate = None,
    out: Out = None,
) -> None:
    """Write a COMBINE archive."""
    from mtorkin.bundle import write_omex

    path = _needed(out, ".omex")
    treatment = _protocol(protocol, conditions, period)
    model = options.make_model(context, overlay, set_, scale, mutate, treatments.named(treatment))
    write_omex(model, path, treatment)
    output.say_files(path.parent, [Path(path.name)])


@app.command("odes", help=ODES)
def odes(
    language: Language = None,
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
    """Write the equations alone."""
    from mtorkin.export.odes import LANGUAGES, odes_string

    suffixes = {name: suffix for name, (suffix, _) in LANGUAGES.items()}
    chosen = _choice(language, out, suffixes, "--language")
    path = None if out is None else _file(out, suffixes[chosen], "mtorkin_odes")
    treatment: Protocol | None = _protocol(protocol, conditions, period)
    model = options.make_model(context, overlay, set_, scale, mutate, treatments.named(treatment))
    name = "mtorkin_odes" if path is None else path.stem
    _say(odes_string(model, treatment, language=chosen, name=name), path)


@app.command("description", help=DESCRIPTION)
def description(
    format: Format = None,
    context: options.Context = "generic",
    overlay: options.Overlay = None,
    set_: options.Set = None,
    scale: options.Scale = None,
    mutate: options.Mutate = None,
    out: Target = None,
) -> None:
    """Write the model in words."""
    from mtorkin.export.description import FORMATS, description_string

    suffixes = {name: suffix for name, (suffix, _) in FORMATS.items()}
    chosen = _choice(format, out, suffixes, "--format")
    path = None if out is None else _file(out, suffixes[chosen], "mtorkin")
    model = options.make_model(context, overlay, set_, scale, mutate)
    _say(description_string(model, format=chosen), path)


def _choice(asked: str | None, out: Path | None, suffixes: dict[str, str], option: str) -> str:
    """Return what is asked for, else what the file's name says, else the first."""
    if asked is not None:
        return words.known(asked, list(suffixes), option, "see --help")
    ends = "" if out is None else out.suffix.lower()
    return next((name for name, suffix in suffixes.items() if suffix == ends), next(iter(suffixes)))


def _needed(out: Path | None, suffix: str) -> Path:
    if out is None:
        raise DeclarationError(f"--out: say where to write, for example --out mtorkin{suffix}")
    return _file(out, suffix, "mtorkin")


def _file(out: Path, suffix: str, stem: str) -> Path:
    """Return the file to write. Raises DeclarationError where its name ends otherwise or it cannot be."""
    if out.is_dir() or not out.suffix:
        out = out / f"{stem}{suffix}"
    if out.suffix.lower() != suffix:
        raise DeclarationError(f"--out {out}: the file name must end in {suffix}")
    if suffix == ".m" and not (out.stem.isascii() and out.stem.isidentifier()):
        raise DeclarationError(
            f"--out {out}: a MATLAB file is called as its function: use letters, digits and underscores"
        )
    output.check_folder(out.parent, out)
    return out


def _say(text: str, path: Path | None) -> None:
    if path is None:
        typer.echo(text, nl=False)
        return
    write_text(path, text)
    output.say_files(path.parent, [Path(path.name)])
