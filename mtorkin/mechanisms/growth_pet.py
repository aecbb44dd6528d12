"""Growth, death and what PET sees of them.

Thymidine kinase 1 is made by cells on their way to S phase, steeply with translation, and traps
18F-FLT; hexokinase 2 is made with translation and HIF-1, GLUT1 is brought to the surface by Akt, and
the two take up 18F-FDG, in which GLUT1 limits more than hexokinase. Uptake of amino acids does not
follow translation, and serves as a negative control [Wei2008]: it competes with amino acids for
LAT1. Within days of low translation cells leave the cycle; FLT counts those in it. Cells multiply
with translation; they die without Akt's survival signal (FOXO in the nucleus), and where mTORC1 stays
on under stress, which is what kills cells without GADD34.

Left out: blood flow and the transport of tracers; thymidine from outside; cell size. All rates of
growth and death are assumptions, calibrated to the time order of the readouts.
"""

from mtorkin.activities import (
    Akt_active,
    FOXO_share,
    amino_acids,
    mTORC1_on_S6K,
    stress_signal,
    translation,
)
from mtorkin.language import (
    NOTHING,
    POOL_FLOOR,
    Change,
    Expr,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    blend,
    hill,
    inhibited,
    saturating,
)
from mtorkin.molecules import HIF1, HK2, LAT1, TK1, cycling

P = Parameter
k_TK1 = P("k_TK1_turnover", "1/min", "turnover of TK1, its message included")
g_TK1 = P("g_TK1_translation", "1", "TK1 at saturating translation, to its abundance")
K_TK1 = P("K_translation_TK1", "1", "translation that half makes TK1: a higher one makes it steeper")
k_HK2 = P("k_HK2_turnover", "1/min", "turnover of HK2, its message included")
g_HK2 = P("g_HK2_translation", "1", "HK2 at saturating translation, to its abundance")
K_HK2 = P("K_translation_HK2", "1", "translation that half makes HK2")
w_HIF = P("w_HK2_HIF1", "1", "part of HK2 that HIF-1 sets", at_most=1.0)
K_HIF = P("K_HIF1_HK2", "nM", "HIF-1alpha that gives the HK2 of fed cells")
GLUT1_basal = P("GLUT1_basal", "1", "GLUT1 at the surface without Akt, as a share", at_most=1.0)
K_GLUT1 = P("K_Akt_GLUT1", "nM", "activity of Akt that brings half of GLUT1 to the surface")
K_FDG = P("K_HK2_FDG", "nM", "HK2 that half phosphorylates the glucose that GLUT1 brings")
K_LAT1 = P("K_LAT1", "1", "amino acids that compete with half of a tracer for LAT1")
k_rest = P("k_leave_cycle", "1/min", "cells leaving the cycle without translation")
k_enter = P("k_enter_cycle", "1/min", "resting cells entering the cycle at saturating translation")
K_cycle = P("K_translation_cycle", "1", "translation at which half as many enter")
mu = P("mu_growth", "1/min", "growth rate at saturating translation")
K_growth = P("K_translation_growth", "1", "translation that half drives growth")
d_FOXO = P("d_FOXO", "1/min", "death rate with all FOXO in the nucleus")
d_stress = P("d_stress", "1/min", "death rate under strong stress with mTORC1 fully on")
K_overdrive = P("K_mTORC1_overdrive", "nM", "mTORC1 activity that half kills stressed cells")

GLUT1: Expr = blend(GLUT1_basal, saturating(Akt_active, K_GLUT1))

mechanism = Mechanism.of(
    "growth_pet",
    __doc__,
    rules=[
        Make("TK1 is made", TK1(), k_TK1 * TK1.abundance * g_TK1 * hill(translation, K_TK1, 4)),
        Remove("TK1 decays", TK1() >> NOTHING, k_TK1),
        Make(
            "HK2 is made",
            HK2(),
            k_HK2
            * HK2.abundance
            * g_HK2
            * hill(translation, K_HK2, 4)
            * (1 - w_HIF + w_HIF * HIF1().total / K_HIF),
        ),
        Remove("HK2 decays", HK2() >> NOTHING, k_HK2),
        Change(
            "resting cells enter the cycle",
            cycling(state="resting") >> cycling(state="in_cycle"),
            k_enter * hill(translation, K_cycle, 4),
        ),
        Change("cells leave the cycle", cycling(state="in_cycle") >> cycling(state="resting"), k_rest),
    ],
    observables=[
        Observable("TK1_total", TK1().total, "thymidine kinase 1"),
        Observable("HK2_total", HK2().total, "hexokinase 2"),
        Observable(
            "cells_in_cycle",
            cycling(state="in_cycle").total / (cycling().total + POOL_FLOOR),
            "cells in the cycle, as a share: what the volume of a tumour follows",
            "1",
        ),
        Observable("GLUT1_surface", GLUT1, "GLUT1 at the surface (share)", "1"),
        Observable("FDG_uptake", GLUT1 * saturating(HK2().total, K_FDG), "18F-FDG uptake (index)", "1"),
        Observable(
            "FLT_uptake",
            TK1().total * (cycling(state="in_cycle").total / (cycling().total + POOL_FLOOR)),
            "18F-FLT (fluorothymidine) uptake",
        ),
        Observable(
            "amino_acid_uptake", LAT1 * inhibited(amino_acids, K_LAT1), "amino acid tracer (index)", "1"
        ),
        Observable("growth_rate", mu * hill(translation, K_growth, 4), "growth rate of the cells", "1/min"),
        Observable(
            "death_rate",
            d_FOXO * FOXO_share**2 + d_stress * stress_signal**2 * hill(mTORC1_on_S6K, K_overdrive, 4),
            "death rate of the cells",
            "1/min",
        ),
    ],
)
