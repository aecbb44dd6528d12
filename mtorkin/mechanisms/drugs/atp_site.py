"""Drugs in the ATP pocket of a kinase, in rapid equilibrium with it, and tool inhibitors alike.

A drug of this kind is far in excess of its target and binds within minutes, so that it is an input,
held constant, and no species. Its Ki is that in cells, which hold millimolar ATP and may keep the
drug out; for mTOR it is chosen so that the model has the IC50 that cells have (1 h, full medium).
That IC50 is not the Ki: phosphorylation of S6K is no straight line in the activity of mTORC1.

Left out: time courses of entry, slow off-rates (Torin1), decay in the medium, other kinases.
"""

from mtorkin.activities import Akt_load, PI3K_load, S6K_load, mTORC1_load, mTORC2_load
from mtorkin.language import Contribution, Input, Load, Mechanism, Parameter


def atp_competitor(drug: str, *targets: Load, meaning: str) -> Mechanism:
    """A drug in the ATP pocket of some kinases, in rapid equilibrium: share left ``1 / (1 + C / Ki)``."""
    concentration = Input(drug, "nM", 0.0, f"{drug} in the medium: {meaning}")
    return Mechanism.of(
        drug,
        atp_competitor.__doc__,
        rules=[],
        contributions=[
            Contribution(
                load,
                concentration
                / Parameter(
                    f"Ki_{drug}_{load.id.split('_')[0]}",
                    "nM",
                    f"{drug} that halves {load.id.split('_')[0]} in cells",
                ),
            )
            for load in targets
        ],
    )


BOTH_COMPLEXES = (mTORC1_load, mTORC2_load)
MTOR = "mTOR kinase inhibitor, of both complexes"
DUAL = "dual inhibitor of PI3K and mTOR"

TORIN1 = atp_competitor("Torin1", *BOTH_COMPLEXES, PI3K_load, meaning=MTOR)
PP242 = atp_competitor("PP242", *BOTH_COMPLEXES, PI3K_load, meaning=MTOR)
PP30 = atp_competitor("PP30", *BOTH_COMPLEXES, PI3K_load, meaning=MTOR)
KU_0063794 = atp_competitor("Ku_0063794", *BOTH_COMPLEXES, PI3K_load, meaning=MTOR)
WAY_600 = atp_competitor("WAY_600", *BOTH_COMPLEXES, PI3K_load, meaning=MTOR)
WYE_687 = atp_competitor("WYE_687", *BOTH_COMPLEXES, PI3K_load, meaning=MTOR)
WYE_354 = atp_competitor("WYE_354", *BOTH_COMPLEXES, PI3K_load, meaning=MTOR)
CC_223 = atp_competitor("CC_223", *BOTH_COMPLEXES, PI3K_load, meaning=MTOR)
BEZ235 = atp_competitor("BEZ235", *BOTH_COMPLEXES, PI3K_load, meaning=DUAL)
PI_103 = atp_competitor("PI_103", *BOTH_COMPLEXES, PI3K_load, meaning=DUAL)
PI3K_INHIBITOR = atp_competitor("PI3K_inhibitor", PI3K_load, meaning="tool compound that spares mTOR")
AKT_INHIBITOR = atp_competitor("Akt_inhibitor", Akt_load, meaning="allosteric tool compound such as MK-2206")
S6K_INHIBITOR = atp_competitor("S6K_inhibitor", S6K_load, meaning="tool compound such as PF-4708671")

MECHANISMS: tuple[Mechanism, ...] = (
    TORIN1,
    PP242,
    PP30,
    KU_0063794,
    WAY_600,
    WYE_687,
    WYE_354,
    CC_223,
    BEZ235,
    PI_103,
    PI3K_INHIBITOR,
    AKT_INHIBITOR,
    S6K_INHIBITOR,
)
