"""Writes drugs.md beside this file: ``python docs/reference/make_drugs.py`` (under a minute).

For every drug in `cell_ic50.tsv` it finds the dose that halves S6K T389 and Akt S473 in the model,
in fed cells after 1 h, and puts it beside the IC50 that is reported for cells.
"""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
from scipy.optimize import brentq

from mtorkin.arrays import Array
from mtorkin.build import build
from mtorkin.drugs import drugs
from mtorkin.files import write_text
from mtorkin.model import Model
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate_from
from mtorkin.steady import steady_state

HERE = Path(__file__).parent
READOUTS = ("S6K_pT389", "Akt_pS473")
HOUR = 60.0


def reported() -> pd.DataFrame:
    """Return the IC50 in cells [nM] by drug and readout."""
    return pd.read_csv(HERE / "cell_ic50.tsv", sep="\t", comment="#", index_col="drug", keep_default_na=False)


def left(model: Model, rest: Array, readout: str, minutes: float = HOUR, **dose: float) -> float:
    """Return the share [1] of a readout that a dose [nM] leaves, of cells at `rest` at its start."""
    protocol = Protocol(Period(UNTIL_STEADY), Period(0, **dose))
    traj = simulate_from(model, protocol, [0.0, minutes], rest, rtol=1e-5, atol=1e-8)
    return float(traj[readout][1] / traj[readout][0])


def ic50(model: Model, rest: Array, drug: str, readout: str, near: float, minutes: float = HOUR) -> float:
    """Return the dose [nM] that leaves half of a readout, within a hundredfold of `near`."""

    def above(log_dose: float) -> float:
        return left(model, rest, readout, minutes, **{drug: math.exp(log_dose)}) - 0.5

    return math.exp(brentq(above, math.log(near / 100), math.log(near * 100), xtol=0.01))


def measured() -> pd.DataFrame:
    """Return the model's IC50 [nM] by drug and readout, for the drugs of `reported`."""
    model, known = build(), reported()
    rest = steady_state(model).y
    found = {
        drug: {r: ic50(model, rest, str(drug), r, float(known[r][drug])) for r in READOUTS}
        for drug in known.index
    }
    return pd.DataFrame.from_dict(found, orient="index")


def page() -> str:
    """Return the page as Markdown."""
    head = (
        "# The drugs\n\nWritten by `make_drugs.py` beside this file. A period sets a drug by the name in the "
        "first column; `mtorkin.with_drugs` adds those on request. How they act and what is left out "
        "is in `mtorkin/mechanisms/drugs/` and `mtorkin/mechanisms/pharmacokinetics.py`.\n"
    )
    rows = [
        [
            f"`{name}`",
            d["also_known_as"],
            d["class"],
            d["targets"],
            "yes" if d["in_standard_model"] else "on request",
            d["note"],
        ]
        for name, d in drugs().iterrows()
    ]
    middle = (
        "\n## IC50 in fed cells after 1 h, nM\n\nThe Ki of these drugs were chosen so that these come "
        "out: agreement is no test of the model. A dual inhibitor of PI3K and mTOR cannot have all "
        "that is reported of it at once; its IC50 are within two-fold.\n"
    )
    known, ours = reported(), measured()
    pairs = [
        [
            f"`{drug}`",
            *(x for r in READOUTS for x in (f"{known[r][drug]}", f"{float(f'{ours[r][drug]:.2g}'):g}")),
            known["biochemical_mTOR"][drug],
            known["note"][drug],
        ]
        for drug in known.index
    ]
    names = ["drug", "also known as", "class", "targets", "in the standard model", "note"]
    heads = ["drug", "S6K T389, cells", "model", "Akt S473, cells", "model", "mTOR, test tube", "note"]
    return head + "\n" + _table(names, rows) + middle + "\n" + _table(heads, pairs)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


if __name__ == "__main__":
    write_text(HERE / "drugs.md", page())
