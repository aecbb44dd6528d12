"""Energy: a lack of glucose activates AMPK through LKB1.

A high AMP/ATP ratio makes AMPK a substrate of LKB1 (T172). The ratio is not modelled; the shortage
of energy is a falling function of glucose, to which an ``energy_stress`` input (AICAR,
2-deoxyglucose) adds. What else brings LKB1 and AMPK together (sestrins) adds to it, what makes LKB1
more active (SIRT1, ATM) multiplies it, and KSR2 holds AMPK in reach [CostanzoGarvey2009]. CaMKK
keeps a small LKB1-independent activity. AMPK marks Raptor at S792, on free Raptor and in mTORC1,
which closes mTORC1 [Gwinn2008], and it phosphorylates TSC2 (see tsc_rheb) and mTOR T2446 (see
sites). Fatty acid oxidation, and glucose uptake with it, follow AMPK as an index.

Left out: AMP, ADP and ATP as molecules; the oestrogen-related receptor through which KSR2 also acts.
"""

from mtorkin.activities import (
    AMPK_drive,
    LKB1_boost,
    LKB1_deacetylated,
    energy_shortage,
    stress_signal,
)
from mtorkin.language import (
    Assignment,
    Change,
    Contribution,
    Mechanism,
    Observable,
    Parameter,
    mutation,
    saturating,
)
from mtorkin.molecules import AMPK, KSR2, LKB1, Raptor, mTORC1

w_acetylated = Parameter(
    "w_LKB1_acetylated", "1", "activity of acetylated LKB1, to that without", at_most=1.0
)
k_LKB1 = Parameter("k_AMPK_T172", "1/min", "LKB1 on AMPK T172 at full energy shortage")
k_CaMKK = Parameter("k_AMPK_CaMKK", "1/min", "LKB1-independent phosphorylation of T172")
k_off = Parameter("k_AMPK_off", "1/min", "AMPK T172 dephosphorylation")
k_S792 = Parameter("k_Raptor_S792", "1/(nM*min)", "AMPK on Raptor S792")
k_S792_off = Parameter("k_Raptor_S792_off", "1/min", "Raptor S792 dephosphorylation")

K_oxidation = Parameter("K_AMPK_oxidation", "nM", "AMPK T172-P that half drives fatty acid oxidation")
g_stress = Parameter("g_stress_energy", "1", "stress of a cell without energy")

LKB1_active = Assignment(
    "LKB1_active",
    "1",
    LKB1 * (w_acetylated + LKB1_deacetylated) * (1 + LKB1_boost),
    "LKB1 acting on AMPK, relative to the generic cell",
)

mechanism = Mechanism.of(
    "ampk_energy",
    __doc__,
    rules=[
        Change(
            "LKB1 activates AMPK",
            AMPK(T172="u") >> AMPK(T172="p"),
            k_LKB1 * LKB1_active * KSR2 * AMPK_drive + k_CaMKK,
        ),
        Change("AMPK is dephosphorylated", AMPK(T172="p") >> AMPK(T172="u"), k_off),
        *(
            Change(
                f"AMPK phosphorylates S792 of {host.name}",
                host(S792="u") >> host(S792="p"),
                k_S792 * AMPK(T172="p").total,
            )
            for host in (Raptor, mTORC1)
        ),
        *(
            Change(
                f"S792 of {host.name} is dephosphorylated",
                host(S792="p") >> host(S792="u"),
                k_S792_off,
            )
            for host in (Raptor, mTORC1)
        ),
    ],
    observables=[
        Observable("AMPK_pT172", AMPK(T172="p").total, "AMPK T172"),
        Observable("Raptor_pS792", Raptor(S792="p").total + mTORC1(S792="p").total, "Raptor S792"),
        Observable(
            "fatty_acid_oxidation",
            saturating(AMPK(T172="p").total, K_oxidation),
            "fatty acid oxidation and AMPK-dependent glucose uptake (index)",
            "1",
        ),
    ],
    contributions=[
        Contribution(AMPK_drive, energy_shortage),
        Contribution(stress_signal, g_stress * energy_shortage),
    ],
    mutations=[mutation("S792A", "Raptor S792A: AMPK cannot mark it", k_Raptor_S792=0.0)],
)
