"""Amino acids: Rag and Ragulator bring mTORC1 to the lysosome, where Rheb is.

Amino acids activate the Rag GTPases (RagA/B with RagC/D, one pool here) on Ragulator; active Rag
binds Raptor and holds mTORC1 at the lysosome [Sancak2008, Sancak2010]. Without amino acids Rag
inactivates, also under mTORC1, which lets go. Location, not the amino acids themselves, gates what
happens there.

Glutamine leaves the cell in exchange for leucine, so that leucine acts only where glutamine is
[Nicklin2009].

Left out: GATOR, Sestrin2 and CASTOR as sensors, folliculin; glutamine's own way to the lysosome.
"""

from mtorkin.activities import amino_acid_signal, stress_signal
from mtorkin.language import (
    Bind,
    Change,
    Contribution,
    Mechanism,
    Observable,
    Parameter,
    mutation,
)
from mtorkin.molecules import Rag, Ragulator, mTORC1

k_on = Parameter("k_Rag_on", "1/min", "activation of Rag at full signal")
k_off = Parameter("k_Rag_off", "1/min", "inactivation of Rag without signal")
k_basal = Parameter("k_Rag_basal_off", "1/min", "inactivation of Rag at full signal")
k_arrive = Parameter("kon_lysosome", "1/(nM*min)", "active Rag onto mTORC1")
k_leave = Parameter("koff_lysosome", "1/min", "mTORC1 off active Rag")
k_drop = Parameter("k_lysosome_drop", "1/min", "inactivation of Rag under mTORC1, without signal")

w_stress = Parameter("g_stress_amino_acids", "1", "stress of a cell without amino acids")

mechanism = Mechanism.of(
    "amino_acids",
    __doc__,
    rules=[
        Change(
            "amino acids activate Rag",
            Rag(state="inactive") >> Rag(state="active"),
            k_on * Ragulator * amino_acid_signal,
        ),
        Change(
            "Rag inactivates",
            Rag(state="active") >> Rag(state="inactive"),
            k_off * (1 - amino_acid_signal) + k_basal,
        ),
        Bind(
            "Rag holds mTORC1 at the lysosome",
            mTORC1(at="cytosol") + Rag(state="active") >> mTORC1(at="lysosome"),
            k_arrive,
            k_leave,
        ),
        Change(
            "Rag inactivates under mTORC1",
            mTORC1(at="lysosome") >> mTORC1(at="cytosol") + Rag(state="inactive"),
            k_drop * (1 - amino_acid_signal),
        ),
    ],
    observables=[
        Observable("mTORC1_lysosomal", mTORC1(at="lysosome").total, "mTORC1 on the lysosome"),
        Observable(
            "Rag_active",
            Rag(state="active").total + mTORC1(at="lysosome").total,
            "active Rag, free or bound",
        ),
    ],
    contributions=[Contribution(stress_signal, w_stress * (1 - amino_acid_signal))],
    mutations=[
        mutation(
            "RagGTP",
            "RagA Q66L: Rag does not inactivate",
            k_Rag_off=0.0,
            k_Rag_basal_off=0.0,
            k_lysosome_drop=0.0,
        )
    ],
)
