"""Hypoxia: HIF-1 makes REDD1, which frees TSC2 from 14-3-3.

Prolyl hydroxylases need oxygen to mark HIF-1alpha for degradation; without it HIF-1 builds up within
an hour or two and induces REDD1 (DDIT4) and REDD2 (one species here; REDD2 responds weakly).
REDD takes 14-3-3 off TSC2 that Akt has phosphorylated, which gives TSC2 its activity back
[Brugarolas2004, DeYoung2008]. Neither LKB1 nor AMPK takes part.

Left out: HIF-1beta, HIF-2, factor-inhibiting HIF; the fall of ATP in anoxia.
"""

from mtorkin.activities import REDD_induction, TSC2_freed, stress_signal
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
from mtorkin.molecules import HIF1, REDD

oxygen = Input(
    "oxygen",
    "1",
    1.0,
    "oxygen, relative to that of an incubator: 0.05 is hypoxia of about 1 %",
    at_most=1.0,  # stress counts what is missing, squared: too much would count as well
)
k_HIF = Parameter("k_HIF1_synthesis", "1/min", "synthesis of HIF-1alpha, per abundance")
k_HIF_deg = Parameter("k_HIF1_deg", "1/min", "decay of HIF-1alpha without oxygen")
k_PHD = Parameter(
    "k_HIF1_oxygen_deg", "1/min", "decay of HIF-1alpha by prolyl hydroxylation, with full oxygen"
)
k_REDD = Parameter("k_REDD_turnover", "1/min", "turnover of REDD, its message included")
REDD_basal = Parameter("REDD_basal", "1", "transcription of REDD without HIF-1 and p53")
g_HIF = Parameter("g_REDD_HIF1", "1", "transcription that HIF-1 adds, saturated")
K_HIF = Parameter("K_HIF1_REDD", "nM", "HIF-1alpha that half induces REDD")
K_REDD = Parameter("K_REDD_TSC2", "nM", "REDD that takes 14-3-3 off half of TSC2 T1462-P")
g_stress = Parameter("g_stress_hypoxia", "1", "stress of a cell without oxygen")

mechanism = Mechanism.of(
    "hypoxia",
    __doc__,
    rules=[
        Make("HIF-1alpha is made", HIF1(), k_HIF * HIF1.abundance),
        Remove("HIF-1alpha decays", HIF1() >> NOTHING, k_HIF_deg + k_PHD * oxygen),
        Make("REDD is made", REDD(), k_REDD * REDD.abundance * (REDD_basal + REDD_induction)),
        Remove("REDD decays", REDD() >> NOTHING, k_REDD),
    ],
    observables=[
        Observable("HIF1_total", HIF1().total, "HIF-1alpha"),
        Observable("REDD_total", REDD().total, "REDD1 (DDIT4) and REDD2"),
    ],
    contributions=[
        Contribution(REDD_induction, g_HIF * hill(HIF1().total, K_HIF, 2)),
        Contribution(TSC2_freed, REDD().total / K_REDD),
        Contribution(stress_signal, g_stress * (1 - oxygen)),
    ],
)
