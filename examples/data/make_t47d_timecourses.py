"""Write t47d_timecourses.csv from a table of time courses (see README.md here).

Usage: python make_t47d_timecourses.py PATH/TO/tidy_long.csv

Values are ratios to time 0 (`normalised` is time). Left out: ligands and readouts that the model does
not have, and a dose response whose time is not stated.
"""

from __future__ import annotations

import sys
from pathlib import Path

from long_table import Records, rewrite

# experiment of the source: (blot, condition)
EXPERIMENTS = {
    "IGF1_LINCS_tc": ("IGF1_tc", "IGF1"),
    "full_medium_restim_validation(FigS1D)": ("restimulation", "full_medium"),
    "BYL719_24h(FigS1D last row, 1440 min)": ("restimulation", "full_medium_and_BYL719"),
}
TARGETS = {"phosphoAkt": "Akt_pS473", "pAkt": "Akt_pS473", "pS6": "S6_pS240_244"}


def rows(source: Records) -> Records:
    """One line a time and readout."""
    found = []
    for record in source:
        target = TARGETS.get(record["observable"])
        if record["experiment"] not in EXPERIMENTS or target is None:
            continue
        blot, condition = EXPERIMENTS[record["experiment"]]
        time = f"{float(record['x(time_min or dose_nM)']):g}"
        found.append(
            {
                "blot": blot,
                "lane": f"{condition} {time} min",
                "condition": condition,
                "time": time,
                "target": target,
                "signal": f"{float(record['value']):.6g}",
                "normalised": "time 0",
            }
        )
    return found


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]), Path(__file__).with_name("t47d_timecourses.csv"), rows)
