"""What a file is that was given for a saved fit, profiles or sample and is none, in words."""

from __future__ import annotations

import json
import os
from pathlib import Path

from mtorkin.errors import TableError, nearest

__all__ = ["FIT", "PROFILES", "SAMPLE", "not_saved"]

FIT, PROFILES, SAMPLE = "a saved fit", "saved profiles", "a saved sample"
WRITTEN = {
    FIT: "`mtorkin fit --out FOLDER` writes it as fit.json",
    PROFILES: "`mtorkin profile --out FOLDER` writes them as profiles.json",
    SAMPLE: "`mtorkin sample --out FOLDER` writes it as posterior.npz",
}
NAMES = {FIT: "fit.json", PROFILES: "profiles.json", SAMPLE: "posterior.npz"}
BEGIN = ((b"CDF", "the tables of a report (NetCDF)"), (b"\x89PNG", "a picture"), (b"%PDF", "a PDF"))
WORDS = (
    ("parameterId,value,unit,kind,by_blots", "the table of profiles, for people"),
    ("parameterId", "an overlay of parameter values"),
    ("<!doctype html", "a page (HTML)"),
)
ZIP = b"PK"
READ = 400  # letters of a file by which it is known


def not_saved(path: str | os.PathLike[str], wanted: str, form: int) -> TableError:
    """An error that says what `path` is instead of what was `wanted`, and where that is to be found.

    `form` is the format that this mtorkin reads.
    """
    path = Path(path)
    said = f"holds no {wanted}" if wanted == PROFILES else f"is not {wanted}"
    beside = (path if path.is_dir() else path.parent) / NAMES[wanted]
    hint = WRITTEN[wanted]
    if beside.is_file() and beside != path:
        hint += f"; there is {beside}"
    return TableError(f"{path}: {said}: {_what_it_is(path, wanted, form)}; {hint}")


def _what_it_is(path: Path, wanted: str, form: int) -> str:
    if path.is_dir():
        return "it is a folder"
    if not path.exists():
        others = [each.name for each in path.parent.glob("*")] if path.parent.is_dir() else []
        return f"there is no such file{nearest(path.name, others)}"
    try:
        with path.open("rb") as file:
            begin = file.read(READ)
    except OSError as error:
        return f"it cannot be read ({error.strerror})"
    if not begin:
        return "the file is empty"
    if begin.startswith(ZIP):
        return _same(wanted, SAMPLE if path.suffix == ".npz" else "a spreadsheet or an archive", None, form)
    for start, name in BEGIN:
        if begin.startswith(start):
            return f"it is {name}"
    text = begin.decode("utf-8", errors="replace")
    if text.lstrip().startswith("{"):
        return _json(path, wanted, form)
    found = next((name for word, name in WORDS if word.lower() in text.lower()), "a file of another kind")
    return f"it is {found}"


def _json(path: Path, wanted: str, form: int) -> str:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "it is JSON that ends too early or is damaged"
    kind = FIT if "starts" in record else PROFILES if "walks" in record else "JSON of another kind"
    return _same(wanted, kind, record.get("format"), form)


def _same(wanted: str, kind: str, format: object, form: int) -> str:
    if kind != wanted:
        return f"{'it holds' if kind == PROFILES else 'it is'} {kind}"
    if format is not None and format != form:
        return f"written by another version of mtorkin (format {format}, this one reads {form}); make it anew"
    return "parts of it are missing or damaged; make it anew"
