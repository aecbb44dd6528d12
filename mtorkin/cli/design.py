"""`mtorkin design`: which further blot would tell most."""

from __future__ import annotations

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
    offered = candidates_of(_protocols(protocols, result), split, when)
    found = next_experiment(result, offered, about=_about(about), lanes=min(lanes, len(when)))
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


def _protocols(names: str | None, result: FitResult) -> dict[str, Protocol]:
    chosen = words.names(names)
    if chosen is None:
        return dict(result.protocols)
    known = dict(result.protocols)
    return {
        name: known[name] if name in known else treatments.find(name, None, None).protocol for name in chosen
    }


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
    protocol = treatments.find(name, None, None).protocol
    return Readout(protocol, observable, words.minutes(time, "--about"))


def _rows(found: Design) -> list[dict[str, object]]:
    return [{str(key): value for key, value in row.items()} for row in found.table.to_dict(orient="records")]


def _flat(found: Design) -> pd.DataFrame:
    table = found.table
    times = [" ".join(f"{time:g}" for time in each) for each in table["times"]]
    return table.assign(antibodies=[" + ".join(each) for each in table["antibodies"]], times=times)
