"""`mtorkin export petab`: a fit as a problem that other fitting tools read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mtorkin.cli import output
from mtorkin.cli.export_more import app
from mtorkin.cli.profile import Fit, read

__all__ = ["app", "petab"]

HELP = """Write a fit as a PEtab problem: SBML, tables of conditions, lanes, observables and parameters.

Nominal values are those of the fit, with the scales and noise levels that are
best there. Format 1 knows one treatment, at time 0; format 2 later ones too.

\b
Examples:
  mtorkin export petab results/fit.json --out petab
  mtorkin export petab results/fit.json --format 2 --out petab
"""


OTHER_NUMBER = (
    "minus the log-likelihood of these files is another number than the objective that `mtorkin fit` "
    "prints: there scales are integrated out, which noise levels pay for, and priors count without their "
    "normalisation; compare fits by one of the two"
)


@app.command("petab", help=HELP)
def petab(
    fit: Fit,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write into.")],
    format: Annotated[int, typer.Option(metavar="1|2", help="Version of PEtab's format.")] = 1,
) -> None:
    """Write a fit as a PEtab problem."""
    import numpy as np

    from mtorkin.petab.export import write_petab

    output.check_folder(out)
    result = read(fit)
    problem = result.solvable()
    at = np.log([result.best[name] for name in problem.names])
    with output.staged(out) as stage:
        write_petab(problem, stage, at, format)
        files = [path.relative_to(stage) for path in stage.iterdir()]
    output.say_files(out, files)
    typer.echo(f"note: {OTHER_NUMBER}", err=True)
