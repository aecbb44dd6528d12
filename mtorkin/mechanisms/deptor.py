"""DEPTOR: on the FAT domain of mTOR in both complexes, inhibits them, and is degraded when mTOR is
active.

Its loss raises S6K and Akt, its excess lowers S6K and raises Akt [Peterson2009]. Here DEPTOR holds
mTORC2 more than ten times as tightly as mTORC1 but takes less of its activity: with equal affinities
the model cannot have both signs (an inference; docs/explanation, conflict K3). mTOR activity speeds
up its degradation.

Left out: the phosphodegron and its E3 ligase.
"""

from mtorkin.activities import mTORC1_on_S6K, mTORC2_active
from mtorkin.language import (
    NOTHING,
    Bind,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
)
from mtorkin.molecules import DEPTOR, mTORC1, mTORC2

kon1 = Parameter("kon_DEPTOR_mTORC1", "1/(nM*min)", "DEPTOR onto mTORC1")
kon2 = Parameter("kon_DEPTOR_mTORC2", "1/(nM*min)", "DEPTOR onto mTORC2")
koff = Parameter("koff_DEPTOR", "1/min", "DEPTOR off either complex")
k_make = Parameter("k_DEPTOR_synthesis", "1/min", "synthesis of DEPTOR, per abundance")
k_deg = Parameter("k_DEPTOR_deg", "1/min", "turnover of DEPTOR without mTOR activity")
k_deg_mTOR = Parameter("k_DEPTOR_deg_mTOR", "1/min", "further degradation at full mTOR activity")
K1 = Parameter("K_DEPTOR_deg_mTORC1", "nM", "mTORC1 activity that half drives the degradation")
K2 = Parameter("K_DEPTOR_deg_mTORC2", "nM", "mTORC2 activity that half drives the degradation")

drive = mTORC1_on_S6K / K1 + mTORC2_active / K2
decay = k_deg + k_deg_mTOR * drive / (1 + drive)

mechanism = Mechanism.of(
    "deptor",
    __doc__,
    rules=[
        Make("DEPTOR is made", DEPTOR(), k_make * DEPTOR.abundance),
        Remove("DEPTOR is degraded", DEPTOR() >> NOTHING, decay),
        *(
            rule
            for host, kon in ((mTORC1, kon1), (mTORC2, kon2))
            for rule in (
                Bind(
                    f"DEPTOR joins {host.name}",
                    host(DEPTOR="free") + DEPTOR() >> host(DEPTOR=DEPTOR),
                    kon,
                    koff,
                ),
                Remove(
                    f"DEPTOR on {host.name} is degraded",
                    host(DEPTOR=DEPTOR) >> host(DEPTOR="free"),
                    decay,
                ),
            )
        ),
    ],
    observables=[
        Observable(
            "DEPTOR_total",
            DEPTOR().total + mTORC1(DEPTOR=DEPTOR).total + mTORC2(DEPTOR=DEPTOR).total,
            "DEPTOR, all forms",
        ),
        Observable("DEPTOR_on_mTORC1", mTORC1(DEPTOR=DEPTOR).total, "DEPTOR in a Raptor IP"),
        Observable("DEPTOR_on_mTORC2", mTORC2(DEPTOR=DEPTOR).total, "DEPTOR in a Rictor IP"),
    ],
)
