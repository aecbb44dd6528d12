"""`mtorkin export petab`: a fit, written and read back as a problem."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mtorkin._resources import blots_dir
from mtorkin.build import build
from mtorkin.engines import available
from mtorkin.fit import fit, read_blots
from mtorkin.petab.likelihood import negative_log_likelihood, readouts
from mtorkin.petab.reading import read_petab
from tests.cli.conftest import Run


@pytest.mark.skipif("native" not in available(), reason="the native engine was not compiled")
def test_a_fit_is_written_and_read_back(run: Run, tmp_path: Path) -> None:
    blots = read_blots(blots_dir() / "breast_cancer_blots.csv").select(
        cell_line="MCF-7", targets=["S6K_pT389"]
    )
    result = fit(build(), blots, ["kcat_S6K_T389"], starts=1, progress=False)
    result.to_json(tmp_path / "fit.json")
    done = run("export", "petab", tmp_path / "fit.json", "--out", tmp_path / "petab")
    assert done.code == 0, done.err
    read = read_petab(tmp_path / "petab" / "problem.yaml")
    theirs, _ = negative_log_likelihood(read, readouts(read, read.nominal(), slopes=False))
    data = result.solvable().data
    assert np.isfinite(theirs)  # that it is ours: tests/petab_problems
    assert read.nominal().size == 1 + data.groups + data.antibodies
    # the same priors are another number in another format, and the line says of what
    for number, said in ((1, "densities of the parameters on their scales"), (2, "parameters themselves")):
        out = tmp_path / f"format{number}"
        assert run("export", "petab", tmp_path / "fit.json", "--format", number, "--out", out).code == 0
        told = run("petab", out / "problem.yaml").out
        assert " measurements, 1 simulation, " in told and f"{said})" in told


def test_what_is_no_fit_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fit.json").write_text("{}", encoding="utf-8")
    done = run("export", "petab", tmp_path / "fit.json", "--out", tmp_path / "petab")
    assert done.code == 2 and "is not a saved fit" in done.err
    assert not (tmp_path / "petab").exists()
