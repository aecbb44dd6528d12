"""The half-times after insulin in adipocytes are those of the points beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtorkin.build import build

TABLE = pd.read_csv(
    Path(__file__).with_name("adipocyte_half_times.tsv"), sep="\t", comment="#", keep_default_na=False
).set_index("site")
FOLDS = [name for name in TABLE.columns if name.startswith("fold_")]
MINUTES = np.array([float(name.split("_")[1]) for name in FOLDS])


@pytest.mark.parametrize("site", TABLE.index)
def test_the_half_time_is_that_of_the_points(site: str) -> None:
    fold = TABLE.loc[site, FOLDS].to_numpy(dtype=float)
    half = (fold[0] + fold.max()) / 2
    after = int(np.argmax(fold >= half))
    found = np.interp(half, fold[after - 1 : after + 1], MINUTES[after - 1 : after + 1])
    assert TABLE.loc[site, "half_time"] == pytest.approx(found, abs=0.006)


def test_akt_is_phosphorylated_at_t308_before_s473_and_before_what_mtorc1_does() -> None:
    early, late = TABLE["half_time"]["Akt2 T309"], TABLE["half_time"]["Akt2 S474"]
    assert early < late < TABLE["half_time"][["S6K1 S404", "4E-BP1 S65", "Rictor T1135", "IRS1 S636"]].min()


def test_the_readouts_are_those_of_the_model() -> None:
    names = set(build().observables.index)
    assert set(TABLE["readout"]) - {""} <= names
