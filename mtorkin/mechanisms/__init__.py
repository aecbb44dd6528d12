"""The mechanisms of the model, in the order in which they are assembled. A variant is another
tuple.
"""

from mtorkin.language import Mechanism
from mtorkin.mechanisms import (
    amino_acids,
    ampk_energy,
    ard1,
    deptor,
    drugs,
    fkbp38,
    four_ebp1,
    foxo,
    gadd34,
    grb10,
    growth_pet,
    hypoxia,
    insulin_receptor,
    irs,
    leptin,
    mtor_turnover,
    mtorc1,
    mtorc2,
    mtorc2_substrates,
    p53_sestrins,
    pharmacokinetics,
    pi3k_akt,
    readouts,
    ros_dna_damage,
    s6k,
    sirt1,
    sites,
    tsc_rheb,
    wnt_gsk3,
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
    foxo.mechanism,
    fkbp38.mechanism,
    leptin.mechanism,
    wnt_gsk3.mechanism,
    hypoxia.mechanism,
    ros_dna_damage.mechanism,
    p53_sestrins.mechanism,
    sirt1.mechanism,
    gadd34.mechanism,
    ard1.mechanism,
    readouts.mechanism,
    growth_pet.mechanism,
    *drugs.STANDARD,
)

# not in the standard model: a variant names the first two, `with_drugs` adds the others by name
ON_REQUEST: tuple[Mechanism, ...] = (
    grb10.mechanism,
    drugs.DECAY,
    *drugs.ON_REQUEST,
    *pharmacokinetics.ON_REQUEST,
)
