"""The closed list of units as SBML unit definitions: concentration nM, time min, volume litre.

Dimensions are all that a checker compares; that nM is a nanomole per litre, and a minute 60 s, is
fixed here once, so that no other scale can slip in.
"""

from __future__ import annotations

from mtorkin.language.unit import UNITS
from mtorkin.sbml.xml import Tag, tag

__all__ = ["AMOUNT", "MODEL_UNITS", "VOLUME", "unit_definitions", "unit_id"]

AMOUNT, TIME, VOLUME, AREA = "nmole", "minute", "litre", "square_metre"

# nothing here has a length or an area, but COPASI warns of a file that does not say how it would
MODEL_UNITS = {
    "substanceUnits": AMOUNT,
    "timeUnits": TIME,
    "volumeUnits": VOLUME,
    "areaUnits": AREA,
    "lengthUnits": "metre",
    "extentUnits": AMOUNT,
}

_IDS = {
    "1": "dimensionless",
    "nM": "nM",
    "min": TIME,
    "1/min": "per_min",
    "1/nM": "per_nM",
    "nM/min": "nM_per_min",
    "1/(nM*min)": "per_nM_per_min",
}


def unit_id(unit: str) -> str:
    """Return the id under which a unit of the closed list stands in a file."""
    return _IDS[unit]


def unit_definitions() -> Tag:
    """Return the definitions of every unit in the closed list, and of nmol and m2."""
    listed = [
        _definition(_IDS[unit], unit, nM, minutes)
        for unit, (nM, minutes) in UNITS.items()
        if _IDS[unit] != "dimensionless"
    ]
    amount = tag("unitDefinition", [_list([_nanomole(1)])], id=AMOUNT, name="nmol")
    area = tag("unitDefinition", [_list([_unit("metre", 2, 0, 1)])], id=AREA, name="m2")
    return tag("listOfUnitDefinitions", [amount, *listed, area])


def _definition(id: str, name: str, nM: int, minutes: int) -> Tag:
    parts = [_nanomole(nM), _unit("litre", -nM, 0, 1)] if nM else []
    if minutes:
        parts.append(_unit("second", minutes, 0, 60))
    return tag("unitDefinition", [_list(parts)], id=id, name=name)


def _list(units: list[Tag]) -> Tag:
    return tag("listOfUnits", units)


def _nanomole(exponent: int) -> Tag:
    return _unit("mole", exponent, -9, 1)


def _unit(kind: str, exponent: int, scale: int, multiplier: int) -> Tag:
    return tag("unit", kind=kind, exponent=str(exponent), scale=str(scale), multiplier=str(multiplier))
