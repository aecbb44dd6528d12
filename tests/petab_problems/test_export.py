"""Our fits as PEtab problems: the same likelihood again, and what cannot be said is refused."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtorkin.engines import available
from mtorkin.errors import DeclarationError
from mtorkin.fit.blots import read_blots
from mtorkin.fit.making import make_problem
from mtorkin.fit.problem import FitProblem
from mtorkin.model import Model
from mtorkin.petab.export import write_petab
from mtorkin.petab.likelihood import negative_log_likelihood, readouts
from mtorkin.petab.priors import prior_terms
from mtorkin.petab.problem import PetabProblem
from mtorkin.petab.reading import read_petab
from mtorkin.protocol import UNTIL_STEADY, Period, Protocol
from mtorkin.simulate import simulate

pytestmark = pytest.mark.skipif("native" not in available(), reason="the native engine is not built")
BLOTS = Path(__file__).resolve().parents[2] / "examples" / "data" / "breast_cancer_blots.csv"
FREE = ("IR_abundance", "PIP_abundance")


@pytest.fixture(scope="module")
def problem(core: Model) -> FitProblem:
    blots = read_blots(BLOTS).select(cell_line="MCF-7", targets=["S6K_pT389", "Akt_pT308"])
    return make_problem(core, blots, FREE)


def expected(problem: FitProblem, read: PetabProblem) -> float:
    """Minus the log-likelihood at the nominal values, computed from `simulate` alone."""
    values = {p.id: p.nominal for p in read.parameters.values()}
    model = problem.model.with_values(**{id: values[id] for id in FREE})
    each = problem.experiments[0]
    found = simulate(model, each.protocol, each.times, rtol=1e-8, atol=1e-11)
    total = 0.0
    for lane, given in zip(problem.lanes.itertuples(), read.measurements.placeholders, strict=True):
        scale, noise = (
            values[str(given[f"{w}Parameter1_obs_{lane.target}"])] for w in ("observable", "noise")
        )
        at = float(np.interp(float(lane.time), found.times, found[str(lane.target)]))
        left = (np.log(float(lane.value)) - np.log(scale * at)) / noise
        total += 0.5 * left**2 + np.log(noise * float(lane.value)) + 0.5 * np.log(2 * np.pi)
    return total


def again(path: Path) -> tuple[PetabProblem, float]:
    """A problem read again, and minus its log-likelihood."""
    read = read_petab(path)
    return read, negative_log_likelihood(read, readouts(read, read.nominal(), slopes=False))[0]


@pytest.fixture(scope="module")
def both(problem: FitProblem, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[PetabProblem, float]]:
    """The problem in either format, read again."""
    folder, x = tmp_path_factory.mktemp("both"), problem.start + 0.1
    return [again(write_petab(problem, folder / str(version), x, version)) for version in (1, 2)]


def test_the_likelihood_is_the_same_in_both_formats(
    problem: FitProblem, both: list[tuple[PetabProblem, float]]
) -> None:
    (first, found), (second, found_too) = both
    assert found == pytest.approx(expected(problem, first), rel=1e-6)
    assert found_too == pytest.approx(found, rel=1e-9)
    nominal = {p.id: p.nominal for p in first.parameters.values()}
    assert {p.id: p.nominal for p in second.parameters.values()} == pytest.approx(nominal)


def test_priors_differ_between_formats_by_their_scale(both: list[tuple[PetabProblem, float]]) -> None:
    """Format 1 has densities of logarithms, format 2 of parameters, within their bounds."""
    (first, _), (second, _) = both
    in_logs, _ = prior_terms(first, first.nominal())
    linear, _ = prior_terms(second, second.nominal())
    for i, id in enumerate(second.free):
        parameter = second.parameters[id]
        if id in FREE:
            assert parameter.prior is not None
            change = np.log(parameter.nominal) + np.log(parameter.prior.within)
            assert linear[i] == pytest.approx(in_logs[first.free.index(id)] + change)


def test_a_later_treatment_is_read_again(problem: FitProblem, tmp_path: Path) -> None:
    later = Protocol(Period(UNTIL_STEADY), Period(0, insulin=100), Period(7, rapamycin=20))
    changed = replace(problem, experiments=(replace(problem.experiments[0], protocol=later),))
    read, found = again(write_petab(changed, tmp_path, version=2))
    assert found == pytest.approx(expected(changed, read), rel=1e-6)
    plain = replace(changed.experiments[0], protocol=Protocol(*later.periods[:2]))
    assert found != pytest.approx(expected(replace(problem, experiments=(plain,)), read), rel=1e-3)


def test_format_2_says_the_same_and_more(problem: FitProblem, tmp_path: Path) -> None:
    write_petab(problem, tmp_path, version=2)
    read = {p.stem: p.read_text(encoding="utf-8").splitlines() for p in tmp_path.glob("*.tsv")}
    tables = {name: list(csv.reader(lines, delimiter="\t")) for name, lines in read.items()}
    assert all(len({len(row) for row in rows}) == 1 for rows in tables.values())
    times = [row[1] for row in tables["experiments"][1:]]
    assert times == ["-inf", "0.0"]
    later = Protocol(Period(UNTIL_STEADY), Period(0, insulin=100), Period(30, rapamycin=20))
    changed = replace(problem, experiments=(replace(problem.experiments[0], protocol=later),))
    with pytest.raises(DeclarationError, match="format 2"):
        write_petab(changed, tmp_path / "1")
    write_petab(changed, tmp_path / "2", version=2)
    rows = pd.read_csv(tmp_path / "2" / "experiments.tsv", sep="\t")
    assert rows["time"].tolist() == [-np.inf, 0.0, 30.0]


@pytest.mark.filterwarnings("ignore")  # of petab's own calls of pandas
@pytest.mark.parametrize("version", [1, 2])
def test_petab_has_nothing_to_say_against_it(problem: FitProblem, version: int, tmp_path: Path) -> None:
    lint = pytest.importorskip("petab.v1.lint" if version == 1 else "petab.v2.lint")
    path = write_petab(problem, tmp_path, version=version)
    module = pytest.importorskip(f"petab.v{version}")
    problem_read = module.Problem.from_yaml(str(path))
    assert not lint.lint_problem(problem_read)
