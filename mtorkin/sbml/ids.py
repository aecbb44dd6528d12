"""Ids that every tool can read: one namespace, no words that SBML or Antimony keep for themselves.

The same ids stand in Python, SBML and Antimony, so a clash is an error to be fixed where the thing
is declared; renaming it on the way out would make two names for one quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from mtorkin.errors import DeclarationError

__all__ = ["check_ids"]

_SID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

# functions and constants of the L3 formula syntax, and the keywords of Antimony
_FORMULA = """
abs acos acosh acot acoth acsc acsch arccos arccosh arccot arccoth arccsc arccsch arcsec arcsech
arcsin arcsinh arctan arctanh asec asech asin asinh atan atanh avogadro ceil ceiling cos cosh cot
coth csc csch delay eq exp exponentiale factorial false floor geq gt implies inf infinity lambda leq
ln log log10 lt max min minus nan neq not notanumber or and xor pi piecewise plus pow power
quotient rateof rem root sec sech sin sinh sqr sqrt tan tanh time times true
"""
_ANTIMONY = """
after at compartment const constraint constraints delete dnainterior dnaprop e end equality event
extent extentunits formula fromtrigger function gene gt has import in init is leq length lengthunits
maximize minimize model module objective operator parameter part persistent priority quadratic
reaction sbo seed species strand substance substanceonly substanceunits t0 time_unit timeunits unit
units var volume volumeunits area areaunits
"""
_KEPT = frozenset((_FORMULA + _ANTIMONY).split())


def check_ids(ids: Iterable[str], where: str) -> None:
    """Raise DeclarationError where an id is not an SId, is kept by a language, or comes twice."""
    seen: set[str] = set()
    for id in ids:
        if not _SID.fullmatch(id):
            raise DeclarationError(
                f"{where}: id {id!r} cannot be exported: letters, digits and underscores are "
                "allowed, no digit first. Rename it where it is declared"
            )
        if id.lower() in _KEPT:
            raise DeclarationError(
                f"{where}: id {id!r} is a word of SBML's formulas or of Antimony. "
                "Rename it where it is declared"
            )
        if id in seen:
            raise DeclarationError(f"{where}: id {id!r} stands for two things; one must be renamed")
        seen.add(id)
