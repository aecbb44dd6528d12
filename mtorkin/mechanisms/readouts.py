"""Readouts of mTORC1: translation, autophagy, and what cells build, as indices.

Translation follows free eIF4E and, less, phosphorylated S6; autophagy is what mTORC1 does not
suppress (ULK1). Synthesis of lipids (SREBP) and of ribosomes follows S6K, that of mitochondria the
translation of their messages; cells grow with both [review]. T cells answer interleukin-2 with
translation and cell growth, and make it, IL-4 and IL-10, with S6K and translation: one index for the
immune readouts that were used to follow rapalogs. Indices: only their ratios to a matched control
mean something.

Left out: autophagic flux, SREBP, PGC-1alpha, TIF-IA as molecules, one cytokine from another.
"""

from mtorkin.activities import S6K_active, mTORC1_on_S6K, translation
from mtorkin.language import Mechanism, Observable, Parameter, inhibited, saturating

K_autophagy = Parameter("K_autophagy", "nM", "mTORC1 activity that half suppresses autophagy")
K_lipids = Parameter("K_S6K_lipids", "nM", "active S6K that half drives the synthesis of lipids")
K_ribosomes = Parameter("K_S6K_ribosomes", "nM", "active S6K that half drives the making of ribosomes")
K_mitochondria = Parameter(
    "K_translation_mitochondria", "1", "translation that half drives the making of mitochondria"
)

ribosomes = saturating(S6K_active, K_ribosomes)

mechanism = Mechanism.of(
    "readouts",
    __doc__,
    rules=[],
    observables=[
        Observable("translation", translation, "cap-dependent translation (index)", "1"),
        Observable("autophagy", inhibited(mTORC1_on_S6K, K_autophagy), "autophagy (index)", "1"),
        Observable("lipid_synthesis", saturating(S6K_active, K_lipids), "synthesis of lipids (index)", "1"),
        Observable("ribosome_biogenesis", ribosomes, "making of ribosomes (index)", "1"),
        Observable(
            "mitochondria_biogenesis",
            saturating(translation, K_mitochondria),
            "making of mitochondria (index)",
            "1",
        ),
        Observable("growth", translation * ribosomes, "growth in size (index)", "1"),
        Observable(
            "immune_cytokines",
            translation * saturating(S6K_active, K_lipids),
            "IL-2, IL-4, IL-10 (index)",
            "1",
        ),
    ],
)
