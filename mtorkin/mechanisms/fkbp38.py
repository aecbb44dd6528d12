"""FKBP38: an inhibitor of mTORC1 in starved cells, which Rheb-GTP takes away.

FKBP38 (FKBP8, a protein of the outer mitochondrial membrane) was found on the FRB domain of mTOR, more
of it without amino acids or serum, and Rheb-GTP was found to bind it and so to relieve mTOR
[Bai2007]. Others did not see this [WangX2008, Uhlenbrock2009, Maehama2008], and Rheb sits elsewhere on mTORC1
[Yang2017]: so the effect is small by default (``e_FKBP38``), and 0.9 is the literal reading
(docs/explanation/contradictions, K4). FKBP·rapamycin occupies the same place: where it sits, FKBP38
does not come, and what was there leaves at its own pace.

Left out: FKBP38 on free mTOR; Rheb is not used up by FKBP38 (its GTP form acts as a catalyst).
"""

from mtorkin.activities import Rheb_GTP, amino_acid_signal
from mtorkin.language import Bind, Change, Mechanism, Observable, Parameter
from mtorkin.molecules import FKBP38, mTORC1

kon = Parameter("kon_FKBP38", "1/(nM*min)", "FKBP38 onto mTORC1 without amino acids")
koff = Parameter("koff_FKBP38", "1/min", "FKBP38 off mTORC1")
w_amino_acids = Parameter(
    "w_FKBP38_amino_acids", "1", "share of that rate which amino acids take", at_most=1.0
)
k_Rheb = Parameter("k_FKBP38_Rheb", "1/(nM*min)", "Rheb-GTP taking free FKBP38")
k_Rheb_off = Parameter("k_FKBP38_Rheb_off", "1/min", "FKBP38 off Rheb")

mechanism = Mechanism.of(
    "fkbp38",
    __doc__,
    rules=[
        Bind(
            "FKBP38 sits on mTORC1",
            mTORC1(FRB="free", FKBP38="free") + FKBP38(partner="none") >> mTORC1(FRB="free", FKBP38=FKBP38),
            kon * (1 - w_amino_acids * amino_acid_signal),
            koff,
        ),
        Change("Rheb-GTP takes FKBP38", FKBP38(partner="none") >> FKBP38(partner="Rheb"), k_Rheb * Rheb_GTP),
        Change("Rheb lets go of FKBP38", FKBP38(partner="Rheb") >> FKBP38(partner="none"), k_Rheb_off),
    ],
    observables=[Observable("FKBP38_on_mTORC1", mTORC1(FKBP38=FKBP38).total, "FKBP38 in a Raptor IP")],
)
