"""`mtorkin design`: which further blot would tell most."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from mtorkin.cli import options, output, treatments, words
from mtorkin.cli.profile import Fit, read
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    import pandas as pd

    from mtorkin.fit import FitResult
    from mtorkin.fit.design import Design, Readout
    from mtorkin.protocol import Protocol

Protocols = Annotated[
    str | None,
    typer.Option(
        metavar="A,B,...", help="Treatments that could be given: names of protocols; else those of the fit."
    ),
]
Antibodies = Annotated[
    str | None,
    typer.Option(
        metavar="A+B,C,...", help="Antibodies of a blot, joined by +; else each of those fitted, alone."
    ),
]
Times = Annotated[str, typer.Option(metavar="0,5,1h,...", help="When lanes could be taken (min, or 2h).")]
Lanes = Annotated[int, typer.Option(min=2, help="How many lanes: the most telling of --times are chosen.")]
About = Annotated[
    str | None,
    typer.Option(
        metavar="WHAT",
        help="What is to be known: a fitted parameter, or OBSERVABLE@PROTOCOL@TIME; else all parameters.",
    ),
]


def design(
    fit: Fit,
    protocols: Protocols = None,
    conditions: treatments.Conditions = None,
    antibodies: Antibodies = None,
    times: Times = "0,5,10,20,30,45,60,90,2h,4h,8h,24h",
    lanes: Lanes = 6,
    about: About = None,
    out: options.Out = None,
    json: options.Json = False,
) -> None:
    """Rank blots that could be made next by what they would tell, given those that were fitted.

    With --out: design.csv, a line a candidate.

    \b
    Examples:
      mtorkin design results/fit.json --protocols insulin,rapamycin-short
      mtorkin design results/fit.json --conditions could_be_done.csv --lanes 8
      mtorkin design results/fit.json --about kcat_S6K_T389 --antibodies S6K_pT389+Akt_pS473,Akt_pT308
      mtorkin design results/fit.json --about Akt_pS473@rapamycin-prolonged@24h --lanes 8
    """
    from mtorkin.fit.design import candidates_of, next_experiment

    if out is not None:
        output.check_folder(out)
    result = read(fit)
    groups = words.names(antibodies) or list(result.noise["target"])
    split = [[name.strip() for name in group.split("+")] for group in groups]
    when = sorted({words.minutes(text, "--times") for text in words.names(times) or ()})
    given = _protocols(protocols, conditions, result)
    asked = _about(about)
    also = [] if asked is None or isinstance(asked, str) else [asked.protocol]
    result = _with_drugs(result, [*given.values(), *also])
    offered = candidates_of(given, split, when)
    found = next_experiment(result, offered, about=asked, lanes=min(lanes, len(when)))
    if out is not None:
        with output.staged(out) as stage:
            output.write_table(stage / "design.csv", _flat(found))
    if json:
        output.print_json({"about": found.about, "failed": found.failed, "table": _rows(found)})
        return
    screen = output.console()
    screen.print(Text(found.summary()), soft_wrap=True)
    if out is not None:
        output.say_files(out, [Path("design.csv")])


def _protocols(names: str | None, conditions: Path | None, result: FitResult) -> dict[str, Protocol]:
    chosen, known = words.names(names), dict(result.protocols)
    if conditions is not None:
        from mtorkin.fit.conditions import read_conditions

        known = {name: each.protocol for name, each in read_conditions(conditions).items()}
    if chosen is None:
        return known
    or_else = "or describe it in a table of conditions: --conditions"
    return {
        name: known[name] if name in known else treatments.find(name, None, None, or_else).protocol
        for name in chosen
    }


def _with_drugs(result: FitResult, protocols: list[Protocol]) -> FitResult:
    """The same fit, of models that know the drugs of these protocols too."""
    from mtorkin.build import with_drugs
    from mtorkin.drugs import on_request

    drugs = on_request([name for protocol in protocols for name in treatments.named(protocol)])
    problem = result.solvable()
    models = {context: with_drugs(model, *drugs) for context, model in problem.models.items()}
    return replace(result, problem=replace(problem, models=models))


def _about(text: str | None) -> str | Readout | None:
    from mtorkin.fit.design import Readout

    if text is None or "@" not in text:
        return text
    parts = text.split("@")
    if len(parts) != 3:
        raise DeclarationError(
            f"--about {text}: write OBSERVABLE@PROTOCOL@TIME, for example Akt_pS473@rapamycin-short@2h"
        )
    observable, name, time = parts
    protocol = treatments.find(name, None, None, "see `mtorkin show protocols`").protocol
    return Readout(protocol, observable, words.minutes(time, "--about"))


def _rows(found: Design) -> list[dict[str, object]]:
    return [{str(key): value for key, value in row.items()} for row in found.table.to_dict(orient="records")]


def _flat(found: Design) -> pd.DataFrame:
    table = found.table
    times = [" ".join(f"{time:g}" for time in each) for each in table["times"]]
    return table.assign(antibodies=[" + ".join(each) for each in table["antibodies"]], times=times)
