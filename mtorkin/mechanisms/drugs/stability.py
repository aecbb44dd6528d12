"""Rapamycin decays in the medium: on request, for experiments of days.

In the standard model it is stable. Its half-life is 7 h in human plasma and days in blood at 37 C
[Ferron1998]; in culture medium with serum it was not measured, and is remembered to be a day or
more. Add this mechanism to see what a loss does: ``mk.build([*ALL, drugs.DECAY])``.

Left out: what rapamycin turns into (secorapamycin, which does not bind FKBP12).
"""

from mtorkin.language import NOTHING, Mechanism, Parameter, Remove
from mtorkin.molecules import rapamycin_medium

k_decay = Parameter("k_rapamycin_decay", "1/min", "decay of rapamycin in the medium")

mechanism = Mechanism.of(
    "rapamycin_decay",
    __doc__,
    rules=[Remove("rapamycin decays in the medium", rapamycin_medium() >> NOTHING, k_decay)],
)
