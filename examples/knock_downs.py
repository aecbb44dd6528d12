"""What the loss of each partner does to both complexes and their readouts, in cells at rest.

Run from anywhere: python examples/knock_downs.py. Prints a table in % of normal cells.
"""

from __future__ import annotations

import pandas as pd

import mtorkin as mk

PARTNERS = ("Raptor", "Rictor", "Sin1", "mLST8", "DEPTOR", "PRAS40")
READOUTS = ["mTORC1", "mTORC2", "S6K_pT389", "FourEBP1_pT37_46", "Akt_pS473", "Akt_pT308"]
LEFT = 0.2  # of what a cell has


def main() -> None:
    model = mk.build()
    normal = mk.steady_state(model).observables[READOUTS]
    table = pd.DataFrame(
        {
            partner: mk.steady_state(model.scaled(**{partner: LEFT})).observables[READOUTS] / normal
            for partner in PARTNERS
        }
    )
    print((100 * table.T).round().astype(int).to_string())


if __name__ == "__main__":
    main()
