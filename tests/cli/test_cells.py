"""Which kind of cells a command means, where blots or an overlay are of another than the model."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

SHORT = ("simulate", "rapamycin-short", "--points", "2", "--observables", "S6K_total", "--json")


@pytest.mark.parametrize(
    ("overlay", "context", "said"),
    [
        ("MCF7", "generic", "MCF7.tsv was fitted in MCF7 cells, and these are generic: add --context MCF7"),
        ("MCF7", "MCF7", ""),
        ("T47D", "generic", ""),
        ("T47D", "MCF7", "T47D.tsv was fitted in generic cells, and these are MCF7: add --context generic"),
    ],
)
def test_an_overlay_of_other_cells_is_told(overlay: str, context: str, said: str, run: Run) -> None:
    done = run(*SHORT, "--overlay", overlay, "--context", context)
    assert done.code == 0, done.err
    assert said in done.err
    assert ("was fitted in" in done.err) is bool(said)


def test_an_overlay_of_ones_own_says_nothing_of_cells(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("parameterId\tnominalValue\tunit\tcontext\nkoff_mTORC2\t0.01\t1/min\t\n")
    done = run(*SHORT, "--overlay", path, "--context", "MCF7")
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize(
    ("line", "context", "told"),
    [("MCF-7", "generic", True), ("MCF-7", "MCF7", False), ("ZR-75-1", "generic", False)],
)
def test_blots_of_cells_that_have_a_context(line: str, context: str, told: bool) -> None:
    from mtorkin._resources import blots_dir
    from mtorkin.cli.cells import unused_context
    from mtorkin.fit import read_blots

    blots = read_blots(blots_dir() / "breast_cancer_blots.csv").select(cell_line=line)
    said = unused_context(context, blots)
    assert ("the lanes are of MCF-7" in said and "add --context MCF7" in said) is told
    assert bool(said) is told
