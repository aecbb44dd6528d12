"""Wnt: it inhibits GSK3, which would otherwise activate TSC2.

GSK3 phosphorylates TSC2 (S1341 and S1337, one site here), where AMPK has primed it (S1387), and makes
it more active; Wnt inhibits GSK3 and so raises mTORC1 [Inoki2006]. The review says that Wnt acts "by
phosphorylating TSC2 by GSK3", which inverts it (docs/explanation/contradictions, T3). Akt's mark on
GSK3 (S9) takes part of its activity, too.

Left out: beta-catenin; separate pools of GSK3 for Wnt and for Akt.
"""

from mtorkin.activities import GSK3_active, Wnt_load
from mtorkin.language import Change, Contribution, Input, Mechanism, Observable, Parameter
from mtorkin.molecules import TSC2

Wnt = Input("Wnt", "1", 0.0, "Wnt ligand, or a GSK3 inhibitor: 1 is saturating")
K_Wnt = Parameter("K_Wnt", "1", "Wnt that halves the activity of GSK3")
k_S1341 = Parameter("k_TSC2_S1341", "1/min", "GSK3 on primed TSC2 S1341")
unprimed = Parameter("w_TSC2_unprimed", "1", "GSK3 on TSC2 without S1387-P, to that with it", at_most=1.0)
k_S1341_off = Parameter("k_TSC2_S1341_off", "1/min", "TSC2 S1341 dephosphorylation")

mechanism = Mechanism.of(
    "wnt_gsk3",
    __doc__,
    rules=[
        *(
            Change(
                f"GSK3 phosphorylates TSC2 S1341, S1387 {primed}",
                TSC2(S1387=primed, S1341="u") >> TSC2(S1387=primed, S1341="p"),
                k_S1341 * factor * GSK3_active,
            )
            for primed, factor in (("p", 1.0), ("u", unprimed))
        ),
        Change("S1341 is dephosphorylated", TSC2(S1341="p") >> TSC2(S1341="u"), k_S1341_off),
    ],
    observables=[Observable("TSC2_pS1341", TSC2(S1341="p").total, "TSC2 S1341/S1337, by GSK3")],
    contributions=[Contribution(Wnt_load, Wnt / K_Wnt)],
)
