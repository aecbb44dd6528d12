"""PI3K, PIP3, PTEN, PDK1 and the four states of Akt.

PI3K docked on IRS makes PIP3; PTEN and a residual 5-phosphatase remove it. PIP3 brings Akt and PDK1
to the membrane, where PDK1 phosphorylates T308; mTORC2 phosphorylates S473 on the same membrane.
Each site is phosphorylated without the other (cells without mTORC2 keep T308 [KuInhibitor2009]), but
S473-P protects T308 from its phosphatase. An allosteric inhibitor keeps Akt off the membrane, so that both
sites are lost under it.

Left out: Akt isoforms, PIP2 depletion and resynthesis (PIP here is the part that PI3K can reach).
"""

from mtorkin.activities import Akt_load, PI3K_load, PI3K_recruited, left_by, mTORC2_on_Akt
from mtorkin.language import (
    Assignment,
    Change,
    Mechanism,
    Observable,
    Parameter,
    michaelis_menten,
    saturating,
)
from mtorkin.molecules import IRS, PDK1, PI3K, PIP, PTEN, Akt

k_PIP3 = Parameter("k_PIP3", "1/(nM*min)", "fully docked PI3K on PIP2")
K_docking = Parameter("K_PI3K_docking", "nM", "IRS-pY that half recruits PI3K")
mutant = Parameter("PI3K_mutant", "1", "docking-independent activity of mutant PI3K, to full docking")
k_PTEN = Parameter("k_PTEN", "1/min", "PTEN on PIP3, at level 1")
k_residual = Parameter("k_PIP3_residual", "1/min", "other phosphatases on PIP3 (SHIP2, INPP4B)")
K_membrane = Parameter("K_PIP3_membrane", "nM", "PIP3 that brings half of Akt to the membrane")
k_T308 = Parameter("k_Akt_T308", "1/min", "PDK1 on membrane-bound Akt T308, at level 1")
k_T308_off = Parameter("k_Akt_T308_off", "1/min", "Akt T308 dephosphorylation")
protection = Parameter("w_T308_off_with_S473", "1", "T308 dephosphorylation with S473-P, to that without")
kcat_S473 = Parameter("kcat_Akt_S473", "1/min", "mTORC2 on membrane-bound Akt S473")
Km_S473 = Parameter("Km_Akt_S473", "nM", "Akt at which mTORC2 is half saturated")
k_S473_off = Parameter("k_Akt_S473_off", "1/min", "Akt S473 dephosphorylation")

PIP3 = PIP(head="PIP3").total
docked = saturating(IRS(at="pY").total, K_docking) + mutant + PI3K_recruited
membrane = Assignment(
    "Akt_membrane_share",
    "1",
    saturating(PIP3, K_membrane) * left_by(Akt_load),
    "share of Akt that PIP3 holds at the membrane, where an allosteric inhibitor lets it",
)
on_S473 = michaelis_menten(kcat_S473, mTORC2_on_Akt, Km_S473, Akt(S473="u").total) * membrane

mechanism = Mechanism.of(
    "pi3k_akt",
    __doc__,
    rules=[
        Change(
            "PI3K makes PIP3",
            PIP(head="PIP2") >> PIP(head="PIP3"),
            k_PIP3 * PI3K(ATP_site="free").total * docked * left_by(PI3K_load),
        ),
        Change(
            "PTEN and others remove PIP3",
            PIP(head="PIP3") >> PIP(head="PIP2"),
            k_PTEN * PTEN + k_residual,
        ),
        *(
            rule
            for S473, factor in (("u", 1.0), ("p", protection))
            for rule in (
                Change(
                    f"PDK1 phosphorylates T308, S473 {S473}",
                    Akt(T308="u", S473=S473) >> Akt(T308="p"),
                    k_T308 * PDK1 * membrane,
                ),
                Change(
                    f"T308 is dephosphorylated, S473 {S473}",
                    Akt(T308="p", S473=S473) >> Akt(T308="u"),
                    k_T308_off * factor,
                ),
            )
        ),
        Change("mTORC2 phosphorylates S473", Akt(S473="u") >> Akt(S473="p"), on_S473),
        Change("S473 is dephosphorylated", Akt(S473="p") >> Akt(S473="u"), k_S473_off),
    ],
    observables=[
        Observable("PIP3", PIP3, "phosphatidylinositol 3,4,5-trisphosphate"),
        Observable("Akt_pT308", Akt(T308="p").total, "Akt T308, with or without S473"),
        Observable("Akt_pS473", Akt(S473="p").total, "Akt S473, with or without T308"),
        Observable("Akt_total", Akt().total, "Akt, all forms"),
    ],
)
