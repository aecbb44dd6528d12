"""mTORC2: Rictor·Sin1 on the HEAT domain of mTOR, mLST8, Protor and the S6K mark on Rictor.

Rictor binds Sin1 first; Rictor·Sin1 competes with Raptor for the HEAT repeats of mTOR. mLST8 sits
on the kinase domain of mTOR in any company; mTORC2 without it falls apart at once and is inactive,
mTORC1 does not care [Guertin2006]. mTOR whose FRB domain holds FKBP12·rapamycin cannot take Rictor;
this, and nothing else, is why mTORC2 is lost under prolonged rapamycin [Sarbassov2006] (what
FKBP51·rapamycin leaves of this is in drugs). S6K marks Rictor at T1135, which weakens mTORC2 toward
Akt but not its assembly [Julien2010].

Left out: marks other than mLST8 on mTOR when it joins (S1261 is dephosphorylated in minutes,
assembly takes hours); the dimer.
"""

from mtorkin.activities import S6K_active
from mtorkin.language import Bind, Change, Coupling, Mechanism, Observable, Parameter, mutation
from mtorkin.molecules import (
    Protor,
    Rictor,
    Rictor_Sin1,
    Sin1,
    mLST8,
    mTOR,
    mTORC1,
    mTORC2,
)

kon_Sin1 = Parameter("kon_Sin1", "1/(nM*min)", "Sin1 onto Rictor")
koff_Sin1 = Parameter("koff_Sin1", "1/min", "Sin1 off Rictor")
kon = Parameter("kon_mTORC2", "1/(nM*min)", "Rictor·Sin1 onto mTOR")
koff = Parameter("koff_mTORC2", "1/min", "Rictor·Sin1 off mTOR with mLST8")
loosening = Parameter("alpha_mLST8", "1", "how many times more weakly mTORC2 holds without mLST8")
kon_mLST8 = Parameter("kon_mLST8", "1/(nM*min)", "mLST8 onto mTOR")
koff_mLST8 = Parameter("koff_mLST8", "1/min", "mLST8 off mTOR, alone or in mTORC1")
kon_Protor = Parameter("kon_Protor", "1/(nM*min)", "Protor onto mTORC2")
koff_Protor = Parameter("koff_Protor", "1/min", "Protor off mTORC2")
k_T1135 = Parameter("k_Rictor_T1135", "1/(nM*min)", "S6K on Rictor T1135")
k_T1135_off = Parameter("k_Rictor_T1135_off", "1/min", "Rictor T1135 dephosphorylation")

carriers = (Rictor, Rictor_Sin1, mTORC2)

mechanism = Mechanism.of(
    "mtorc2",
    __doc__,
    rules=[
        Bind("Sin1 joins Rictor", Rictor() + Sin1() >> Rictor_Sin1(), kon_Sin1, koff_Sin1),
        Bind(
            "Rictor joins mTOR",
            mTOR(fold="mature", FRB="free") + Rictor_Sin1() >> mTORC2(S1261="u"),
            kon,
            koff,
        ),
        *(
            Bind(
                f"mLST8 joins {host.molecule.name}",
                host.molecule(**host.asked, mLST8="absent") + mLST8()
                >> host.molecule(**host.asked, mLST8=mLST8),
                kon_mLST8,
                koff_mLST8,
            )
            for host in (mTOR(fold="mature"), mTORC1(), mTORC2())
        ),
        Bind(
            "Protor joins mTORC2",
            mTORC2(Protor="free") + Protor() >> mTORC2(Protor=Protor),
            kon_Protor,
            koff_Protor,
        ),
        *(
            Change(
                f"S6K phosphorylates T1135 of {host.name}",
                host(T1135="u") >> host(T1135="p"),
                k_T1135 * S6K_active,
            )
            for host in carriers
        ),
        *(
            Change(
                f"T1135 of {host.name} is dephosphorylated",
                host(T1135="p") >> host(T1135="u"),
                k_T1135_off,
            )
            for host in carriers
        ),
    ],
    couplings=[Coupling(mTORC2(mLST8="absent"), loosening)],
    observables=[
        Observable("mTORC2", mTORC2().total, "Rictor-bound mTOR (co-IP)"),
        Observable(
            "Rictor_pT1135",
            Rictor(T1135="p").total + Rictor_Sin1(T1135="p").total + mTORC2(T1135="p").total,
            "Rictor T1135",
        ),
        Observable("Protor_on_mTORC2", mTORC2(Protor=Protor).total, "Protor in a Rictor IP"),
        Observable("mLST8_on_mTORC1", mTORC1(mLST8=mLST8).total, "mLST8 in a Raptor IP"),
    ],
    mutations=[mutation("T1135A", "Rictor T1135A: S6K cannot mark it", k_Rictor_T1135=0.0)],
)
