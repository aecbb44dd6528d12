"""`mtorkin cohort`: a treatment in cells that differ as patients do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from mtorkin.cli import doses, options, output, treatments, words
from mtorkin.cli.claims import progress_bar
from mtorkin.cli.dose_response import At, Readout
from mtorkin.cli.simulate import Name
from mtorkin.errors import DeclarationError, listed

if TYPE_CHECKING:
    import pandas as pd

    from mtorkin.cohort import Cohort

HARDLY = 0.01  # of the median at time 0, below which a patient's share of time 0 is not worth much

Patients = Annotated[int, typer.Option("--patients", "-n", min=1, help="How many to draw.")]
Vary = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=SD",
        help="Spread of what cells have of a molecule (SD of the natural log; 0: none); may be repeated.",
    ),
]
Others = Annotated[
    float | None,
    typer.Option(
        metavar="SD", help="Spread of all other molecules; else the doubt in each, at most 0.5. 0: none."
    ),
]
Fall = Annotated[float, typer.Option(metavar="PERCENT", help="A fall from time 0 that counts as a response.")]


@dataclass(frozen=True)
class Found:
    """Patients, what they did, and when they were looked at [min]."""

    treatment: treatments.Treatment
    patients: Cohort
    table: pd.DataFrame
    readouts: list[str]
    times: list[float]
    fall: float
    settings: dict[str, Any]


def cohort(
    name: Name = None,
    conditions: treatments.Conditions = None,
    period: treatments.Periods = None,
    patients: Patients = 40,
    vary: Vary = None,
    others: Others = None,
    readout: Readout = "S6K_pT389,Akt_pS473,FLT_uptake",
    at: At = "1440",
    fall: Fall = 25.0,
    engine: options.FastestEngine = None,
    seed: options.Seed = 1,
    jobs: options.Jobs = 1,
    context: options.Context = "generic",
    overlay: options.Overlay = None,
    set_: options.Set = None,
    scale: options.Scale = None,
    mutate: options.Mutate = None,
    out: options.Out = None,
    json: options.Json = False,
) -> None:
    """Treat virtual patients, who differ in what their cells have: how far apart are they?

    The spread is an assumption, not a measurement in tumours. With --out: a
    line a patient and time, what each has of every molecule (CSV), and the settings (JSON).

    \b
    Examples:
      mtorkin cohort rapamycin-prolonged --at 48h --readout FLT_uptake,FDG_uptake
      mtorkin cohort --period '0 everolimus=20' -n 100 --vary TSC2=0.8 --others 0 --out results
    """
    from mtorkin.cohort import cohort as draw
    from mtorkin.cohort import simulate_cohort

    if out is not None:
        output.check_folder(out)
    treatment = treatments.find(name, conditions, period)
    times = doses.times(at)
    model = options.make_model(context, overlay, set_, scale, mutate, treatments.named(treatment.protocol))
    ids = doses.readouts_of(readout, model)
    if not 0 < fall <= 100:
        raise DeclarationError(f"--fall {fall:g}: a response is a fall by more than 0 and up to 100 %")
    drawn = draw(model, patients, seed, words.assignments(vary or (), "--vary"), others)
    with progress_bar(show=not json) as progress:
        table = simulate_cohort(
            drawn, treatment.protocol, [0.0, *times], ids, engine=engine, jobs=jobs, progress=progress
        )
    settings: dict[str, Any] = {"vary": vary or [], "others": others, "engine": engine, "seed": seed}
    settings |= options.as_record(context, overlay, set_, scale, mutate)
    found = Found(treatment, drawn, table, ids, times, fall, settings)
    files = [] if out is None else write(found, out)
    if json:
        output.print_json(as_record(found))
        return
    print_found(found)
    if out is not None:
        output.say_files(out, files)


def summary(found: Found) -> list[dict[str, Any]]:
    """Return a row a readout and time: values relative to time 0 over patients, and who responds.

    median, lowest_10 and highest_10 [% of time 0] are over patients that could be simulated; `responds`
    [%] is of all of them.
    """
    from mtorkin.cohort import relative_change, response_rate

    rows = []
    for name in found.readouts:
        for time in found.times:
            share = 100 * (1 + relative_change(found.table, name, time).dropna())
            low, middle, high = (float(share.quantile(q)) for q in (0.1, 0.5, 0.9))
            rows.append(
                {
                    "readout": name,
                    "time": time,
                    "lowest_10": low,
                    "median": middle,
                    "highest_10": high,
                    "responds": 100 * response_rate(found.table, name, time, found.fall),
                }
            )
    return rows


def as_record(found: Found, table: bool = True) -> dict[str, Any]:
    """Return what was done, what was found and, if asked, what each patient did, as JSON has it."""
    record = {
        "protocol": found.treatment.title,
        "periods": treatments.as_records(found.treatment.protocol),
        "patients": len(found.patients),
        "readouts": found.readouts,
        "times": found.times,
        "fall": found.fall,
        **found.settings,
        "time_unit": "min",
        "summary": summary(found),
    }
    return {**record, "table": found.table.to_dict("records")} if table else record


def write(found: Found, out: Path) -> list[Path]:
    """Write what patients did and have, and the settings, into `out`, all or none; returns their names."""
    stem = output.stem(f"cohort-{found.treatment.title}")
    with output.staged(out) as stage:
        output.write_table(stage / f"{stem}.csv", found.table)
        output.write_table(stage / f"{stem}-patients.csv", found.patients.factors.reset_index())
        output.write_record(stage / f"{stem}.json", as_record(found, table=False))
        return [path.relative_to(stage) for path in stage.iterdir()]


def print_found(found: Found) -> None:
    """Print the spread of each readout, and who could not be simulated."""
    rows = [
        [
            row["readout"],
            words.clock(row["time"]),
            *(f"{row[key]:.0f}" for key in ("lowest_10", "median", "highest_10")),
            f"{row['responds']:.0f} %",
        ]
        for row in summary(found)
    ]
    heads = ["% of time 0", "after", "10 % have less>", "median>", "10 % have more>"]
    screen = output.console()
    title = f"{found.treatment.title}, {words.counted(len(found.patients), 'patient')}"
    screen.print(output.table(title, [*heads, f"fall by {found.fall:g} %>"], rows))
    failed = found.table.loc[found.table["failed"] != "", ["patient", "failed"]].drop_duplicates("patient")
    notes = [f"patient {patient} could not be simulated: {why}" for patient, why in failed.to_numpy()]
    for note in (*notes, *next_to_nothing(found)):
        screen.print(Text(f"note: {note}", style="dim"), soft_wrap=True)


def next_to_nothing(found: Found) -> list[str]:
    """Return a sentence for each readout that some patients hardly begin with, whose shares mean little."""
    begun = found.table[found.table["time"] == 0].set_index("patient")
    notes = []
    for name in found.readouts:
        usual = float(begun[name].median())
        few = begun.index[begun[name] < HARDLY * usual]
        if len(few):
            who = f"{'patient' if len(few) == 1 else 'patients'} {listed(map(str, few))}"
            notes.append(
                f"{name}: {who} began with less than {HARDLY:.0%} of the median ({usual:.3g}), so that "
                "percentages of time 0 say little there"
            )
    return notes
