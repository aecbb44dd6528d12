"""The mechanisms of the model, in the order in which they are assembled. A variant is another
tuple.
"""

from mtorkin.language import Mechanism
from mtorkin.mechanisms import (
    amino_acids,
    ampk_energy,
    deptor,
    drugs,
    four_ebp1,
    insulin_receptor,
    irs,
    mtor_turnover,
    mtorc1,
    mtorc2,
    mtorc2_substrates,
    pharmacokinetics,
    pi3k_akt,
    readouts,
    s6k,
    sites,
    tsc_rheb,
)

ALL: tuple[Mechanism, ...] = (
    insulin_receptor.mechanism,
    irs.mechanism,
    pi3k_akt.mechanism,
    tsc_rheb.mechanism,
    ampk_energy.mechanism,
    amino_acids.mechanism,
    mtor_turnover.mechanism,
    mtorc1.mechanism,
    mtorc2.mechanism,
    deptor.mechanism,
    sites.mechanism,
    s6k.mechanism,
    four_ebp1.mechanism,
    mtorc2_substrates.mechanism,
    readouts.mechanism,
    *drugs.STANDARD,
)

# not in the standard model: `build` and `with_drugs` add them by name
ON_REQUEST: tuple[Mechanism, ...] = (*drugs.ON_REQUEST, *pharmacokinetics.ON_REQUEST)
