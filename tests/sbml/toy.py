"""A small network with one of everything that a file must say."""

from __future__ import annotations

from mtorkin.language import (
    Assignment,
    Bind,
    Change,
    Input,
    Make,
    Mechanism,
    Observable,
    Parameter,
    Remove,
    hill,
    michaelis_menten,
    molecule,
)
from mtorkin.language.molecule import NOTHING
from mtorkin.network import Network, assemble

DRUG_OUT = molecule("drug_medium", parts=("drug",), compartment="medium", dose="drug")
DRUG = molecule("drug", parts=("drug",))
KINASE = molecule("Kinase", sites={"pocket": ("free", DRUG)}, marks={"S10": ("u", "p")})
SUBSTRATE = molecule("Substrate", sites={"T5": ("u", "p")})

INSULIN = Input("insulin", "nM", 1.0, "insulin in the medium")
K = Parameter("K_insulin", "nM", 'insulin that half activates; "K" < its range')
K_UP = Parameter("k_uptake", "1/min", "exchange of drug")
K_OFF = Parameter("k_off", "1/min", "dephosphorylation")

DRIVE = Assignment("drive", "1", hill(INSULIN, K, 2), "share of receptors with insulin")

CELL = Mechanism.of(
    "kinase",
    """A kinase that insulin drives.

    It is made and decays.
    """,
    [
        Make("Kinase is made", KINASE(), Parameter("k_make", "nM/min", "synthesis")),
        Remove("Kinase decays", KINASE() >> NOTHING, Parameter("k_decay", "1/min", "decay")),
        Change(
            "Substrate T5 is phosphorylated",
            SUBSTRATE(T5="u") >> SUBSTRATE(T5="p"),
            michaelis_menten(
                Parameter("kcat", "1/min", "turnover"),
                KINASE(pocket="free").total * DRIVE,
                Parameter("Km", "nM", "half saturation"),
                SUBSTRATE(T5="u").total,
            ),
        ),
        Change("Substrate T5 loses its phosphate", SUBSTRATE(T5="p") >> SUBSTRATE(T5="u"), K_OFF),
        Change("S10 is phosphorylated", KINASE(S10="u") >> KINASE(S10="p"), K_OFF * DRIVE),
        Change("S10 loses its phosphate", KINASE(S10="p") >> KINASE(S10="u"), K_OFF),
    ],
    observables=[
        Observable("Substrate_pT5", SUBSTRATE(T5="p").total, "phosphorylated substrate"),
        Observable("Kinase_uS10", KINASE(S10="u").total, "kinase without S10-P"),
    ],
)
MEDICINE = Mechanism.of(
    "drug",
    "A drug in the medium.",
    [
        Change("drug enters", DRUG_OUT() >> DRUG(), K_UP),
        Change("drug leaves", DRUG() >> DRUG_OUT(), K_UP),
        Bind(
            "drug takes the pocket",
            KINASE(pocket="free") + DRUG() >> KINASE(pocket=DRUG),
            Parameter("kon", "1/(nM*min)", "drug onto Kinase"),
            Parameter("koff", "1/min", "drug off Kinase"),
        ),
    ],
    observables=[Observable("drug_in_cell", DRUG().total + KINASE(pocket=DRUG).total, "drug, free or bound")],
)

VALUES = {
    "K_insulin": 2.0,
    "k_uptake": 0.3,
    "k_off": 0.2,
    "k_make": 0.5,
    "k_decay": 0.01,
    "kcat": 0.4,
    "Km": 15.0,
    "kon": 0.02,
    "koff": 0.05,
    "Kinase_abundance": 40.0,
    "Substrate_abundance": 100.0,
}


def network() -> Network:
    """The network of both mechanisms."""
    return assemble([CELL, MEDICINE])
