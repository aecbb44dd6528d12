"""Every molecule of the model: its sites, what may sit on them, and its UniProt id.

Read a line as a sentence: mTOR is nascent or mature; its FRB domain is free or holds FKBP12 or
FKBP51 with rapamycin or a rapalog (a drug that no mechanism brings makes no species); it may bear a
phosphate on S1261 and may have mLST8 on its kinase domain. Sites are structural (they decide the
pool) unless listed under ``marks`` (carried as ledgers).

Isoforms are lumped (Akt1-3, S6K1/2, 4E-BP1/2, RagA/B with RagC/D, insulin and IGF-1 receptor), and
the obligate dimers of both complexes are counted as protomers.
"""

from __future__ import annotations

from dataclasses import dataclass

from mtorkin.language import Molecule, Parameter, Value, join, molecule

PHOSPHO = ("u", "p")

# -- receptor, PI3K, Akt -----------------------------------------------------------------------
IR = molecule("IR", sites={"Y": PHOSPHO}, uniprot=("P06213", "P08069"))
IRS = molecule("IRS", sites={"at": ("u", "pY", "pS636")}, uniprot=("P35568", "Q9Y4H2"))
PI3K = molecule("PI3K", sites={"ATP_site": ("free", "wortmannin")}, uniprot=("P42336", "P27986"))
PIP = molecule("PIP", sites={"head": ("PIP2", "PIP3")})
Akt = molecule("Akt", sites={"T308": PHOSPHO, "S473": PHOSPHO}, uniprot=("P31749", "P31751", "Q9Y243"))

# -- TSC, Rheb, energy -------------------------------------------------------------------------
TSC1 = molecule("TSC1", uniprot=("Q92574",))
TSC2 = molecule(
    "TSC2",
    sites={"acetyl": ("u", "ac")},
    marks={"T1462": PHOSPHO, "S1387": PHOSPHO, "S1341": PHOSPHO, "TSC1": ("free", TSC1)},
    joint=[("S1387", "S1341")],
    uniprot=("P49815",),
)
Rheb = molecule("Rheb", sites={"nucleotide": ("GDP", "GTP")}, uniprot=("Q15382",))
AMPK = molecule("AMPK", sites={"T172": PHOSPHO}, uniprot=("Q13131", "P54646"))
NAD = molecule("NAD")

# -- stress: made when needed, decays by itself ------------------------------------------------
ROS = molecule("ROS")
HIF1 = molecule("HIF1", uniprot=("Q16665",))
REDD = molecule("REDD", uniprot=("Q9NX09", "Q96D03"))
p53 = molecule("p53", uniprot=("P04637",))
Sestrin12 = molecule("Sestrin12", uniprot=("Q9Y6P5", "P58004"))
Sestrin3 = molecule("Sestrin3", uniprot=("P58005",))
GADD34 = molecule("GADD34", uniprot=("O75807",))

# -- drugs and the immunophilins ---------------------------------------------------------------
FKBP12 = molecule("FKBP12", uniprot=("P62942",))
FKBP51 = molecule("FKBP51", uniprot=("Q13451",))


@dataclass(frozen=True)
class FKBPLigand:
    """A drug of the kind of rapamycin: the molecules that it is in medium and cell, and on FKBPs."""

    name: str
    in_medium: Molecule
    in_cell: Molecule
    on_FKBP12: Molecule
    on_FKBP51: Molecule


def fkbp_ligand(name: str) -> FKBPLigand:
    """Declare the molecules of a drug of the kind of rapamycin."""
    cell = molecule(name)
    return FKBPLigand(
        name,
        molecule(f"{name}_medium", parts=(name,), compartment="medium", dose=name),
        cell,
        join(f"FKBP12_{name}", FKBP12, cell),
        join(f"FKBP51_{name}", FKBP51, cell),
    )


FKBP_LIGANDS = tuple(map(fkbp_ligand, ("rapamycin", "everolimus", "ridaforolimus", "zotarolimus")))
RAPAMYCIN, EVEROLIMUS, RIDAFOROLIMUS, ZOTAROLIMUS = FKBP_LIGANDS
ON_FRB = tuple(held for drug in FKBP_LIGANDS for held in (drug.on_FKBP12, drug.on_FKBP51))
rapamycin_medium, rapamycin = RAPAMYCIN.in_medium, RAPAMYCIN.in_cell
FKBP12_rapamycin, FKBP51_rapamycin = RAPAMYCIN.on_FKBP12, RAPAMYCIN.on_FKBP51
temsirolimus_medium = molecule(
    "temsirolimus_medium", parts=("rapamycin",), compartment="medium", dose="temsirolimus"
)
wortmannin = molecule("wortmannin", compartment="medium", dose="wortmannin")
mTOR_pocket = molecule("mTOR_pocket", sites={"ATP_site": ("free", "wortmannin")})

# -- what sits on the complexes ----------------------------------------------------------------
Rag = molecule("Rag", sites={"state": ("inactive", "active")}, uniprot=("Q7L523", "Q9HB90"))
mLST8 = molecule("mLST8", uniprot=("Q9BVC4",))
PRAS40 = molecule("PRAS40", sites={"T246": PHOSPHO, "S183": PHOSPHO}, uniprot=("Q96B36",))
FKBP38 = molecule("FKBP38", sites={"partner": ("none", "Rheb")}, uniprot=("Q14318",))
DEPTOR = molecule("DEPTOR", uniprot=("Q8TB45",))
Protor = molecule("Protor", uniprot=("P85299", "Q6MZQ0"))
Raptor = molecule("Raptor", marks={"S792": PHOSPHO}, uniprot=("Q8N122",))
Rictor = molecule("Rictor", marks={"T1135": PHOSPHO}, uniprot=("Q6R327",))
Sin1 = molecule("Sin1", uniprot=("Q9BPZ7",))
Rictor_Sin1 = join("Rictor_Sin1", Rictor, Sin1)

# -- mTOR and its two complexes ----------------------------------------------------------------
mTOR = molecule(
    "mTOR",
    sites={"fold": ("nascent", "mature"), "FRB": ("free", *ON_FRB)},
    marks={"S1261": PHOSPHO, "mLST8": ("absent", mLST8)},
    uniprot=("P42345",),
)
mTORC1 = join(
    "mTORC1",
    mTOR,
    Raptor,
    without=("fold",),
    sites={"at": ("cytosol", Value("lysosome", Rag(state="active")))},
    marks={
        "S2481": PHOSPHO,
        "T2446": PHOSPHO,
        "S2448": PHOSPHO,
        "PRAS40": ("free", PRAS40),
        "DEPTOR": ("free", DEPTOR),
        "FKBP38": ("free", FKBP38(partner="none")),
    },
    joint=[("S1261", "S2481"), ("T2446", "S2448")],
)
mTORC2 = join(
    "mTORC2",
    mTOR,
    Rictor_Sin1,
    without=("fold", "FRB"),
    sites={"mLST8": ("absent", mLST8)},
    marks={
        "S2481": PHOSPHO,
        "T2446": PHOSPHO,
        "S2448": PHOSPHO,
        "DEPTOR": ("free", DEPTOR),
        "Protor": ("free", Protor),
    },
    joint=[("S1261", "S2481"), ("T2446", "S2448")],
)

# -- substrates --------------------------------------------------------------------------------
S6K = molecule("S6K", sites={"T389": PHOSPHO}, uniprot=("P23443", "Q9UBS0"))
S6 = molecule("S6", sites={"S240_244": PHOSPHO}, uniprot=("P62753",))
eIF4E = molecule("eIF4E", uniprot=("P06730",))
FourEBP1 = molecule(
    "FourEBP1",
    sites={"phospho": ("none", "T37_46", "T37_46_S65"), "eIF4E": ("free", eIF4E)},
    uniprot=("Q13541", "Q13542"),
)
SGK1 = molecule("SGK1", sites={"S422": PHOSPHO}, uniprot=("O00141",))
PKCa = molecule("PKCa", sites={"S657": PHOSPHO}, uniprot=("P17252",))
Rac1 = molecule("Rac1", sites={"nucleotide": ("GDP", "GTP")}, uniprot=("P63000",))
FOXO = molecule("FOXO", sites={"at": ("nucleus", "cytosol")}, uniprot=("Q12778", "O43524"))
GSK3 = molecule("GSK3", sites={"S9": PHOSPHO}, uniprot=("P49840", "P49841"))

GRB10 = molecule("GRB10", sites={"S501_503": PHOSPHO}, uniprot=("Q13322",))

# -- what a scanner and a growth curve see -----------------------------------------------------
TK1 = molecule("TK1", uniprot=("P04183",))
HK2 = molecule("HK2", uniprot=("P52789",))
cycling = molecule("cycling", sites={"state": ("in_cycle", "resting")})


def level(name: str) -> Parameter:
    """A protein that acts in proportion to its dose and has no states: its level, 1 in the generic cell."""
    return Parameter(f"{name}_abundance", "1", f"level of {name}, relative to the generic cell")


PTEN, PDK1, LKB1, Tel2, FBXW7 = map(level, ("PTEN", "PDK1", "LKB1", "Tel2", "FBXW7"))
Ragulator, KSR2, SIRT1, ATM = map(level, ("Ragulator", "KSR2", "SIRT1", "ATM"))
ARD1, LAT1 = map(level, ("ARD1", "LAT1"))
