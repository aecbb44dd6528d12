"""Shared activities: what one mechanism says and others act through.

Each is a named assignment, the same in equations, exports and docs. The activity of mTORC1 toward a
substrate multiplies what each site of the complex leaves of it; the weights differ between
substrates only in what FKBP·rapamycin leaves (substrate quality, Kang2013): little for S6K, half
for 4E-BP1 T37/46.

A drug in the ATP pocket of a kinase is in rapid equilibrium and far in excess of its target, so
that it enters as a load, the sum over drugs of concentration / Ki; the drugs' mechanisms contribute
to it.
"""

from __future__ import annotations

from collections.abc import Mapping

from mtorkin.language import (
    POOL_FLOOR,
    Assignment,
    Expr,
    Input,
    Load,
    Parameter,
    Weight,
    blend,
    hill,
    inhibited,
    saturating,
    weight,
)
from mtorkin.molecules import (
    ATM,
    FOXO,
    GSK3,
    ON_FRB,
    PIP,
    S6,
    S6K,
    TSC1,
    TSC2,
    Akt,
    Rheb,
    eIF4E,
    mTORC1,
    mTORC2,
)

P = Parameter

# -- loads of ATP-site and tool drugs ----------------------------------------------------------
mTORC1_load = Load("mTORC1_ATP_load", "1", "drugs in the ATP pocket of mTORC1, in units of their Ki")
mTORC2_load = Load("mTORC2_ATP_load", "1", "drugs in the ATP pocket of mTORC2, in units of their Ki")
PI3K_load = Load("PI3K_ATP_load", "1", "drugs in the ATP pocket of PI3K, in units of their Ki")
S6K_load = Load("S6K_ATP_load", "1", "inhibitors of S6K, in units of their Ki")
# allosteric: Akt that is bound is neither active nor phosphorylated, as MK-2206 and AKTi-1/2 do; an
# inhibitor in its ATP pocket would leave it phosphorylated
Akt_load = Load("Akt_load", "1", "allosteric inhibitors of Akt, in units of their Ki")


# -- what mechanisms add to, each from its own file; 0 where none does --------------------------
PI3K_recruited = Load("PI3K_recruited", "1", "PI3K active without IRS, as a share of full docking")
receptor_brake = Load("receptor_brake", "1", "brakes on the receptor's hold on IRS, in units of their K")
TSC2_freed = Load("TSC2_freed", "1", "what takes 14-3-3 off TSC2 T1462-P, in units of its K")
TSC2_phosphatase = Load("TSC2_phosphatase", "1", "T1462 phosphatase brought to TSC2, to the basal one")
LKB1_deacetylated = Load("LKB1_deacetylated", "1", "activity of LKB1 that its deacetylation adds")
LKB1_boost = Load("LKB1_boost", "1", "activity of LKB1 that damage adds, in units of that without")
AMPK_drive = Load("AMPK_drive", "1", "what makes AMPK a substrate of LKB1: 1 equals no glucose")
REDD_induction = Load("REDD_induction", "1", "transcription of REDD beyond the basal one")
p53_induction = Load("p53_induction", "1", "stabilisation of p53 beyond the basal one")
FOXO_recall = Load("FOXO_recall", "1", "return of FOXO to the nucleus beyond the basal one")
Rictor_induction = Load("Rictor_induction", "1", "transcription of Rictor beyond the basal one")
ROS_sources = Load("ROS_sources", "1", "production of ROS beyond the basal one")
ROS_clearance = Load("ROS_clearance", "1", "removal of ROS beyond the basal one")
stress_signal = Load("stress_signal", "1", "all stresses that a cell answers with GADD34: 1 is strong")
Wnt_load = Load("Wnt_load", "1", "inhibitors of GSK3 other than Akt, in units of their K")


def left_by(load: Load) -> Expr:
    """Return the share [1] of a kinase that a load leaves: ``1 / (1 + load)``."""
    return 1 / (1 + load)


# -- Akt ---------------------------------------------------------------------------------------
w_Akt_T308 = P("w_Akt_T308", "1", "activity of Akt with T308 alone, to that with both sites")
w_Akt_S473 = P("w_Akt_S473", "1", "activity of Akt with S473 alone, to that with both sites")
w_Akt_T308_FOXO = P("w_Akt_T308_FOXO", "1", "the same toward FOXO, which needs S473")
Akt_active = Assignment(
    "Akt_active",
    "nM",
    (
        Akt(T308="p", S473="p").total
        + w_Akt_T308 * Akt(T308="p", S473="u").total
        + w_Akt_S473 * Akt(T308="u", S473="p").total
    )
    * left_by(Akt_load),
    "Akt acting on TSC2, PRAS40 and GSK3",
)
Akt_active_FOXO = Assignment(
    "Akt_active_FOXO",
    "nM",
    (Akt(T308="p", S473="p").total + w_Akt_T308_FOXO * Akt(T308="p", S473="u").total) * left_by(Akt_load),
    "Akt acting on FOXO",
)

# -- nutrients and energy ----------------------------------------------------------------------
amino_acids = Input("amino_acids", "1", 1.0, "amino acids, relative to full medium")
leucine = Input("leucine", "1", 1.0, "leucine, relative to full medium; multiplies amino_acids")
glutamine = Input("glutamine", "1", 1.0, "glutamine, relative to full medium; brings leucine in")
K_amino_acids = P("K_amino_acids", "1", "amino acids that half activate Ragulator")
K_glutamine = P("K_glutamine", "1", "glutamine that half supports the import of leucine")
amino_acid_signal = Assignment(
    "amino_acid_signal",
    "1",
    hill(amino_acids * leucine * saturating(glutamine, K_glutamine) * (1 + K_glutamine), K_amino_acids, 3),
    "share of full Rag activation that amino acids call for",
)
glucose = Input("glucose", "1", 1.0, "glucose, relative to full medium")
energy_stress = Input("energy_stress", "1", 0.0, "AICAR or 2-deoxyglucose: 1 equals no glucose")
K_glucose = P("K_glucose", "1", "glucose at which half of the energy shortage is felt")
energy_shortage = Assignment(
    "energy_shortage",
    "1",
    1 - hill(glucose, K_glucose, 2) + energy_stress,
    "lack of ATP that AMPK senses: 0 with ample glucose, 1 without",
)

# -- damage, FOXO, GSK3 ------------------------------------------------------------------------
ATM_alarm = Load("ATM_alarm", "1", "damage that ATM senses, in units of what half activates it")
ATM_active = Assignment("ATM_active", "1", ATM * ATM_alarm / (1 + ATM_alarm), "active ATM, as a share")
FOXO_share = Assignment(
    "FOXO_nuclear_share",
    "1",
    FOXO(at="nucleus").total / (FOXO().total + POOL_FLOOR),
    "share of FOXO in the nucleus",
)
w_S9 = P("w_GSK3_S9", "1", "activity of GSK3 with S9-P, to that without", at_most=1.0)
_GSK3 = weight("GSK3_free", GSK3, "GSK3 that Akt has left active", S9={"p": w_S9})
GSK3_active = Assignment(
    "GSK3_active",
    "1",
    _GSK3.total / (GSK3().total + POOL_FLOOR) * left_by(Wnt_load),
    "active GSK3, as a share",
)

# -- translation -------------------------------------------------------------------------------
w_S6 = P("w_translation_S6", "1", "part of translation that follows S6, not eIF4E", at_most=1.0)
K_eIF4E = P("K_translation_eIF4E", "nM", "free eIF4E that half drives translation")
translation = Assignment(
    "translation_index",
    "1",
    (1 - w_S6) * saturating(eIF4E().total, K_eIF4E)
    + w_S6 * (S6(S240_244="p").total / (S6().total + POOL_FLOOR)),
    "cap-dependent translation",
)

# -- Rheb and location -------------------------------------------------------------------------
Rheb_GTP = Rheb(nucleotide="GTP").total
Rheb_drive = Assignment(
    "Rheb_drive",
    "1",
    hill(Rheb_GTP, P("K_Rheb_mTORC1", "nM", "Rheb-GTP that half activates mTORC1"), 3),
    "share of mTORC1 that Rheb-GTP has switched on",
)
lysosomal_share = Assignment(
    "mTORC1_lysosomal_share",
    "1",
    mTORC1(at="lysosome").total / (mTORC1().total + POOL_FLOOR),
    "share of mTORC1 that sits on the lysosome",
)

# -- mTORC1 ------------------------------------------------------------------------------------
w_cytosol = P("w_mTORC1_cytosol", "1", "activity of mTORC1 away from the lysosome, to that on it")
e_PRAS40 = P("e_PRAS40", "1", "share of mTORC1 activity that PRAS40 takes", at_most=1.0)
e_DEPTOR_mTORC1 = P("e_DEPTOR_mTORC1", "1", "share of mTORC1 activity that DEPTOR takes", at_most=1.0)
e_S792 = P("e_S792", "1", "share of mTORC1 activity that Raptor S792-P takes", at_most=1.0)
e_mLST8 = P("eta_mLST8", "1", "share of mTORC1 activity that is lost without mLST8", at_most=1.0)
s_S1261 = P("s_S1261", "1", "activity of mTORC1 without S1261-P, to that with it")
a_S1261 = P("a_S1261", "1", "autophosphorylation without S1261-P, to that with it, at equal activity")
e_FKBP38 = P("e_FKBP38", "1", "share of mTORC1 activity that FKBP38 takes", at_most=1.0)
mTOR_kinase = P("mTOR_kinase", "1", "activity of the kinase domain of mTOR: 0 is kinase-dead", at_most=1.0)
mTORC1_kinase_on = Assignment(
    "mTORC1_kinase_on",
    "1",
    mTOR_kinase * Rheb_drive * left_by(mTORC1_load),
    "what Rheb-GTP and drugs in the ATP pocket leave of mTORC1",
)


def _mTORC1_weight(substrate: str, S1261: Expr = s_S1261) -> Weight:
    """mTORC1 as a kinase for one substrate; ``r`` is what FKBP·rapamycin (or rapalog) leaves toward it."""
    r = P(
        f"r_{substrate}",
        "1",
        f"activity of mTORC1·FKBP·rapamycin toward {substrate}, to that without",
    )
    return weight(
        f"mTORC1_for_{substrate}",
        mTORC1,
        f"mTORC1 able to phosphorylate {substrate}, before Rheb and ATP-site drugs",
        FRB={held.name: r for held in ON_FRB},
        at={"cytosol": w_cytosol},
        PRAS40={"PRAS40": 1 - e_PRAS40},
        DEPTOR={"DEPTOR": 1 - e_DEPTOR_mTORC1},
        FKBP38={"FKBP38": 1 - e_FKBP38},
        S792={"p": 1 - e_S792},
        mLST8={"absent": 1 - e_mLST8},
        S1261={"u": S1261},
    )


def _mTORC1_activity(substrate: str) -> Assignment:
    total = _mTORC1_weight(substrate).total
    return Assignment(
        f"mTORC1_activity_{substrate}",
        "nM",
        total * mTORC1_kinase_on,
        f"mTORC1 acting on {substrate}",
    )


mTORC1_on_S6K = _mTORC1_activity("S6K")
mTORC1_on_T37_46 = _mTORC1_activity("T37_46")
mTORC1_on_S65 = _mTORC1_activity("S65")
mTORC1_on_PRAS40 = _mTORC1_activity("PRAS40")
mTORC1_auto = _mTORC1_weight("S2481", s_S1261 * a_S1261)

# -- mTORC2 ------------------------------------------------------------------------------------
e_DEPTOR_mTORC2 = P("e_DEPTOR_mTORC2", "1", "share of mTORC2 activity that DEPTOR takes", at_most=1.0)
e_T1135 = P("e_T1135", "1", "share of mTORC2 activity toward Akt that Rictor T1135-P takes", at_most=1.0)
w_no_Protor = P(
    "w_SGK1_without_Protor", "1", "activity of mTORC2 toward SGK1 without Protor, to that with it"
)
PIP3 = PIP(head="PIP3").total
K_PIP3_mTORC2 = P("K_PIP3_mTORC2", "nM", "PIP3 that half activates mTORC2 (Sin1 PH domain)")
mTORC2_PIP3 = Assignment("mTORC2_PIP3", "1", saturating(PIP3, K_PIP3_mTORC2), "mTORC2 that PIP3 has met")
no_TSC = P("e_TSC_mTORC2", "1", "share of mTORC2 activity that is lost without the TSC complex", at_most=1.0)
K_TSC = P("K_TSC_mTORC2", "nM", "TSC2 at which half of its support of mTORC2 is left")
mTORC2_kinase_on = Assignment(
    "mTORC2_kinase_on",
    "1",
    mTOR_kinase
    * blend(P("mTORC2_basal", "1", "activity of mTORC2 without PIP3, as a share", at_most=1.0), mTORC2_PIP3)
    * left_by(mTORC2_load)
    * (1 - no_TSC * inhibited(TSC2(TSC1=TSC1).total, K_TSC)),
    "what PIP3, the TSC complex and drugs in the ATP pocket leave of mTORC2",
)
_C2_SITES: dict[str, Mapping[str, Expr | float]] = {
    "mLST8": {"absent": 0.0},
    "DEPTOR": {"DEPTOR": 1 - e_DEPTOR_mTORC2},
}


def _mTORC2_activity(id: str, meaning: str, **factors: Mapping[str, Expr | float]) -> Assignment:
    own = weight(f"mTORC2_for_{id}", mTORC2, f"{meaning}, before PIP3 and drugs", **_C2_SITES, **factors)
    return Assignment(f"mTORC2_activity_{id}", "nM", own.total * mTORC2_kinase_on, meaning)


mTORC2_active = _mTORC2_activity("any", "mTORC2 as a kinase")
mTORC2_on_Akt = _mTORC2_activity("Akt", "mTORC2 acting on Akt", T1135={"p": 1 - e_T1135})
mTORC2_on_SGK1 = _mTORC2_activity("SGK1", "mTORC2 acting on SGK1", Protor={"free": w_no_Protor})
mTORC2_auto = weight(
    "mTORC2_for_S2481", mTORC2, "mTORC2 acting on its own S2481", **_C2_SITES, S1261={"u": a_S1261}
)

# -- S6K ---------------------------------------------------------------------------------------
S6K_active = Assignment(
    "S6K_active", "nM", S6K(T389="p").total * left_by(S6K_load), "S6K acting on its substrates"
)
