"""`mtorkin simulate`: a treatment over time, as a table, a figure and numbers on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mtorkin.cli import options, output, treatments, words
from mtorkin.cli.moments import heading, moments
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    from mtorkin.model import Model
    from mtorkin.protocol import Protocol
    from mtorkin.trajectory import Trajectory

SUMMARY = (
    *("S6K_pT389", "S6_pS240_244", "FourEBP1_pT37_46", "FourEBP1_pS65", "Akt_pT308", "Akt_pS473"),
    *("mTOR_pS1261", "mTOR_pT2446", "mTOR_pS2448", "mTOR_pS2481", "mTORC1", "mTORC2"),
)

Name = Annotated[
    str | None,
    typer.Argument(
        metavar="PROTOCOL",
        help="By name (see `mtorkin show protocols`), or a condition of --conditions.",
    ),
]
From = Annotated[str | None, typer.Option("--from", metavar="TIME", help="First time [default: 0].")]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="Last time: minutes, or 24h, 3d.")]
Every = Annotated[str | None, typer.Option(metavar="TIME", help="Interval of the table.")]
Points = Annotated[
    int,
    typer.Option(min=2, max=treatments.MOST_POINTS, help="Even points, where --every is not given."),
]
Observables = Annotated[
    str | None, typer.Option(metavar="A,B,...", help="Only these: see `mtorkin show observables`.")
]
Species = Annotated[bool, typer.Option("--species", help="Every species in the table too.")]
Rtol = Annotated[float, typer.Option(help="Relative tolerance.")]
Atol = Annotated[float, typer.Option(help="Absolute tolerance (nM).")]


@dataclass(frozen=True)
class Simulated:
    """What was simulated: the model, the protocol, the observables asked for, the result."""

    title: str
    model: Model
    protocol: Protocol
    chosen: list[str] | None
    result: Trajectory
    settings: dict[str, Any]

    @property
    def ids(self) -> list[str]:
        """The observables asked for, or all."""
        return self.chosen or list(self.result.observables)


def simulate(
    name: Name = None,
    conditions: treatments.Conditions = None,
    period: treatments.Periods = None,
    begin: From = None,
    until: Until = None,
    every: Every = None,
    points: Points = 289,
    observables: Observables = None,
    species: Species = False,
    engine: options.Engine = "scipy",
    rtol: Rtol = 1e-6,
    atol: Atol = 1e-9,
    context: options.Context = "generic",
    overlay: options.Overlay = None,
    set_: options.Set = None,
    scale: options.Scale = None,
    mutate: options.Mutate = None,
    out: options.Out = None,
    json: options.Json = False,
) -> None:
    """Follow a treatment over time.

    With --out: a table (CSV), a figure (PNG) and the settings (JSON).

    \b
    Examples:
      mtorkin simulate rapamycin-prolonged --out results
      mtorkin simulate insulin --from 15h --observables Akt_pS473,IRS_pS636
      mtorkin simulate rapamycin-prolonged --scale Rictor=0.2 --mutate S1261A
      mtorkin simulate --period 'steady insulin=0.1' --period '0 insulin=100' \\
                       --period '30 rapamycin=20' --until 3h --json
      mtorkin simulate --period '0 everolimus=20'    (see `mtorkin show drugs`)
    """
    from mtorkin.simulate import simulate as run

    if out is not None:
        output.check_folder(out)
    treatment = treatments.find(name, conditions, period)
    drugs = treatments.named(treatment.protocol)
    model = options.make_model(context, overlay, set_, scale, mutate, drugs)
    chosen = choose(observables, model)
    times = treatments.times(treatment, begin, until, every, points)
    result = run(model, treatment.protocol, times, engine=engine, rtol=rtol, atol=atol)
    settings = {"engine": engine, "rtol": rtol, "atol": atol}
    settings |= options.as_record(context, overlay, set_, scale, mutate)
    done = Simulated(treatment.title, model, treatment.protocol, chosen, result, settings)
    files = [] if out is None else write(done, out, species)
    if json:
        output.print_json(as_record(done))
        return
    print_summary(done)
    if out is not None:
        output.say_files(out, files)


def choose(text: str | None, model: Model) -> list[str] | None:
    """Return ids of observables, None for all. Raises DeclarationError for an unknown one."""
    asked = words.names(text)
    if asked is None:
        return None
    if not asked:
        raise DeclarationError("--observables: names none; leave it out to see all")
    known, hint = list(model.units), "see `mtorkin show observables`"
    return list(dict.fromkeys(words.known(id, known, "observable", hint) for id in asked))


def as_record(done: Simulated, series: bool = True) -> dict[str, Any]:
    """Return what was done and, if asked, what came out, as JSON has it."""
    units = done.model.units
    record: dict[str, Any] = {
        "protocol": done.title,
        "periods": treatments.as_records(done.protocol),
        **done.settings,
        "time_unit": "min",
        "units": {id: units[id] for id in done.ids},
    }
    if series:
        record["times"] = done.result.times
        record["observables"] = {id: done.result[id] for id in done.ids}
    return record


def write(done: Simulated, out: Path, species: bool) -> list[Path]:
    """Write table, figure and settings into `out`, all or none; returns their names."""
    import json

    from mtorkin.plot.without_help import without_help

    with without_help():
        from mtorkin.plot.time_course import plot_time_course

    course, name = done.result, output.stem(done.title)
    ids = [*done.ids, *(course.species if species else ())]
    with output.staged(out) as stage:
        columns = [course.times.tolist(), *(course[id].tolist() for id in ids)]
        output.write_series(stage / f"{name}.csv", ["time_min", *ids], zip(*columns, strict=True))
        plot_time_course(
            course, done.protocol, done.model, observables=done.chosen, path=stage / f"{name}.png"
        )
        text = json.dumps(output.plain(as_record(done, series=False)), indent=1, ensure_ascii=False)
        (stage / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        return [path.relative_to(stage) for path in stage.iterdir()]


def print_summary(done: Simulated) -> None:
    """Print some observables at a few times, and where they end relative to where they began."""
    course, units = done.result, done.model.units
    shown = done.chosen or [id for id in SUMMARY if id in units] or done.ids
    times, changes = course.times, treatments.changes(done.protocol)
    columns = moments(times, changes)
    heads = [f"{heading(float(times[i]), changes)}>" for i in columns]
    rows = []
    for id in shown:
        values = course[id]
        change = f"{100 * values[-1] / values[0]:.0f} %" if values[0] > 1e-6 else "–"
        unit = "" if units[id] == "1" else units[id]
        rows.append([id, *(output.short(values[i]) for i in columns), unit, change])
    network = done.model.network
    title = f"{done.title}  ({len(network.species)} species, {len(network.reactions)} reactions)"
    output.console().print(output.table(title, ["readout", *heads, "", "last / first>"], rows))
