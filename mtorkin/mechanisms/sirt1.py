"""SIRT1, NAD+ and AMPK: a loop that holds itself up, weakly.

SIRT1 needs NAD+ and deacetylates LKB1, which then activates AMPK more [Lan2008]; AMPK raises NAD+
within hours, and with it SIRT1 [Canto2009]. The gain of the loop is kept below 1, so that cells have
one steady state (docs/explanation/contradictions, K11). How far the two depend on each other is open
[review]; a direct effect of fasting on NAD+ is left at 0 (``g_NAD_direct``), and may be tried.

Left out: NAMPT, PARP, SIRT1's other substrates (FOXO among them).
"""

from mtorkin.activities import LKB1_deacetylated, energy_shortage
from mtorkin.language import (
    NOTHING,
    Assignment,
    Contribution,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    saturating,
)
from mtorkin.molecules import AMPK, NAD, SIRT1

k_NAD = Parameter("k_NAD_turnover", "1/min", "turnover of the part of NAD+ that AMPK moves")
NAD_basal = Parameter("NAD_basal", "1", "NAD+ without AMPK, to that of fed cells")
g_AMPK = Parameter("g_NAD_AMPK", "1", "NAD+ that fully active AMPK adds, to that of fed cells")
K_AMPK = Parameter("K_AMPK_NAD", "nM", "AMPK T172-P as the scale of that")
g_direct = Parameter("g_NAD_direct", "1", "NAD+ that lack of glucose adds without AMPK")
K_NAD = Parameter("K_NAD_SIRT1", "nM", "NAD+ that half activates SIRT1")
g_LKB1 = Parameter("g_LKB1_SIRT1", "1", "activity of LKB1 that SIRT1 adds when all is deacetylated")
K_LKB1 = Parameter("K_SIRT1_LKB1", "1", "SIRT1 activity that keeps half of LKB1 deacetylated")

SIRT1_active = Assignment(
    "SIRT1_active", "1", SIRT1 * saturating(NAD().total, K_NAD), "SIRT1, as NAD+ lets it act"
)

mechanism = Mechanism.of(
    "sirt1",
    __doc__,
    rules=[
        Make(
            "NAD+ is made",
            NAD(),
            k_NAD
            * NAD.abundance
            * (NAD_basal + g_AMPK * AMPK(T172="p").total / K_AMPK + g_direct * energy_shortage),
        ),
        Remove("NAD+ is used", NAD() >> NOTHING, k_NAD),
    ],
    observables=[
        Observable("NAD_total", NAD().total, "NAD+"),
        Observable("SIRT1_activity", SIRT1_active, "SIRT1 activity, to that without a limit by NAD+", "1"),
    ],
    contributions=[Contribution(LKB1_deacetylated, g_LKB1 * saturating(SIRT1_active, K_LKB1))],
)
