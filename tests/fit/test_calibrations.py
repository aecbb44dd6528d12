"""The overlays that come with mtorkin: values that may be laid over the model, and what they describe."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtorkin._resources import blots_dir, parameters_dir
from mtorkin.build import build
from mtorkin.cli.overlays import outside, read_values, shipped
from mtorkin.engines import default_engine
from mtorkin.errors import TableError
from mtorkin.fit import read_blots
from mtorkin.model import Model
from mtorkin.simulate import simulate

FITS = {"MCF7": "MCF7", "ZR751": "generic", "SKMEL133": "generic", "T47D": "generic"}
PHOSPHO = (
    *("Akt_pT308", "Akt_pS473", "PRAS40_pT246", "TSC2_pT1462"),
    *("S6K_pT389", "IRS_pS636", "FourEBP1_pT37_46"),
)
LINES = {"MCF-7": "MCF7", "ZR-75-1": "ZR751"}
# sum of squares of the full model that was published with the blots, on the same scale
PUBLISHED = 1.99


@cache
def calibrated(name: str) -> Model:
    model = build(context=FITS[name])
    return model.with_values(**read_values(shipped(Path(name)), model))


def test_each_table_of_values_is_listed_here() -> None:
    assert {path.stem for path in (parameters_dir() / "fits").glob("*.tsv")} == set(FITS)


@pytest.mark.parametrize("name", FITS)
def test_values_are_within_the_bounds_of_the_model(name: str) -> None:
    model = build(context=FITS[name])
    assert outside(read_values(shipped(Path(name)), model), model) == []


def test_breast_cancer_blots_are_described_as_well_as_by_the_model_made_for_them() -> None:
    """Means of replicates; the model, as the blots, over the mean of both cell lines and all times."""
    blots = read_blots(blots_dir() / "breast_cancer_blots.csv")
    times = sorted(set(blots.table["time"]))
    means = blots.table.groupby(["target", "cell_line", "time"])["value"].mean()
    protocols = {each.cell_line: each.protocol for each in blots.conditions.values()}
    runs = {
        line: simulate(calibrated(name), protocols[line], times, default_engine())
        for line, name in LINES.items()
    }
    squares = 0.0
    for target in PHOSPHO:
        model = np.concatenate([runs[line][target] for line in LINES])
        seen = np.concatenate([means[target][line].loc[times].to_numpy() for line in LINES])
        squares += float(((model / model.mean() - seen) ** 2).sum())
    assert squares <= PUBLISHED
    assert squares > 0.5  # of 84 means of noisy lanes: less would be another data set


def test_melanoma_cells_lose_both_sites_under_an_inhibitor_of_akt() -> None:
    blots = read_blots(blots_dir() / "skmel133_rppa.csv")
    protocol = blots.conditions["Akt_inhibitor_5uM"].protocol
    run = simulate(calibrated("SKMEL133"), protocol, [0, 1440], default_engine())
    seen = blots.table.set_index(["target", "condition"])["value"]
    for site in ("Akt_pS473", "Akt_pT308"):
        assert seen[site, "Akt_inhibitor_5uM"] < 0.4
        assert run[site][1] / run[site][0] < 0.2  # the array has a floor, the model has not


def test_a_name_finds_what_comes_with_mtorkin_and_a_file_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shipped(Path("MCF7")).parent.name == "fits"
    pd.DataFrame({"parameterId": ["k_PIP3"], "nominalValue": [1.0]}).to_csv("MCF7", sep="\t", index=False)
    assert shipped(Path("MCF7")) == Path("MCF7")
    with pytest.raises(TableError, match="did you mean 'MCF7'"):
        shipped(Path("MCF-7"))
