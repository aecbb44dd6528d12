"""Drugs, by class: a class is a function that returns a mechanism.

*Rapamycin* enters the cell, is bound by FKBP12 (tightly, in large excess: a sink) and by FKBP51,
and the complex takes the FRB domain [Banaszynski2005] of free mTOR and of mTORC1, not of mTORC2
[Foster2010, Sarbassov2006]. On mTORC1 it and Raptor loosen each other [Kim2002, Oshiro2004]. Bulky
FKBP51·rapamycin holds on less well, and part of the mTOR it sits on can still take Rictor, which
throws it out (an assumption). The drug alone binds FRB at 26 uM only [Banaszynski2005], which is
left out.
*ATP-site inhibitors* are in rapid equilibrium with the pockets of their kinases.
*Wortmannin* decays in the medium within minutes and inactivates PI3K covalently; mTOR is hit at
higher concentrations, here reversibly.

Left out: efflux, metabolism, protein binding in the medium.
"""

from mtorkin.activities import Akt_load, PI3K_load, S6K_load, mTORC1_load, mTORC2_load
from mtorkin.language import (
    NOTHING,
    Bind,
    Change,
    Contribution,
    Coupling,
    Input,
    Load,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    mutation,
)
from mtorkin.molecules import (
    FKBP12,
    FKBP51,
    PI3K,
    FKBP12_rapamycin,
    FKBP51_rapamycin,
    Rictor_Sin1,
    mTOR,
    mTORC1,
    mTORC2,
    rapamycin,
    rapamycin_medium,
    wortmannin,
)


def frb_binder() -> Mechanism:
    """Rapamycin: uptake, FKBP12 and FKBP51, and the FRB domain of mTOR outside mTORC2."""
    k_uptake = Parameter("k_rapamycin_uptake", "1/min", "exchange of rapamycin between medium and cell")
    loosening = Parameter("alpha_rapamycin", "1", "fold by which Raptor and FKBP·rapamycin loosen each other")
    kon_mTORC2 = Parameter("kon_mTORC2", "1/(nM*min)", "Rictor·Sin1 onto mTOR")
    rho51 = Parameter("rho_FKBP51", "1", "rate at which FKBP51·rapamycin·mTOR takes Rictor, to free mTOR")
    immunophilins = {FKBP12: FKBP12_rapamycin, FKBP51: FKBP51_rapamycin}
    return Mechanism.of(
        "rapamycin",
        frb_binder.__doc__,
        rules=[
            Change("rapamycin enters", rapamycin_medium() >> rapamycin(), k_uptake),
            Change("rapamycin leaves", rapamycin() >> rapamycin_medium(), k_uptake),
            *(
                Bind(
                    f"{fkbp.name} binds rapamycin",
                    fkbp() + rapamycin() >> loaded(),
                    Parameter(f"kon_{fkbp.name}", "1/(nM*min)", f"rapamycin onto {fkbp.name}"),
                    Parameter(f"koff_{fkbp.name}", "1/min", f"rapamycin off {fkbp.name}"),
                )
                for fkbp, loaded in immunophilins.items()
            ),
            *(
                Bind(
                    f"{fkbp.name} rapamycin takes FRB of {host.molecule.name}",
                    host.molecule(**host.asked, FRB="free") + loaded()
                    >> host.molecule(**host.asked, FRB=loaded),
                    Parameter(
                        f"kon_FRB_{fkbp.name}_{host.molecule.name}",
                        "1/(nM*min)",
                        f"{fkbp.name}·rapamycin onto FRB of {host.molecule.name}",
                    ),
                    Parameter(f"koff_FRB_{fkbp.name}", "1/min", f"{fkbp.name}·rapamycin off FRB"),
                )
                for host in (mTOR(fold="mature"), mTORC1())
                for fkbp, loaded in immunophilins.items()
            ),
            Change(
                "Rictor throws FKBP51 off mTOR",
                mTOR(fold="mature", FRB=FKBP51_rapamycin) + Rictor_Sin1()
                >> mTORC2(S1261="u") + FKBP51_rapamycin(),
                kon_mTORC2 * rho51,
            ),
        ],
        couplings=[Coupling(mTORC1(FRB=loaded), loosening) for loaded in immunophilins.values()],
        observables=[
            Observable("FKBP12_rapamycin_free", FKBP12_rapamycin().total, "FKBP12·rapamycin not on mTOR"),
            Observable("rapamycin_in_medium", rapamycin_medium().total, "rapamycin in the medium"),
        ],
        mutations=[
            mutation(
                "S2035T",
                "mTOR S2035T: FKBP·rapamycin cannot take FRB",
                **{f"kon_FRB_{f.name}_{h.name}": 0.0 for f in immunophilins for h in (mTOR, mTORC1)},
            )
        ],
    )


def atp_competitor(drug: str, *targets: Load, meaning: str) -> Mechanism:
    """A drug in the ATP pocket of some kinases, in rapid equilibrium: share left ``1 / (1 + C / Ki)``."""
    concentration = Input(drug, "nM", 0.0, f"{drug} in the medium: {meaning}")
    return Mechanism.of(
        drug,
        atp_competitor.__doc__,
        rules=[],
        contributions=[
            Contribution(
                load,
                concentration
                / Parameter(
                    f"Ki_{drug}_{load.id.split('_')[0]}",
                    "nM",
                    f"{drug} that halves {load.id.split('_')[0]} in cells",
                ),
            )
            for load in targets
        ],
    )


def covalent_pi3k_inhibitor() -> Mechanism:
    """Wortmannin: decays in the medium, inactivates PI3K for good, hits mTOR at higher doses."""
    k_decay = Parameter("k_wortmannin_decay", "1/min", "hydrolysis of wortmannin in the medium")
    k_inactivate = Parameter("k_wortmannin_PI3K", "1/(nM*min)", "wortmannin on PI3K, irreversible")
    k_renew = Parameter("k_PI3K_renewal", "1/min", "replacement of inactivated PI3K")
    Ki = Parameter("Ki_wortmannin_mTOR", "nM", "wortmannin that halves mTOR")
    inhibited_PI3K, free = PI3K(ATP_site="wortmannin"), PI3K(ATP_site="free")
    return Mechanism.of(
        "wortmannin",
        covalent_pi3k_inhibitor.__doc__,
        rules=[
            Remove("wortmannin decays", wortmannin() >> NOTHING, k_decay),
            Change(
                "wortmannin inactivates PI3K",
                free >> inhibited_PI3K,
                k_inactivate * wortmannin().total,
            ),
            Change("PI3K is renewed", inhibited_PI3K >> free, k_renew),
        ],
        contributions=[Contribution(load, wortmannin().total / Ki) for load in (mTORC1_load, mTORC2_load)],
    )


RAPAMYCIN = frb_binder()
TORIN1 = atp_competitor("Torin1", mTORC1_load, mTORC2_load, PI3K_load, meaning="mTOR kinase inhibitor")
S6K_INHIBITOR = atp_competitor("S6K_inhibitor", S6K_load, meaning="tool compound such as PF-4708671")
WORTMANNIN = covalent_pi3k_inhibitor()
AKT_INHIBITOR = atp_competitor("Akt_inhibitor", Akt_load, meaning="tool compound such as MK-2206")
