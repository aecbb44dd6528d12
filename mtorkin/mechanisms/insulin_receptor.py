"""Insulin and IGF-1 receptor: their ligands drive tyrosine phosphorylation, phosphatases take it back.

The two receptors, and their hybrids, are one molecule, for which the ligands compete. Phosphorylation
saturates, in insulin with a half-effect near 5 nM, and levels off within minutes.

Left out: receptor internalisation (the refractory phase after minutes), ligand depletion.
"""

from mtorkin.language import Change, Input, Mechanism, Observable, Parameter
from mtorkin.molecules import IR

insulin = Input("insulin", "nM", 1.0, "insulin in the medium; 1 nM is its equivalent in full serum")
k_on = Parameter("k_IR_pY", "1/min", "receptor autophosphorylation at saturating insulin")
IGF1 = Input("IGF1", "nM", 0.0, "insulin-like growth factor 1 in the medium")
K_IGF1 = Parameter("K_IGF1", "nM", "IGF-1 that half drives the receptor")
K = Parameter("K_insulin", "nM", "insulin that half drives the receptor")
k_off = Parameter("k_IR_off", "1/min", "receptor dephosphorylation")

bound = insulin / K + IGF1 / K_IGF1

mechanism = Mechanism.of(
    "insulin_receptor",
    __doc__,
    rules=[
        Change("insulin or IGF-1 activates IR", IR(Y="u") >> IR(Y="p"), k_on * bound / (1 + bound)),
        Change("IR is dephosphorylated", IR(Y="p") >> IR(Y="u"), k_off),
    ],
    observables=[Observable("IR_pY", IR(Y="p").total, "insulin receptor, tyrosine phosphorylated")],
)
