"""mTOR and its partners are made, mature and decay.

mTOR is made nascent and matures with Tel2 (TELO2, in the TTT complex with HSP90); what does not
mature is lost quickly, and without Tel2 mature mTOR, too, is less stable [Takai2007]. FBXW7 targets
mTOR for proteasomal degradation [Mao2008], which sets the partners free; bulk turnover and dilution
take the whole complex. What the complex only holds (FKBP·rapamycin, Rag, PRAS40, mLST8, DEPTOR,
Protor) is set free by both.

Left out: dilution slowing down when growth does.
"""

from mtorkin.activities import Rictor_induction
from mtorkin.language import (
    NOTHING,
    Change,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    inhibited,
)
from mtorkin.molecules import FBXW7, Raptor, Rictor, Rictor_Sin1, Sin1, Tel2, mTOR, mTORC1, mTORC2

k_make = Parameter("k_mTOR_synthesis", "1/min", "synthesis of nascent mTOR, per abundance")
k_mature = Parameter("k_mTOR_maturation", "1/min", "maturation of mTOR, at Tel2 level 1")
k_nascent = Parameter("k_mTOR_nascent_deg", "1/min", "decay of nascent mTOR")
k_UPS = Parameter("k_mTOR_UPS", "1/min", "FBXW7-dependent decay of mature mTOR, at level 1")
k_bulk = Parameter("k_bulk", "1/min", "bulk turnover and dilution of mTOR, its complexes and subunits")
w_Rictor = Parameter("Rictor_basal", "1", "transcription of Rictor without FOXO, to that of fed cells")
k_noTel2 = Parameter("k_mTOR_without_Tel2", "1/min", "further decay of mature mTOR without Tel2")
k_nascent_noTel2 = Parameter("k_nascent_without_Tel2", "1/min", "further decay of nascent mTOR without Tel2")
K_Tel2 = Parameter("K_Tel2", "1", "Tel2 level that half protects mTOR")

unprotected = inhibited(Tel2, K_Tel2)
k_mTOR = k_UPS * FBXW7 + k_noTel2 * unprotected

mechanism = Mechanism.of(
    "mtor_turnover",
    __doc__,
    rules=[
        Make("mTOR is made", mTOR(), k_make * mTOR.abundance),
        Change("mTOR matures with Tel2", mTOR(fold="nascent") >> mTOR(fold="mature"), k_mature * Tel2),
        Remove(
            "nascent mTOR decays",
            mTOR(fold="nascent") >> NOTHING,
            k_nascent + k_nascent_noTel2 * unprotected,
        ),
        Remove("free mTOR decays", mTOR(fold="mature") >> NOTHING, k_mTOR + k_bulk),
        Remove("mTOR in mTORC1 decays", mTORC1() >> Raptor(), k_mTOR),
        Remove("mTORC1 turns over", mTORC1() >> NOTHING, k_bulk),
        Remove("mTOR in mTORC2 decays", mTORC2() >> Rictor_Sin1(), k_mTOR),
        Remove("mTORC2 turns over", mTORC2() >> NOTHING, k_bulk),
        *(Make(f"{m.name} is made", m(), k_bulk * m.abundance) for m in (Raptor, Sin1)),
        Make(
            "Rictor is made",
            Rictor(),
            k_bulk * Rictor.abundance * (w_Rictor + Rictor_induction),
        ),
        *(
            Remove(f"{m.name} turns over", m() >> NOTHING, k_bulk)
            for m in (Raptor, Rictor, Sin1, Rictor_Sin1)
        ),
    ],
    observables=[
        Observable("mTOR_total", mTOR().total + mTORC1().total + mTORC2().total, "mTOR, all forms"),
        Observable("mTOR_free", mTOR(fold="mature").total, "mature mTOR in neither complex"),
        Observable("Raptor_total", Raptor().total + mTORC1().total, "Raptor, all forms"),
        Observable(
            "Rictor_total",
            Rictor().total + Rictor_Sin1().total + mTORC2().total,
            "Rictor, all forms",
        ),
    ],
)
