"""`mtorkin profile`: which of the parameters of a fit the blots determine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from mtorkin.cli import options, output, treatments, words
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    from mtorkin.fit import FitResult, Information, Profiles

NOT_THE_OPTIMUM = 1

Fit = Annotated[Path, typer.Argument(metavar="FIT", help="What `mtorkin fit` wrote: results/fit.json.")]
Parameters = Annotated[
    str | None, typer.Option(metavar="A,B,...", help="Only these; else all that the fit freed.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with what an interrupted run left in --out.")]


def profile(
    fit: Fit,
    parameters: Parameters = None,
    resume: Resume = False,
    jobs: options.Jobs = 1,
    out: options.Out = None,
    json: options.Json = False,
) -> None:
    """Say what blots determine: a 95 % interval for each fitted parameter, all others fitted anew.

    With --out: profiles.json (everything), profiles.csv (a line a
    parameter), profiles.png, profiles/ (a file each, for --resume). Exit
    code 1 where a profile finds a better fit than the fit.

    \b
    Examples:
      mtorkin profile results/fit.json --jobs 2 --out results
      mtorkin profile results/fit.json --parameters kcat_S6K_T389
    """
    from mtorkin.fit import identify
    from mtorkin.fit import profile as find

    if resume and out is None:
        raise DeclarationError("--resume needs --out: the folder of the profiles to go on with")
    if out is not None:
        output.check_folder(out)
        output.check_folder(out / "profiles", out)
        output.tidy(out, out / "profiles")
    result = read(fit)
    found = find(
        result,
        words.names(parameters),
        folder=None if out is None else out / "profiles",
        resume=resume,
        jobs=jobs,
        progress=not json,
    )
    files = [] if out is None else write(found, out)
    if json:
        output.print_json(as_record(found, identify(result)))
    else:
        report(found, identify(result))
        if out is not None:
            output.say_files(out, files)
    if any("better than the fit" in note for note in found.notes):
        raise typer.Exit(NOT_THE_OPTIMUM)


def read(path: Path) -> FitResult:
    """Return a saved fit with its model. Raises TableError where it is none or the model is another."""
    from mtorkin.build import with_drugs
    from mtorkin.drugs import on_request
    from mtorkin.fit import FitResult

    result = FitResult.load(path)
    given = [name for protocol in result.protocols.values() for name in treatments.named(protocol)]
    drugs = on_request(given)
    models = {
        cells: with_drugs(options.make_model(context), *drugs) for cells, context in result.contexts.items()
    }
    return result.with_model(next(iter(models.values())), models)


def as_record(found: Profiles, information: Information) -> dict[str, Any]:
    """Return what was found as JSON has it; null where an interval has no end."""
    table = found.table
    return {
        "parameters": {str(name): row.to_dict() for name, row in table.iterrows()},
        "combinations": information.directions.to_dict(orient="records"),
        "notes": found.notes,
    }


def write(found: Profiles, out: Path) -> list[Path]:
    """Write profiles, table and figure into `out`, all or none; returns their names."""
    from mtorkin.plot.profile import plot_profiles

    with output.staged(out) as stage:
        found.to_json(stage / "profiles.json")
        output.write_table(stage / "profiles.csv", found.table.reset_index())
        plot_profiles(found, stage / "profiles.png")
        return [path.relative_to(stage) for path in stage.iterdir()]


def report(found: Profiles, information: Information) -> None:
    """Print what the blots determine, and what to be wary of."""
    screen = output.console()
    for text in (found.summary(), "", information.summary()):
        screen.print(Text(text), soft_wrap=True)
    for note in found.notes:
        screen.print(Text(f"note: {note}", style="dim"), soft_wrap=True)
