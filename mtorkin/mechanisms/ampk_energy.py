"""Energy: a lack of glucose activates AMPK through LKB1.

A high AMP/ATP ratio makes AMPK a substrate of LKB1 (T172). The ratio is not modelled; the shortage
of energy is a falling function of glucose, to which an ``energy_stress`` input (AICAR,
2-deoxyglucose) adds. CaMKK keeps a small LKB1-independent activity. AMPK marks Raptor at S792, on
free Raptor and in mTORC1, which closes mTORC1 [Gwinn2008], and it phosphorylates TSC2 (see
tsc_rheb) and mTOR T2446 (see sites).

Left out: AMP, ADP and ATP as molecules; sestrins, SIRT1, KSR2, ATM (later mechanisms).
"""

from mtorkin.language import (
    Assignment,
    Change,
    Input,
    Mechanism,
    Observable,
    Parameter,
    hill,
    mutation,
)
from mtorkin.molecules import AMPK, LKB1, Raptor, mTORC1

glucose = Input("glucose", "1", 1.0, "glucose, relative to full medium")
energy_stress = Input("energy_stress", "1", 0.0, "AICAR or 2-deoxyglucose: 1 equals no glucose")
K_glucose = Parameter("K_glucose", "1", "glucose at which half of the energy shortage is felt")
k_LKB1 = Parameter("k_AMPK_T172", "1/min", "LKB1 on AMPK T172 at full energy shortage")
k_CaMKK = Parameter("k_AMPK_CaMKK", "1/min", "LKB1-independent phosphorylation of T172")
k_off = Parameter("k_AMPK_off", "1/min", "AMPK T172 dephosphorylation")
k_S792 = Parameter("k_Raptor_S792", "1/(nM*min)", "AMPK on Raptor S792")
k_S792_off = Parameter("k_Raptor_S792_off", "1/min", "Raptor S792 dephosphorylation")

shortage = Assignment(
    "energy_shortage",
    "1",
    1 - hill(glucose, K_glucose, 2) + energy_stress,
    "lack of ATP that AMPK senses: 0 with ample glucose, 1 without",
)

mechanism = Mechanism.of(
    "ampk_energy",
    __doc__,
    rules=[
        Change(
            "LKB1 activates AMPK",
            AMPK(T172="u") >> AMPK(T172="p"),
            k_LKB1 * LKB1 * shortage + k_CaMKK,
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
    ],
    mutations=[mutation("S792A", "Raptor S792A: AMPK cannot mark it", k_Raptor_S792=0.0)],
)
