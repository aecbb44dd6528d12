"""4E-BP1 and eIF4E: mTORC1 phosphorylates T37/46, then S65; the bare form holds eIF4E.

T37/46 primes S65 (which stands for S65/T70). Each step loosens the hold on eIF4E. The two sites
differ in how much rapamycin leaves of them: T37/46 is a good substrate and resists, S65 less so
[Kang2013, Thoreen2009]; by how much is calibrated.

Left out: 4E-BP2, competition of eIF4G, kinases other than mTORC1.
"""

from mtorkin.activities import mTORC1_on_S65, mTORC1_on_T37_46
from mtorkin.language import (
    Bind,
    Change,
    Coupling,
    Mechanism,
    Observable,
    Parameter,
    michaelis_menten,
)
from mtorkin.molecules import FourEBP1, eIF4E

kcat_T37_46 = Parameter("kcat_FourEBP1_T37_46", "1/min", "mTORC1 on 4E-BP1 T37/46")
Km_T37_46 = Parameter("Km_FourEBP1_T37_46", "nM", "bare 4E-BP1 at which mTORC1 is half saturated")
k_T37_46_off = Parameter("k_FourEBP1_T37_46_off", "1/min", "T37/46 dephosphorylation")
kcat_S65 = Parameter("kcat_FourEBP1_S65", "1/min", "mTORC1 on 4E-BP1 S65, after T37/46")
Km_S65 = Parameter("Km_FourEBP1_S65", "nM", "primed 4E-BP1 at which mTORC1 is half saturated")
k_S65_off = Parameter("k_FourEBP1_S65_off", "1/min", "S65 dephosphorylation")
kon = Parameter("kon_eIF4E", "1/(nM*min)", "eIF4E onto 4E-BP1")
koff = Parameter("koff_eIF4E", "1/min", "eIF4E off bare 4E-BP1")
alpha_T37_46 = Parameter("alpha_eIF4E_T37_46", "1", "how many times more weakly T37/46-P holds eIF4E")
alpha_S65 = Parameter(
    "alpha_eIF4E_S65", "1", "how many times more weakly fully phosphorylated 4E-BP1 holds eIF4E"
)

none, primed, full = "none", "T37_46", "T37_46_S65"

mechanism = Mechanism.of(
    "four_ebp1",
    __doc__,
    rules=[
        Change(
            "mTORC1 phosphorylates 4E-BP1 T37/46",
            FourEBP1(phospho=none) >> FourEBP1(phospho=primed),
            michaelis_menten(kcat_T37_46, mTORC1_on_T37_46, Km_T37_46, FourEBP1(phospho=none).total),
        ),
        Change(
            "T37/46 are dephosphorylated",
            FourEBP1(phospho=primed) >> FourEBP1(phospho=none),
            k_T37_46_off,
        ),
        Change(
            "mTORC1 phosphorylates 4E-BP1 S65",
            FourEBP1(phospho=primed) >> FourEBP1(phospho=full),
            michaelis_menten(kcat_S65, mTORC1_on_S65, Km_S65, FourEBP1(phospho=primed).total),
        ),
        Change("S65 is dephosphorylated", FourEBP1(phospho=full) >> FourEBP1(phospho=primed), k_S65_off),
        Bind(
            "4E-BP1 holds eIF4E",
            FourEBP1(eIF4E="free") + eIF4E() >> FourEBP1(eIF4E=eIF4E),
            kon,
            koff,
        ),
    ],
    couplings=[
        Coupling(FourEBP1(phospho=primed, eIF4E=eIF4E), alpha_T37_46),
        Coupling(FourEBP1(phospho=full, eIF4E=eIF4E), alpha_S65),
    ],
    observables=[
        Observable(
            "FourEBP1_pT37_46",
            FourEBP1(phospho=primed).total + FourEBP1(phospho=full).total,
            "4E-BP1 T37/46 (mouse T36/45)",
        ),
        Observable("FourEBP1_pS65", FourEBP1(phospho=full).total, "4E-BP1 S65"),
        Observable("FourEBP1_total", FourEBP1().total, "4E-BP1, all forms"),
        Observable("eIF4E_total", eIF4E().total + FourEBP1(eIF4E=eIF4E).total, "eIF4E, all forms"),
        Observable("eIF4E_free", eIF4E().total, "eIF4E that 4E-BP1 does not hold"),
    ],
)
