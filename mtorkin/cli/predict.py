"""`mtorkin predict`: what a fitted model says about another experiment, with bands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from mtorkin.cli import options, output, treatments
from mtorkin.cli.moments import heading, moments
from mtorkin.cli.profile import Fit, read
from mtorkin.cli.simulate import Every, From, Name, Observables, Until, choose
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    from mtorkin.fit import Prediction

Points = Annotated[
    int, typer.Option(min=2, max=treatments.MOST_POINTS, help="Even points, where --every is not given.")
]
Saved = Annotated[
    Path | None,
    typer.Option(
        "--profiles", metavar="FILE", help="Take sets from these profiles (profiles.json) instead of drawing."
    ),
]
Drawn = Annotated[
    Path | None,
    typer.Option(
        "--posterior", metavar="FILE", help="Take sets from this sample (posterior.npz) instead of drawing."
    ),
]
Cells = Annotated[
    str | None,
    typer.Option("--cell-line", metavar="NAME", help="Which cells, where the fit is of several together."),
]
Sets = Annotated[int, typer.Option(min=20, help="Parameter sets to draw.")]


def predict(
    fit: Fit,
    name: Name = None,
    conditions: treatments.Conditions = None,
    period: treatments.Periods = None,
    begin: From = None,
    until: Until = None,
    every: Every = None,
    points: Points = 97,
    observables: Observables = None,
    cells: Cells = None,
    profiles: Saved = None,
    posterior: Drawn = None,
    sets: Sets = 200,
    seed: options.Seed = 1,
    jobs: options.Jobs = 1,
    out: options.Out = None,
    json: options.Json = False,
) -> None:
    """Predict a treatment with a fitted model, with 95 % bands for what the blots left open.

    Readouts are those that were fitted, or --observables. With --out: a
    table (CSV) and a figure (PNG).

    \b
    Examples:
      mtorkin predict results/fit.json rapamycin-short --out results
      mtorkin predict results/fit.json insulin --observables S6K_pT389 \\
                      --profiles results/profiles.json
      mtorkin predict results/fit.json rapamycin-prolonged --posterior results/posterior.npz
    """
    from mtorkin.build import with_drugs
    from mtorkin.drugs import on_request
    from mtorkin.fit import predict as find

    if out is not None:
        output.check_folder(out)
    treatment = treatments.find(name, conditions, period)
    result = read(fit)
    model = with_drugs(result.model_in(cells), *on_request(treatments.named(treatment.protocol)))
    chosen = choose(observables, model) or list(result.noise["target"])
    found = find(
        result,
        treatment.protocol,
        treatments.times(treatment, begin, until, every, points),
        chosen,
        **saved(profiles, posterior),
        model=model,
        context=cells,
        sets=sets,
        seed=seed,
        threads=jobs,
    )
    files = [] if out is None else write(found, out, f"predict-{output.stem(treatment.title)}")
    if json:
        output.print_json(as_record(found, treatment.title))
        return
    report(found, treatment.title, treatments.changes(treatment.protocol))
    if out is not None:
        output.say_files(out, files)


def as_record(found: Prediction, title: str) -> dict[str, Any]:
    """Return a prediction as JSON has it."""
    record = {"protocol": title, "how": found.how, "sets": found.sets, "failed": found.failed}
    return record | {"table": found.table.to_dict(orient="list")}


def saved(profiles: Path | None, posterior: Path | None) -> dict[str, Any]:
    """Return what sets are taken from, as `predict` has it. Raises DeclarationError where it is two files."""
    from mtorkin.fit import Posterior, Profiles

    if profiles is not None and posterior is not None:
        raise DeclarationError("--profiles and --posterior: give one of them")
    return {
        "profiles": None if profiles is None else Profiles.load(profiles),
        "posterior": None if posterior is None else Posterior.load(posterior),
    }


def write(found: Prediction, out: Path, stem: str) -> list[Path]:
    """Write table and figure into `out`, both or none; returns their names."""
    from mtorkin.plot.prediction import plot_prediction

    with output.staged(out) as stage:
        output.write_table(stage / f"{stem}.csv", found.table)
        plot_prediction(found, stage / f"{stem}.png")
        return [path.relative_to(stage) for path in stage.iterdir()]


def report(found: Prediction, title: str, changes: list[float]) -> None:
    """Print bands at a few times, of which some are after `changes` [min], and where they come from."""
    rows, heads = [], []
    for name, part in found.table.groupby("observable", sort=False):
        frame = part.set_index("time")
        times = frame.index.to_numpy(float)
        places = moments(times, changes)
        heads = [f"{heading(float(times[i]), changes)}>" for i in places]
        cells = [
            f"{output.short(row['lower'], 2)} – {output.short(row['upper'], 2)}"
            for _, row in frame.iloc[places].iterrows()
        ]
        unit = str(part["unit"].iloc[0])
        rows.append([str(name), *cells, "" if unit == "1" else unit])
    screen = output.console()
    screen.print(output.table(f"{title}, 95 % bands", ["readout", *heads, ""], rows))
    screen.print(Text(f"bands: {found.how}", style="dim"), soft_wrap=True)
    if found.failed:
        screen.print(Text(f"note: {found.failed} of {found.sets} sets failed and are left out"))
