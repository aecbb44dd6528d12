"""Write skmel133_rppa.csv from a table of log2 ratios to untreated cells (see README.md here).

Usage: python make_skmel133_rppa.py PATH/TO/tidy_mtor_subset.csv

One array is one blot; each antibody was divided by untreated cells, so `normalised` is control. Kept
are the conditions whose drugs the model has, and the antibodies that it has an observable for.
"""

from __future__ import annotations

import sys
from pathlib import Path

from long_table import Records, rewrite

# drugs: Akt inhibitor (AK) at 5 and 10, PI3K inhibitor (ZS) at 0.6 and 1.2, in micromolar
CONDITIONS = {
    "AK|5": "Akt_inhibitor_5uM",
    "AK|10": "Akt_inhibitor_10uM",
    "ZS|0.6": "PI3K_inhibitor_0.6uM",
    "ZS|1.2": "PI3K_inhibitor_1.2uM",
    "AK|5,ZS|0.6": "Akt_5uM_and_PI3K_0.6uM",
}
TARGETS = {
    "AKTpS473": "Akt_pS473",
    "AKTpT308": "Akt_pT308",
    "AKT": "Akt_total",
    "4EBP1pS65": "FourEBP1_pS65",
    "4EBP1pT37": "FourEBP1_pT37_46",
    "mTORpS2448": "mTOR_pS2448",
    "p70S6KpT389": "S6K_pT389",
    "S6pS240": "S6_pS240_244",
    "TSC2pT1462": "TSC2_pT1462",
    "GSKpS9": "GSK3_pS9",
}


def rows(source: Records) -> Records:
    """One line a condition and antibody, untreated cells (1 by definition) first."""
    found = []
    for column, target in TARGETS.items():
        lanes = {"untreated": 0.0}
        lanes |= {
            CONDITIONS[r["condition"]]: float(r[column]) for r in source if r["condition"] in CONDITIONS
        }
        for condition, ratio in lanes.items():
            found.append(
                {
                    "blot": "array",
                    "lane": condition,
                    "condition": condition,
                    "time": "1440",
                    "target": target,
                    "signal": f"{2**ratio:.6g}",
                    "normalised": "control untreated",
                }
            )
    return found


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]), Path(__file__).with_name("skmel133_rppa.csv"), rows)
