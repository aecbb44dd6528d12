"""Insulin receptor: insulin drives tyrosine phosphorylation, phosphatases take it back.

Insulin and IGF-1 receptor are one molecule. Phosphorylation saturates in insulin with a half-effect
near 5 nM and levels off within minutes.

Left out: receptor internalisation (the refractory phase after minutes), ligand depletion.
"""

from mtorkin.language import Change, Input, Mechanism, Observable, Parameter, saturating
from mtorkin.molecules import IR

insulin = Input("insulin", "nM", 1.0, "insulin in the medium; 1 nM is its equivalent in full serum")
k_on = Parameter("k_IR_pY", "1/min", "receptor autophosphorylation at saturating insulin")
K = Parameter("K_insulin", "nM", "insulin that half drives the receptor")
k_off = Parameter("k_IR_off", "1/min", "receptor dephosphorylation")

mechanism = Mechanism.of(
    "insulin_receptor",
    __doc__,
    rules=[
        Change("insulin activates IR", IR(Y="u") >> IR(Y="p"), k_on * saturating(insulin, K)),
        Change("IR is dephosphorylated", IR(Y="p") >> IR(Y="u"), k_off),
    ],
    observables=[Observable("IR_pY", IR(Y="p").total, "insulin receptor, tyrosine phosphorylated")],
)
