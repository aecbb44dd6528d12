"""`mtorkin check`: is a table what mtorkin can read, and what does it say?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from mtorkin.cli import foreign, options, output, words
from mtorkin.errors import DeclarationError, TableError

if TYPE_CHECKING:
    import pandas as pd

    from mtorkin.fit import Blots
    from mtorkin.model import Model
    from mtorkin.protocol import Protocol

TABLES = {
    "blots": "blot, lane, condition, time, target, signal",
    "conditions": "condition, start, input, value",
    "parameters": "parameterId, nominalValue (separated by tabs)",
}
PICTURES = (".png", ".pdf", ".svg")


def check(
    file: Annotated[Path, typer.Argument(help="Blots, conditions, or parameter values.")],
    conditions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The conditions of a table of blots.")
    ] = None,
    lanes: foreign.Lanes = None,
    antibodies: foreign.Antibodies = None,
    loading: foreign.Loading = "",
    time_unit: foreign.TimeUnit = "",
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw blots as strips into this file (.png, .pdf, .svg)."),
    ] = None,
    context: options.Context = "generic",
    json: options.Json = False,
) -> None:
    """Say what is wrong with a table or, if nothing is, what it says.

    Which kind of table it is follows from its content; blots may be in any format that `mtorkin import`
    reads. Only --out writes anything.

    \b
    Examples:
      mtorkin check breast_cancer_blots.csv --out strips.png
      mtorkin check my_blots.csv
      mtorkin check my_blots.csv --conditions my_conditions.csv
      mtorkin check results/fit.tsv
    """
    _check_out(out)
    model = options.make_model(context)
    table = options.table_file(file)
    told = foreign.antibodies_of(antibodies)
    kind = kind_of(table, told)
    if kind == "blots":
        blots = blots_in(table, conditions, lanes, told, loading, time_unit, model)
        record = blot_record(blots, model)
        if out is not None:
            from mtorkin.plot.strips import plot_strips

            plot_strips(blots, out)
    elif out is not None:
        raise DeclarationError(f"--out {out}: only blots are drawn; {file} is a table of {kind}")
    elif kind == "conditions":
        record = read_condition_table(table, model)
    else:
        record = read_overlay_table(table, model)
    if json:
        output.print_json({"file": str(file), "kind": kind, **record})
        return
    _print(file, record)
    if out is not None:
        output.console().print(Text(f"wrote {out}"), soft_wrap=True)


def _print(file: Path, record: dict[str, Any]) -> None:
    screen = output.console()
    screen.print(Text(f"{file}: {record['summary']}", style="bold"), soft_wrap=True)
    for title, rows in record["tables"].items():
        heads = list(rows[0]) if rows else []
        screen.print()
        screen.print(output.table(title, heads, ([row[h] for h in heads] for row in rows)))
    for word, key in (("look at", "doubts"), ("note", "notes")):
        if record.get(key):
            screen.print()
        for note in record.get(key, ()):
            screen.print(Text(f"{word}: {note}"), soft_wrap=True)


def _check_out(out: Path | None) -> None:
    if out is None:
        return
    if out.suffix.lower() not in PICTURES:
        raise DeclarationError(f"--out {out}: name a file that ends in {', '.join(PICTURES)}")
    output.check_folder(out.parent, out)


def kind_of(file: Path, antibodies: Mapping[str, str]) -> str:
    """Return which of `TABLES` a file is. Raises TableError where it is none, naming the columns."""
    from mtorkin.fit.importing import is_recognised
    from mtorkin.fit.sheets import read_sheets

    if file.suffix.lower() == ".tsv" or not file.is_file():
        text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
        first = next((line for line in text.splitlines() if line and line[0] != "#"), "")
        if "parameterId" in first.split("\t"):
            return "parameters"
    sheets = [sheet for sheet in read_sheets(file) if sheet.lines]
    if not sheets:
        raise TableError(f"{file}:1: the file is empty; its first line names the columns")
    line, cells = sheets[0].lines[0]
    columns = [cell.lower() for cell in cells if cell]
    if {"target", "blot", "signal"} & set(columns):
        return "blots"
    if {"start", "input"} <= set(columns) or ("condition" in columns and "time" not in columns):
        return "conditions"
    if "parameterid" in columns or "nominalvalue" in columns:
        return "parameters"
    if is_recognised(sheets, antibodies):
        return "blots"
    needed = "; ".join(f"{kind}: {text}" for kind, text in TABLES.items())
    raise TableError(
        f"{file}:{line}: has the columns {', '.join(columns)[:200]}, which make no table that mtorkin knows "
        f"({needed}), and the file is in none of the formats of blots that `mtorkin import` reads "
        "(LI-COR, Image Studio, MIDAS, PEtab, stacked blocks, pairs of antibody and loading control, one "
        "column an antibody)"
    )


def blots_in(
    file: Path,
    conditions: Path | None,
    lanes: Path | None,
    antibodies: Mapping[str, str],
    loading: str,
    time_unit: str,
    model: Model,
) -> Blots:
    """Return the blots of a file whose conditions set only what the model has. Raises TableError."""
    from mtorkin.drugs import drugs
    from mtorkin.fit import read_blots
    from mtorkin.fit.conditions import check_inputs

    blots = read_blots(
        file,
        conditions,
        observables=list(model.observables.index),
        lanes=lanes,
        antibodies=antibodies,
        loading=loading,
        time_unit=time_unit,
    )
    check_inputs(blots.conditions, [*model.inputs.index, *drugs().index])
    return blots


def blot_record(blots: Blots, model: Model) -> dict[str, Any]:
    """Return what blots say: a sentence, tables, what was understood, and what to look at."""
    lanes = blots.table
    antibodies = [
        {
            "target": target,
            "means": model.observables["meaning"].get(target, "not in this model: not fitted"),
            "lanes>": len(some),
            "blots>": some["blot"].nunique(),
            "highest over lowest lane>": _folds(some),
        }
        for target, some in lanes.groupby("target", sort=False)
    ]
    treatments = [
        {
            "condition": name,
            "cells": condition.cell_line or "any",
            "what is done": in_words(condition.protocol),
            "times (min)": _times(lanes[lanes["condition"] == name]),
        }
        for name, condition in blots.conditions.items()
    ]
    notes = [note for note in blots.notes if note not in blots.doubts]
    for side, what in (("above", "saturated"), ("below", "below detection, with a limit")):
        if count := int((lanes["censored"] == side).sum()):
            notes.append(f"{words.counted(count, 'lane is', 'lanes are')} {what}")
    wrong = f"{words.counted(len(blots.doubts), 'thing')} to look at" if blots.doubts else "nothing is wrong"
    return {
        "summary": f"a table of blots: {words.counted(len(lanes), 'lane')}, "
        f"{words.counted(lanes['blot'].nunique(), 'blot')}, {words.counted(len(antibodies), 'antibody')}, "
        f"{words.counted(len(treatments), 'condition')}; {wrong}",
        "tables": {"Blots": _blot_rows(lanes), "Antibodies": antibodies, "Conditions": treatments},
        "notes": notes,
        "doubts": list(blots.doubts),
    }


def _blot_rows(lanes: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {
            "blot": blot,
            "lanes>": some["lane"].nunique(),
            "antibodies>": some["target"].nunique(),
            "replicate": ", ".join(sorted(set(some["replicate"]) - {""})) or "not said",
            "times (min)": _times(some),
            "divided by a loading control": _some(some["loading_control"] != 1),
            "background taken off": _some(some["background"] != 0),
        }
        for blot, some in lanes.groupby("blot", sort=False)
    ]


def _folds(lanes: pd.DataFrame) -> str:
    """Return how many times the highest lane of a blot is its lowest, over the blots: "2.1 to 9.3"."""
    usable = lanes[lanes["value"] > 0].groupby("blot")["value"]
    folds = sorted(float(fold) for fold in usable.max() / usable.min())
    if not folds:
        return "–"
    first, last = (f"{fold:.2g}" if fold < 100 else f"{fold:.0f}" for fold in (folds[0], folds[-1]))
    return first if first == last else f"{first} to {last}"


def _some(marks: pd.Series[bool]) -> str:
    return "yes" if marks.all() else "in part" if marks.any() else "no"


def _times(lanes: pd.DataFrame) -> str:
    return ", ".join(f"{time:g}" for time in sorted(set(lanes["time"])))


def read_condition_table(file: Path, model: Model) -> dict[str, Any]:
    """Return what a table of conditions says. Raises TableError and DeclarationError."""
    from mtorkin.drugs import drugs
    from mtorkin.fit.conditions import check_inputs, read_conditions

    found = read_conditions(file)
    check_inputs(found, [*model.inputs.index, *drugs().index])
    rows = [
        {"condition": name, "cells": c.cell_line or "any", "what is done": in_words(c.protocol)}
        for name, c in found.items()
    ]
    summary = f"a table of conditions: {len(rows)} of them; nothing is wrong"
    return {"summary": summary, "tables": {"Conditions": rows}, "notes": []}


def read_overlay_table(file: Path, model: Model) -> dict[str, Any]:
    """Return what an overlay of parameter values says. Raises TableError."""
    from mtorkin.cli import overlays

    values = overlays.read_values(file, model)
    known = model.parameters
    rows = []
    for id, value in values.items():
        before = float(known["value"][id])
        rows.append(
            {
                "parameter": id,
                "value>": output.short(value),
                "model>": output.short(before),
                "fold>": f"{value / before:.2g}" if before else "–",
                "unit": known["unit"][id],
                "means": known["meaning"][id],
            }
        )
    summary = f"an overlay of {len(rows)} parameter values; nothing is wrong"
    notes = overlays.notes(file, values, model)
    return {"summary": summary, "tables": {"Parameters": rows}, "notes": notes}


def in_words(protocol: Protocol) -> str:
    """Return a protocol as a sentence: "at rest with insulin 0.02; at 0: insulin 100"."""
    parts = []
    for period in protocol.periods:
        given = ", ".join(f"{name} {value:g}" for name, value in period.inputs)
        if isinstance(period.start, float):
            parts.append(f"{words.clock(period.start) if period.start else '0'}: {given or 'nothing new'}")
        else:
            parts.append(f"at rest{' with ' + given if given else ' in full medium'}")
    return "; ".join(parts)
