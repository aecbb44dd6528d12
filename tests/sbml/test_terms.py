"""Everything in a file has a term of the Systems Biology Ontology, and it is the right one."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache

import libsbml
import pytest

import mtorkin as mk
from mtorkin.export.sbml import sbml_string

NS = "{http://www.sbml.org/sbml/level3/version1/core}"

TERMS = {
    # what it is made of
    "Akt__T308_p__S473_u": 252,
    "mTORC2__mLST8_mLST8": 297,
    "FKBP12_rapamycin": 297,
    "PI3K__ATP_site_free": 297,
    "TSC2__acetyl_u__with__TSC1_TSC1": 297,
    "rapamycin_medium": 247,
    "NAD": 247,
    "cycling__state_resting": 285,
    # what it does
    "FKBP12_binds_rapamycin": 177,
    "FKBP12_binds_rapamycin_reversed": 180,
    "mTOR_is_made": 393,
    "nascent_mTOR_decays__fold_nascent__FRB_free": 179,
    "LKB1_activates_AMPK__T172_u": 216,
    "AMPK_is_dephosphorylated__T172_p": 330,
    "S6K_phosphorylates_IRS_pY_on_serine__at_pY": 216,
    "ARD1_acetylates_TSC2__acetyl_u": 215,
    "TSC2_is_deacetylated__acetyl_ac": 211,
    "Rheb_hydrolyses_GTP__nucleotide_GTP": 376,
    "mTOR_matures_with_Tel2__fold_nascent__FRB_free": 181,
    "rapamycin_enters": 185,
    "Akt_sends_FOXO_out__at_nucleus": 185,
    "temsirolimus_turns_into_rapamycin": 182,
    "Rheb_GTP_takes_FKBP38__partner_none": 177,
    "resting_cells_enter_the_cycle__state_resting": 375,
    "Rheb_takes_up_GTP__nucleotide_GDP": 176,
    # what it measures
    "kon_FKBP12": 341,
    "koff_FKBP12": 338,
    "k_IRS_deg": 356,
    "k_IR_off": 16,
    "k_PIP3": 17,
    "kcat_S6": 25,
    "Km_S6": 27,
    "Ki_Torin1_mTORC1": 261,
    "K_insulin": 193,
    "insulin": 196,
    "S6K_pT389": 196,
    "glucose": 2,
    "cell": 290,
}
ROLES = {
    ("mTORC2_phosphorylates_PKCalpha__S657_u", "mTORC2__mLST8_mLST8"): 13,
    ("Rheb_GTP_takes_FKBP38__partner_none", "Rheb__nucleotide_GTP"): 459,
    ("Sestrin1_2_are_made", "p53"): 19,
    ("AMPK_phosphorylates_S792_of_Raptor__with__S792_u", "Raptor"): 19,
}


@cache
def elements() -> dict[str, ET.Element]:
    return {e.attrib["id"]: e for e in ET.fromstring(sbml_string(mk.build())).iter() if "id" in e.attrib}


@pytest.mark.parametrize("id", TERMS)
def test_terms(id: str) -> None:
    assert elements()[id].attrib["sboTerm"] == f"SBO:{TERMS[id]:07d}"


@pytest.mark.parametrize(("reaction", "species"), list(ROLES))
def test_roles_of_modifiers(reaction: str, species: str) -> None:
    found = {
        m.attrib["species"]: m.attrib["sboTerm"]
        for m in elements()[reaction].iter(NS + "modifierSpeciesReference")
    }
    assert found[species] == f"SBO:{ROLES[reaction, species]:07d}"


def test_everything_has_a_term_of_the_right_branch() -> None:
    """libSBML's own copy of the ontology, to which ours must not be a stranger."""
    branch = {
        "species": libsbml.SBO.isMaterialEntity,
        "reaction": libsbml.SBO.isOccurringEntityRepresentation,
        "parameter": libsbml.SBO.isSystemsDescriptionParameter,
        "compartment": libsbml.SBO.isMaterialEntity,
    }
    for element in elements().values():
        kind = element.tag.removeprefix(NS)
        if kind in branch:
            assert branch[kind](libsbml.SBO.stringToInt(element.attrib["sboTerm"])), element.attrib["id"]
        for m in element.iter(NS + "modifierSpeciesReference"):
            assert libsbml.SBO.isModifier(libsbml.SBO.stringToInt(m.attrib["sboTerm"]))
