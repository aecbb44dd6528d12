"""`mtorkin fit`: find parameters with which the model shows what blots show."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from mtorkin.cli import cells, inputs, options, output, words
from mtorkin.cli.report import after_fit
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    from mtorkin.fit import Blots, FitResult
    from mtorkin.model import Model

DID_NOT_CONVERGE = 1


Table = Annotated[
    Path, typer.Argument(help="Table of blots: CSV, TSV or XLSX; or breast_cancer_blots.csv, ours.")
]
Conditions = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="What each condition is: condition, start, input, value. Without it, NAME_conditions "
        "beside the blots is taken, or the protocols that have a name.",
    ),
]
Free = Annotated[
    str | None,
    typer.Option(
        metavar="A,B,...",
        help="Parameters to find; the others stay. With --joint, A@MCF-7 is a value for these cells, A@* one "
        "for each kind.",
    ),
]
NoiseKind = Annotated[
    str, typer.Option("--noise", metavar="KIND", help="log-normal (a factor) or normal (an amount).")
]
Sigma = Annotated[
    float | None,
    typer.Option(metavar="LEVEL", help="Fix the noise: 0.2 is a factor of 1.2, or 20 % of the mean band."),
]
Offset = Annotated[
    str | None,
    typer.Option(metavar="A,B,...", help="Antibodies whose blots have a background to be found; or all."),
]
Joint = Annotated[
    bool, typer.Option("--joint", help="Fit several cell lines together, each in its own context.")
]
Targets = Annotated[str | None, typer.Option(metavar="A,B,...", help="Fit these antibodies only.")]
CellLine = Annotated[str | None, typer.Option(metavar="NAME", help="Fit the lanes of this cell line only.")]
Starts = Annotated[int, typer.Option(min=1, help="Points to start from.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with what an interrupted fit left in --out.")]
Page = Annotated[
    bool, typer.Option("--report", help="Profile as well, run the claims, and write a page on all of it.")
]


def fit(
    blots: Table,
    conditions: Conditions = None,
    free: Free = None,
    targets: Targets = None,
    cell_line: CellLine = None,
    joint: Joint = False,
    noise: NoiseKind = "log-normal",
    sigma: Sigma = None,
    offset: Offset = None,
    starts: Starts = 4,
    engine: options.FastestEngine = None,
    resume: Resume = False,
    page: Page = False,
    context: options.Context = "generic",
    overlay: options.Overlay = None,
    set_: options.Set = None,
    scale: options.Scale = None,
    mutate: options.Mutate = None,
    seed: options.Seed = 1,
    jobs: options.Jobs = 1,
    out: options.Out = None,
    json: options.Json = False,
) -> None:
    """Fit parameters to Western blots; each blot and antibody has a scale of its own.

    With --out: fit.json (everything), fit.tsv (values, for --overlay; one
    for each kind of cells where they differ), fit.png, starts/ (a file
    each, for --resume); with --report, report.html. Exit code 1: not converged.

    \b
    Examples:
      mtorkin fit breast_cancer_blots.csv --cell-line MCF-7 --jobs 2 --out results --report
      mtorkin fit my_blots.csv --noise normal --offset mTOR_pS2448
      mtorkin fit breast_cancer_blots.csv --joint --free K_insulin,k_Akt_T308@*
    """
    from mtorkin.fit import fitting

    chosen = words.names(free)
    check_options(chosen, out, resume, page)
    make = partial(options.make_model, overlay=overlay, set_=set_, scale=scale, mutate=mutate)
    model, lanes = read(blots, conditions, make(context), words.names(targets), cell_line, joint)
    options.check_parameters([name.partition("@")[0] for name in chosen or ()], "--free", model)
    result = fitting.fit(
        model,
        lanes,
        fitting.INSULIN_FREE if chosen is None else chosen,
        noise=cells.noise_of(noise, sigma),
        offset=cells.offsets(offset, lanes),
        contexts=cells.models_of(context, lanes, make) if joint else None,
        starts=starts,
        seed=seed,
        engine=engine,
        jobs=jobs,
        folder=None if out is None else out / "starts",
        resume=resume,
        progress=not json,
    )
    later = partial(after_fit, resume=resume, jobs=jobs) if page else None
    hand_over(inputs.noted(result, blots, conditions), out, json, later)


def hand_over(result: FitResult, out: Path | None, json: bool, later: Callable[..., None] | None) -> None:
    """Write files and print what was found; exit code 1 where the best start did not converge.

    `later` is done with the result at the end, in the same folder.
    """
    files = [] if out is None else write(result, out)
    if json:
        output.print_json(as_record(result))
    else:
        report(result)
        if out is not None:
            output.say_files(out, files)
    if later is not None and out is not None:
        later(result, out, show=not json)
    if not result.converged:
        raise typer.Exit(DID_NOT_CONVERGE)


def check_options(free: list[str] | None, out: Path | None, resume: bool, page: bool) -> None:
    """Raise DeclarationError for options that do not go together."""
    if page and out is None:
        raise DeclarationError("--report needs --out: the folder to write the page into")
    if resume and out is None:
        raise DeclarationError("--resume needs --out: the folder of the fit to go on with")
    if free is not None and not free:
        raise DeclarationError("--free: names none; leave it out to fit the usual ones")
    if out is not None:
        output.check_folder(out)
        output.check_folder(out / "starts", out)
        output.tidy(out, out / "starts")


def read(
    path: Path,
    conditions: Path | None,
    model: Model,
    targets: list[str] | None,
    cell_line: str | None,
    joint: bool = False,
) -> tuple[Model, Blots]:
    """Return the model, with the drugs that the lanes were given, and the lanes to fit.

    Raises TableError, and DeclarationError for a wrong cell line.
    """
    from mtorkin.build import with_drugs
    from mtorkin.drugs import on_request
    from mtorkin.fit import read_blots

    table = options.table_file(path)
    blots = read_blots(table, conditions, observables=list(model.observables.index))
    if cell_line is not None and not any(blots.cell_lines):
        raise DeclarationError(
            f"--cell-line {cell_line}: the table of conditions has no column cell_line; leave --cell-line out"
        )
    if targets is not None or cell_line is not None:
        blots = blots.select(targets=targets, cell_line=cell_line)
    if len(blots.cell_lines) > 1 and not joint:
        raise DeclarationError(
            f"{blots.source}: the blots are of {len(blots.cell_lines)} cell lines and one model "
            f"describes one; choose with --cell-line: {', '.join(blots.cell_lines)}, or fit them together "
            "with --joint"
        )
    if not joint and (said := cells.unused_context(model.context, blots)):
        typer.echo(f"note: {said}", err=True)
    return with_drugs(model, *on_request(cells.given(blots))), blots


def as_record(result: FitResult) -> dict[str, Any]:
    """Return what was found as JSON has it."""
    return {
        "converged": result.converged,
        "objective": result.objective,
        "best": dict(result.best),
        "noise": dict(zip(result.noise["target"], result.noise["sigma"], strict=True)),
        "notes": result.notes,
        "settings": dict(result.settings),
    }


def write(result: FitResult, out: Path) -> list[Path]:
    """Write result, overlay and figure into `out`, all or none; returns their names."""
    from mtorkin.plot.fit import plot_fit

    with output.staged(out) as stage:
        result.to_json(stage / "fit.json")
        if any("@" in name for name in result.best):
            for name in result.values:
                result.write_overlay(stage / f"fit-{output.stem(name)}.tsv", name)
        else:
            result.write_overlay(stage / "fit.tsv")
        plot_fit(result, stage / "fit.png")
        return [path.relative_to(stage) for path in stage.iterdir()]


def report(result: FitResult) -> None:
    """Print what was found, and what to be wary of."""
    from mtorkin.fit import identify

    screen = output.console()
    rows = [
        [
            id,
            output.short(float(row["value"])),
            row["unit"],
            output.short(float(row["start"])),
            f"{row['fold']:.2g}",
            "at a bound" if row["at_bound"] else "",
        ]
        for id, row in result.parameters.iterrows()
    ]
    heads = ["parameter", "value>", "unit", "model>", "fold>", ""]
    screen.print(output.table("Fitted parameters", heads, rows))
    screen.print()
    screen.print(Text(result.summary()), soft_wrap=True)
    if not result.fisher.empty:  # where it is, a note says why
        screen.print(Text(identify(result).summary(1)), soft_wrap=True)
    for note in result.notes:
        screen.print(Text(f"note: {note}", style="dim"), soft_wrap=True)
