"""Fit the model to Western blots of MCF-7 cells given insulin and amino acids.

Run from anywhere: python examples/fit_mcf7.py [FOLDER]. Writes fit_mcf7.json (everything),
fit_mcf7.tsv (an overlay of parameters) and fit_mcf7.png (data over model) into FOLDER, by default
results. Takes about a minute on two cores.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mtorkin._resources import blots_dir
from mtorkin.build import build
from mtorkin.fit import fit, read_blots
from mtorkin.plot.fit import plot_fit

TARGETS = (
    "Akt_pT308",
    "Akt_pS473",
    "PRAS40_pT246",
    "TSC2_pT1462",
    "S6K_pT389",
    "IRS_pS636",
    "FourEBP1_pT37_46",
)


def main(folder: Path) -> None:
    blots = read_blots(blots_dir() / "breast_cancer_blots.csv")
    chosen = blots.select(cell_line="MCF-7", targets=TARGETS)
    result = fit(build(), chosen, starts=2, seed=1, jobs=2)
    print(result.summary())
    print(result.parameters[["value", "start", "fold", "unit", "at_bound"]].to_string())
    result.to_json(folder / "fit_mcf7.json")
    result.write_overlay(folder / "fit_mcf7.tsv")
    plot_fit(result, folder / "fit_mcf7.png")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "results"))
