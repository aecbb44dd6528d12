"""`mtorkin check`: is a table what mtorkin can read, and what does it say?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from mtorkin.cli import options, output, words
from mtorkin.errors import TableError

if TYPE_CHECKING:
    from mtorkin.model import Model
    from mtorkin.protocol import Protocol

TABLES = {
    "blots": "blot, lane, condition, time, target, signal",
    "conditions": "condition, start, input, value",
    "parameters": "parameterId, nominalValue (separated by tabs)",
}


def check(
    file: Annotated[Path, typer.Argument(help="Blots, conditions, or parameter values.")],
    conditions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The conditions of a table of blots.")
    ] = None,
    context: options.Context = "generic",
    json: options.Json = False,
) -> None:
    """Say what is wrong with a table or, if nothing is, what it says.

    Which kind of table it is follows from its columns. Nothing is written.

    \b
    Examples:
      mtorkin check breast_cancer_blots.csv
      mtorkin check my_blots.csv
      mtorkin check my_blots.csv --conditions my_conditions.csv
      mtorkin check results/fit.tsv
    """
    model = options.make_model(context)
    table = options.table_file(file)
    kind = kind_of(table)
    if kind == "blots":
        record = read_blot_table(table, conditions, model)
    elif kind == "conditions":
        record = read_condition_table(table, model)
    else:
        record = read_overlay_table(table, model)
    if json:
        output.print_json({"file": str(file), "kind": kind, **record})
        return
    screen = output.console()
    screen.print(Text(f"{file}: {record['summary']}", style="bold"), soft_wrap=True)
    for title, rows in record["tables"].items():
        heads = list(rows[0]) if rows else []
        screen.print()
        screen.print(output.table(title, heads, ([row[h] for h in heads] for row in rows)))
    if record["notes"]:
        screen.print()
    for note in record["notes"]:
        screen.print(Text(f"note: {note}"), soft_wrap=True)


def kind_of(file: Path) -> str:
    """Return which of `TABLES` a file is. Raises TableError where it is none, naming the columns."""
    from mtorkin.fit.cells import read_cells

    if file.suffix.lower() == ".tsv" or not file.is_file():
        text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
        first = next((line for line in text.splitlines() if line and line[0] != "#"), "")
        if "parameterId" in first.split("\t"):
            return "parameters"
    columns = read_cells(file).columns
    if "target" in columns or "blot" in columns or "signal" in columns:
        return "blots"
    if "condition" in columns or {"start", "input"} <= set(columns):
        return "conditions"
    if "parameterid" in columns or "nominalvalue" in columns:
        return "parameters"
    needed = "; ".join(f"{kind}: {text}" for kind, text in TABLES.items())
    raise TableError(
        f"{file}:1: has the columns {', '.join(columns)}, which make no table that mtorkin knows ({needed})"
    )


def read_blot_table(file: Path, conditions: Path | None, model: Model) -> dict[str, Any]:
    """Return what a blot table says. Raises TableError."""
    from mtorkin.drugs import drugs
    from mtorkin.fit import read_blots
    from mtorkin.fit.conditions import check_inputs

    blots = read_blots(file, conditions, observables=list(model.observables.index))
    lanes = blots.table
    antibodies = [
        {
            "target": target,
            "means": model.observables["meaning"].get(target, "not in this model: not fitted"),
            "lanes>": len(some),
            "blots>": some["blot"].nunique(),
            "least>": output.short(float(some["value"].min())),
            "most>": output.short(float(some["value"].max())),
        }
        for target, some in lanes.groupby("target", sort=False)
    ]
    treatments = [
        {
            "condition": name,
            "cells": condition.cell_line or "any",
            "what is done": in_words(condition.protocol),
            "times (min)": ", ".join(
                f"{t:g}" for t in sorted(set(lanes.loc[lanes["condition"] == name, "time"]))
            ),
        }
        for name, condition in blots.conditions.items()
    ]
    check_inputs(blots.conditions, [*model.inputs.index, *drugs().index])
    notes = list(blots.notes)
    for flag in ("saturated", "below_detection"):
        if count := int(lanes[flag].sum()):
            notes.append(f"{count} lanes are marked {flag}")
    return {
        "summary": f"a table of blots: {len(lanes)} lanes, {lanes['blot'].nunique()} blots, "
        f"{len(antibodies)} antibodies, {len(treatments)} conditions; nothing is wrong",
        "tables": {"Antibodies": antibodies, "Conditions": treatments},
        "notes": notes,
    }


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
