"""`mtorkin report`: a page on a fit and what was done with it, and a file with everything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtorkin.cli import options, output
from mtorkin.cli.claims import progress_bar
from mtorkin.cli.profile import read
from mtorkin.errors import DeclarationError, TableError

if TYPE_CHECKING:
    import pandas as pd

    from mtorkin.fit import FitResult
    from mtorkin.report import Findings

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="What `mtorkin fit` wrote into: the folder of fit.json.")
]
Claims = Annotated[
    bool,
    typer.Option(
        "--claims/--no-claims",
        help="Run the claims of the literature with fitted values; else those of an earlier report are kept.",
    ),
]


def report(
    folder: Folder,
    claims: Claims = True,
    jobs: options.Jobs = 1,
    out: options.Out = None,
    json: options.Json = False,
) -> None:
    """Write a page on a fit, with its profiles and its posterior where they are in the same folder.

    Into --out, or else the folder itself: report.html (one file, to be sent around)
    and fit.nc (all tables, profiles and sets, NetCDF). Bands are from the
    posterior, where it converged, else from the curvature at the best fit.

    \b
    Examples:
      mtorkin report results
      mtorkin report results --no-claims --out page
    """
    saved = folder / "fit.json" if folder.is_dir() else folder
    if not saved.is_file():
        raise DeclarationError(f"{folder}: has no fit.json; name the folder that `mtorkin fit --out` wrote")
    into = saved.parent if out is None else out
    output.check_folder(into)
    output.tidy(into)
    found = findings(read(saved), saved.parent, into, claims=claims, jobs=jobs, show=not json)
    files = write(found, into)
    if json:
        output.print_json({"files": [str(into / name) for name in files]})
    else:
        output.say_files(into, files)


def after_fit(result: FitResult, out: Path, *, resume: bool, jobs: int, show: bool) -> None:
    """Profile a fit that was just written into `out`, and write the report of both."""
    from mtorkin.cli.profile import write as write_profiles
    from mtorkin.fit import profile

    found = profile(result, folder=out / "profiles", resume=resume, jobs=jobs, progress=show)
    files = write_profiles(found, out)
    files += write(findings(result, out, out, claims=True, jobs=jobs, show=show), out)
    if show:
        output.say_files(out, files)


def findings(result: FitResult, folder: Path, into: Path, *, claims: bool, jobs: int, show: bool) -> Findings:
    """Return a fit with what lies beside it in a folder, with its bands, and the claims before and after.

    Without `claims`, those of a report that is in `into` or the folder already are kept. Raises TableError
    where profiles or a posterior in the folder are of another fit.
    """
    from mtorkin.fit import Posterior, Profiles
    from mtorkin.report import Findings, following

    profiles, posterior = folder / "profiles.json", folder / "posterior.npz"
    try:
        found = Findings(
            result=result,
            profiles=Profiles.load(profiles) if profiles.is_file() else None,
            posterior=Posterior.load(posterior) if posterior.is_file() else None,
        )
    except TableError as error:
        raise TableError(f"{folder}: {error}") from None
    found = replace(found, follows=following(result, found.posterior, threads=jobs))
    both = both_claims(result, show) if claims else kept_claims(result, into, folder)
    if both is None:
        return found
    return replace(found, before=both[0], after=both[1], kept=not claims)


def kept_claims(result: FitResult, *folders: Path) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Return the claims of an earlier report on the same fit, and say so; None where there is none."""
    from mtorkin.report import earlier_claims

    for path in dict.fromkeys(folder / "fit.nc" for folder in folders):
        if not path.is_file():
            continue
        if (found := earlier_claims(path, result)) is not None:
            typer.echo(f"note: the claims are those of the report before ({path})", err=True)
            return found
        typer.echo(f"note: {path} has no claims of this fit to keep; the page says so", err=True)
    return None


def both_claims(result: FitResult, show: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return tables of claims with the values before and after a fit; of the first kind of cells."""
    import numpy as np

    from mtorkin.claims import run_claims

    problem = result.solvable()
    fitted = problem.models_at(np.log(list(result.best.values())))
    context = next(iter(problem.models))
    tables = []
    for model in (problem.models[context], fitted[context]):
        with progress_bar(show) as progress:
            tables.append(run_claims(model, progress=progress))
    return tables[0], tables[1]


def write(found: Findings, out: Path) -> list[Path]:
    """Write page and data into `out`, both or none; returns their names."""
    from mtorkin.report import write_dataset, write_report

    with output.staged(out) as stage:
        write_report(found, stage / "report.html")
        write_dataset(found, stage / "fit.nc")
        return [path.relative_to(stage) for path in stage.iterdir()]
