"""What an antibody sees: from the names that labs write to the model's observables.

A blot table, or who looks at a trajectory, may name a target by the model's observable
(`S6K_pT389`) or as labs do: gene names
(`RPS6KB1 pT389`), other spellings (`p-p70S6K (T389)`), the numbering of other isoforms (`S6K1
T412`) or of rodents (`PRAS40 pT247`). Everything that is not spelled as the observable is resolved
with a note, so that a reader of the result sees which reading was chosen.

References: the numberings of rodents and isoforms are those listed with the project's data sets
(docs/how-to/fit-a-blot.md); a site that has no observable (IRS1 pS312, which is rodent pS307) has
no alias, on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

__all__ = ["ANTIBODIES", "Antibody", "observable_of"]


@dataclass(frozen=True)
class Antibody:
    """One observable and the words for it (no unit).

    `proteins` are spellings of the protein, `sites` spellings of what is recognised on it in human
    numbering, `rodent` and `isoform` the same site in another numbering. Case, spaces and
    punctuation do not matter in any of them. No sites: the antibody sees the protein whatever its
    marks.
    """

    observable: str
    proteins: tuple[str, ...]
    sites: tuple[str, ...] = ()
    rodent: tuple[str, ...] = ()
    isoform: tuple[str, ...] = ()


_AKT = ("Akt", "PKB", "Akt1", "AKT1/2/3", "pan-Akt")
_PRAS40 = ("PRAS40", "AKT1S1")
_S6K = ("S6K", "S6K1", "p70S6K", "p70S6K1", "p70", "RPS6KB1")
_TSC2 = ("TSC2", "tuberin")
_IRS = ("IRS", "IRS1", "IRS-1")
_4EBP1 = ("FourEBP1", "4E-BP1", "EIF4EBP1", "PHAS-I", "4EBP")
_S6 = ("S6", "rpS6", "RPS6", "S6RP")
_MTOR = ("mTOR", "FRAP1", "FRAP")
_AMPK = ("AMPK", "AMPKa", "AMPKα", "PRKAA1", "PRKAA2")
_GSK3 = ("GSK3", "GSK3B", "GSK3beta", "GSK3β")

ANTIBODIES: tuple[Antibody, ...] = (
    Antibody("Akt_pT308", _AKT, ("T308", "Thr308")),
    Antibody("Akt_pS473", _AKT, ("S473", "Ser473")),
    Antibody("PRAS40_pT246", _PRAS40, ("T246", "Thr246"), rodent=("T247", "Thr247")),
    Antibody("PRAS40_pS183", _PRAS40, ("S183", "Ser183"), rodent=("S184", "Ser184")),
    Antibody("S6K_pT389", _S6K, ("T389", "Thr389"), isoform=("T412", "Thr412")),
    Antibody("TSC2_pT1462", _TSC2, ("T1462", "Thr1462"), rodent=("T1466", "Thr1466")),
    Antibody("TSC2_pS1387", _TSC2, ("S1387", "Ser1387"), rodent=("S1345", "Ser1345")),
    Antibody(
        "IRS_pS636",
        _IRS,
        ("S636", "S636/639", "Ser636/639", "Ser636"),
        rodent=("S632", "S632/635", "Ser632/635"),
    ),
    Antibody("IRS_pY", _IRS, ("Y", "Tyr")),
    Antibody("FourEBP1_pT37_46", _4EBP1, ("T37/46", "Thr37/46"), rodent=("T36/45", "Thr36/45")),
    Antibody("FourEBP1_pS65", _4EBP1, ("S65", "Ser65")),
    Antibody("S6_pS240_244", _S6, ("S240/244", "Ser240/244")),
    Antibody("mTOR_pS1261", _MTOR, ("S1261", "Ser1261")),
    Antibody("mTOR_pT2446", _MTOR, ("T2446", "Thr2446")),
    Antibody("mTOR_pS2448", _MTOR, ("S2448", "Ser2448")),
    Antibody("mTOR_pS2481", _MTOR, ("S2481", "Ser2481")),
    Antibody("AMPK_pT172", _AMPK, ("T172", "Thr172")),
    Antibody("Raptor_pS792", ("Raptor", "RPTOR"), ("S792", "Ser792")),
    Antibody("Rictor_pT1135", ("Rictor",), ("T1135", "Thr1135")),
    Antibody("GSK3_pS9", _GSK3, ("S9", "Ser9")),
    Antibody("SGK1_pS422", ("SGK1", "SGK"), ("S422", "Ser422")),
    Antibody("PKCa_pS657", ("PKCa", "PKCα", "PKCalpha", "PRKCA"), ("S657", "Ser657")),
    Antibody("IR_pY", ("IR", "INSR", "insulin receptor"), ("Y", "Tyr")),
    Antibody("mTORC1", ("mTOR in Raptor IP", "Raptor IP mTOR")),
    Antibody("mTORC2", ("mTOR in Rictor IP", "Rictor IP mTOR")),
    *(
        Antibody(f"mTOR_p{site}_in_{complex}", _MTOR, (f"{site} in {complex}",))
        for site in ("S1261", "T2446", "S2448", "S2481")
        for complex in ("mTORC1", "mTORC2")
    ),
    Antibody("Akt_total", _AKT),
    Antibody("PRAS40_total", _PRAS40),
    Antibody("S6K_total", _S6K),
    Antibody("TSC2_total", _TSC2),
    Antibody("IRS_total", _IRS),
    Antibody("FourEBP1_total", _4EBP1),
    Antibody("S6_total", _S6),
    Antibody("mTOR_total", _MTOR),
    Antibody("AMPK_total", _AMPK),
    Antibody("GSK3_total", _GSK3),
    Antibody("Raptor_total", ("Raptor", "RPTOR")),
    Antibody("Rictor_total", ("Rictor",)),
    Antibody("DEPTOR_total", ("DEPTOR", "DEPDC6")),
)


def observable_of(name: str) -> tuple[str, str] | None:
    """The observable that an antibody called `name` sees, and a note (no unit).

    The note is "" where `name` is the observable's own id and else says how it was read. None
    where no antibody is known by that name.
    """
    if any(name == antibody.observable for antibody in ANTIBODIES):
        return name, ""
    found = _aliases().get(_plain(name))
    if found is None:
        return None
    observable, numbering = found
    return observable, f"{name!r}{numbering} is read as {observable}"


def _plain(name: str) -> str:
    return re.sub(r"[^0-9a-zα-ω]", "", name.lower())


def _spellings(protein: str, site: str) -> tuple[str, ...]:
    patterns = ("{p}p{s}", "p{p}{s}", "{p}{s}", "phospho{p}{s}", "{p}phospho{s}", "pp{p}{s}")
    return tuple(pattern.format(p=_plain(protein), s=_plain(site)) for pattern in patterns)


@lru_cache(maxsize=1)
def _aliases() -> Mapping[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for antibody in ANTIBODIES:
        found.setdefault(_plain(antibody.observable), (antibody.observable, ""))
        for protein in antibody.proteins:
            for sites, numbering in (
                (antibody.sites, ""),
                (antibody.rodent, " (rodent numbering)"),
                (antibody.isoform, " (numbering of the longer isoform)"),
            ):
                for site in sites:
                    for spelling in _spellings(protein, site):
                        found.setdefault(spelling, (antibody.observable, numbering))
            if not antibody.sites:
                for spelling in (protein, f"{protein} total", f"total {protein}", f"t-{protein}"):
                    found.setdefault(_plain(spelling), (antibody.observable, ""))
    return MappingProxyType(found)
