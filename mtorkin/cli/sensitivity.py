"""`mtorkin sensitivity`: which parameters a readout hangs on."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from mtorkin.cli import doses as doses_
from mtorkin.cli import options, output, treatments, words
from mtorkin.cli.dose_response import At, Readout
from mtorkin.cli.simulate import Name
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    import pandas as pd

    from mtorkin.model import Model
    from mtorkin.protocol import Protocol

MEASURABLE = 1e-6  # of the readout's unit; relative to less, a derivative says nothing

By = Annotated[
    str,
    typer.Option(
        "--by",
        metavar="A,B,...",
        help="Parameters, or patterns of them ('kcat_*,*S6K*'); and inputs with the start of their "
        "period (rapamycin@0, insulin@steady).",
    ),
]
Top = Annotated[int, typer.Option(min=1, max=60, help="How many to show for each readout and time.")]


def sensitivity(
    name: Name = None,
    conditions: treatments.Conditions = None,
    period: treatments.Periods = None,
    readout: Readout = "S6K_pT389,Akt_pS473,mTORC2",
    at: At = "60,1440",
    by: By = "*",
    top: Top = 12,
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
    """Rank the parameters that a readout hangs on, at a time of a treatment.

    Exact derivatives (forward sensitivities, native engine), given as % of
    change for 1 % more of the parameter. With --out: all of them (CSV), a
    figure (PNG), the settings (JSON).

    \b
    Examples:
      mtorkin sensitivity rapamycin-prolonged --readout mTORC2 --at 24h
      mtorkin sensitivity insulin --readout Akt_pS473 --at 15,60 --by '*Akt*,insulin@0'
    """
    if out is not None:
        output.check_folder(out)
    treatment = treatments.find(name, conditions, period)
    when = doses_.times(at)
    drugs = treatments.named(treatment.protocol)
    model = options.make_model(context, overlay, set_, scale, mutate, drugs)
    ids = doses_.readouts_of(readout, model)
    table = measured(model, treatment.protocol, when, ids, chosen(by, model), rtol, atol)
    record: dict[str, Any] = {"protocol": treatment.title}
    record |= {"periods": treatments.as_records(treatment.protocol)}
    record |= {"rtol": rtol, "atol": atol, "time_unit": "min"}
    record |= options.as_record(context, overlay, set_, scale, mutate)
    files = [] if out is None else write(table, record, top, out, treatment.title)
    if json:
        output.print_json(record | {"table": table.to_dict("records")})
        return
    report(table, treatment.title, top)
    if out is not None:
        output.say_files(out, files)


def chosen(text: str, model: Model) -> list[str]:
    """Return the parameters that words or patterns name, inputs as they stand, each once.

    Raises DeclarationError for a word that names nothing.
    """
    found: list[str] = []
    ids = list(model.values)
    for word in words.names(text) or ():
        if "@" in word:
            found.append(word)
        elif any(c in word for c in "*?["):
            matching = [id for id in ids if fnmatchcase(id, word)]
            if not matching:
                raise DeclarationError(f"--by {word!r} matches no parameter; see `mtorkin show parameters`")
            found += matching
        else:
            found.append(words.known(word, ids, "parameter", "see `mtorkin show parameters`"))
    if not found:
        raise DeclarationError("--by: names no parameter; leave it out for all")
    return list(dict.fromkeys(found))


def measured(
    model: Model,
    protocol: Protocol,
    when: list[float],
    ids: list[str],
    by: list[str],
    rtol: float,
    atol: float,
) -> pd.DataFrame:
    """Return readout, time [min], parameter, value, derivative [readout / parameter], relative [1].

    Relative is missing where the readout is nearly 0. Raises as `mtorkin.sensitivities`.
    """
    import numpy as np

    from mtorkin.sensitivities import sensitivities

    data = sensitivities(model, protocol, when, by, observables=ids, rtol=rtol, atol=atol)
    frame: pd.DataFrame = data["derivative"].to_dataframe().reset_index()
    frame["value"] = data["value"].broadcast_like(data["derivative"]).to_numpy().ravel()
    size = {id: model.values[id] if id in model.values else _given(protocol, id) for id in by}
    relative = frame["derivative"] * frame["parameter"].map(size) / frame["value"]
    frame["relative"] = relative.where(frame["value"].abs() > MEASURABLE, np.nan)
    frame = frame.rename(columns={"observable": "readout"})
    frame["readout"] = frame["readout"].astype("category").cat.set_categories(ids)
    frame = frame.sort_values(["readout", "time"], kind="stable").astype({"readout": str})
    return frame[["readout", "unit", "time", "parameter", "value", "derivative", "relative"]]


def _given(protocol: Protocol, word: str) -> float:
    """What a period gives, such as rapamycin@0; the word has been checked by then."""
    name, _, when = word.partition("@")
    steady = {p.start if isinstance(p.start, float) else "steady": dict(p.inputs) for p in protocol.periods}
    return steady["steady" if when == "steady" else float(when)][name]


def write(table: pd.DataFrame, record: dict[str, Any], top: int, out: Path, title: str) -> list[Path]:
    """Write table, figure and settings into `out`, all or none; returns their names."""
    from mtorkin.plot.sensitivity import plot_sensitivity

    stem = output.stem(f"sensitivity-{title}")
    with output.staged(out) as stage:
        output.write_table(stage / f"{stem}.csv", table)
        output.write_record(stage / f"{stem}.json", record)
        plot_sensitivity(table, top, stage / f"{stem}.png")
        return [path.relative_to(stage) for path in stage.iterdir()]


def report(table: pd.DataFrame, title: str, top: int) -> None:
    """Print the largest for each readout and time."""
    screen = output.console()
    screen.print(Text(f"{title}: change in % for 1 % more of a parameter", style="bold"))
    for (readout, time), part in table.groupby(["readout", "time"], sort=False):
        known = part.dropna(subset=["relative"])
        order = known["relative"].abs().sort_values(ascending=False, kind="stable").index
        rows = [[r["parameter"], f"{r['relative']:+.3f}"] for _, r in known.loc[order].head(top).iterrows()]
        value = f"{output.short(part['value'].iloc[0])} {part['unit'].iloc[0]}".removesuffix(" 1")
        what = f"\n{readout}, {words.clock(float(str(time)))} (it is {value})"
        screen.print(Text(what), soft_wrap=True)
        screen.print(output.table("", ["parameter", "%>"], rows or [["nearly 0: nothing to compare", ""]]))
