"""GADD34: nearly every stress makes it, and it takes T1462-P off TSC2.

GADD34 (PPP1R15A) is a targeting subunit of protein phosphatase 1. It is induced by lack of glucose or
amino acids, by hypoxia, DNA damage, oxidation, protein stress and viruses; it binds TSC2 and
dephosphorylates T1462, which activates TSC2 and restrains mTORC1 [GaddStarvation2011]. Cells without it
cannot restrain mTORC1 when glucose runs out, and die; rapamycin saves them (death is in growth_pet).

Left out: eIF2alpha, its other substrate; ATF4 and CHOP, through which stress makes it.
"""

from mtorkin.activities import TSC2_phosphatase, stress_signal
from mtorkin.language import (
    NOTHING,
    Contribution,
    Input,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    hill,
)
from mtorkin.molecules import GADD34

virus = Input("virus", "1", 0.0, "infection, as a stress: 1 is strong")
k_GADD34 = Parameter("k_GADD34_turnover", "1/min", "turnover of GADD34, its message included")
basal = Parameter("GADD34_basal", "1", "transcription of GADD34 without stress, to that under strong stress")
K_stress = Parameter("K_stress_GADD34", "1", "stress signal that half induces GADD34")
g_virus = Parameter("g_stress_virus", "1", "stress signal of an infection")
K_TSC2 = Parameter("K_GADD34_TSC2", "nM", "GADD34 that doubles the dephosphorylation of TSC2 T1462")

mechanism = Mechanism.of(
    "gadd34",
    __doc__,
    rules=[
        Make(
            "GADD34 is made",
            GADD34(),
            k_GADD34 * GADD34.abundance * (basal + hill(stress_signal, K_stress, 2)),
        ),
        Remove("GADD34 decays", GADD34() >> NOTHING, k_GADD34),
    ],
    observables=[
        Observable("GADD34_total", GADD34().total, "GADD34 (PPP1R15A)"),
        Observable("stress_index", stress_signal, "all stresses together (index)", "1"),
    ],
    contributions=[
        Contribution(TSC2_phosphatase, GADD34().total / K_TSC2),
        Contribution(stress_signal, g_virus * virus),
    ],
)
