"""What is compared: protocols, and which of them in which kind of cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mtorkin import contexts
from mtorkin.protocol import NAMED, UNTIL_STEADY, Period, Protocol

__all__ = ["GENERIC", "PROTOCOLS", "Case", "chosen"]

GENERIC = "generic"
_REST = Period(UNTIL_STEADY)

PROTOCOLS: dict[str, Protocol] = {
    "insulin": NAMED["insulin"].protocol,
    "rapamycin 1 h": Protocol(_REST, Period(0, rapamycin=100), Period(60, rapamycin=0)),
    "rapamycin 24 h": NAMED["rapamycin-prolonged"].protocol,
    "rapamycin washout": NAMED["rapamycin-washout"].protocol,
    "rapamycin 20-min pulse from rest": NAMED["rapamycin-pulse"].protocol,
    "doses at 0, cells not at rest": Protocol(Period(0, rapamycin=100, insulin=10)),
    "rapamycin daily, 4 days": Protocol(_REST, *(Period(1440.0 * day, rapamycin=20) for day in range(4))),
    "Torin1": NAMED["torin1"].protocol,
    "wortmannin bolus": NAMED["wortmannin"].protocol,
    "hypoxia, then air": Protocol(_REST, Period(0, oxygen=0.05), Period(720, oxygen=1)),
    "amino acids away and back": Protocol(_REST, Period(0, amino_acids=0), Period(120, amino_acids=1)),
    "rapamycin, then Torin1": Protocol(_REST, Period(0, rapamycin=20), Period(360, Torin1=250)),
    "wortmannin 15 min, then insulin": Protocol(
        Period(UNTIL_STEADY, insulin=0.02), Period(0, wortmannin=100), Period(15, insulin=100)
    ),
    "hypoxia, rapamycin and insulin": Protocol(
        _REST, Period(0, oxygen=0.05, rapamycin=20), Period(30, insulin=100), Period(90, rapamycin=0)
    ),
    "amino-acid withdrawal": NAMED["amino-acid-withdrawal"].protocol,
    "glucose withdrawal": NAMED["glucose-withdrawal"].protocol,
}


@dataclass(frozen=True)
class Case:
    """One protocol in one kind of cells."""

    context: str
    protocol: str


def chosen(*, everything: bool) -> Iterator[Case]:
    """Yield every protocol in generic cells, and of the others one protocol each, in turn; or all."""
    yield from (Case(GENERIC, name) for name in PROTOCOLS)
    for i, context in enumerate(c for c in contexts() if c != GENERIC):
        names = list(PROTOCOLS)
        yield from (Case(context, n) for n in (names if everything else [names[i % len(names)]]))
