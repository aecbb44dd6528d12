"""`mtorkin sample`: parameter sets from the posterior of a fit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from mtorkin.cli import options, output
from mtorkin.cli.profile import Fit, read
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    from mtorkin.fit import Posterior

NOT_CONVERGED = 1

Steps = Annotated[int, typer.Option(min=100, help="Steps of each of two ensembles.")]
Walkers = Annotated[
    int | None, typer.Option(min=4, help="Walkers of an ensemble; else four for each free parameter.")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with what is in --out, up to --steps if that is more.")
]


def sample(
    fit: Fit,
    steps: Steps = 2000,
    walkers: Walkers = None,
    resume: Resume = False,
    seed: options.Seed = 1,
    jobs: options.Jobs = 1,
    out: options.Out = None,
    json: options.Json = False,
) -> None:
    """Draw parameter sets that blots and priors allow, all parameters at once; needs the extra sampling.

    With --out: posterior.npz (the sets, for `mtorkin predict --posterior`),
    posterior.csv (a line a parameter), walkers/ (files for --resume). Exit
    code 1 where the walkers do not agree yet.

    \b
    Examples:
      mtorkin sample results/fit.json --out results
      mtorkin sample results/fit.json --steps 8000 --resume --out results
    """
    from mtorkin.fit import sample as draw

    if resume and out is None:
        raise DeclarationError("--resume needs --out: the folder of the sample to go on with")
    if out is not None:
        output.check_folder(out)
        output.check_folder(out / "walkers", out)
        output.tidy(out, out / "walkers")
    found = draw(
        read(fit),
        steps=steps,
        walkers=walkers,
        seed=seed,
        folder=None if out is None else out / "walkers",
        resume=resume,
        threads=jobs,
        progress=not json,
    )
    files = [] if out is None else write(found, out)
    if json:
        output.print_json(as_record(found))
    else:
        report(found)
        if out is not None:
            output.say_files(out, files)
    if not found.converged:
        raise typer.Exit(NOT_CONVERGED)


def as_record(found: Posterior) -> dict[str, Any]:
    """Return what was found as JSON has it."""
    return {
        "converged": found.converged,
        "parameters": {str(name): row.to_dict() for name, row in found.table.iterrows()},
        "sets": len(found.kept),
        "accepted": found.accepted,
        "words": found.summary().splitlines(),
    }


def write(found: Posterior, out: Path) -> list[Path]:
    """Write sets and table into `out`, all or none; returns their names."""
    with output.staged(out) as stage:
        found.save(stage / "posterior.npz")
        output.write_table(stage / "posterior.csv", found.table.reset_index())
        return [path.relative_to(stage) for path in stage.iterdir()]


def report(found: Posterior) -> None:
    """Print the table, and whether to trust it."""
    screen = output.console()
    rows = [
        [
            id,
            output.short(float(row["median"])),
            output.short(float(row["lower"])),
            output.short(float(row["upper"])),
            row["unit"],
            f"{row['rhat']:.3f}",
            f"{row['ess']:.0f}",
        ]
        for id, row in found.table.iterrows()
    ]
    heads = ["parameter", "median>", "2.5 %>", "97.5 %>", "unit", "R-hat>", "effective sets>"]
    screen.print(output.table("Posterior", heads, rows))
    screen.print()
    screen.print(Text(found.summary()), soft_wrap=True)
