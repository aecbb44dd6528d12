"""What a command prints and writes: tables, JSON, and files that appear all together or not at all."""

from __future__ import annotations

import json
import math
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    import pandas as pd

# what `staged` and `mtorkin.files.atomic_path` call a file that is not yet whole
LEFT = re.compile(r"\.(mtorkin\.[0-9a-f]{8}|(start|profile|ensemble)_.+\.[0-9a-f]{8}\.(json|npz))")


def console() -> Console:
    """Return a console on standard output; as wide as the terminal, or 100 columns in a pipe."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 100
    return Console(highlight=False, width=width)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Return a table for the console; a column whose name ends in ">" is aligned to the right."""
    made = Table(title=title or None, title_justify="left", title_style="bold", box=None)
    made.show_edge = False
    made.padding = (0, 2, 0, 0)
    for column in columns:
        made.add_column(
            column.removesuffix(">"),
            justify="right" if column.endswith(">") else "left",
            header_style="dim",
            overflow="fold",
        )
    for row in rows:
        # Text, because "[1/min]" in a plain string would be read as markup
        made.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
    return made


def short(value: float, digits: int = 3) -> str:
    """Return a number to some significant digits, without an exponent where that is readable."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if abs(value) < 1e-3 or abs(value) >= 1e5:
        return f"{value:.{digits - 1}e}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def print_json(record: Any) -> None:
    """Print a record as JSON on standard output, and nothing else; nan and inf become null."""
    sys.stdout.write(json.dumps(plain(record), indent=1, allow_nan=False, ensure_ascii=False) + "\n")


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a table without its index as CSV, ten digits."""
    table.to_csv(path, index=False, float_format="%.10g", lineterminator="\n")


def write_series(path: Path, heads: Sequence[str], rows: Iterable[Sequence[float]]) -> None:
    """Write finite numbers under plain ids as CSV, ten digits, as `write_table` does of a table."""
    line = ",".join(["%.10g"] * len(heads)) + "\n"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(heads) + "\n")
        file.writelines(line % tuple(row) for row in rows)


def write_record(path: Path, record: Any) -> None:
    """Write a record as JSON; nan and inf become null."""
    text = json.dumps(plain(record), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: numpy numbers as numbers, nan and inf as null."""
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, str) or value is None:
        return value
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, Iterable):
        return [plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """A hidden folder whose files move into the folder `out` when the block ends well (no unit).

    If the block raises, `out` is as it was, and is not made where it did not exist. Raises
    DeclarationError where `out` is a file or cannot be written.
    """
    check_folder(out)
    stage = _hidden(out)
    stage.mkdir()
    try:
        yield stage
        for source in sorted(path for path in stage.rglob("*") if path.is_file()):
            target = out / source.relative_to(stage)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def tidy(*folders: Path) -> None:
    """Remove what runs that were killed left half-written in these folders: hidden names of ours alone."""
    for folder in folders:
        for path in folder.glob(".*") if folder.is_dir() else ():
            if LEFT.fullmatch(path.name):
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)


def check_folder(folder: Path, out: Path | None = None) -> None:
    """Raise DeclarationError where nothing can be written into a folder, or it is a file.

    `out` is what the user gave as --out, where that is not the folder itself. Tries it, and leaves
    nothing behind.
    """
    given = folder if out is None else out
    try:
        for path in (folder, *folder.parents):
            if path.exists() and not path.is_dir():
                raise DeclarationError(f"--out {given}: {path} is a file; name a folder")
        probe = _hidden(folder)
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        # the error's own file name is the hidden one, which tells the user nothing
        raise DeclarationError(f"--out {given}: cannot write there ({error.strerror})") from None


def _hidden(out: Path) -> Path:
    """A name not yet taken, in `out` or else in the nearest folder above it that exists."""
    home = next(folder for folder in (out, *out.absolute().parents) if folder.is_dir())
    return home / f".mtorkin.{secrets.token_hex(4)}"


def say_files(out: Path, files: Iterable[Path]) -> None:
    """Print which files were written into `out`."""
    screen = console()
    for path in sorted(files):
        screen.print(Text(f"wrote {out / path}"), soft_wrap=True)


def stem(name: str) -> str:
    """Return a name that every file system takes."""
    kept = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip("-.")
    return kept or "simulation"
