"""`mtorkin import`: blots in a lab's format as one table to go on with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from mtorkin.cli import foreign, options, output, words
from mtorkin.errors import DeclarationError
from mtorkin.files import write_text

if TYPE_CHECKING:
    from mtorkin.fit import Blots

Template = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Begin a table of the lanes that are not known, to fill in (CSV)."),
]


def import_(
    file: Annotated[Path, typer.Argument(help="Blots, in any format that mtorkin recognises.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The table to write (CSV).")],
    lanes: foreign.Lanes = None,
    antibodies: foreign.Antibodies = None,
    loading: foreign.Loading = "",
    time_unit: foreign.TimeUnit = "",
    lanes_template: Template = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    context: options.Context = "generic",
) -> None:
    """Read blots in a lab's format and write them as mtorkin's blot table.

    LI-COR Odyssey and Image Studio exports, MIDAS, PEtab measurements, stacked blocks, sheets of
    antibody and loading control in pairs, wide tables. Numbers are written as they are in the file.

    Beside the table, where there is none yet, a table of conditions is begun, for a person to fill in.

    \b
    Examples:
      mtorkin import scan.txt --antibodies names.csv --lanes lanes.csv --out blots.csv
      mtorkin import author.xlsx --out blots.csv
      mtorkin import scan.txt --lanes-template lanes.csv --out blots.csv
      mtorkin import measurements.tsv --time-unit s --out blots.csv
    """
    from mtorkin.antibodies import ANTIBODIES
    from mtorkin.fit.blots import blots_of
    from mtorkin.fit.importing import (
        Choices,
        Open,
        lanes_to_fill,
        long_table,
        read_lane_table,
        read_lanes,
    )

    told = [path for path in (lanes, *map(Path, antibodies or ())) if path is not None]
    _check_out([file, *told], out, force)
    if lanes_template is not None:
        _check_out([file, *told, out], lanes_template, force, "--lanes-template")
    table = None if lanes is None else read_lane_table(lanes)
    choices = Choices(table, foreign.antibodies_of(antibodies), loading, time_unit)
    model = options.make_model(context)
    names = {*map(str, model.observables.index), *(antibody.observable for antibody in ANTIBODIES)}
    try:
        cells = read_lanes(file, choices, names)
    except Open as error:
        if lanes_template is not None and error.lanes:
            _begun(lanes_template, lanes_to_fill(error.lanes), "each lane is, and name it with --lanes")
        raise
    blots = blots_of(cells, names, None)
    write_text(out, long_table(cells))
    _say(blots, file, out)
    if lanes_template is not None:
        output.console().print(Text(f"{lanes_template}: not written, nothing to fill in"), soft_wrap=True)
    _begin_conditions(blots, out)


def _say(blots: Blots, file: Path, out: Path) -> None:
    """Print what was read, what is doubtful, and where it was written to."""
    screen = output.console()
    numbers = {"lane": len(blots), "blot": blots.table["blot"].nunique(), "antibody": len(blots.targets)}
    counts = ", ".join(words.counted(number, noun) for noun, number in numbers.items())
    screen.print(Text(f"{file}: {counts}", style="bold"), soft_wrap=True)
    for note in blots.notes:
        word = "look at" if note in blots.doubts else "note"
        screen.print(Text(f"{word}: {note}"), soft_wrap=True)
    screen.print(Text(f"wrote {out}"), soft_wrap=True)


def _begun(path: Path, text: str, what: str) -> None:
    """Write a table that a person is to fill in, and say so."""
    write_text(path, text)
    output.console().print(Text(f"wrote {path}: say there what {what}"), soft_wrap=True)


def _begin_conditions(blots: Blots, out: Path) -> None:
    """Begin a table of conditions beside the table, where one is needed and none is there."""
    from mtorkin.fit.importing import conditions_to_fill
    from mtorkin.protocol import NAMED

    beside = out.with_name(f"{out.stem}_conditions{out.suffix}")
    names = dict.fromkeys(blots.table["condition"])
    if not beside.exists() and any(name not in NAMED for name in names):
        _begun(beside, conditions_to_fill(names), "each condition is")


def _check_out(taken: Sequence[Path], out: Path, force: bool, option: str = "--out") -> None:
    """Refuse a name that no table can have, or that is of a file taken for something else here."""
    if out.suffix.lower() != ".csv":
        raise DeclarationError(f"{option} {out}: name a file that ends in .csv")
    if out.is_dir():
        raise DeclarationError(f"{option} {out}: is a folder; name a file in it")
    if out.resolve() in {path.resolve() for path in taken}:
        raise DeclarationError(f"{option} {out}: is named here for something else too; name another file")
    if out.exists() and not force:
        raise DeclarationError(
            f"{option} {out}: is there already; name another file, or --force to write over it"
        )
    output.check_folder(out.parent, out)
