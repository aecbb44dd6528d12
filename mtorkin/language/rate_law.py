"""Rate laws: a closed list. Each returns what multiplies the reactants, so that a mark can ride
along.

A reaction runs at ``coefficient * product of its reactants``. Mass action is a coefficient that is
a constant, or a constant times an enzyme's total; every other law below gives a coefficient [1/min]
or a dimensionless factor.
"""

from __future__ import annotations

from mtorkin.errors import DeclarationError
from mtorkin.language.expression import Expr, power


def michaelis_menten(
    kcat: Expr,
    enzyme: Expr,
    Km: Expr,
    substrate: Expr,
    competitor: Expr | None = None,
    Ki: Expr | None = None,
) -> Expr:
    """Return the per-molecule rate [1/min] of a substrate form under an enzyme.

    ``kcat * enzyme / (Km * (1 + competitor / Ki) + substrate)``: kcat [1/min], enzyme, Km, substrate,
    competitor and Ki [nM]. ``substrate`` is the sum of all forms that compete for the enzyme; the
    reaction that uses the law multiplies by its own form. The competitive term is left out when no
    competitor is named.
    """
    if (competitor is None) != (Ki is None):
        raise DeclarationError("michaelis_menten: competitor and Ki come together")
    weakened = Km if competitor is None or Ki is None else Km * (1 + competitor / Ki)
    return kcat * enzyme / (weakened + substrate)


def saturating(x: Expr, K: Expr) -> Expr:
    """Return ``x / (K + x)`` [1]: half at ``x = K``; x and K in the same unit."""
    return x / (K + x)


def hill(x: Expr, K: Expr, n: int) -> Expr:
    """Return ``x^n / (K^n + x^n)`` [1], written ``(x/K)^n / (1 + (x/K)^n)``; n a whole number.

    Whole, because ``x`` may be -1e-12 within the solver's tolerance and must then still have a value.
    """
    ratio = power(x / K, n)
    return ratio / (1 + ratio)


def inhibited(inhibitor: Expr, Ki: Expr) -> Expr:
    """Return ``1 / (1 + inhibitor / Ki)`` [1]: the share an inhibitor in rapid equilibrium leaves."""
    return 1 / (1 + inhibitor / Ki)


def blend(basal: Expr, drive: Expr) -> Expr:
    """Return ``basal + (1 - basal) * drive`` [1]: a floor plus the driven remainder."""
    return basal + (1 - basal) * drive
