"""The four phosphorylation sites of mTOR: S1261, T2446, S2448 and S2481.

S1261 (HEAT) follows insulin in both complexes; on mTORC1 through Rheb, with amino acids, whether or
not there is rapamycin or mTOR activity, and it raises what mTORC1 does, S2481 most of all
[AcostaJaquez2009]. Its kinase is unknown: a first-order rate. That PIP3 drives it on mTORC2, and that
amino acids act by bringing mTORC1 to the lysosome, are assumptions. T2446 (AMPK [Cheng2004]) and
S2448 (S6K [Chiang2005]) exclude each other, and neither is known to act. S2481 is autophosphorylated
in cis by each complex, in proportion to the activity of that very complex: this is why it looks
insensitive to short rapamycin in whole lysates (mTORC2 carries most of it), is lost on mTORC1 at once
and on mTORC2 with mTORC2 [Copp2009, Soliman2010]. Sites on free mTOR other than S1261 are
dephosphorylated in minutes, so free mTOR carries none [Copp2009].

Left out: any function of T2446, S2448 and S2481 (none is established).
"""

from mtorkin.activities import (
    Rheb_GTP,
    S6K_active,
    lysosomal_share,
    mTORC1_auto,
    mTORC1_kinase_on,
    mTORC2_auto,
    mTORC2_kinase_on,
    mTORC2_PIP3,
)
from mtorkin.language import Change, Expr, Mechanism, Observable, Parameter, Pattern, hill, mutation
from mtorkin.molecules import AMPK, mTOR, mTORC1, mTORC2

k_S1261 = Parameter("k_mTOR_S1261", "1/min", "S1261 phosphorylation, fully driven")
k_S1261_off = Parameter("k_mTOR_S1261_off", "1/min", "S1261 dephosphorylation")
K_Rheb = Parameter("K_Rheb_S1261", "nM", "Rheb-GTP that half drives S1261")
k_T2446 = Parameter("k_mTOR_T2446", "1/(nM*min)", "AMPK on T2446")
k_T2446_off = Parameter("k_mTOR_T2446_off", "1/min", "T2446 dephosphorylation")
k_S2448 = Parameter("k_mTOR_S2448", "1/(nM*min)", "S6K on S2448 of mTORC1")
w_S2448 = Parameter("w_S2448_mTORC2", "1", "S6K on S2448 of mTORC2, to that on mTORC1")
k_S2448_off = Parameter("k_mTOR_S2448_off", "1/min", "S2448 dephosphorylation")
k_auto1 = Parameter("k_auto_mTORC1", "1/min", "autophosphorylation of fully active mTORC1 on S2481")
k_auto2 = Parameter("k_auto_mTORC2", "1/min", "autophosphorylation of fully active mTORC2 on S2481")
k_S2481_off = Parameter("k_mTOR_S2481_off", "1/min", "S2481 dephosphorylation")

outside_mTORC2 = k_S1261 * hill(Rheb_GTP, K_Rheb, 2) * lysosomal_share
in_mTORC2 = k_S1261 * mTORC2_PIP3 * lysosomal_share


def site(name: str, host: Pattern, k_on: Expr, k_off: Expr, **others: str) -> list[Change]:
    """Phosphorylation and dephosphorylation of one site in one place."""
    m, where = host.molecule, host.asked
    return [
        Change(
            f"{name} of {m.name} is phosphorylated",
            m(**where, **others, **{name: "u"}) >> m(**where, **{name: "p"}),
            k_on,
        ),
        Change(
            f"{name} of {m.name} is dephosphorylated",
            m(**where, **{name: "p"}) >> m(**where, **{name: "u"}),
            k_off,
        ),
    ]


def seen(site: str, meaning: str, *hosts: object) -> list[Observable]:
    """A site in the whole lysate and in an IP of either complex."""
    one, two = mTORC1(**{site: "p"}).total, mTORC2(**{site: "p"}).total
    elsewhere = mTOR(S1261="p").total if site == "S1261" else 0.0
    return [
        Observable(f"mTOR_p{site}", one + two + elsewhere, f"mTOR {site}, {meaning}"),
        Observable(f"mTOR_p{site}_in_mTORC1", one, f"mTOR {site} in a Raptor IP"),
        Observable(f"mTOR_p{site}_in_mTORC2", two, f"mTOR {site} in a Rictor IP"),
    ]


mechanism = Mechanism.of(
    "sites",
    __doc__,
    rules=[
        *site("S1261", mTOR(fold="mature"), outside_mTORC2, k_S1261_off),
        *site("S1261", mTORC1(), outside_mTORC2, k_S1261_off),
        *site("S1261", mTORC2(), in_mTORC2, k_S1261_off),
        *site("T2446", mTORC1(), k_T2446 * AMPK(T172="p").total, k_T2446_off, S2448="u"),
        *site("T2446", mTORC2(), k_T2446 * AMPK(T172="p").total, k_T2446_off, S2448="u"),
        *site("S2448", mTORC1(), k_S2448 * S6K_active, k_S2448_off, T2446="u"),
        *site("S2448", mTORC2(), k_S2448 * w_S2448 * S6K_active, k_S2448_off, T2446="u"),
        *site("S2481", mTORC1(), k_auto1 * mTORC1_auto.own * mTORC1_kinase_on, k_S2481_off),
        *site("S2481", mTORC2(), k_auto2 * mTORC2_auto.own * mTORC2_kinase_on, k_S2481_off),
    ],
    observables=[
        *seen("S1261", "HEAT domain, all mTOR"),
        *seen("T2446", "by AMPK"),
        *seen("S2448", "by S6K"),
        *seen("S2481", "autophosphorylation"),
    ],
    mutations=[
        mutation("S1261A", "mTOR S1261A", k_mTOR_S1261=0.0),
        mutation("T2446A", "mTOR T2446A", k_mTOR_T2446=0.0),
        mutation("S2448A", "mTOR S2448A", k_mTOR_S2448=0.0),
        mutation("S2481A", "mTOR S2481A", k_auto_mTORC1=0.0, k_auto_mTORC2=0.0),
    ],
)
