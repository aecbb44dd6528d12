"""IRS: tyrosine phosphorylation by the receptor, and the S6K feedback that removes it.

The receptor phosphorylates IRS on tyrosine, where PI3K docks. S6K phosphorylates IRS on serine
(S636/639 and others), which uncouples it from the receptor and sends it to degradation
[Harrington2004]; without it Akt rises [OReilly2006]. S6K reaches IRS through a limited number of
docking places, so that the feedback saturates near the S6K activity of fed cells; without that,
DEPTOR could not act on S6K and on Akt with the signs that are observed [Peterson2009]
(docs/explanation, conflict K3).

Left out: IRS1 and IRS2 apart, mTORC1's own phosphorylation of IRS (that of
GRB10 is a mechanism on request).
"""

from mtorkin.activities import S6K_active, left_by, receptor_brake
from mtorkin.language import (
    NOTHING,
    Change,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    michaelis_menten,
    saturating,
)
from mtorkin.molecules import IR, IRS

kcat_pY = Parameter("kcat_IRS_pY", "1/min", "receptor on IRS tyrosine")
Km_pY = Parameter("Km_IRS_pY", "nM", "IRS at which the receptor is half saturated")
k_pY_off = Parameter("k_IRS_pY_off", "1/min", "IRS tyrosine dephosphorylation")
docks = Parameter("S6K_docks_on_IRS", "nM", "S6K that can reach IRS at once")
K_docks = Parameter("K_S6K_feedback", "nM", "active S6K that half fills the docks")
kcat_pS = Parameter("kcat_IRS_pS636", "1/min", "docked S6K on IRS serine")
Km_pS = Parameter("Km_IRS_pS636", "nM", "IRS at which docked S6K is half saturated")
k_pS_off = Parameter("k_IRS_pS636_off", "1/min", "IRS serine dephosphorylation")
k_deg = Parameter("k_IRS_deg", "1/min", "turnover of IRS")
k_deg_pS = Parameter("k_IRS_pS636_deg", "1/min", "degradation of serine-phosphorylated IRS")

docked_S6K = docks * saturating(S6K_active, K_docks)
phosphorylatable = IRS(at="u").total + IRS(at="pY").total

mechanism = Mechanism.of(
    "irs",
    __doc__,
    rules=[
        Make("IRS is made", IRS(at="u"), k_deg * IRS.abundance),
        Change(
            "IR phosphorylates IRS on tyrosine",
            IRS(at="u") >> IRS(at="pY"),
            michaelis_menten(kcat_pY, IR(Y="p").total, Km_pY, IRS(at="u").total) * left_by(receptor_brake),
        ),
        Change("IRS tyrosine is dephosphorylated", IRS(at="pY") >> IRS(at="u"), k_pY_off),
        *(
            Change(
                f"S6K phosphorylates IRS {form} on serine",
                IRS(at=form) >> IRS(at="pS636"),
                michaelis_menten(kcat_pS, docked_S6K, Km_pS, phosphorylatable),
            )
            for form in ("u", "pY")
        ),
        Change("IRS serine is dephosphorylated", IRS(at="pS636") >> IRS(at="u"), k_pS_off),
        *(Remove(f"IRS {form} turns over", IRS(at=form) >> NOTHING, k_deg) for form in ("u", "pY")),
        Remove("IRS pS636 is degraded", IRS(at="pS636") >> NOTHING, k_deg_pS),
    ],
    observables=[
        Observable("IRS_total", IRS().total, "IRS, all forms"),
        Observable("IRS_pY", IRS(at="pY").total, "IRS, tyrosine phosphorylated"),
        Observable("IRS_pS636", IRS(at="pS636").total, "IRS1 S636/639 (rodent S632/635)"),
    ],
)
