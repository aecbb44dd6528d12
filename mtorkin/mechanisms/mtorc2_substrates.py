"""What mTORC2 and Akt do further down: SGK1, PKCalpha, Rac1 and GSK3.

mTORC2 phosphorylates SGK1 (S422; better with Protor [Pearce2011]) and PKCalpha (S657; a slow,
stabilising site that follows the amount of mTORC2 over days), and it loads Rac1 with GTP, for the
cytoskeleton (through exchange factors that are left out). Akt phosphorylates GSK3 (S9).

Left out: SGK1's PDK1 site, P-REX1 and other exchange factors. FOXO is in foxo.
"""

from mtorkin.activities import (
    Akt_active,
    left_by,
    mTOR_kinase,
    mTORC2_active,
    mTORC2_load,
    mTORC2_on_SGK1,
)
from mtorkin.language import Change, Mechanism, Observable, Parameter
from mtorkin.molecules import GSK3, SGK1, PKCa, Rac1, mTORC2

k_SGK1 = Parameter("k_SGK1_S422", "1/(nM*min)", "mTORC2 on SGK1 S422")
k_SGK1_off = Parameter("k_SGK1_S422_off", "1/min", "SGK1 S422 dephosphorylation")
k_PKCa = Parameter("k_PKCa_S657", "1/(nM*min)", "mTORC2 on PKCalpha S657")
k_PKCa_off = Parameter("k_PKCa_S657_off", "1/min", "PKCalpha S657 dephosphorylation")
k_GSK3 = Parameter("k_GSK3_S9", "1/(nM*min)", "Akt on GSK3 S9 (S21 of GSK3alpha)")
k_GSK3_off = Parameter("k_GSK3_S9_off", "1/min", "GSK3 S9 dephosphorylation")
k_Rac1 = Parameter("k_Rac1_GTP", "1/(nM*min)", "mTORC2 loading Rac1 with GTP")
k_Rac1_basal = Parameter("k_Rac1_basal", "1/min", "loading of Rac1 with GTP without mTORC2")
k_Rac1_off = Parameter("k_Rac1_GDP", "1/min", "hydrolysis of GTP by Rac1")

mechanism = Mechanism.of(
    "mtorc2_substrates",
    __doc__,
    rules=[
        Change("mTORC2 phosphorylates SGK1", SGK1(S422="u") >> SGK1(S422="p"), k_SGK1 * mTORC2_on_SGK1),
        Change("SGK1 is dephosphorylated", SGK1(S422="p") >> SGK1(S422="u"), k_SGK1_off),
        Change(
            "mTORC2 phosphorylates PKCalpha",
            PKCa(S657="u") >> PKCa(S657="p"),
            k_PKCa * mTORC2().total * mTOR_kinase * left_by(mTORC2_load),
        ),
        Change("PKCalpha is dephosphorylated", PKCa(S657="p") >> PKCa(S657="u"), k_PKCa_off),
        Change("Akt phosphorylates GSK3", GSK3(S9="u") >> GSK3(S9="p"), k_GSK3 * Akt_active),
        Change("GSK3 is dephosphorylated", GSK3(S9="p") >> GSK3(S9="u"), k_GSK3_off),
        Change(
            "Rac1 takes up GTP",
            Rac1(nucleotide="GDP") >> Rac1(nucleotide="GTP"),
            k_Rac1_basal + k_Rac1 * mTORC2_active,
        ),
        Change("Rac1 hydrolyses GTP", Rac1(nucleotide="GTP") >> Rac1(nucleotide="GDP"), k_Rac1_off),
    ],
    observables=[
        Observable("SGK1_pS422", SGK1(S422="p").total, "SGK1 S422"),
        Observable("PKCa_pS657", PKCa(S657="p").total, "PKCalpha S657"),
        Observable("GSK3_pS9", GSK3(S9="p").total, "GSK3 S9/S21"),
        Observable("Rac1_GTP", Rac1(nucleotide="GTP").total, "Rac1 loaded with GTP"),
    ],
)
