"""PEtab problems of format 2: the same numbers as format 1, changes on the way, priors, refusals."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
import yaml

from mtorkin.engines import available
from mtorkin.foreign import NotRead
from mtorkin.petab.fitting import fit_petab
from mtorkin.petab.inner import inner_of
from mtorkin.petab.likelihood import negative_log_likelihood, readouts
from mtorkin.petab.priors import prior_terms
from mtorkin.petab.problem import PetabProblem
from mtorkin.petab.reading import read_petab
from mtorkin.petab.simulating import Tolerances

sys.path.insert(0, str(Path(__file__).parent))

from small import (
    CONDITIONS_2,
    EXPERIMENTS_2,
    FILES_2,
    MAPPING_2,
    MEASUREMENTS_2,
    OBSERVABLES_2,
    PARAMETERS_2,
    YAML_2,
    written,
)
from test_problems import BENCHMARKS, OBSERVABLES, SUITE, differences, value
from test_problems import CASES as CASES_1

pytestmark = pytest.mark.skipif("native" not in available(), reason="the native engine is not built")

# the cases of format 2 in the release (`make test` installs it) are of a draft, and are no cases of 2.0.0
DRAFTS = sorted(p for p in (SUITE / "v2.0.0" / "sbml").glob("[0-9]*") if p.is_dir()) if SUITE else []
# those of 2.0.0 are in the repository alone: a checkout of PEtab-dev/petab_test_suite, here bc28d0a
CHECKOUT = os.environ.get("PETAB_TEST_SUITE", "")
CASES = sorted(Path(CHECKOUT).glob("petabtests/cases/v2.0.0/sbml/[0-9]*")) if CHECKOUT else []
# what is not read: events that change volumes (16, 30), and conditions of the state (23)
BEYOND = {"0016": "cannot set 'C'", "0023": "a condition depends on p", "0030": "cannot set 'C'"}


@pytest.fixture
def small(tmp_path: Path) -> PetabProblem:
    return read_petab(written(tmp_path, FILES_2))


def test_both_formats_say_the_same(tmp_path: Path) -> None:
    natural = OBSERVABLES.replace(b"log10\tnormal", b"log\tnormal")
    first = read_petab(written(tmp_path / "1", observables_tsv=natural))
    rows = [row for row in MEASUREMENTS_2.splitlines() if b"course" not in row]
    second = read_petab(written(tmp_path / "2", FILES_2, measurements_tsv=b"\n".join(rows)))
    assert value(second, second.nominal()) == pytest.approx(value(first, first.nominal()), rel=1e-9)


def moved(state: np.ndarray, forth: float, back: float, time: float) -> np.ndarray:
    """A and B after a time, of A -> B at `forth` and B -> A at `back`, in closed form."""
    total = state.sum()
    a = total * back / (forth + back)
    a += (state[0] - a) * math.exp(-(forth + back) * time)
    return np.array([a, total - a])


def test_changes_on_the_way_are_those_of_a_closed_form(small: PetabProblem) -> None:
    a0, k2, k_now = (small.parameters[id].nominal for id in ("a0", "k2", "k_now"))
    state = moved(np.array([a0, 0.1]), 0.8, k2, 1.0)  # the piecewise factor is 1 until 2, then 2
    state[0] += 0.5 * state[1] * a0
    at_1, k1 = state[0], 0.8 * 2 + k_now
    at_2 = moved(state, k1, k2, 1.0)
    at_3 = moved(at_2, 2 * k1, k2, 1.0)
    at_3[0] += 0.5 * at_3[1] * a0
    a, b = moved(at_3, 2 * k1, k2, 1.0)
    expected = [2 * at_1, 2 * moved(at_2, 2 * k1, k2, 0.5)[0], b + 0.1 * a**1.5]
    for engine in ("native", "scipy"):
        found = readouts(small, small.nominal(), Tolerances(1e-9, 1e-12), slopes=False, engine=engine)
        assert found.value[5:] == pytest.approx(expected, rel=1e-7)


def test_gradients_are_differences_through_changes(small: PetabProblem) -> None:
    x = small.nominal()
    _, gradient = negative_log_likelihood(small, readouts(small, x, Tolerances(1e-9, 1e-12)))
    assert gradient == pytest.approx(differences(small, x, 2e-5), rel=1e-4, abs=3e-4)


RULES = b"""<?xml version="1.0"?><sbml xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4">
<model id="m"><listOfParameters><parameter id="A" value="1" constant="false"/>
<parameter id="B" value="0.1" constant="false"/><parameter id="k1" value="0.8"/>
<parameter id="k2" value="0.6"/><parameter id="twice"/></listOfParameters>
<listOfInitialAssignments><initialAssignment symbol="twice">
<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><cn>2</cn><ci>k1</ci></apply></math>
</initialAssignment></listOfInitialAssignments>
<listOfRules><rateRule variable="A"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><minus/>
<apply><times/><ci>k2</ci><ci>B</ci></apply><apply><times/><ci>k1</ci><ci>A</ci></apply></apply></math>
</rateRule><rateRule variable="B"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><minus/>
<apply><times/><ci>k1</ci><ci>A</ci></apply><apply><times/><ci>k2</ci><ci>B</ci></apply></apply></math>
</rateRule></listOfRules></model></sbml>"""


def test_rest_is_where_the_run_leads_where_rules_keep_a_total(tmp_path: Path) -> None:
    """Of the places at rest, which form a line, and with what was computed once at the start."""
    conditions = CONDITIONS_2 + b"sum\tA\tA + twice\n"
    experiments = b"experimentId\ttime\tconditionId\nafter_rest\t-inf\trest\nafter_rest\t5\tnow\n"
    experiments += b"after_rest\t8\tsum\n"
    rows = [
        b"of_a\tafter_rest\t1.5\t5\tscale\tsd",
        b"of_a\tafter_rest\t0.9\t8\tscale\tsd",
        b"of_b\tafter_rest\t0.9\tinf\t\t",
    ]
    changed = {"conditions_tsv": conditions, "experiments_tsv": experiments, "model_xml": RULES}
    measured = b"\n".join([MEASUREMENTS_2.splitlines()[0], *rows])
    problem = read_petab(written(tmp_path, FILES_2, **changed, measurements_tsv=measured))
    x = problem.nominal()
    state = moved(np.array([1.0, 0.1]), 0.3, 0.6, 1e3)
    later = moved(state, 0.9, 0.6, 3.0) + np.array([0.6, 0.0])  # twice: of k1 before rest
    a, b = moved(later, 0.9, 0.6, 1e3)
    found = readouts(problem, x)
    assert found.value == pytest.approx([2 * state[0], 2 * later[0], b + 0.1 * a**1.5], rel=1e-6)
    _, gradient = negative_log_likelihood(problem, found)
    assert gradient == pytest.approx(differences(problem, x, 2e-5), rel=1e-4, abs=3e-4)


KINDS = {
    "cauchy\t1;2": scipy.stats.cauchy(1, 2),
    "chisquare\t3": scipy.stats.chi2(3),
    "exponential\t2": scipy.stats.expon(scale=2),
    "gamma\t2;3": scipy.stats.gamma(2, scale=3),
    "laplace\t1;2": scipy.stats.laplace(1, 2),
    "log-normal\t0.2;2": scipy.stats.lognorm(2, scale=math.exp(0.2)),
    "log-laplace\t0.2;2": scipy.stats.loglaplace(0.5, scale=math.exp(0.2)),
    "log-uniform\t0.1;4": scipy.stats.loguniform(0.1, 4),
    "normal\t1;2": scipy.stats.norm(1, 2),
    "rayleigh\t2": scipy.stats.rayleigh(scale=2),
    "uniform\t0.1;4": scipy.stats.uniform(0.1, 3.9),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bounds", [(0.2, 3.0), (0.0, 3.0)])
def test_priors_are_cut_off_at_the_bounds(kind: str, bounds: tuple[float, float], tmp_path: Path) -> None:
    row = f"k_now\t{bounds[0]}\t{bounds[1]}\t0.9\ttrue\t{kind}".encode()
    table = PARAMETERS_2.replace(PARAMETERS_2.splitlines()[1], row)
    problem = read_petab(written(tmp_path, FILES_2, parameters_tsv=table))
    x = problem.nominal()
    terms, slopes = prior_terms(problem, x)
    of = KINDS[kind]
    cut = of.cdf(bounds[1]) - of.cdf(bounds[0])
    assert terms[0] == pytest.approx(-math.log(of.pdf(0.9) / cut), rel=1e-9)
    assert terms[1] == pytest.approx(math.log(1e3 - 1e-3))  # uniform, since others have priors
    step = 1e-6 * np.eye(len(x))[0]
    rise = prior_terms(problem, x + step)[0][0] - prior_terms(problem, x - step)[0][0]
    assert slopes[0] == pytest.approx(rise / 2e-6, rel=1e-5, abs=1e-8)


def test_flat_priors_leave_scales_and_noise_their_closed_form(small: PetabProblem) -> None:
    assert {small.free[k] for k in inner_of(small).places} == {"scale", "sd"}


def test_a_fit_gains(small: PetabProblem, tmp_path: Path) -> None:
    pytest.importorskip("fides")
    found = fit_petab(small, starts=1, seed=2, draws=4, out=tmp_path / "starts")
    x = small.nominal()
    assert found.best.objective < value(small, x) + prior_terms(small, x)[0].sum()


REFUSED = {
    "two models": ({"problem_yaml": YAML_2.replace(b"sbml}", b"sbml}\n  b: {}")}, "2 models"),
    "language": ({"problem_yaml": YAML_2.replace(b"sbml}", b"bngl}")}, "not sbml"),
    "outside": ({"problem_yaml": YAML_2.replace(b"model.xml", b"../model.xml")}, "beside it"),
    "key": ({"problem_yaml": YAML_2.replace(b"parameter_files", b"parameter_file")}, "did you mean"),
    "extension": (
        {"problem_yaml": YAML_2.replace(b"{}", b"{x: {version: 1, required: true}}")},
        "extension x",
    ),
    "estimate": ({"parameters_tsv": PARAMETERS_2.replace(b"1.2\ttrue", b"1.2\t1")}, "neither true nor"),
    "twice": ({"parameters_tsv": PARAMETERS_2.replace(b"\nsd\t", b"\nk2\t")}, "there twice"),
    "prior": ({"parameters_tsv": PARAMETERS_2.replace(b"gamma", b"beta")}, "none of cauchy"),
    "prior of one": ({"parameters_tsv": PARAMETERS_2.replace(b"2;1", b"2")}, "2 numbers are needed"),
    "prior off": ({"parameters_tsv": PARAMETERS_2.replace(b"gamma\t2;1", b"uniform\t11;12")}, "nothing of"),
    "old prior": (
        {"parameters_tsv": PARAMETERS_2.replace(b"priorDistribution", b"objectivePriorType")},
        "priorDistribution",
    ),
    "noise": ({"observables_tsv": OBSERVABLES_2.replace(b"log-normal", b"log10-normal")}, "none of normal"),
    "placeholder taken": ({"observables_tsv": OBSERVABLES_2.replace(b"factor", b"k2")}, "no new name"),
    "code": (
        {"observables_tsv": OBSERVABLES_2.replace(b"B + 0.1", b"__import__('os')")},
        "observables.tsv:3",
    ),
    "placeholders": (
        {"measurements_tsv": MEASUREMENTS_2.replace(b"\tscale\tsd", b"\tscale;1\tsd")},
        "2 values for the 1",
    ),
    "no experiment": ({"measurements_tsv": MEASUREMENTS_2.replace(b"alone", b"alon")}, "mean 'alone'"),
    "too early": ({"measurements_tsv": MEASUREMENTS_2.replace(b"0.8\t1", b"0.8\t-1")}, "before the exp"),
    "rest on the way": ({"measurements_tsv": MEASUREMENTS_2.replace(b"1.3\t4", b"1.3\tinf")}, "to rest"),
    "target of a rule": ({"conditions_tsv": CONDITIONS_2.replace(b"more\tA", b"more\tb0")}, "a rule"),
    "target unknown": ({"conditions_tsv": CONDITIONS_2.replace(b"more\tA", b"more\tAA")}, "nothing in"),
    "target in the table": ({"conditions_tsv": CONDITIONS_2.replace(b"more\tA", b"more\tk2")}, "parameter t"),
    "no function": ({"conditions_tsv": CONDITIONS_2.replace(b"A + 0.5", b"sin(A)")}, "no function 'sin'"),
    "set twice": ({"conditions_tsv": CONDITIONS_2.replace(b"faster\trate_forth", b"faster\tA")}, "at once"),
    "first of state": ({"conditions_tsv": CONDITIONS_2.replace(b"A\ta0", b"A\tB")}, "has no value yet"),
    "volume": ({"conditions_tsv": CONDITIONS_2.replace(b"more\tA", b"more\tc")}, "volume of c is a formula"),
    "condition": ({"experiments_tsv": EXPERIMENTS_2.replace(b"alone\t0\tfree", b"alone\t0\tfre")}, "mean"),
    "late": ({"experiments_tsv": EXPERIMENTS_2.replace(b"alone\t0", b"alone\t0.5")}, "depends on the time"),
    "alias": ({"mapping_tsv": MAPPING_2.replace(b"\tk1\t", b"\tforth.k1\t")}, "mapping.tsv:2:modelEntityId"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_supported_is_refused(case: str, tmp_path: Path) -> None:
    changed, words = REFUSED[case]
    with pytest.raises(NotRead, match=words):
        problem = read_petab(written(tmp_path, FILES_2, **changed))
        readouts(problem, problem.nominal(), slopes=False)


@pytest.mark.filterwarnings("ignore")  # of petab's own calls
@pytest.mark.parametrize("name", ["Boehm_JProteomeRes2014", "Fujita_SciSignal2010", "Brannmark_JBC2010"])
def test_a_benchmark_that_petab_converts_has_its_likelihood(name: str, tmp_path: Path) -> None:
    """Not those with noise of log10, which format 2 has not."""
    path = BENCHMARKS / name / f"{name}.yaml"
    if not path.is_file():
        pytest.skip("the benchmark problems are not here")
    pytest.importorskip("petab.v2.petab1to2").petab1to2(path, tmp_path)
    first, second = read_petab(path), read_petab(tmp_path / f"{name}.yaml")
    assert value(second, second.nominal()) == pytest.approx(value(first, first.nominal()), abs=1e-6)


def problem_and_solution(folder: Path) -> tuple[Path, dict[str, float]]:
    solution = yaml.safe_load(next(folder.glob("*_solution.yaml")).read_text())
    return next(p for p in folder.glob("_*.yaml") if "solution" not in p.name), solution


# the converter drops the logarithm of an observable whose noise has no distribution in the table
LOST = {"0007": "log10", "0016": "log"}


@pytest.mark.filterwarnings("ignore")  # of petab's own calls
@pytest.mark.parametrize("folder", CASES_1, ids=lambda folder: folder.name)
def test_the_suite_of_format_1_is_the_same_once_converted(folder: Path, tmp_path: Path) -> None:
    path, solution = problem_and_solution(folder)
    pytest.importorskip("petab.v2.petab1to2").petab1to2(path, tmp_path)
    problem = read_petab(tmp_path / path.name)
    if folder.name in LOST:
        assert any(o.transformation == LOST[folder.name] for o in read_petab(path).observables)
        assert all(o.transformation == "lin" for o in problem.observables)
        return
    llh = -negative_log_likelihood(problem, readouts(problem, problem.nominal(), slopes=False))[0]
    assert llh == pytest.approx(solution["llh"], abs=1e-6)  # the suite asks for 1e-3


@pytest.mark.skipif(not DRAFTS, reason="PEtab's test suite is not installed (make test)")
def test_a_draft_of_format_2_is_refused() -> None:
    assert [p.name for p in DRAFTS] == [f"{n:04d}" for n in range(1, 20)]
    for folder in DRAFTS:
        with pytest.raises(NotRead, match="no 'parameter_file'"):
            read_petab(problem_and_solution(folder)[0])


@pytest.mark.skipif(not CHECKOUT, reason="PETAB_TEST_SUITE names no checkout of PEtab's test suite")
def test_the_suite_is_whole() -> None:
    assert [p.name for p in CASES] == [f"{n:04d}" for n in range(1, 33) if n != 19]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_the_suite_of_petab(folder: Path) -> None:
    path, solution = problem_and_solution(folder)
    if folder.name in BEYOND:
        with pytest.raises(NotRead, match=BEYOND[folder.name]):
            read_petab(path)
        return
    problem = read_petab(path)
    x = problem.nominal()
    llh = -negative_log_likelihood(problem, readouts(problem, x, slopes=False))[0]
    assert llh == pytest.approx(solution["llh"], abs=1e-6)  # the suite asks for 1e-3
    if "unnorm_log_posterior" in solution:
        posterior = llh - prior_terms(problem, x)[0].sum()
        assert posterior == pytest.approx(solution["unnorm_log_posterior"], abs=1e-9)
