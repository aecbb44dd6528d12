"""S6K and S6: mTORC1 phosphorylates S6K at T389, S6K phosphorylates ribosomal S6.

Raptor recruits S6K through its TOS motif, here in the Km. T389-P decays with a half-time of
minutes.

Left out: PDK1 on T229 (never limiting), S6K1 and S6K2 apart, RSK on S6 S235/236 (hence S240/244
only).
"""

from mtorkin.activities import S6K_active, mTORC1_on_S6K
from mtorkin.language import Change, Mechanism, Observable, Parameter, michaelis_menten, mutation
from mtorkin.molecules import S6, S6K

kcat_T389 = Parameter("kcat_S6K_T389", "1/min", "mTORC1 on S6K T389")
Km_T389 = Parameter("Km_S6K_T389", "nM", "S6K at which mTORC1 is half saturated")
k_T389_off = Parameter("k_S6K_T389_off", "1/min", "S6K T389 dephosphorylation")
kcat_S6 = Parameter("kcat_S6", "1/min", "S6K on S6 S240/244")
Km_S6 = Parameter("Km_S6", "nM", "S6 at which S6K is half saturated")
k_S6_off = Parameter("k_S6_off", "1/min", "S6 S240/244 dephosphorylation")

mechanism = Mechanism.of(
    "s6k",
    __doc__,
    rules=[
        Change(
            "mTORC1 phosphorylates S6K T389",
            S6K(T389="u") >> S6K(T389="p"),
            michaelis_menten(kcat_T389, mTORC1_on_S6K, Km_T389, S6K(T389="u").total),
        ),
        Change("T389 is dephosphorylated", S6K(T389="p") >> S6K(T389="u"), k_T389_off),
        Change(
            "S6K phosphorylates S6",
            S6(S240_244="u") >> S6(S240_244="p"),
            michaelis_menten(kcat_S6, S6K_active, Km_S6, S6(S240_244="u").total),
        ),
        Change("S6 is dephosphorylated", S6(S240_244="p") >> S6(S240_244="u"), k_S6_off),
    ],
    observables=[
        Observable("S6K_pT389", S6K(T389="p").total, "S6K1 T389 (p85 isoform T412)"),
        Observable("S6K_total", S6K().total, "S6K, all forms"),
        Observable("S6_pS240_244", S6(S240_244="p").total, "ribosomal protein S6 S240/244"),
    ],
    mutations=[
        mutation(
            "TOS",
            "TOS motif gone: Raptor recruits neither S6K nor 4E-BP1",
            Km_S6K_T389=100.0,
            Km_FourEBP1_T37_46=100.0,
            Km_FourEBP1_S65=100.0,
        )
    ],
)
