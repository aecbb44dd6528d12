"""`mtorkin dose-response`: readouts over the dose of a drug, with Hill curves."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from mtorkin.cli import doses as doses_
from mtorkin.cli import options, output, words
from mtorkin.cli.claims import progress_bar

if TYPE_CHECKING:
    import pandas as pd

    from mtorkin.response import DoseResponse

PER_DECADE = 4

Drug = Annotated[str, typer.Argument(metavar="DRUG", help="A drug or input: see `mtorkin show inputs`.")]
Readout = Annotated[
    str, typer.Option(metavar="A,B,...", help="What to look at: see `mtorkin show observables`.")
]
At = Annotated[str, typer.Option(metavar="TIME,...", help="When, after the dose: minutes, or 1h,24h.")]
Doses = Annotated[
    str,
    typer.Option(
        metavar="DOSES",
        help="0.1,1,10 or 0.01..1000 (4 a decade) or 0.01..1000:9 (nine), in the unit of the drug. "
        "Untreated cells are always among them.",
    ),
]


def dose_response(
    drug: Drug,
    readout: Readout = "S6K_pT389,Akt_pS473,translation",
    at: At = "60,1440",
    doses: Doses = "0.01..1000",
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
    """Measure a dose-response: readouts over the dose of a drug, with EC50.

    A Hill curve is laid through each. With --out: values and curves
    (CSV), a figure (PNG), the settings (JSON).

    \b
    Examples:
      mtorkin dose-response rapamycin --at 1h,24h --out results
      mtorkin dose-response Torin1 --readout S6K_pT389,Akt_pS473 --doses 1..1000
      mtorkin dose-response insulin --readout Akt_pS473 --at 15 --period 'steady insulin=0.02'
    """
    from mtorkin.response import dose_response as run

    if out is not None:
        output.check_folder(out)
    levels, when = doses_.read(doses, "--doses", PER_DECADE), doses_.times(at)
    around = doses_.background(period)
    model = options.make_model(context, overlay, set_, scale, mutate, (drug,))
    name, ids = doses_.drug_of(drug, model), doses_.readouts_of(readout, model)
    with progress_bar(show=not json) as progress:
        result = run(model, name, levels, when, ids, around, engine, rtol, atol, progress)
    cells = (context, overlay, set_, scale, mutate)
    record = {"drug": name, "unit": result.unit, "resting": result.resting}
    record |= {"units": dict(zip(result.readouts, result.units, strict=True))}
    record |= doses_.as_record(result.background, doses_.engine_of(engine), rtol, atol, cells)
    fits = result.fits()
    files = [] if out is None else write(result, fits, record, out)
    if json:
        rows = {"fits": fits.to_dict("records"), "table": result.table.to_dict("records")}
        output.print_json({**record, **rows})
        return
    print_fits(result, fits)
    if out is not None:
        output.say_files(out, files)


def write(result: DoseResponse, fits: pd.DataFrame, record: dict[str, Any], out: Path) -> list[Path]:
    """Write values, curves, figure and settings into `out`, all or none; returns their names."""
    from mtorkin.plot.dose_response import plot_dose_response

    name = output.stem(f"dose-response-{result.drug}")
    with output.staged(out) as stage:
        for table, suffix in ((result.table, ""), (fits, "-fits")):
            output.write_table(stage / f"{name}{suffix}.csv", table)
        output.write_record(stage / f"{name}.json", record)
        plot_dose_response(result, path=stage / f"{name}.png")
        return [path.relative_to(stage) for path in stage.iterdir()]


def print_fits(result: DoseResponse, fits: pd.DataFrame) -> None:
    """Print a line for each curve, and what to be wary of."""
    rows, notes = [], []
    for row in fits.to_dict("records"):
        what = f"{row['readout']}, {words.clock(float(row['time']))}"
        known = not math.isnan(row["ec50"])
        spread = f"{output.short(row['ec50_low'])} to {output.short(row['ec50_high'])}"
        half = [output.short(row[key]) if known else "–" for key in ("ec50", "hill")]
        plateaus = f"{output.short(row['bottom'])} to {output.short(row['top'])} {row['unit']}"
        ic50 = "–" if math.isnan(row["ic50"]) else output.short(row["ic50"])
        rows.append([what, half[0], spread if known else "–", half[1], plateaus if known else "–", ic50])
        notes += [f"{what}: {text}" for text in (row["reason"], row["notes"]) if text]
    heads = ["readout, time", "EC50>", "95 % interval>", "Hill>", "bottom to top>", "IC50>"]
    unit = "relative" if result.unit == "1" else result.unit
    screen = output.console()
    screen.print(output.table(f"{result.drug} (EC50 and IC50 in {unit})", heads, rows))
    screen.print(
        Text(
            "EC50: half way between bottom and top; IC50: half of untreated. The model has no scatter: "
            "the interval says how well a Hill curve fits.",
            style="dim",
        )
    )
    for note in notes:
        screen.print(Text(f"note: {note}", style="dim"), soft_wrap=True)
