"""Fit the model to the bundled blots of four cell lines, and say how well it predicts what it did not see.

Run from anywhere: python examples/calibrate.py [FOLDER [NAME ...]]. For each calibration: overlays (for
`--overlay`), the fit (for `mtorkin profile` and `predict`), a figure, and a table of errors of lanes
that were kept back. The overlays that come with mtorkin, in parameters/fits, were written by it. About
five minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import mtorkin as mk
from mtorkin._resources import blots_dir
from mtorkin.fit.blots import Blots
from mtorkin.fit.held_out import held_out, split
from mtorkin.fit.noise import LogNormal, Noise, Normal
from mtorkin.plot.fit import plot_fit

PHOSPHO = (
    "Akt_pT308",
    "Akt_pS473",
    "PRAS40_pT246",
    "TSC2_pT1462",
    "S6K_pT389",
    "IRS_pS636",
    "FourEBP1_pT37_46",
)
STARTS = 4
MCF7, ZR751 = "MCF-7", "ZR-75-1"
SHARED = (
    *("K_insulin", "K_amino_acids", "k_PIP3", "k_PIP3_residual", "mTORC2_basal"),
    *("k_Akt_T308", "k_Akt_T308_off", "kcat_Akt_S473", "k_Akt_S473_off"),
    *("k_PRAS40_T246", "k_PRAS40_T246_off", "kcat_TSC2_T1462", "k_TSC2_T1462_off"),
    *("k_TSC2_on_Rheb", "K_Rheb_mTORC1", "kcat_S6K_T389", "k_S6K_T389_off"),
    *("kcat_FourEBP1_T37_46", "k_FourEBP1_T37_46_off"),
    *("kcat_IRS_pS636", "k_IRS_pS636_off", "k_IRS_pS636_deg"),
)
AMOUNTS = ("S6K", "TSC2", "IRS", "FourEBP1")
OWN = (
    *(f"{name}_abundance@{ZR751}" for name in (*AMOUNTS, "Akt", "PRAS40", "PTEN")),
    *(f"{name}_abundance@{MCF7}" for name in (*AMOUNTS, "PTEN")),
    f"S6K_docks_on_IRS@{MCF7}",
)
MELANOMA = (
    *("Ki_Akt_inhibitor_Akt", "Ki_PI3K_inhibitor_PI3K", "PTEN_abundance", "k_PIP3_residual"),
    *("k_Akt_T308", "kcat_Akt_S473", "mTORC2_basal", "k_TSC2_on_Rheb", "K_Rheb_mTORC1"),
    *("kcat_S6K_T389", "kcat_FourEBP1_T37_46", "kcat_FourEBP1_S65", "k_GSK3_S9", "Akt_abundance"),
)
FLOORED = (
    *("Akt_pT308", "Akt_pS473", "S6K_pT389", "FourEBP1_pT37_46", "FourEBP1_pS65"),
    *("mTOR_pS2448", "S6_pS240_244", "TSC2_pT1462", "GSK3_pS9"),
)
T47D = (
    *("K_insulin", "K_IGF1", "k_PIP3", "k_PIP3_residual", "k_Akt_T308", "kcat_Akt_S473"),
    *("kcat_S6K_T389", "k_S6_off", "Ki_PI3K_inhibitor_PI3K"),
)

Rule = Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class KeptBack:
    """Lanes that a fit does not see which is then asked for them, and what it cannot fit without them."""

    name: str
    lanes: Rule
    fixed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Calibration:
    """Blots, the kinds of cells they are of (mtorkin's contexts), and what is free.

    `background`: antibodies whose bands have a floor, which is solved like a scale.
    """

    name: str
    cells: Mapping[str, str]
    free: tuple[str, ...]
    noise: Noise
    kept_back: tuple[KeptBack, ...]
    background: tuple[str, ...] = ()


def one_antibody(target: str) -> KeptBack:
    """ZR-75-1's lanes of one antibody; its scale comes from MCF-7 on the same blots."""
    return KeptBack(
        f"{target} of {ZR751}", lambda table: (table["target"] == target) & (table["cell_line"] == ZR751)
    )


def conditions(name: str, *those: str, fixed: tuple[str, ...] = ()) -> KeptBack:
    """All lanes of some conditions."""
    return KeptBack(name, lambda table: table["condition"].isin(those), fixed)


def late(table: pd.DataFrame) -> pd.Series:
    """Lanes later than 6 h, without the drug."""
    return (table["condition"] == "full_medium") & (table["time"] > 360)


CALIBRATIONS = (
    Calibration(
        "breast_cancer_blots",
        {MCF7: "MCF7", ZR751: "generic"},
        SHARED + OWN,
        Normal(),
        tuple(one_antibody(target) for target in PHOSPHO),
    ),
    Calibration(
        "skmel133_rppa",
        {"SK-MEL-133": "generic"},
        MELANOMA,
        LogNormal(),
        (
            conditions("higher doses", "Akt_inhibitor_10uM", "PI3K_inhibitor_1.2uM"),
            conditions("both drugs", "Akt_5uM_and_PI3K_0.6uM"),
        ),
        # arrays have a floor: it is solved for every antibody that a drug lowers
        background=FLOORED,
    ),
    Calibration(
        "t47d_timecourses",
        {"T47D": "generic"},
        T47D,
        LogNormal(),
        (
            conditions("BYL719", "full_medium_and_BYL719", fixed=("Ki_PI3K_inhibitor_PI3K",)),
            KeptBack(
                "after 6 h", lambda table: (table["condition"] == "full_medium") & (table["time"] > 360)
            ),
        ),
    ),
)


def calibrate(one: Calibration, blots: Blots, starts: int, free: tuple[str, ...]) -> mk.FitResult:
    """One fit. Kinds of cells are fitted together where there are several."""
    models = {line: mk.build(context=context) for line, context in one.cells.items()}
    several = models if len(models) > 1 else None
    first = next(iter(models.values()))
    return mk.fit(
        first,
        blots,
        free,
        noise=one.noise,
        offset=one.background,
        contexts=several,
        starts=starts,
        progress=False,
    )


def errors(one: Calibration, blots: Blots) -> pd.DataFrame:
    """Root mean square errors (as factors) of lanes kept back, fitted without them.

    Beside it: of saying the mean of the antibody's fitted lanes on its blot, and of the lanes in the fit.
    """
    rows = []
    for each in one.kept_back:
        shown, back = split(blots, each.lanes)
        free = tuple(id for id in one.free if id not in each.fixed)
        result = calibrate(one, shown, 1, free)
        found = held_out(result, back)
        known = np.log(result.data.groupby(["blot", "target"])["value"].mean())
        plain = known.loc[list(zip(found["blot"], found["target"], strict=True))].to_numpy(float)
        fitted = np.log(result.data["predicted"] / result.data["value"])
        rows.append(
            {
                "kept back": each.name,
                "lanes": len(found),
                "error": factor(found["log_error"]),
                "error of the mean": factor(plain - np.log(found["value"])),
                "error in the fit": factor(fitted),
            }
        )
    return pd.DataFrame(rows)


def factor(logs: np.ndarray | pd.Series) -> float:
    """A root mean square of natural logs as a factor: 1.3 is 30 % up or down."""
    return float(np.exp(np.sqrt(np.mean(np.square(logs)))))


def main(folder: Path, *names: str) -> None:
    """Write everything into `folder`; of the calibrations named, or all."""
    for one in CALIBRATIONS:
        if names and one.name not in names:
            continue
        blots = mk.read_blots(blots_dir() / f"{one.name}.csv")
        result = calibrate(one, blots, STARTS, one.free)
        print(f"\n{one.name}\n{result.summary()}")
        where = folder / one.name
        result.to_json(where / "fit.json")
        plot_fit(result, where / "fit.png")
        for line in one.cells:
            context = line if len(one.cells) > 1 else None
            result.write_overlay(folder / f"{line.replace('-', '')}.tsv", context)
        table = errors(one, blots)
        table.to_csv(where / "held_out.csv", index=False, float_format="%.3g", lineterminator="\n")
        print(table.to_string(index=False, float_format="{:.2f}".format))


if __name__ == "__main__":
    folder, *names = sys.argv[1:] or ["results/calibrations"]
    main(Path(folder), *names)
