"""Units: a closed list, so that a wrong scale cannot be written (libSBML would not notice uM for
nM).

Amounts are nM in the volume of one cell, time is min. Inside an expression a unit is a pair of
exponents ``(nM, min)``; only the leaves of an expression must carry a unit from the list.
"""

from __future__ import annotations

from mtorkin.errors import DeclarationError, nearest

Exponents = tuple[int, int]

UNITS: dict[str, Exponents] = {
    "1": (0, 0),
    "nM": (1, 0),
    "min": (0, 1),
    "1/min": (0, -1),
    "1/nM": (-1, 0),
    "nM/min": (1, -1),
    "1/(nM*min)": (-1, -1),
}


def exponents(unit: str, of: str) -> Exponents:
    """Return the exponents ``(nM, min)`` of a listed unit; ``of`` names the thing in the error."""
    if unit not in UNITS:
        raise DeclarationError(f"{of}: unit {unit!r} is not one of {', '.join(UNITS)}{nearest(unit, UNITS)}")
    return UNITS[unit]


def spelled(unit: Exponents) -> str:
    """Return the unit as text, as in the closed list where it is there."""
    for name, pair in UNITS.items():
        if pair == unit:
            return name
    return f"nM^{unit[0]}*min^{unit[1]}"
