"""`mtorkin claims`: what the literature says, and what the model does."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from mtorkin.cli import options, output, words
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    import pandas as pd

A_CLAIM_FAILED = 1
PASSED, FAILED, PENDING, LITERAL, RECORD = "passed", "failed", "pending", "literal", "record"
SAID = {
    PASSED: ("holds", "green"),
    FAILED: ("FAILS", "bold red"),
    PENDING: ("not yet", "yellow"),
    LITERAL: ("read otherwise", "cyan"),
    RECORD: ("recorded", "dim"),
}


def claims(
    ids: Annotated[
        str | None,
        typer.Option(metavar="A1,B4,...", help="Only these; a letter is a whole group."),
    ] = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Show only what does not hold or waits, with the reason.")
    ] = False,
    engine: options.FastestEngine = None,
    context: options.Context = "generic",
    overlay: options.Overlay = None,
    set_: options.Set = None,
    scale: options.Scale = None,
    mutate: options.Mutate = None,
    out: options.Out = None,
    json: options.Json = False,
) -> None:
    """Test what the literature says against the model; exit code 1 where a claim fails.

    Each claim is an experiment with a criterion, simulated anew. "Read otherwise": a sentence that,
    as it stands, does not hold and should not. "Recorded": reported, not judged. With --out: claims.csv.

    \b
    Examples:
      mtorkin claims
      mtorkin claims --ids A2,A3,B --failed
      mtorkin claims --overlay results/fit.tsv
    """
    from mtorkin.claims import run_claims

    if out is not None:
        output.check_folder(out)
    model = options.make_model(context, overlay, set_, scale, mutate)
    asked = words.names(ids)
    with progress_bar(show=not json) as progress:
        table = run_claims(model, None if asked is None else chosen(asked), engine, progress)
    if out is not None:
        with output.staged(out) as stage:
            table.to_csv(stage / "claims.csv", index=False, lineterminator="\n")
    shown = table[table["status"].isin((FAILED, PENDING))] if failed else table
    if json:
        output.print_json(shown.to_dict("records"))
    else:
        print_claims(shown, with_reason=failed)
        typer.echo(f"\n{tally(table)}")
        if out is not None:
            typer.echo(f"wrote {out / 'claims.csv'}")
    if (table["status"] == FAILED).any():
        raise typer.Exit(A_CLAIM_FAILED)


@contextmanager
def progress_bar(show: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, where that is a terminal, fed with how many of all are done."""
    from rich.console import Console
    from rich.progress import Progress

    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not (show and screen.is_terminal)) as bar:
        task = bar.add_task("simulating", total=None)
        yield lambda done, all_: bar.update(task, completed=done, total=all_)


def tally(table: pd.DataFrame) -> str:
    """Return how many claims and criteria hold, in words."""
    kinds = [set(rows["status"]) - {LITERAL} for _, rows in table.groupby("id", sort=False)]
    failed = sum(FAILED in kind for kind in kinds)
    held = sum(kind == {PASSED} for kind in kinds)
    partly = sum(kind == {PASSED, PENDING} for kind in kinds)
    untested = sum(kind == {PENDING} for kind in kinds)
    recorded = sum(kind == {RECORD} for kind in kinds)
    claims = [f"{held} claim{' holds' if held == 1 else 's hold'}"]
    if partly:
        claims.append(f"{partly} hold{'s' * (partly == 1)} as far as they can be tested")
    if untested:
        claims.append(f"{untested} cannot be tested here")
    if recorded:
        claims.append(f"{recorded} {'is' if recorded == 1 else 'are'} recorded only")
    if failed:
        claims.append(f"{failed} fail{'s' * (failed == 1)}")
    count = {status: int((table["status"] == status).sum()) for status in SAID}
    criteria = [f"{count[PASSED]} of {count[PASSED] + count[FAILED]} criteria met"]
    said = ((PENDING, "pending"), (LITERAL, "read otherwise"), (RECORD, "recorded"))
    criteria += [f"{count[status]} {words}" for status, words in said if count[status]]
    return f"{', '.join(claims)}; {', '.join(criteria)}"


def chosen(asked: list[str]) -> list[str]:
    """Return ids of claims; a letter stands for its group. Raises DeclarationError for unknown ones."""
    from mtorkin.claims import read_claims

    known = [claim.id for claim in read_claims()]
    groups = {id[0] for id in known}
    if not asked:
        raise DeclarationError("--ids: names none; leave it out to test all claims")
    found: list[str] = []
    for name in asked:
        if name.upper() in groups:
            found += [id for id in known if id[0] == name.upper()]
        else:
            found.append(words.known(name.upper(), known, "claim", "a letter is a whole group"))
    return list(dict.fromkeys(found))


def print_claims(table: pd.DataFrame, *, with_reason: bool) -> None:
    """Print a row a criterion; a claim's statement stands at its first."""
    rows, before = [], ""
    for record in table.to_dict("records"):
        status = str(record["status"])
        again = record["id"] == before
        before = str(record["id"])
        value = float(record["value"])
        row = [
            "" if again else before,
            Text(SAID[status][0], style=SAID[status][1]),
            "" if again else record["statement"],
            record["criterion"],
            "–" if math.isnan(value) else output.short(value),
        ]
        rows.append([*row, record["reason"]] if with_reason else row)
    heads = ["id", "", "claim", "criterion", "found>"]
    output.console().print(output.table("", [*heads, "reason"] if with_reason else heads, rows))
