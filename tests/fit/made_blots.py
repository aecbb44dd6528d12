"""Blot tables made of the stand-in model, with what each variant of the likelihood needs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from mtorkin.fit import (
    Blots,
)

from .conftest import TRUTH, FakeModel, fake_simulate

FREE = ["rate", "basal", "height"]
TIMES = np.array([0.0, 5, 15, 30, 60, 120])


def made(seed: int = 1, back: float = 0.0, noise: float = 0.08, **truths: dict[str, float]) -> pd.DataFrame:
    """Lanes of three blots of each kind of cells, as `read_blots` gives them.

    `back` is a background of Akt, in mean bands.
    """
    random, rows = np.random.default_rng(seed), []
    for cells, truth in (truths or {"": {}}).items():
        run = fake_simulate(FakeModel({**TRUTH, **truth}), None, TIMES)
        for blot in "ABC":
            for target, readout in run.items():
                scale = np.exp(random.normal(3, 1))
                extra = back * readout.mean() if target == "Akt_pS473" else 0.0
                values = scale * (readout + extra) * np.exp(noise * random.normal(size=len(TIMES)))
                for lane, (time, value) in enumerate(zip(TIMES, values, strict=True), start=1):
                    rows.append((f"{blot}{cells}", str(lane), "insulin", cells, time, target, value))
    columns = ["blot", "lane", "condition", "cell_line", "time", "target", "value"]
    return pd.DataFrame(rows, columns=columns).assign(
        censored="", normalised="", replicate="", saturated=False, below_detection=False
    )


def blots(plain: Blots, table: pd.DataFrame) -> Blots:
    return replace(plain, table=table)


def limits(table: pd.DataFrame) -> pd.DataFrame:
    """The weakest two bands of each blot below a limit, the strongest of Akt above one."""
    table = table.copy()
    for (_, target), group in table.groupby(["blot", "target"]):
        order = group["value"].sort_values().index
        table.loc[order[:2], ["value", "censored"]] = [group["value"][order[1]] * 1.05, "below"]
        if target == "Akt_pS473":
            table.loc[order[-1], ["value", "censored"]] = [group["value"][order[-1]] * 0.9, "above"]
    return table
