"""Readouts of mTORC1: translation and autophagy, as indices.

Translation follows free eIF4E and, less, phosphorylated S6; autophagy is what mTORC1 does not
suppress (ULK1). Indices: only their ratios to a matched control mean something.

Left out: autophagic flux, ribosome biogenesis, uptake of PET tracers (later mechanisms).
"""

from mtorkin.activities import mTORC1_on_S6K
from mtorkin.language import POOL_FLOOR, Expr, Mechanism, Observable, Parameter, inhibited, saturating
from mtorkin.molecules import S6, eIF4E

w_S6 = Parameter("w_translation_S6", "1", "part of translation that follows S6, not eIF4E", at_most=1.0)
K_eIF4E = Parameter("K_translation_eIF4E", "nM", "free eIF4E that half drives translation")
K_autophagy = Parameter("K_autophagy", "nM", "mTORC1 activity that half suppresses autophagy")

S6_share: Expr = S6(S240_244="p").total / (S6().total + POOL_FLOOR)

mechanism = Mechanism.of(
    "readouts",
    __doc__,
    rules=[],
    observables=[
        Observable(
            "translation",
            (1 - w_S6) * saturating(eIF4E().total, K_eIF4E) + w_S6 * S6_share,
            "cap-dependent translation (index)",
            "1",
        ),
        Observable("autophagy", inhibited(mTORC1_on_S6K, K_autophagy), "autophagy (index)", "1"),
    ],
)
