"""mTORC1: Raptor on the HEAT domain of mTOR, and PRAS40.

Raptor takes the HEAT repeats of mature mTOR [Kim2002]; Rictor competes for the same place (see
mtorc2). PRAS40 sits on Raptor in insulin-deprived cells and closes the complex; Akt phosphorylates
it (T246), which makes it leave [Sancak2007]. So does mTORC1 itself (S183, from memory), and both
reach it bound or free.

Left out: the obligate dimer (one protomer here).
"""

from mtorkin.activities import Akt_active, mTORC1_on_PRAS40
from mtorkin.language import Bind, Change, Mechanism, Observable, Parameter, mutation
from mtorkin.molecules import PRAS40, Raptor, mTOR, mTORC1

kon = Parameter("kon_mTORC1", "1/(nM*min)", "Raptor onto mTOR")
koff = Parameter("koff_mTORC1", "1/min", "Raptor off mTOR")
kon_PRAS40 = Parameter("kon_PRAS40", "1/(nM*min)", "PRAS40 onto mTORC1")
koff_PRAS40 = Parameter("koff_PRAS40", "1/min", "PRAS40 off mTORC1")
k_T246 = Parameter("k_PRAS40_T246", "1/(nM*min)", "Akt on PRAS40 T246")
k_S183 = Parameter("k_PRAS40_S183", "1/(nM*min)", "mTORC1 on PRAS40 S183")
k_T246_off = Parameter("k_PRAS40_T246_off", "1/min", "PRAS40 T246 dephosphorylation")
k_S183_off = Parameter("k_PRAS40_S183_off", "1/min", "PRAS40 S183 dephosphorylation")

kinases = {
    "T246": (k_T246 * Akt_active, k_T246_off),
    "S183": (k_S183 * mTORC1_on_PRAS40, k_S183_off),
}

mechanism = Mechanism.of(
    "mtorc1",
    __doc__,
    rules=[
        Bind("Raptor joins mTOR", mTOR(fold="mature") + Raptor() >> mTORC1(), kon, koff),
        Bind(
            "PRAS40 sits on mTORC1",
            mTORC1(PRAS40="free") + PRAS40(T246="u", S183="u") >> mTORC1(PRAS40=PRAS40),
            kon_PRAS40,
            koff_PRAS40,
        ),
        *(
            rule
            for site, (k, k_off) in kinases.items()
            for rule in (
                Change(
                    f"free PRAS40 {site} is phosphorylated",
                    PRAS40(**{site: "u"}) >> PRAS40(**{site: "p"}),
                    k,
                ),
                Change(
                    f"bound PRAS40 {site} is phosphorylated and leaves",
                    mTORC1(PRAS40=PRAS40) >> mTORC1(PRAS40="free") + PRAS40(**{site: "p"}),
                    k,
                ),
                Change(
                    f"PRAS40 {site} is dephosphorylated",
                    PRAS40(**{site: "p"}) >> PRAS40(**{site: "u"}),
                    k_off,
                ),
            )
        ),
    ],
    observables=[
        Observable("mTORC1", mTORC1().total, "Raptor-bound mTOR (co-IP)"),
        Observable("PRAS40_pT246", PRAS40(T246="p").total, "PRAS40 T246 (rodent T247)"),
        Observable("PRAS40_pS183", PRAS40(S183="p").total, "PRAS40 S183 (rodent S184)"),
        Observable("PRAS40_on_mTORC1", mTORC1(PRAS40=PRAS40).total, "PRAS40 in a Raptor IP"),
        Observable("PRAS40_total", PRAS40().total + mTORC1(PRAS40=PRAS40).total, "PRAS40, all forms"),
    ],
    mutations=[
        mutation("kinase_dead", "mTOR D2357E: the kinase domain is dead", mTOR_kinase=0.0),
        mutation(
            "dHEAT",
            "mTOR without HEAT repeats takes neither Raptor nor Rictor",
            kon_mTORC1=0.0,
            kon_mTORC2=0.0,
        ),
    ],
)
