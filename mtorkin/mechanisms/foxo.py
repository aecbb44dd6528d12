"""FOXO: Akt sends it out of the nucleus; there it makes Rictor and Sestrin3.

Akt phosphorylates FOXO1/3 (it needs S473 for this), which then leaves the nucleus; stress brings it
back. In the nucleus FOXO raises Rictor, so that mTORC2 and Akt rise and mTORC1 falls [Chen2010],
and FOXO3a raises Sestrin3, which activates AMPK and clears reactive oxygen [Nogueira2008, Chen2010].

Left out: FOXO's other targets; JNK and MST1, which bring it back, are one input (``stress``).
"""

from mtorkin.activities import (
    Akt_active_FOXO,
    AMPK_drive,
    FOXO_recall,
    FOXO_share,
    Rictor_induction,
    ROS_clearance,
    stress_signal,
)
from mtorkin.language import (
    NOTHING,
    Change,
    Contribution,
    Input,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    mutation,
)
from mtorkin.molecules import FOXO, Sestrin3

stress = Input("stress", "1", 0.0, "stress kinases (JNK, MST1) and protein stress: 1 is strong")
k_out = Parameter("k_FOXO_export", "1/(nM*min)", "export of FOXO that Akt has phosphorylated")
k_in = Parameter("k_FOXO_import", "1/min", "return of FOXO to the nucleus")
g_stress = Parameter("g_FOXO_stress", "1", "return that strong stress adds, to the basal one")
g_signal = Parameter("g_stress_input", "1", "stress signal of the input stress")
g_Rictor = Parameter("g_Rictor_FOXO", "1", "transcription of Rictor that FOXO adds, all of it nuclear")
k_SESN3 = Parameter("k_Sestrin3_turnover", "1/min", "turnover of Sestrin3, its message included")
SESN3_basal = Parameter("Sestrin3_basal", "1", "transcription of Sestrin3 without FOXO")
g_SESN3 = Parameter("g_Sestrin3_FOXO", "1", "transcription that FOXO adds, all of it nuclear")
K_AMPK = Parameter("K_Sestrin_AMPK", "nM", "sestrins that drive AMPK as much as no glucose does")
K_clear = Parameter("K_Sestrin_ROS", "nM", "sestrins that add the removal of ROS of fed cells once more")

mechanism = Mechanism.of(
    "foxo",
    __doc__,
    rules=[
        Change("Akt sends FOXO out", FOXO(at="nucleus") >> FOXO(at="cytosol"), k_out * Akt_active_FOXO),
        Change(
            "FOXO returns to the nucleus", FOXO(at="cytosol") >> FOXO(at="nucleus"), k_in * (1 + FOXO_recall)
        ),
        Make(
            "Sestrin3 is made",
            Sestrin3(),
            k_SESN3 * Sestrin3.abundance * (SESN3_basal + g_SESN3 * FOXO_share),
        ),
        Remove("Sestrin3 decays", Sestrin3() >> NOTHING, k_SESN3),
    ],
    observables=[
        Observable("FOXO_nuclear", FOXO(at="nucleus").total, "FOXO1/3 in the nucleus"),
        Observable("Sestrin3_total", Sestrin3().total, "Sestrin3"),
    ],
    contributions=[
        Contribution(FOXO_recall, g_stress * stress),
        Contribution(stress_signal, g_signal * stress),
        Contribution(Rictor_induction, g_Rictor * FOXO_share),
        Contribution(AMPK_drive, Sestrin3().total / K_AMPK),
        Contribution(ROS_clearance, Sestrin3().total / K_clear),
    ],
    mutations=[mutation("FOXO_AAA", "FOXO that Akt cannot phosphorylate", k_FOXO_export=0.0)],
)
