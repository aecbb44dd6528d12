"""Reactive oxygen and DNA damage: ATM, which calls on LKB1 and keeps reactive oxygen low.

ATM senses breaks of DNA and oxidation. It acts on LKB1, so that AMPK and TSC2 restrain mTORC1 and
autophagy rises [Alexander2010]. Cells make reactive oxygen where they respire and grow, with Akt and
mTORC1, and clear it with the help of ATM (and of sestrins): without ATM it is raised, and rapamycin
lowers it.

Left out: NF-kB, antioxidant enzymes one by one, where in the cell the oxygen species are.
"""

from mtorkin.activities import (
    Akt_active,
    ATM_active,
    ATM_alarm,
    FOXO_recall,
    LKB1_boost,
    ROS_clearance,
    ROS_sources,
    mTORC1_on_S6K,
    stress_signal,
)
from mtorkin.language import (
    NOTHING,
    Contribution,
    Input,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    hill,
)
from mtorkin.molecules import ATM, ROS

peroxide = Input("ROS_stress", "1", 0.0, "hydrogen peroxide or another source of ROS: 1 is a strong dose")
DNA_damage = Input("DNA_damage", "1", 0.0, "double-strand breaks: 1 is a strong dose")
k_ROS = Parameter("k_ROS_turnover", "1/min", "turnover of ROS, as the cell's defences set it")
ROS_basal = Parameter("ROS_basal", "1", "production of ROS without growth signals, to that of fed cells")
g_Akt = Parameter("g_ROS_Akt", "1", "production that Akt adds, at its activity in fed cells")
K_Akt = Parameter("K_Akt_ROS", "nM", "activity of Akt in fed cells, as the scale of that")
g_mTORC1 = Parameter("g_ROS_mTORC1", "1", "production that mTORC1 adds, at its activity in fed cells")
K_mTORC1 = Parameter("K_mTORC1_ROS", "nM", "activity of mTORC1 in fed cells, as the scale of that")
g_stress = Parameter("g_ROS_stress", "1", "production that a strong dose of peroxide adds")
ROS_removal = Parameter("ROS_removal", "1", "removal of ROS without sestrins, to that of fed cells")
w_ATM = Parameter("w_ROS_removal_ATM", "1", "part of the removal that needs ATM", at_most=1.0)
K_ROS = Parameter("K_ROS_ATM", "nM", "ROS that half activate ATM")
K_damage = Parameter("K_DNA_damage_ATM", "1", "DNA damage that half activates ATM")
g_LKB1 = Parameter("g_LKB1_ATM", "1", "activity that ATM adds to LKB1, in units of that without")
g_FOXO = Parameter("g_FOXO_ROS", "1", "return of FOXO that ROS add, saturated, to the basal one")
g_signal = Parameter("g_stress_ROS", "1", "stress of a cell full of ROS")
g_damage = Parameter("g_stress_DNA_damage", "1", "stress of a strong dose of DNA damage")

oxidised = hill(ROS().total, K_ROS, 4)

mechanism = Mechanism.of(
    "ros_dna_damage",
    __doc__,
    rules=[
        Make("ROS are made", ROS(), k_ROS * ROS.abundance * (ROS_basal + ROS_sources)),
        Remove(
            "ROS are cleared",
            ROS() >> NOTHING,
            k_ROS * (ROS_removal + ROS_clearance) * (1 - w_ATM + w_ATM * ATM),
        ),
    ],
    observables=[
        Observable("ROS_total", ROS().total, "reactive oxygen species"),
        Observable("ATM_activity", ATM_active, "active ATM, as a share", "1"),
    ],
    contributions=[
        Contribution(ROS_sources, g_Akt * Akt_active / K_Akt),
        Contribution(ROS_sources, g_mTORC1 * mTORC1_on_S6K / K_mTORC1),
        Contribution(ROS_sources, g_stress * peroxide),
        Contribution(ATM_alarm, (ROS().total / K_ROS) ** 4),
        Contribution(ATM_alarm, DNA_damage / K_damage),
        Contribution(LKB1_boost, g_LKB1 * ATM_active),
        Contribution(FOXO_recall, g_FOXO * oxidised),
        Contribution(stress_signal, g_signal * oxidised),
        Contribution(stress_signal, g_damage * DNA_damage),
    ],
)
