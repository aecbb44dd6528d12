"""Amino acids: Rag and Ragulator bring mTORC1 to the lysosome, where Rheb is.

Amino acids activate the Rag GTPases (RagA/B with RagC/D, one pool here) on Ragulator; active Rag
binds Raptor and holds mTORC1 at the lysosome [Sancak2008, Sancak2010]. Without amino acids Rag
inactivates, also under mTORC1, which lets go. Location, not the amino acids themselves, gates what
happens there.

Left out: leucine and glutamine as separate inputs (a later mechanism), GATOR and folliculin.
"""

from mtorkin.language import (
    Assignment,
    Bind,
    Change,
    Input,
    Mechanism,
    Observable,
    Parameter,
    hill,
    mutation,
)
from mtorkin.molecules import Rag, Ragulator, mTORC1

amino_acids = Input("amino_acids", "1", 1.0, "amino acids, relative to full medium")
K_amino_acids = Parameter("K_amino_acids", "1", "amino acids that half activate Ragulator")
k_on = Parameter("k_Rag_on", "1/min", "activation of Rag at full signal")
k_off = Parameter("k_Rag_off", "1/min", "inactivation of Rag without signal")
k_basal = Parameter("k_Rag_basal_off", "1/min", "inactivation of Rag at full signal")
k_arrive = Parameter("kon_lysosome", "1/(nM*min)", "active Rag onto mTORC1")
k_leave = Parameter("koff_lysosome", "1/min", "mTORC1 off active Rag")
k_drop = Parameter("k_lysosome_drop", "1/min", "inactivation of Rag under mTORC1, without signal")

signal = Assignment(
    "amino_acid_signal",
    "1",
    hill(amino_acids, K_amino_acids, 3),
    "share of full Rag activation that amino acids call for",
)

mechanism = Mechanism.of(
    "amino_acids",
    __doc__,
    rules=[
        Change(
            "amino acids activate Rag",
            Rag(state="inactive") >> Rag(state="active"),
            k_on * Ragulator * signal,
        ),
        Change(
            "Rag inactivates",
            Rag(state="active") >> Rag(state="inactive"),
            k_off * (1 - signal) + k_basal,
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
            k_drop * (1 - signal),
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
