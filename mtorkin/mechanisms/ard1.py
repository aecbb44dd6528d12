"""ARD1: it acetylates TSC2, which keeps TSC2 from being degraded.

TSC2 is made, and decays within hours unless the acetyltransferase ARD1 (NAA10) has acetylated it; so
ARD1 holds mTORC1 back [Kuo2010]. TSC2 that is lost with its acetyl group or its phosphates is
replaced by bare TSC2.

Left out: TSC1, which also stabilises TSC2; the E3 ligases.
"""

from mtorkin.language import NOTHING, Change, Make, Mechanism, Observable, Parameter, Remove
from mtorkin.molecules import ARD1, TSC2

k_make = Parameter("k_TSC2_synthesis", "1/min", "synthesis of TSC2, per abundance")
k_deg = Parameter("k_TSC2_deg", "1/min", "decay of TSC2 without acetyl group")
k_deg_ac = Parameter("k_TSC2_ac_deg", "1/min", "decay of acetylated TSC2")
k_ac = Parameter("k_TSC2_acetylation", "1/min", "acetylation of TSC2, at ARD1 level 1")
k_deac = Parameter("k_TSC2_deacetylation", "1/min", "deacetylation of TSC2")

mechanism = Mechanism.of(
    "ard1",
    __doc__,
    rules=[
        Make("TSC2 is made", TSC2(), k_make * TSC2.abundance),
        Remove("TSC2 decays", TSC2(acetyl="u") >> NOTHING, k_deg),
        Remove("acetylated TSC2 decays", TSC2(acetyl="ac") >> NOTHING, k_deg_ac),
        Change("ARD1 acetylates TSC2", TSC2(acetyl="u") >> TSC2(acetyl="ac"), k_ac * ARD1),
        Change("TSC2 is deacetylated", TSC2(acetyl="ac") >> TSC2(acetyl="u"), k_deac),
    ],
    observables=[Observable("TSC2_ac", TSC2(acetyl="ac").total, "acetylated TSC2")],
)
