"""`mtorkin synergy`: two drugs together, and whether they do more than they should."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from mtorkin.cli import doses as doses_
from mtorkin.cli import options, output, words
from mtorkin.cli.claims import progress_bar
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    import pandas as pd

    from mtorkin.response import Combination

PER_DECADE = 2
DEFAULT = "0.1..100"
SAID = {"bliss": "Bliss excess", "hsa": "HSA excess", "loewe": "Loewe excess", "ci": "combination index"}

First = Annotated[str, typer.Argument(metavar="DRUG", help="A drug: see `mtorkin show inputs`.")]
Second = Annotated[
    str, typer.Argument(metavar="DRUG", help="Another, or the same: then its doses add up, as a test.")
]
Readout = Annotated[str, typer.Option(metavar="ID", help="What to look at: see `mtorkin show observables`.")]
At = Annotated[str, typer.Option(metavar="TIME", help="When, after the doses: minutes, or 24h.")]
Doses = Annotated[
    list[str] | None,
    typer.Option(
        "--doses",
        metavar="[DRUG=]DOSES",
        help="0.1,1,10 or 0.1..100 (2 a decade) or 0.1..100:5 (five), for both or, after DRUG=, for "
        f"one. [default: {DEFAULT}]",
    ),
]
Full = Annotated[
    float | None,
    typer.Option(
        metavar="VALUE",
        help="The readout, in its unit, that counts as an effect of 1. Needed where it rises. [default: 0]",
    ),
]


def synergy(
    first: First,
    second: Second,
    readout: Readout = "translation",
    at: At = "1440",
    doses: Doses = None,
    full_effect: Full = None,
    period: doses_.Background = None,
    engine: options.FastestEngine = None,
    rtol: doses_.Rtol = 1e-6,
    atol: doses_.Atol = 1e-9,
    context: options.Context = "generic",
    overlay: options.Overlay = None,
    set_: options.Set = None,
    scale: options.Scale = None,
    mutate: options.Mutate = None,
    out: options.Out = None,
    json: options.Json = False,
) -> None:
    """Combine two drugs: Bliss, HSA, Loewe and the combination index.

    Both are given at 0, at every pair of doses. With --out: the matrix
    (CSV), heat maps and isobologram (PNG), the settings (JSON).

    \b
    Examples:
      mtorkin synergy rapamycin Torin1 --readout translation --at 24h --out results
      mtorkin synergy rapamycin wortmannin --doses rapamycin=0.01..10 --doses wortmannin=1..1000
      mtorkin synergy Torin1 Torin1
      mtorkin synergy Torin1 wortmannin --readout FOXO_nuclear --full-effect 20
    """
    from mtorkin.response import combination

    if out is not None:
        output.check_folder(out)
    when, around = doses_.times(at), doses_.background(period)
    if len(when) != 1:
        raise DeclarationError(f"--at {at!r}: a combination is looked at at one time")
    levels = doses_of(doses, (first, second))
    model = options.make_model(context, overlay, set_, scale, mutate, (first, second))
    pairs = [(doses_.drug_of(name, model), some) for name, some in zip((first, second), levels, strict=True)]
    if len(ids := doses_.readouts_of(readout, model)) != 1:
        raise DeclarationError(f"--readout {readout}: a combination has one readout")
    with progress_bar(show=not json) as progress:
        found = combination(
            model, pairs, when[0], ids[0], full_effect, around, engine, rtol, atol, progress=progress
        )
    record = as_record(found)
    cells = (context, overlay, set_, scale, mutate)
    record |= doses_.as_record(found.background, doses_.engine_of(engine), rtol, atol, cells)
    files = [] if out is None else write(found, record, out)
    if json:
        rows = {"summary": found.summary().reset_index().to_dict("records")}
        output.print_json({**record, **rows, "table": found.table.to_dict("records")})
        return
    print_found(found)
    if out is not None:
        output.say_files(out, files)


def doses_of(texts: list[str] | None, drugs: tuple[str, str]) -> list[list[float]]:
    """Return the doses of either drug. Raises DeclarationError for words of neither, or given twice."""
    found: dict[str, list[float]] = {}
    for text in texts or ():
        name, sign, rest = text.partition("=")
        if sign:
            words.known(name, list(dict.fromkeys(drugs)), "drug here", "write --doses DRUG=0.1..100")
        for drug in [name] if sign else dict.fromkeys(drugs):
            if drug in found:
                raise DeclarationError(f"--doses: those of {drug} are given twice")
            found[drug] = doses_.read(rest if sign else text, "--doses", PER_DECADE)
    return [found.get(drug, doses_.read(DEFAULT, "--doses", PER_DECADE)) for drug in drugs]


def as_record(found: Combination) -> dict[str, Any]:
    """Return what was combined as JSON has it."""
    return {
        "drugs": found.drugs,
        "units_of_doses": found.units_of_doses,
        "readout": found.readout,
        "unit": found.unit,
        "time": found.time,
        "untreated": found.untreated,
        "full_effect": found.full_effect,
        "notes": found.notes,
    }


def write(found: Combination, record: dict[str, Any], out: Path) -> list[Path]:
    """Write matrix, figure and settings into `out`, all or none; returns their names."""
    from mtorkin.plot.synergy import plot_synergy

    name = output.stem("-".join(("synergy", *found.drugs)))
    with output.staged(out) as stage:
        output.write_table(stage / f"{name}.csv", found.table)
        output.write_record(stage / f"{name}.json", record)
        plot_synergy(found, stage / f"{name}.png")
        return [path.relative_to(stage) for path in stage.iterdir()]


def print_found(found: Combination) -> None:
    """Print the effects, their excess over Bliss, and the summary."""
    screen = output.console()
    one, other = (
        name if unit == "1" else f"{name} ({unit})"
        for name, unit in zip(found.drugs, found.units_of_doses, strict=True)
    )
    screen.print(
        Text(f"{found.readout}, {words.clock(found.time)}; {one} across, {other} down", style="bold")
    )
    for column, title in (("effect", "Effect (%)"), ("bliss", "Excess over Bliss (% points)")):
        screen.print(Text(f"\n{title}"))
        screen.print(_matrix(100 * found.matrix(column).T))  # as in the figure
    screen.print()
    rows = []
    for measure, row in found.summary().iterrows():
        scale, digits = (1, 2) if measure == "ci" else (100, 1)
        values = [row[key] * scale for key in ("mean", "lowest", "highest")]
        shown = ["–" if math.isnan(v) else f"{v:.{digits}f}" for v in values]
        at = "–" if row["defined"] == 0 else f"{row['best_dose_a']:g} + {row['best_dose_b']:g}"
        rows.append([SAID[str(measure)], *shown, at, f"{row['defined']} of {row['pairs']}"])
    heads = ["", "mean>", "lowest>", "highest>", "most synergy at>", "pairs>"]
    screen.print(output.table("All pairs (excess in % points; synergy: above 0, index below 1)", heads, rows))
    for measure, note in found.summary()["note"].items():
        if note:
            screen.print(Text(f"note: {SAID[str(measure)]}: {note}", style="dim"), soft_wrap=True)
    for note in found.notes:
        screen.print(Text(f"note: {note}", style="dim"), soft_wrap=True)


def _matrix(matrix: pd.DataFrame) -> Any:
    heads = ["", *(f"{float(str(dose)):g}>" for dose in matrix.columns)]
    cells = matrix.to_numpy(float).tolist()
    rows = [
        [f"{float(str(dose)):g}", *(f"{value:.0f}".replace("-0", "0") for value in row)]
        for dose, row in zip(matrix.index, cells, strict=True)
    ]
    return output.table("", heads, rows)
