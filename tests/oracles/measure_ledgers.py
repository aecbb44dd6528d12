"""Measure the error of every product of means and write the table into docs/explanation/ledgers.md."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from mtorkin.arrays import Array
from mtorkin.files import write_text
from tests.oracles import ledgers
from tests.oracles.ledgers import BOUNDS, LABELS, TRIALS, error

DOCS = Path(__file__).parents[2] / "docs" / "explanation" / "ledgers.md"
START, END = "<!-- measured: start -->", "<!-- measured: end -->"


def table() -> str:
    """The measured errors, a row a quantity and a column an experiment: open loop / closed loop."""
    columns = [s.name for _, s in TRIALS]
    rows = [f"| quantity | {' | '.join(columns)} | bound in the tests |"]
    rows.append("|---" * (len(columns) + 2) + "|")
    runs = [(ledgers.open_runs(*t), ledgers.closed_runs(*t)) for t in TRIALS]
    for id, label in LABELS.items():
        cells = [" / ".join(told(id, *pair) for pair in pairs) for pairs in runs]
        rows.append(f"| {label} | {' | '.join(cells)} | {BOUNDS[id]:g} |")
    worst = []
    for _, (ours, theirs) in runs:
        ids = [id for id in ours if id in theirs and not ledgers.follows(id)]
        worst.append(max((error(ours[id], theirs[id]), id) for id in ids))
    cells = [f"{e:.3f} ({id})" for e, id in worst]
    rows.append(f"| worst other observable, closed loop | {' | '.join(cells)} | {ledgers.OTHERS:g} |")
    return "\n".join(rows)


def told(id: str, ours: dict[str, Array], theirs: dict[str, Array]) -> str:
    """The error in words; the core alone does not have everything."""
    return f"{error(ours[id], theirs[id]):.3f}" if id in ours else "–"


def exactness() -> str:
    """How well everything else agrees in the open loop."""
    worst, count = 0.0, 0
    for selection, scenario in TRIALS:
        pair = ledgers.opened(selection)
        ours, explicit = ledgers.open_states(selection, scenario)
        theirs = explicit @ ledgers.projection(pair).T
        for _, rows in ledgers.exact_rows(pair.ledgers):
            a, b = (x[:, list(rows)].sum(axis=1) for x in (ours, theirs))
            worst = max(worst, float(abs(a - b).max() / max(b.max(), ledgers.NOTHING)))
            count += 1
    return (
        f"Everything else, {count} pools and ledgers over the experiments, agrees to "
        f"{worst:.0e} of its largest value in the open loop (solver tolerance "
        f"{ledgers.OPEN_RTOL:g} a step; the tests allow 1e-6)."
    )


def main() -> None:
    """Write the table between its marks."""
    sizes = [
        f"{s.name}: {len(ledgers.closed(s).explicit.species)} species expanded, "
        f"{len(ledgers.closed(s).ledgers.species)} with ledgers"
        for s in dict.fromkeys(s for s, _ in TRIALS)
    ]
    measured = f"{START}\n{table()}\n\n{exactness()}\nSub-networks: {'; '.join(sizes)}.\n{END}"
    text = DOCS.read_text(encoding="utf-8")
    new = re.sub(f"{START}.*?{END}", lambda _: measured, text, flags=re.S)
    write_text(DOCS, new)
    print(measured)


if __name__ == "__main__":
    main()
