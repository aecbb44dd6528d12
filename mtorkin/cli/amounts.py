"""Amounts of drugs as the command line writes them: 100, 100nM, 0.1uM, 10mg."""

from __future__ import annotations

import re

from mtorkin.cli import words
from mtorkin.errors import DeclarationError, nearest

NANOMOLAR = {"pM": 1e-3, "nM": 1.0, "uM": 1e3, "µM": 1e3, "μM": 1e3, "mM": 1e6}
MG = "mg"
EVERY, TIMES = "every", "times"  # not inputs: how a dose is repeated


def value_of(name: str, text: str, option: str) -> float:
    """Return the amount of a drug or the level of an input [its own unit], or of every= [min].

    A number alone is in the input's unit. Raises DeclarationError for a unit that cannot be.
    """
    said = f"{option} {name}={text}"
    if name == EVERY:
        return words.minutes(text, said)
    match = re.fullmatch(r"([-+0-9.eE]*[0-9.])\s*([A-Za-zµμ]+)", text)
    if not match:
        return words.number(text, said)
    value, unit = words.number(match.group(1), said), match.group(2)
    if unit == MG:
        return _of_mg(name, value, said)
    if unit not in NANOMOLAR:
        allowed = [*NANOMOLAR, MG]
        raise DeclarationError(f"{said}: no unit {unit!r}{nearest(unit, allowed)} ({', '.join(allowed)})")
    _check_molar(name, said)
    return value * NANOMOLAR[unit]


def _of_mg(name: str, mg: float, said: str) -> float:
    from mtorkin.drugs import dose_in_blood

    try:
        return dose_in_blood(name, mg=mg)
    except DeclarationError as error:
        raise DeclarationError(f"{said}: {error}") from None


def _check_molar(name: str, said: str) -> None:
    """Refuse a concentration for what is none: amino_acids=1nM is not a billionth of full medium."""
    from mtorkin.build import build
    from mtorkin.drugs import drugs

    inputs = build().inputs
    if name in inputs.index and inputs.loc[name, "unit"] != "nM":
        raise DeclarationError(f"{said}: {name} is relative, not in nM; give a bare number")
    if name in drugs().index and name not in inputs.index and name.endswith(("_human", "_mouse")):
        raise DeclarationError(
            f"{said}: a dose for a subject is given in mg, or as a bare number of nM of blood"
        )
