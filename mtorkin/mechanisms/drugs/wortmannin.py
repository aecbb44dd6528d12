"""Wortmannin: decays in the medium within minutes and inactivates PI3K and, more slowly, mTOR for good.

It binds a lysine of the ATP pocket covalently, in PI3K [Norman1996] and, at higher doses, in mTOR
(Brunn 1996, not re-read). On mTOR it is followed as the share of pockets taken, over all mTOR,
whatever complex it is in (a mean field: complexes that have just formed hold as much of it as old
ones). New protein replaces what is taken.

Left out: that a reversible drug in the same pocket protects it. With such a drug present the share
of pockets left is overestimated: the model adds the two loads, as if they excluded each other.
"""

from mtorkin.activities import mTORC1_load, mTORC2_load
from mtorkin.language import NOTHING, POOL_FLOOR, Change, Contribution, Mechanism, Parameter, Remove
from mtorkin.molecules import PI3K, mTOR_pocket, wortmannin

k_decay = Parameter("k_wortmannin_decay", "1/min", "hydrolysis of wortmannin in the medium")
k_PI3K = Parameter("k_wortmannin_PI3K", "1/(nM*min)", "wortmannin on PI3K, irreversible")
k_PI3K_new = Parameter("k_PI3K_renewal", "1/min", "replacement of inactivated PI3K")
k_mTOR = Parameter("k_wortmannin_mTOR", "1/(nM*min)", "wortmannin on mTOR, irreversible")
k_mTOR_new = Parameter("k_mTOR_pocket_renewal", "1/min", "replacement of inactivated mTOR")

taken, free = mTOR_pocket(ATP_site="wortmannin").total, mTOR_pocket(ATP_site="free").total

mechanism = Mechanism.of(
    "wortmannin",
    __doc__,
    rules=[
        Remove("wortmannin decays", wortmannin() >> NOTHING, k_decay),
        *(
            rule
            for name, pocket, k, k_new in (
                ("PI3K", PI3K, k_PI3K, k_PI3K_new),
                ("mTOR", mTOR_pocket, k_mTOR, k_mTOR_new),
            )
            for rule in (
                Change(
                    f"wortmannin inactivates {name}",
                    pocket(ATP_site="free") >> pocket(ATP_site="wortmannin"),
                    k * wortmannin().total,
                ),
                Change(
                    f"{name} is renewed",
                    pocket(ATP_site="wortmannin") >> pocket(ATP_site="free"),
                    k_new,
                ),
            )
        ),
    ],
    # 1 / (1 + taken / free) is the free share
    contributions=[Contribution(load, taken / (free + POOL_FLOOR)) for load in (mTORC1_load, mTORC2_load)],
)
