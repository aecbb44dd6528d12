"""`mtorkin sensitivity`: relative, ranked, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from mtorkin.engines import available
from tests.cli.conftest import Run

pytestmark = pytest.mark.skipif("native" not in available(), reason="the native engine was not compiled")
ASK = ("sensitivity", "--period", "0 rapamycin=100", "--readout", "S6_pS240_244,mTORC2", "--at", "60")


def test_it_is_the_change_for_one_percent_more(run: Run, folder: Path) -> None:
    """Against two simulations that have 1 % more and less."""
    done = run(*ASK, "--by", "S6K_abundance,rapamycin@0,kcat_S6*", "--out", folder)
    assert done.code == 0, done.err
    assert {p.suffix for p in folder.iterdir()} == {".csv", ".json", ".png"}
    table = pd.read_csv(next(folder.glob("*.csv"))).set_index(["readout", "parameter"])
    values = []
    for factor in ("1.01", "0.99"):
        args = ("--period", "0 rapamycin=100", "--until", "60", "--every", "60", "--engine", "native")
        done = run("simulate", *args, "--scale", f"S6K={factor}", "--json")
        values.append(json.loads(done.out)["observables"]["S6_pS240_244"][-1])
    row = table.loc[("S6_pS240_244", "S6K_abundance")]
    slope = 100 * (values[0] - values[1]) / (2 * row["value"])
    assert row["relative"] == pytest.approx(slope, rel=1e-3)
    assert table.loc[("S6_pS240_244", "rapamycin@0"), "relative"] < 0
    assert any(str(p).startswith("kcat_S6") for _, p in table.index)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "kcat_S6K_T38"), "did you mean 'kcat_S6K_T389'"),
        (("--by", "nothing_*"), "matches no parameter"),
        (("--by", ""), "names no parameter"),
        (("--by", "rapamycin@7"), "no period sets 'rapamycin@7' (there is: rapamycin@0)"),
    ],
)
def test_is_told(words: tuple[str, ...], said: str, run: Run) -> None:
    done = run(*ASK, *words)
    assert done.code == 2
    assert said in done.err
