"""Leptin: a hormone that recruits PI3K, and so raises mTORC1.

The leptin receptor reaches PI3K (through JAK2 and IRS proteins); here it adds to what IRS recruits.

Left out: JAK2, STAT3, the rise of leptin with feeding.
"""

from mtorkin.activities import PI3K_recruited
from mtorkin.language import Contribution, Input, Mechanism, Parameter, saturating

leptin = Input("leptin", "nM", 0.0, "leptin in the medium")
K_leptin = Parameter("K_leptin", "nM", "leptin that half acts")
g_leptin = Parameter("g_PI3K_leptin", "1", "recruitment of PI3K by leptin, as a share of full docking")

mechanism = Mechanism.of(
    "leptin",
    __doc__,
    rules=[],
    contributions=[Contribution(PI3K_recruited, g_leptin * saturating(leptin, K_leptin))],
)
