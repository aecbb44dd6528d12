"""Writes the numbers of the documentation anew: `python tests/network/write_numbers.py`.

The tests compare the same functions with what is written.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from mtorkin.build import build
from mtorkin.mechanisms import ALL
from mtorkin.model import Model
from mtorkin.network import assemble
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate
from mtorkin.tables import EVIDENCE

ROOT = Path(__file__).resolve().parents[2]
THE_MODEL = ROOT / "docs" / "explanation" / "the-model.md"
MEDIUM = ROOT / "docs" / "decisions" / "0007-medium-compartment.md"
EVIDENCE_OF = ROOT / "parameters" / "README.md"

HOURS = (1, 6, 24, 72)
SHOWN = (
    *("S6K_pT389", "FourEBP1_pT37_46", "FourEBP1_pS65", "mTORC2", "Akt_pS473"),
    *("mTOR_pS1261", "mTOR_pS2448", "mTOR_pS2481", "mTOR_pS2481_in_mTORC1", "mTOR_pS2481_in_mTORC2"),
    "IRS_total",
)
OUT_OF_REACH = "mTORC2, free mTOR out of the drug's reach"
DOSES = (0.1, 0.3, 1, 3, 10, 100)

Rows = dict[str, list[float]]


def size() -> list[int]:
    """Species, ledgers, reactions, parameters, assignments, observables, inputs, conserved totals."""
    n = build().network
    ledgers = [s for s in n.species if s.is_ledger]
    parts = (
        n.species,
        ledgers,
        n.reactions,
        n.parameters,
        n.assignments,
        n.observables,
        n.inputs,
        n.conserved,
    )
    return [len(part) for part in parts]


def rules() -> int:
    return sum(len(m.rules) for m in ALL)


def evidence() -> list[int]:
    """Rows by evidence, all rows, those tuned by hand, those verified."""
    rows = build().table.rows.values()
    counts = Counter(r.evidence for r in rows)
    calibrated = sum("calibrated" in r.note for r in rows)
    return [*(counts[kind] for kind in EVIDENCE), len(rows), calibrated, sum(r.verified for r in rows)]


def emerging() -> Rows:
    """Readouts in % of the untreated cell after 1, 6, 24 and 72 h of rapamycin 100 nM."""
    times = np.array([0.0, *(60.0 * h for h in HOURS)])
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=100))
    model = build()
    traj = simulate(model, protocol, times)
    found = {id: list(100 * traj[id][1:] / traj[id][0]) for id in SHOWN}
    unreachable = model.with_values(kon_FRB_FKBP12_mTOR=0, kon_FRB_FKBP51_mTOR=0)
    kept = simulate(unreachable, protocol, times)["mTORC2"]
    return found | {OUT_OF_REACH: list(100 * kept[1:] / kept[0])}


def depletion() -> Rows:
    """By dose: % left in the medium, S6K and mTORC2 after 24 h, and the two in a medium without end."""
    model = build()
    endless = replace(model, network=assemble(ALL, medium=1e6))
    return {f"{dose:g}": [*_after_a_day(model, dose), *_after_a_day(endless, dose)[1:]] for dose in DOSES}


def _after_a_day(model: Model, dose: float) -> list[float]:
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, rapamycin=dose))
    traj = simulate(model, protocol, np.array([0.0, 1440.0]))
    left = 100 * traj["rapamycin_in_medium"][1] / dose
    return [left, *(100 * traj[id][1] / traj[id][0] for id in ("S6K_pT389", "mTORC2"))]


def line(first: str, values: list[float] | list[int]) -> str:
    return "| " + " | ".join([*([first] if first else []), *(f"{v:.0f}" for v in values)]) + " |"


def _put(path: Path, rows: Rows) -> None:
    text = path.read_text(encoding="utf-8")
    for name, values in rows.items():
        start = rf"\| {re.escape(name)} \|" if name else r"\|"
        cells = r"(?: [\d.]+ \|){" + str(len(values)) + r"}$"
        text, n = re.subn("^" + start + cells, line(name, values), text, count=1, flags=re.MULTILINE)
        if n != 1:
            raise SystemExit(f"{path.name}: no row for {name or 'the counts'}")
    path.write_text(text, encoding="utf-8")


def main() -> None:
    _put(THE_MODEL, {"": list(map(float, size()))})
    _put(THE_MODEL, emerging())
    said = f"{len(ALL)} mechanisms with {rules()} rules"
    text = THE_MODEL.read_text(encoding="utf-8")
    THE_MODEL.write_text(re.sub(r"\d+ mechanisms with \d+ rules", said, text), encoding="utf-8")
    _put(EVIDENCE_OF, {"": list(map(float, evidence()))})
    _put(MEDIUM, depletion())


if __name__ == "__main__":
    main()
