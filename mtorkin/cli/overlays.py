"""Overlays of parameter values, checked against the model they are laid over."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from mtorkin._resources import parameters_dir
from mtorkin.errors import TableError, nearest
from mtorkin.tables import read_overlay

if TYPE_CHECKING:
    from mtorkin.model import Model

PROFILES = "parameterId,value,unit,kind,by_blots"  # how profiles.csv begins


def shipped(path: Path) -> Path:
    """Return the path or, where there is no such file, one of that name in parameters/fits.

    Raises TableError, with the nearest match, where there is neither.
    """
    fits = parameters_dir() / "fits"
    if path.exists():
        return path
    ours = fits / path.with_suffix(".tsv")
    if len(path.parts) == 1 and ours.is_file():
        return ours
    names = sorted(p.stem for p in fits.glob("*.tsv"))
    raise TableError(
        f"{path}: there is no such file, and no calibration of that name{nearest(path.stem, names)} "
        f"(there are {', '.join(names)})"
    )


def read_values(path: Path, model: Model) -> dict[str, float]:
    """Return the values of an overlay by parameter id, each in its parameter's unit.

    The columns parameterId and nominalValue are needed; where there is a column `unit`, it must
    say what the model says. Raises TableError naming file, line and column.
    """
    _refuse_profiles(path)
    values = read_overlay(path, model.values)
    units = {p.id: p.unit for p in model.network.parameters}
    for line, id, unit in _column(path, "unit"):
        if unit and unit != units[id]:
            raise TableError(
                f"{path.name}:{line}: column 'unit' of {id} is {unit!r}; the model has it in "
                f"{units[id]!r}: convert the value (numbers are in nM and min), then the unit"
            )
    return values


def _refuse_profiles(path: Path) -> None:
    """Raise TableError where a file is the table that `mtorkin profile` writes beside its profiles."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            begin = file.readline()
    except (OSError, UnicodeDecodeError):
        return  # whoever reads the overlay says what is wrong
    if begin.startswith(PROFILES):
        raise TableError(
            f"{path}: is the table of profiles, not an overlay of parameter values; "
            "`mtorkin fit --out FOLDER` writes that as fit.tsv"
        )


def notes(path: Path, values: Mapping[str, float], model: Model) -> list[str]:
    """Return what is odd about an overlay, in sentences: no units, other cells, values outside bounds."""
    missing = (
        []
        if _column(path, "unit")
        else [f"{path.name}: no unit column: values are taken in the model's units"]
    )
    return missing + fitted_in(path, model.context) + outside(values, model)


def fitted_in(path: Path, context: str) -> list[str]:
    """Return a sentence where an overlay was fitted over another kind of cells than the model's."""
    named = sorted({cell for _, _, cell in _column(path, "context") if cell})
    if len(named) != 1 or named == [context]:
        return []
    return [
        f"{path.name} was fitted in {named[0]} cells, and these are {context}: add --context {named[0]} for "
        "what the fit describes"
    ]


def outside(values: Mapping[str, float], model: Model) -> list[str]:
    """Return a sentence for each value, in its parameter's unit, outside the bounds of its table."""
    if not values:
        return []
    table, said = model.parameters, []
    for id, value in values.items():
        low, high = float(table["lower"][id]), float(table["upper"][id])
        if not low <= value <= high:
            said.append(
                f"{id} = {value:g} lies outside its bounds {low:g} to {high:g} {table['unit'][id]} "
                f"(parameters/{table['mechanism'][id]}.tsv)"
            )
    return said


def _column(path: Path, name: str) -> list[tuple[int, str, str]]:
    """Line, parameter and that column of every row; nothing where the table has no such column."""
    lines = list(enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1))
    rows = [
        (n, [cell.strip() for cell in line.split("\t")])
        for n, line in lines
        if line.strip() and line[0] != "#"
    ]
    header = rows[0][1]
    if name not in header:
        return []
    id, place = header.index("parameterId"), header.index(name)
    return [(n, row[id], row[place]) for n, row in rows[1:] if any(row)]
