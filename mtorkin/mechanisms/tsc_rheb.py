"""TSC and Rheb: Akt takes the brake off, AMPK puts it on.

The TSC complex, TSC2 with TSC1 on it (and TBC1D7), makes Rheb hydrolyse GTP; TSC2 alone does not. Akt
phosphorylates TSC2 on T1462 (and S939), where 14-3-3 takes it off Rheb; what takes 14-3-3 away (REDD,
see hypoxia) gives T1462-P its activity back, and what brings a phosphatase (GADD34) removes the site.
AMPK phosphorylates S1387, which makes it more active [Inoki2003] and primes S1341 for GSK3 (see
wnt_gsk3). A basal exchange loads Rheb with GTP.

Left out: 14-3-3 as a molecule of its own; that TSC1 keeps TSC2 from being degraded (a mark may not set
how fast its bearer is lost).
"""

from mtorkin.activities import Akt_active, TSC2_freed, TSC2_phosphatase
from mtorkin.language import (
    Bind,
    Change,
    Mechanism,
    Observable,
    Parameter,
    michaelis_menten,
    mutation,
    weight,
)
from mtorkin.molecules import AMPK, TSC1, TSC2, Rheb

kcat_T1462 = Parameter("kcat_TSC2_T1462", "1/min", "Akt on TSC2 T1462")
Km_T1462 = Parameter("Km_TSC2_T1462", "nM", "TSC2 at which Akt is half saturated")
k_T1462_off = Parameter("k_TSC2_T1462_off", "1/min", "TSC2 T1462 dephosphorylation")
kcat_S1387 = Parameter("kcat_TSC2_S1387", "1/min", "AMPK on TSC2 S1387")
Km_S1387 = Parameter("Km_TSC2_S1387", "nM", "TSC2 at which AMPK is half saturated")
k_S1387_off = Parameter("k_TSC2_S1387_off", "1/min", "TSC2 S1387 dephosphorylation")
gain = Parameter("g_TSC2_S1387", "1", "activity that S1387-P adds to TSC2, in units of that without it")
gain_GSK3 = Parameter("g_TSC2_S1341", "1", "activity that S1341-P adds to TSC2, in units of that without it")
k_GEF = Parameter("k_Rheb_GTP", "1/min", "loading of Rheb with GTP")
k_intrinsic = Parameter("k_Rheb_GDP", "1/min", "hydrolysis by Rheb alone")
k_GAP = Parameter("k_TSC2_on_Rheb", "1/(nM*min)", "hydrolysis driven by active TSC2")
kon_TSC1 = Parameter("kon_TSC1", "1/(nM*min)", "TSC1 onto TSC2")
koff_TSC1 = Parameter("koff_TSC1", "1/min", "TSC1 off TSC2")
w_no_TSC1 = Parameter(
    "w_TSC2_without_TSC1", "1", "activity of TSC2 without TSC1, to that with it", at_most=1.0
)

GAP = weight(
    "TSC2_active",
    TSC2,
    "TSC2 acting on Rheb, in units of the unphosphorylated form",
    T1462={"p": TSC2_freed / (1 + TSC2_freed)},
    S1387={"p": 1 + gain},
    S1341={"p": 1 + gain_GSK3},
    TSC1={"free": w_no_TSC1},
)

mechanism = Mechanism.of(
    "tsc_rheb",
    __doc__,
    rules=[
        Bind("TSC1 joins TSC2", TSC2(TSC1="free") + TSC1() >> TSC2(TSC1=TSC1), kon_TSC1, koff_TSC1),
        Change(
            "Akt phosphorylates TSC2 T1462",
            TSC2(T1462="u") >> TSC2(T1462="p"),
            michaelis_menten(kcat_T1462, Akt_active, Km_T1462, TSC2(T1462="u").total),
        ),
        Change(
            "T1462 is dephosphorylated",
            TSC2(T1462="p") >> TSC2(T1462="u"),
            k_T1462_off * (1 + TSC2_phosphatase),
        ),
        Change(
            "AMPK phosphorylates TSC2 S1387",
            TSC2(S1387="u") >> TSC2(S1387="p"),
            michaelis_menten(kcat_S1387, AMPK(T172="p").total, Km_S1387, TSC2(S1387="u").total),
        ),
        Change("S1387 is dephosphorylated", TSC2(S1387="p") >> TSC2(S1387="u"), k_S1387_off),
        Change("Rheb takes up GTP", Rheb(nucleotide="GDP") >> Rheb(nucleotide="GTP"), k_GEF),
        Change(
            "Rheb hydrolyses GTP",
            Rheb(nucleotide="GTP") >> Rheb(nucleotide="GDP"),
            k_intrinsic + k_GAP * GAP.total,
        ),
    ],
    observables=[
        Observable("TSC2_pT1462", TSC2(T1462="p").total, "TSC2 T1462 (mouse T1466)"),
        Observable("TSC2_pS1387", TSC2(S1387="p").total, "TSC2 S1387 (rat S1345)"),
        Observable("TSC1_on_TSC2", TSC2(TSC1=TSC1).total, "TSC1 in a TSC2 IP"),
        Observable("TSC2_total", TSC2().total, "TSC2, all forms"),
        Observable("Rheb_GTP", Rheb(nucleotide="GTP").total, "Rheb loaded with GTP"),
    ],
    mutations=[
        mutation("TSC2_T1462A", "TSC2 S939A/T1462A: Akt cannot phosphorylate it", kcat_TSC2_T1462=0.0)
    ],
)
