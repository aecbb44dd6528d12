"""p53 and Sestrin1/2: damage restrains mTORC1 through AMPK and TSC2.

ATM stabilises p53; p53, and oxidation, induce Sestrin1 and Sestrin2 (one species here), which bind
AMPK and make it a substrate of LKB1, so that TSC2 is activated [Budanov2008]. Sestrins also help to
clear reactive oxygen. p53 induces REDD1 as well.

Left out: MDM2 and the pulses of p53; Sestrin2 as a sensor of leucine (GATOR2).
"""

from mtorkin.activities import (
    AMPK_drive,
    ATM_active,
    REDD_induction,
    ROS_clearance,
    p53_induction,
)
from mtorkin.language import (
    NOTHING,
    Contribution,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    hill,
)
from mtorkin.molecules import ROS, Sestrin12, p53

k_p53 = Parameter("k_p53_turnover", "1/min", "turnover of p53")
p53_basal = Parameter("p53_basal", "1", "p53 without damage, to its abundance")
g_p53 = Parameter("g_p53_ATM", "1", "p53 that fully active ATM adds, to its abundance")
k_SESN = Parameter("k_Sestrin12_turnover", "1/min", "turnover of Sestrin1/2, their messages included")
SESN_basal = Parameter("Sestrin12_basal", "1", "transcription of Sestrin1/2 without p53")
g_SESN = Parameter("g_Sestrin12_p53", "1", "transcription that p53 adds, saturated")
K_p53 = Parameter("K_p53_Sestrin12", "nM", "p53 that half induces its targets")
g_ROS = Parameter("g_Sestrin12_ROS", "1", "transcription that ROS add, saturated")
K_ROS = Parameter("K_ROS_ATM", "nM", "ROS that half activate ATM")
g_REDD = Parameter("g_REDD_p53", "1", "transcription of REDD that p53 adds, saturated")
K_AMPK = Parameter("K_Sestrin_AMPK", "nM", "sestrins that drive AMPK as much as no glucose does")
K_clear = Parameter("K_Sestrin_ROS", "nM", "sestrins that add the removal of ROS of fed cells once more")

mechanism = Mechanism.of(
    "p53_sestrins",
    __doc__,
    rules=[
        Make("p53 is made", p53(), k_p53 * p53.abundance * (p53_basal + p53_induction)),
        Remove("p53 decays", p53() >> NOTHING, k_p53),
        Make(
            "Sestrin1/2 are made",
            Sestrin12(),
            k_SESN
            * Sestrin12.abundance
            * (SESN_basal + g_SESN * hill(p53().total, K_p53, 2) + g_ROS * hill(ROS().total, K_ROS, 4)),
        ),
        Remove("Sestrin1/2 decay", Sestrin12() >> NOTHING, k_SESN),
    ],
    observables=[
        Observable("p53_total", p53().total, "p53"),
        Observable("Sestrin12_total", Sestrin12().total, "Sestrin1 and Sestrin2"),
    ],
    contributions=[
        Contribution(p53_induction, g_p53 * ATM_active),
        Contribution(REDD_induction, g_REDD * hill(p53().total, K_p53, 2)),
        Contribution(AMPK_drive, Sestrin12().total / K_AMPK),
        Contribution(ROS_clearance, Sestrin12().total / K_clear),
    ],
)
