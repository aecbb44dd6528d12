"""Rapamycin and the drugs that act as it does: with FKBP on the FRB domain of mTOR.

The drug enters the cell, is bound by FKBP12 (tightly, in large excess: a sink) and by FKBP51, and
the complex takes the FRB domain [Banaszynski2005] of free mTOR and of mTORC1, not of mTORC2
[Foster2010, Sarbassov2006]. On mTORC1 it and Raptor loosen each other [Kim2002, Oshiro2004]. Bulky
FKBP51·drug holds on less well, and part of the mTOR it sits on can still take Rictor, which throws
it out (an assumption).

Rapalogs differ from rapamycin far from FRB, so that here they differ in two numbers only: how
tightly they hold the FKBPs, and how fast they enter. What FKBP·drug does on mTOR, and what S2035T
does to that, are the same for all. Temsirolimus is an ester of rapamycin: it turns into rapamycin,
and that it binds FKBP12 itself is left out.

Each further drug of this kind doubles what may sit on FRB and adds about fifty species, so that
rapalogs other than temsirolimus are not in the standard model: `mtorkin.with_drugs` adds them.

Left out: the drug alone on FRB (26 uM [Banaszynski2005]), efflux, metabolism, protein binding
in the medium; decay there is on request (see stability).
"""

from mtorkin.language import Bind, Change, Coupling, Expr, Mechanism, Observable, Parameter, mutation
from mtorkin.molecules import (
    EVEROLIMUS,
    FKBP12,
    FKBP51,
    RAPAMYCIN,
    RIDAFOROLIMUS,
    ZOTAROLIMUS,
    FKBPLigand,
    Rictor_Sin1,
    mTOR,
    mTORC1,
    mTORC2,
    rapamycin_medium,
    temsirolimus_medium,
)

loosening = Parameter("alpha_rapamycin", "1", "fold by which Raptor and FKBP·drug loosen each other")
kon_mTORC2 = Parameter("kon_mTORC2", "1/(nM*min)", "Rictor·Sin1 onto mTOR")
rho51 = Parameter("rho_FKBP51", "1", "rate at which FKBP51·drug·mTOR takes Rictor, to free mTOR")
k_ester = Parameter("k_temsirolimus_hydrolysis", "1/min", "temsirolimus turning into rapamycin")
S2035T = mutation(
    "S2035T",
    "mTOR S2035T: FKBP·rapamycin cannot take FRB",
    **{f"kon_FRB_{f.name}_{h.name}": 0.0 for f in (FKBP12, FKBP51) for h in (mTOR, mTORC1)},
)


def frb_binder(drug: FKBPLigand, affinity: Expr | None = None) -> Mechanism:
    """A drug on FKBP12: uptake, FKBP12 and FKBP51, and the FRB domain of mTOR outside mTORC2.

    ``affinity`` [1] is that to FKBP12 and FKBP51, relative to rapamycin; it divides the off-rates.
    """
    k_uptake = Parameter(f"k_{drug.name}_uptake", "1/min", f"exchange of {drug.name} between medium and cell")
    immunophilins = {FKBP12: drug.on_FKBP12, FKBP51: drug.on_FKBP51}
    return Mechanism.of(
        drug.name,
        __doc__,
        rules=[
            Change(f"{drug.name} enters", drug.in_medium() >> drug.in_cell(), k_uptake),
            Change(f"{drug.name} leaves", drug.in_cell() >> drug.in_medium(), k_uptake),
            *(
                Bind(
                    f"{fkbp.name} binds {drug.name}",
                    fkbp() + drug.in_cell() >> loaded(),
                    Parameter(f"kon_{fkbp.name}", "1/(nM*min)", f"rapamycin or a rapalog onto {fkbp.name}"),
                    _off(fkbp.name, affinity),
                )
                for fkbp, loaded in immunophilins.items()
            ),
            *(
                Bind(
                    f"{fkbp.name} {drug.name} takes FRB of {host.molecule.name}",
                    host.molecule(**host.asked, FRB="free") + loaded()
                    >> host.molecule(**host.asked, FRB=loaded),
                    Parameter(
                        f"kon_FRB_{fkbp.name}_{host.molecule.name}",
                        "1/(nM*min)",
                        f"{fkbp.name}·drug onto FRB of {host.molecule.name}",
                    ),
                    Parameter(f"koff_FRB_{fkbp.name}", "1/min", f"{fkbp.name}·drug off FRB"),
                )
                for host in (mTOR(fold="mature"), mTORC1())
                for fkbp, loaded in immunophilins.items()
            ),
            Change(
                "Rictor throws FKBP51 off mTOR",
                mTOR(fold="mature", FRB=drug.on_FKBP51) + Rictor_Sin1()
                >> mTORC2(S1261="u") + drug.on_FKBP51(),
                kon_mTORC2 * rho51,
            ),
        ],
        couplings=[Coupling(mTORC1(FRB=loaded), loosening) for loaded in immunophilins.values()],
        observables=[
            Observable(f"FKBP12_{drug.name}_free", drug.on_FKBP12().total, f"FKBP12·{drug.name} not on mTOR"),
            Observable(f"{drug.name}_in_medium", drug.in_medium().total, f"{drug.name} in the medium"),
        ],
        mutations=[S2035T],
    )


def _off(fkbp: str, affinity: Expr | None) -> Expr:
    rapamycin_off = Parameter(f"koff_{fkbp}", "1/min", f"rapamycin off {fkbp}")
    return rapamycin_off if affinity is None else rapamycin_off / affinity


def rapalog(drug: FKBPLigand) -> Mechanism:
    """A rapalog, with a relative affinity and an uptake of its own."""
    affinity = Parameter(
        f"affinity_{drug.name}", "1", f"affinity of {drug.name} to FKBPs, relative to rapamycin"
    )
    return frb_binder(drug, affinity)


def prodrug() -> Mechanism:
    """Temsirolimus: an ester that turns into rapamycin in the medium, and does nothing else here."""
    return Mechanism.of(
        "temsirolimus",
        prodrug.__doc__,
        rules=[
            Change("temsirolimus turns into rapamycin", temsirolimus_medium() >> rapamycin_medium(), k_ester)
        ],
    )


RAPAMYCIN_ITSELF = frb_binder(RAPAMYCIN)
TEMSIROLIMUS = prodrug()
ON_REQUEST: tuple[Mechanism, ...] = tuple(rapalog(d) for d in (EVEROLIMUS, RIDAFOROLIMUS, ZOTAROLIMUS))
