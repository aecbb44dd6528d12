"""What every reader of a foreign format hands over: lanes in the words of the file.

A reader finds the numbers and says where each stood. What the words mean (which antibody, which
condition, which lane is a loading control) is decided for all formats alike in `assembling`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mtorkin.fit.cells import NOT_MEASURED

__all__ = ["LOADING_WORDS", "Lane", "Reading", "is_loading", "not_measured"]

# total protein first: it does not depend on one gene
TOTAL_PROTEIN = ("coomassie", "ponceau", "total protein", "revert", "stain free", "stain-free", "amido black")
HOUSEKEEPING = ("gapdh", "actin", "tubulin", "vinculin", "lamin", "cofilin", "hsp90", "cyclophilin")
LOADING_WORDS = (*TOTAL_PROTEIN, *HOUSEKEEPING)


@dataclass(frozen=True)
class Lane:
    """One number of a foreign file, as text (no unit), and what the file says about it.

    `key` is what a table of lanes may call it, besides `lane`; `place` is "file:sheet!cell" or
    "file:line:column"; empty words are what the file does not say.
    """

    path: str
    line: int
    place: str
    blot: str
    lane: str
    antibody: str
    signal: str
    key: str = ""
    condition: str = ""
    time: str = ""
    time_unit: str = ""
    background: str = ""
    loading: str = ""
    replicate: str = ""
    saturated: bool = False


@dataclass(frozen=True)
class Reading:
    """What a reader found: the kind of file in words, its lanes, and notes (no unit).

    `loading` is the loading control that the file itself was found to use, or ""; `doubts` are what
    a person should look at.
    """

    kind: str
    lanes: tuple[Lane, ...]
    notes: tuple[str, ...] = ()
    loading: str = ""
    doubts: tuple[str, ...] = ()


def is_loading(name: str) -> bool:
    """Whether an antibody's name is that of a usual loading control: "b-Actin", "Coomassie stain"."""
    plain = name.lower().replace("_", " ")
    return any(word in plain for word in LOADING_WORDS) and not re.search(r"\bp-|phospho|\bp[sty]\d", plain)


def is_total_protein(name: str) -> bool:
    """Whether a loading control is a stain of all protein."""
    plain = name.lower().replace("_", " ")
    return any(word in plain for word in TOTAL_PROTEIN)


def not_measured(text: str) -> bool:
    """Whether a cell says that nothing was measured: "", "n.d.", "NaN"."""
    return not text or text.lower().replace(".", "") in NOT_MEASURED or text.lower() in NOT_MEASURED
