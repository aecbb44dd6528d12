"""GRB10: a second feedback from mTORC1 to the receptor, on request.

mTORC1 phosphorylates GRB10 (S501/503), which keeps it from being degraded, and makes it hold the
receptor back [Hsu2011, Yu2011]. It explains why an inhibitor of S6K raises Akt less than rapamycin
does. The standard model leaves it out, because the review does not name it:
``mk.build([*ALL, grb10.mechanism])``.

Left out: the E3 ligase of GRB10.
"""

from mtorkin.activities import mTORC1_on_S6K, receptor_brake
from mtorkin.language import NOTHING, Change, Contribution, Make, Mechanism, Observable, Parameter, Remove
from mtorkin.molecules import GRB10

k_deg = Parameter("k_GRB10_deg", "1/min", "decay of GRB10 without S501/503-P")
k_deg_p = Parameter("k_GRB10_p_deg", "1/min", "decay of phosphorylated GRB10")
k_p = Parameter("k_GRB10_S501", "1/(nM*min)", "mTORC1 on GRB10 S501/503")
k_off = Parameter("k_GRB10_S501_off", "1/min", "GRB10 S501/503 dephosphorylation")
K_brake = Parameter("K_GRB10_brake", "nM", "phosphorylated GRB10 that halves what the receptor does to IRS")

mechanism = Mechanism.of(
    "grb10",
    __doc__,
    rules=[
        Make("GRB10 is made", GRB10(), k_deg * GRB10.abundance),
        Remove("GRB10 decays", GRB10(S501_503="u") >> NOTHING, k_deg),
        Remove("phosphorylated GRB10 decays", GRB10(S501_503="p") >> NOTHING, k_deg_p),
        Change(
            "mTORC1 phosphorylates GRB10", GRB10(S501_503="u") >> GRB10(S501_503="p"), k_p * mTORC1_on_S6K
        ),
        Change("GRB10 is dephosphorylated", GRB10(S501_503="p") >> GRB10(S501_503="u"), k_off),
    ],
    observables=[Observable("GRB10_total", GRB10().total, "GRB10, all forms")],
    contributions=[Contribution(receptor_brake, GRB10(S501_503="p").total / K_brake)],
)
