"""`mtorkin petab`: a parameter estimation problem of others, evaluated or fitted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtorkin.cli import output, words
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    from mtorkin.fit.starts import Start
    from mtorkin.petab.problem import PetabProblem

__all__ = ["petab"]


def petab(
    problem: Annotated[Path, typer.Argument(metavar="PROBLEM.yaml", help="The YAML file of the problem.")],
    starts: Annotated[int, typer.Option(help="Fit from so many starts; 0 evaluates only.")] = 0,
    seed: Annotated[int, typer.Option(help="Decides where the starts begin.")] = 1,
    steps: Annotated[int, typer.Option(help="Steps of the optimiser, at most.")] = 1500,
    draws: Annotated[int, typer.Option(help="Points drawn for a start; the lowest count.")] = 60,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for starts and parameters.")] = None,
) -> None:
    """Evaluate a PEtab problem (format 1 or 2) at its nominal parameters, or fit it.

    \b
    Examples:
      mtorkin petab Boehm_JProteomeRes2014.yaml
      mtorkin petab Boehm_JProteomeRes2014.yaml --starts 20 --out results
      mtorkin petab Boehm_JProteomeRes2014.yaml --starts 20 --out results   (goes on where it stopped)
    """
    from mtorkin.petab.fitting import fit_petab
    from mtorkin.petab.likelihood import negative_log_likelihood, readouts
    from mtorkin.petab.priors import prior_terms
    from mtorkin.petab.reading import read_petab

    if problem.suffix.lower() not in (".yaml", ".yml"):
        raise DeclarationError(f"{problem}: a PEtab problem is named by its YAML file, which ends in .yaml")
    for name, given, least in (("--starts", starts, 0), ("--steps", steps, 1), ("--draws", draws, 1)):
        if given < least:
            raise DeclarationError(f"{name} is {given}; it must be at least {least}")
    read = read_petab(problem)
    numbers = {"measurement": len(read.measurements.value), "simulation": len(read.simulations)}
    shape = ", ".join(words.counted(number, noun) for noun, number in numbers.items())
    free = words.counted(len(read.free), "parameter to estimate", "parameters to estimate")
    typer.echo(f"{read.source}: {shape}, {free}")
    if not starts:
        x = read.nominal()
        value, _ = negative_log_likelihood(read, readouts(read, x, slopes=False))
        typer.echo(f"minus the log-likelihood at the nominal parameters: {value:.6f}")
        if prior := float(prior_terms(read, x)[0].sum()):
            typer.echo(f"and minus the logarithm of the priors: {prior:.6f} ({_densities(read)})")
        return
    if out is not None:
        output.check_folder(out)
    found = fit_petab(read, starts, seed, steps, draws, out, _say)
    best = found.best
    good = sum(s.objective < best.objective + 0.1 for s in found.starts)
    typer.echo(f"best: {best.objective:.6f} (minus log-likelihood and priors), {good} of {starts} within 0.1")
    _write(read, best, out)
    if not any(s.status == "converged" for s in found.starts):
        raise typer.Exit(1)


def _densities(problem: PetabProblem) -> str:
    """What the priors are densities of: the same distributions have another number on another scale."""
    priors = (problem.parameters[id].prior for id in problem.free)
    scaled = {prior.kind.startswith("parameterScale") for prior in priors if prior is not None}
    if len(scaled) > 1:
        return "densities of some parameters, and of others on their scales"
    return f"densities of the parameters {'on their scales' if scaled == {True} else 'themselves'}"


def _say(start: Start) -> None:
    typer.echo(
        f"start {start.index}: {start.objective:.4f}, {start.status} after {start.simulations} evaluations, "
        f"{start.failed_simulations} failed, {start.seconds:.1f} s",
        err=True,
    )


def _write(problem: PetabProblem, best: Start, out: Path | None) -> None:
    from mtorkin.files import write_text

    lines = ["parameterId\tvalue", *(f"{id}\t{best.best[id]:.12g}" for id in problem.free)]
    if out is None:
        typer.echo("\n".join(lines))
    else:
        write_text(out / "parameters.tsv", "\n".join(lines) + "\n")
        typer.echo(f"wrote {out / 'parameters.tsv'}")
