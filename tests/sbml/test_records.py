"""The records that the file points to are the right ones: held against copies from the databases.

`records.tsv` was copied from tables outside this project; what each name of the model is made of is
written here by hand. Neither is read from `identifiers.tsv` or from the molecules.
"""

from __future__ import annotations

import re

import pytest

from mtorkin.mechanisms.catalogue import CATALOGUE
from mtorkin.sbml.identifiers import read_identifiers
from sbml.annotated import NS, PAPERS, RESOLVER, records, root, said_of_everything, uris

# patterns of identifiers.org
FORM = {
    "uniprot": r"[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9]([A-Z][A-Z0-9]{2}[0-9]){1,2}",
    "chebi": r"CHEBI:\d+",
    "go": r"GO:\d{7}",
    "pubchem.compound": r"\d+",
    "chembl.compound": r"CHEMBL\d+",
    "reactome": r"R-HSA-\d+",
    "taxonomy": r"\d+",
}

# what a name of the model is made of: gene symbols, and names of compounds in ChEBI
MADE_OF = {
    "IR": "INSR IGF1R",
    "IRS": "IRS1 IRS2",
    "PI3K": "PIK3CA PIK3R1",
    "Akt": "AKT1 AKT2 AKT3",
    "TSC1": "TSC1",
    "TSC2": "TSC2",
    "Rheb": "RHEB",
    "AMPK": "PRKAA1 PRKAA2",
    "Raptor": "RPTOR",
    "Rag": "RRAGA RRAGC",
    "mTOR": "MTOR",
    "mTORC1": "MTOR RPTOR",
    "mTORC2": "MTOR RICTOR MAPKAP1",
    "Sin1": "MAPKAP1",
    "Rictor": "RICTOR",
    "PRAS40": "AKT1S1",
    "mLST8": "MLST8",
    "Protor": "PRR5 PRR5L",
    "DEPTOR": "DEPTOR",
    "S6K": "RPS6KB1 RPS6KB2",
    "S6": "RPS6",
    "FourEBP1": "EIF4EBP1 EIF4EBP2",
    "eIF4E": "EIF4E",
    "SGK1": "SGK1",
    "PKCa": "PRKCA",
    "GSK3": "GSK3A GSK3B",
    "Rac1": "RAC1",
    "FOXO": "FOXO1 FOXO3",
    "FKBP12": "FKBP1A",
    "FKBP38": "FKBP8",
    "FKBP51": "FKBP5",
    "HIF1": "HIF1A",
    "REDD": "DDIT4 DDIT4L",
    "p53": "TP53",
    "Sestrin12": "SESN1 SESN2",
    "Sestrin3": "SESN3",
    "GADD34": "PPP1R15A",
    "TK1": "TK1",
    "HK2": "HK2",
    "Ragulator": "LAMTOR1 LAMTOR2 LAMTOR3 LAMTOR4 LAMTOR5",
    "PTEN": "PTEN",
    "PDK1": "PDPK1",
    "LKB1": "STK11",
    "Tel2": "TELO2",
    "FBXW7": "FBXW7",
    "KSR2": "KSR2",
    "SIRT1": "SIRT1",
    "ATM": "ATM",
    "ARD1": "NAA10",
    "LAT1": "SLC7A5",
    "GRB10": "GRB10",
}
SMALL = {
    "rapamycin": "sirolimus",
    "everolimus": "everolimus",
    "ridaforolimus": "ridaforolimus",
    "zotarolimus": "zotarolimus",
    "temsirolimus": "Temsirolimus",
    "wortmannin": "wortmannin",
    "NAD": "NAD(+)",
    "ROS": "reactive oxygen species",
    "PIP2": "1-phosphatidyl-1D-myo-inositol 4,5-bisphosphate",
    "PIP3": "1-phosphatidyl-1D-myo-inositol 3,4,5-trisphosphate",
}
CELLS = {"in_cycle": "cell cycle", "resting": "cell quiescence"}
COMPLEXES = {"mTORC1": "TORC1 complex", "mTORC2": "TORC2 complex"}
WHOLE = {"Ragulator": {"Ragulator complex"}}
# inputs; the second of two is what a nominal tool stands for
DOSES = {
    "insulin": "INS",
    "IGF1": "IGF1",
    "leptin": "LEP",
    "oxygen": "dioxygen",
    "glucose": "D-glucose",
    "amino_acids": "amino acid",
    "leucine": "L-leucine",
    "glutamine": "L-glutamine",
    "Torin1": "torin 1",
    "PP242": "torkinib",
    "PP30": "mTOR inhibitor",
    "Ku_0063794": "Ku-0063794",
    "WAY_600": "WAY-600",
    "WYE_687": "WYE-687",
    "WYE_354": "WYE-354",
    "CC_223": "CC-223",
    "BEZ235": "dactolisib",
    "PI_103": "PI-103",
    "PI3K_inhibitor": "EC 2.7.1.137 (phosphatidylinositol 3-kinase) inhibitor|pictilisib",
    "Akt_inhibitor": "EC 2.7.11.1 (non-specific serine/threonine protein kinase) inhibitor|MK-2206",
    "S6K_inhibitor": "EC 2.7.11.1 (non-specific serine/threonine protein kinase) inhibitor|PF-4708671",
}
# the words by which HGNC knows what the model calls otherwise
CALLED = {
    "IR": ("insulin receptor", "insulin like growth factor 1 receptor"),
    "IRS": ("insulin receptor substrate",),
    "PI3K": ("phosphatidylinositol-4,5-bisphosphate 3-kinase", "phosphoinositide-3-kinase"),
    "AMPK": ("protein kinase AMP-activated",),
    "Rag": ("Ras related GTP binding",),
    "Ragulator": ("late endosomal/lysosomal adaptor",),
    "Sestrin12": ("sestrin 1", "sestrin 2"),
    "Sestrin3": ("sestrin 3",),
    "GSK3": ("glycogen synthase kinase 3",),
    "FourEBP1": ("eukaryotic translation initiation factor 4E binding protein",),
}
WEIGHTS = {"C": 12.011, "H": 1.008, "N": 14.007, "O": 15.999, "F": 18.998}


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def names_of(addresses: list[str]) -> set[str]:
    """What is said of a thing, in names of the table; papers are left out."""
    short = [uri.removeprefix(RESOLVER) for uri in addresses]
    return {records()[s].name for s in short if s.partition("/")[0] not in PAPERS}


def expected(id: str) -> set[str]:
    """What a species should be, from its id alone."""
    first, *rest = id.split("__")
    if first == "cycling":
        return {CELLS[rest[0].removeprefix("state_")]}
    words = first.split("_") if first not in MADE_OF else [first]
    for segment in rest:
        words += segment.split("_")[1:]
    if "mTORC1__" in id and "at_lysosome" in rest:
        words.append("Rag")
    found = {symbol for word in words for symbol in MADE_OF.get(word, "").split()}
    found |= {SMALL[word] for word in words if word in SMALL}
    return found | ({COMPLEXES[first]} if first in COMPLEXES else set())


def test_the_table_of_records_is_sound() -> None:
    for row in records().values():
        database, _, id = row.record.partition("/")
        assert re.fullmatch(FORM[database], id), row
        assert row.name and row.source, row
        assert (row.source == "HGNC") == (database == "uniprot"), row


def test_identifiers_have_the_labels_of_the_records() -> None:
    for row in read_identifiers():
        record = records()[row.uri.removeprefix(RESOLVER)]
        assert (row.label, row.source) == (record.name, record.source), row
    used = {row.uri.removeprefix(RESOLVER) for row in read_identifiers()}
    assert used == set(records())


@pytest.mark.parametrize("name", MADE_OF)
def test_genes_are_called_like_the_proteins_of_the_model(name: str) -> None:
    """The name is the symbol, an alias or part of the approved name of each gene, or CALLED says how."""
    if name in COMPLEXES:
        return
    by_symbol = {r.name: r for r in records().values() if r.source == "HGNC"}
    for symbol in MADE_OF[name].split():
        row = by_symbol[symbol]
        words = [plain(x) for x in (symbol, *row.also.split("; "))]
        asked = [plain(x) for x in CALLED.get(name, (name,))]
        assert any(word.startswith(a) for word in words for a in asked), (name, row)


def test_every_species_is_what_its_id_says() -> None:
    for species in root().iter(NS + "species"):
        id = species.attrib["id"]
        assert expected(id), id
        assert names_of(uris(species)) == expected(id), id


def test_abundances_and_doses_are_of_what_they_name() -> None:
    also = {r.name: {r.name, *r.also.split("; ")} for r in records().values()}
    seen = set()
    for parameter in root().iter(NS + "parameter"):
        id = parameter.attrib["id"]
        name = id.removesuffix("_abundance")
        own = names_of(uris(parameter))
        if name in MADE_OF and name != id:
            assert own == set(MADE_OF[name].split()) | WHOLE.get(name, set()), id
        elif id in DOSES:
            wanted = DOSES[id].split("|")
            assert len(own) == len(wanted), id
            assert all(any(w in also[n] for n in own) for w in wanted), id
        seen.add(id)
    assert seen >= DOSES.keys() | {"Ragulator_abundance", "PTEN_abundance", "mTOR_abundance"}


def test_compounds_have_the_masses_of_the_catalogue() -> None:
    """Formulas come from the structures; the catalogue's masses were there before."""
    checked = 0
    for drug in CATALOGUE:
        for row in records().values():
            names = {row.name, *row.also.split("; ")}
            formulas = [x for x in row.also.split("; ") if re.fullmatch(r"(C|H|N|O|F)\d+\w+", x)]
            if formulas and names & {drug.name, *drug.also}:
                atoms = re.findall(r"([A-Z])(\d*)", formulas[0])
                assert drug.molar_mass == pytest.approx(
                    sum(WEIGHTS[a] * int(n or 1) for a, n in atoms), abs=0.1
                )
                checked += 1
    assert checked == 4


def test_the_file_points_to_no_other_records() -> None:
    for uri in set(uris(root())):
        record = uri.removeprefix(RESOLVER)
        assert record.partition("/")[0] in PAPERS or record in records(), uri


def test_the_committed_table_names_its_sources() -> None:
    for line in said_of_everything().splitlines()[1:]:
        id, said, source = line.split("\t")
        assert said and source and "not checked" not in source, id
