"""Every drug that the model knows: its names, class, targets, and the mechanism that brings it.

Molar masses are of the free base or acid, from the formula. Volumes are apparent ones (V/F) with
which one compartment, or the central one of two, has the levels that are reported; they are
remembered or assumed, like the rates in `parameters/pharmacokinetics.tsv`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mtorkin.language import Mechanism
from mtorkin.mechanisms import pharmacokinetics as pk
from mtorkin.mechanisms.drugs import atp_site, rapalogs, wortmannin

MTOR, DUAL = "mTORC1, mTORC2 (PI3K at high doses)", "PI3K, mTORC1, mTORC2"
FRB = "FKBP12 and FKBP51, then FRB of mTOR"
ATP_SITE, ON_FKBP, COVALENT, TOOL = "ATP site of mTOR", "FKBP12 and FRB", "covalent", "tool compound"
DUAL_SITE, KINETICS = "ATP site of PI3K and mTOR", "pharmacokinetics"


@dataclass(frozen=True)
class Drug:
    """One row of the catalogue.

    ``molar_mass`` [g/mol]; ``litres``: apparent volume of blood over which a dose in mg spreads (of a
    mouse: per kg, for a dose in mg per kg), for those that are given to a subject; ``reaches``: the
    drug that acts on the cells, where it is another.
    """

    mechanism: Mechanism
    kind: str
    targets: str
    also: tuple[str, ...] = ()
    molar_mass: float | None = None
    note: str = ""
    reaches: str = ""
    litres: float | None = None

    @property
    def name(self) -> str:
        """The id by which a period sets it."""
        return self.mechanism.name


EVEROLIMUS, RIDAFOROLIMUS, ZOTAROLIMUS = rapalogs.ON_REQUEST
RAPAMYCIN_MASS, EVEROLIMUS_MASS, TEMSIROLIMUS_MASS = 914.2, 958.2, 1030.3

ON_TARGET = (
    Drug(rapalogs.RAPAMYCIN_ITSELF, ON_FKBP, FRB, ("sirolimus", "Rapamune"), RAPAMYCIN_MASS),
    Drug(EVEROLIMUS, ON_FKBP, FRB, ("RAD001", "Afinitor"), EVEROLIMUS_MASS),
    Drug(
        rapalogs.TEMSIROLIMUS,
        ON_FKBP,
        "rapamycin's, as rapamycin",
        ("CCI-779", "Torisel"),
        TEMSIROLIMUS_MASS,
        "a prodrug: acts through the rapamycin that it turns into",
        reaches="rapamycin",
    ),
    Drug(RIDAFOROLIMUS, ON_FKBP, FRB, ("deforolimus", "AP23573", "MK-8669"), 990.2),
    Drug(ZOTAROLIMUS, ON_FKBP, FRB, ("ABT-578",), 966.2),
    Drug(atp_site.TORIN1, ATP_SITE, MTOR, ("Torin 1",), 607.6),
    Drug(atp_site.PP242, ATP_SITE, MTOR, ("torkinib",), 308.3),
    Drug(atp_site.PP30, ATP_SITE, MTOR),
    Drug(atp_site.KU_0063794, ATP_SITE, MTOR, ("Ku-0063794",), 465.5),
    Drug(atp_site.WAY_600, ATP_SITE, MTOR, ("WAY-600",), 494.6),
    Drug(atp_site.WYE_687, ATP_SITE, MTOR, ("WYE-687",), 528.6),
    Drug(atp_site.WYE_354, ATP_SITE, MTOR, ("WYE-354",), 495.5),
    Drug(atp_site.CC_223, ATP_SITE, MTOR, ("CC-223", "onatasertib"), 397.5),
    Drug(atp_site.BEZ235, DUAL_SITE, DUAL, ("NVP-BEZ235", "dactolisib"), 469.5),
    Drug(atp_site.PI_103, DUAL_SITE, DUAL, ("PI-103",), 348.4),
    Drug(wortmannin.mechanism, COVALENT, "PI3K; mTOR more slowly", (), 428.4, "decays in the medium"),
    Drug(atp_site.PI3K_INHIBITOR, TOOL, "PI3K", note="potency is nominal; for the likes of pictilisib"),
    Drug(
        atp_site.AKT_INHIBITOR,
        TOOL,
        "Akt",
        note="potency is nominal; allosteric, for the likes of MK-2206: both sites of Akt are lost",
    ),
    Drug(atp_site.S6K_INHIBITOR, TOOL, "S6K", note="potency is nominal; for the likes of PF-4708671"),
)
IN_A_SUBJECT = (
    Drug(
        pk.RAPAMYCIN_HUMAN,
        KINETICS,
        "rapamycin in people, by mouth",
        molar_mass=RAPAMYCIN_MASS,
        reaches="rapamycin",
        litres=840.0,
    ),
    Drug(
        pk.RAPAMYCIN_MOUSE,
        KINETICS,
        "rapamycin in mice, by mouth",
        molar_mass=RAPAMYCIN_MASS,
        note="dose in mg per kg",
        reaches="rapamycin",
        litres=5.0,
    ),
    Drug(
        pk.EVEROLIMUS_HUMAN,
        KINETICS,
        "everolimus in people, by mouth",
        molar_mass=EVEROLIMUS_MASS,
        reaches="everolimus",
        litres=150.0,
    ),
    Drug(
        pk.EVEROLIMUS_MOUSE,
        KINETICS,
        "everolimus in mice, by mouth",
        molar_mass=EVEROLIMUS_MASS,
        note="dose in mg per kg",
        reaches="everolimus",
        litres=5.0,
    ),
    Drug(
        pk.TEMSIROLIMUS_HUMAN,
        KINETICS,
        "temsirolimus in people, into a vein",
        molar_mass=TEMSIROLIMUS_MASS,
        note="reaches the tumour as rapamycin",
        reaches="rapamycin",
        litres=400.0,
    ),
)
CATALOGUE: tuple[Drug, ...] = (*ON_TARGET, *IN_A_SUBJECT)


def by_name(drugs: Iterable[Drug] = CATALOGUE) -> dict[str, Drug]:
    """Return the drugs by every name they go by, in lower case."""
    return {name.lower(): d for d in drugs for name in (d.name, *d.also)}
