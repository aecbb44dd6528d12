"""What a person tells about a file of blots that does not say it, as options of several commands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from mtorkin.errors import DeclarationError

PANEL = "Blots in another format"

Lanes = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="What each lane is: a table lane, condition, time (and replicate, blot).",
        rich_help_panel=PANEL,
    ),
]
Antibodies = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=TARGET",
        help="What a name in the file sees, or NAME=loading, NAME=ignore; may be repeated. Or a table name, "
        "target.",
        rich_help_panel=PANEL,
    ),
]
Loading = Annotated[
    str,
    typer.Option(metavar="NAME", help="The loading control in the file, or none.", rich_help_panel=PANEL),
]
TimeUnit = Annotated[
    str,
    typer.Option(metavar="UNIT", help="s, min or h, where times are bare numbers.", rich_help_panel=PANEL),
]


def antibodies_of(words: list[str] | None) -> Mapping[str, str]:
    """Return names in the file -> targets, from NAME=TARGET words and tables.

    Raises DeclarationError for a word that is neither, or a name told twice, and TableError as a
    table does.
    """
    from mtorkin.fit.importing import read_antibodies

    found: dict[str, str] = {}
    for word in words or ():
        name, sign, target = word.rpartition("=")
        if sign and name.strip() and target.strip():
            told: Mapping[str, str] = {name.strip(): target.strip()}
        elif Path(word).is_file():
            told = read_antibodies(word)
        else:
            raise DeclarationError(
                f"--antibodies {word!r}: write it as NAME=TARGET, such as 700=S6K_pT389, or name a "
                "table with the columns name and target"
            )
        for each in told:
            if each in found:
                raise DeclarationError(f"--antibodies: {each!r} is told twice")
        found |= told
    return found
