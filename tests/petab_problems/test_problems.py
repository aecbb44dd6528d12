"""PEtab problems of others: their likelihood, its gradient, and what is refused."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import scipy.optimize
import yaml

from mtorkin.engines import available
from mtorkin.errors import DeclarationError
from mtorkin.foreign import NotRead
from mtorkin.petab.descent import imported
from mtorkin.petab.fitting import fingerprint, fit_petab
from mtorkin.petab.inner import inner_of, solved
from mtorkin.petab.likelihood import negative_log_likelihood, readouts
from mtorkin.petab.priors import prior_terms
from mtorkin.petab.problem import PetabProblem
from mtorkin.petab.reading import read_petab
from mtorkin.petab.simulating import Tolerances

sys.path.insert(0, str(Path(__file__).parent))

from fuzz_readers import fuzz
from small import MEASUREMENTS, OBSERVABLES, PARAMETERS, SBML, YAML, written

BENCHMARKS = Path(__file__).resolve().parents[3] / "shared" / "data" / "petab_benchmarks"
# PEtab's test suite is a package with the cases in it (`make test` installs it); it is found, not imported
_suite = find_spec("petabtests")
SUITE = Path(_suite.origin).parent / "cases" if _suite and _suite.origin else None
CASES = sorted(p for p in (SUITE / "v1.0.0" / "sbml").glob("[0-9]*") if p.is_dir()) if SUITE else []

pytestmark = pytest.mark.skipif("native" not in available(), reason="the native engine is not built")

# minus the log-likelihood at the nominal parameters, as AMICI's tests have it
REFERENCE = {
    "Fujita_SciSignal2010": -53.08377736998929,
    "Boehm_JProteomeRes2014": 138.22199693517703,
    "Brannmark_JBC2010": 141.889113770537,
    "Schwen_PONE2014": 943.9992988598723,
}


def benchmark(name: str) -> PetabProblem:
    path = BENCHMARKS / name / f"{name}.yaml"
    if not path.is_file():
        pytest.skip("the benchmark problems are not here")
    return read_petab(path)


def value(problem: PetabProblem, x: np.ndarray, tolerances: Tolerances = Tolerances(1e-9, 1e-12)) -> float:  # noqa: B008
    return negative_log_likelihood(problem, readouts(problem, x, tolerances, slopes=False))[0]


@pytest.mark.parametrize("name", REFERENCE)
def test_the_benchmarks_have_their_likelihood(name: str) -> None:
    problem = benchmark(name)
    assert value(problem, problem.nominal()) == pytest.approx(REFERENCE[name], abs=1e-4)


def test_the_reference_engine_says_the_same() -> None:
    problem = benchmark("Boehm_JProteomeRes2014")
    found = readouts(problem, problem.nominal(), slopes=False, engine="scipy")
    assert negative_log_likelihood(problem, found)[0] == pytest.approx(138.222, abs=1e-4)


def differences(problem: PetabProblem, x: np.ndarray, step: float) -> np.ndarray:
    rows = step * np.eye(len(x))
    return np.array([(value(problem, x + d) - value(problem, x - d)) / (2 * step) for d in rows])


@pytest.mark.parametrize("name", ["small", "Brannmark_JBC2010"])
def test_gradients_are_differences(name: str, tmp_path: Path) -> None:
    problem = read_petab(written(tmp_path)) if name == "small" else benchmark(name)
    x = problem.nominal()
    _, gradient = negative_log_likelihood(problem, readouts(problem, x, Tolerances(1e-9, 1e-12)))
    assert gradient == pytest.approx(differences(problem, x, 2e-5), rel=1e-4, abs=3e-4)


def test_priors_have_their_derivative(tmp_path: Path) -> None:
    kinds = [
        "normal\t1;2",
        "laplace\t1;2",
        "logNormal\t0.1;2",
        "logLaplace\t0.1;2",
        "parameterScaleNormal\t1;2",
    ]
    head, *rows = PARAMETERS.decode().splitlines()
    rows = [f"{row}\t{kind}" for row, kind in zip(rows, [*kinds, "\t"], strict=True)]
    table = "\n".join([f"{head}\tobjectivePriorType\tobjectivePriorParameters", *rows])
    problem = read_petab(written(tmp_path, parameters_tsv=table.encode()))
    x = problem.nominal()
    _, slopes = prior_terms(problem, x)
    for i in range(len(x)):
        step = 1e-6 * np.eye(len(x))[i]
        rise = prior_terms(problem, x + step)[0].sum() - prior_terms(problem, x - step)[0].sum()
        assert slopes[i] == pytest.approx(rise / 2e-6, rel=1e-5)


def test_a_uniform_prior_on_the_scale_is_between_the_bounds_on_it(tmp_path: Path) -> None:
    head, first, *rows = PARAMETERS.decode().splitlines()
    table = "\n".join([f"{head}\tobjectivePriorType", f"{first}\tparameterScaleUniform", *rows])
    problem = read_petab(written(tmp_path, parameters_tsv=table.encode()))
    terms, _ = prior_terms(problem, problem.nominal())
    assert terms == pytest.approx([np.log(6.0), 0.0, 0.0, 0.0, 0.0])  # from 1e-3 to 1e3 in log10


def test_a_fit_finds_the_optimum_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    pytest.importorskip("fides")
    problem = benchmark("Boehm_JProteomeRes2014")
    found = fit_petab(problem, starts=2, seed=3, draws=5, out=tmp_path)
    assert found.best.objective < value(problem, np.mean(problem.bounds(), axis=0))
    (tmp_path / "start_001.json").unlink()
    again = fit_petab(problem, starts=2, seed=3, draws=5, out=tmp_path)
    assert [s.objective for s in again.starts] == [s.objective for s in found.starts]


def test_without_fides_a_fit_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fides", None)
    with pytest.raises(DeclarationError, match=r"pip install 'mtorkin\[petab\]'"):
        imported()


EVENT = b"""</listOfReactions><listOfEvents><event id="e"><trigger>
<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><geq/><csymbol encoding="text"
definitionURL="http://www.sbml.org/sbml/symbols/time">t</csymbol><cn>1</cn></apply></math></trigger>
<listOfEventAssignments><eventAssignment variable="A"><math xmlns="http://www.w3.org/1998/Math/MathML">
<cn>0.5</cn></math></eventAssignment></listOfEventAssignments></event></listOfEvents>"""


def test_what_changes_the_model_makes_it_another_problem(tmp_path: Path) -> None:
    with_event = SBML.replace(b"</listOfReactions>", EVENT)
    made = b'<listOfProducts><speciesReference species="B"/>'
    texts = {
        "event": with_event,
        "value": with_event.replace(b"<cn>0.5</cn>", b"<cn>0.7</cn>"),
        "trigger": with_event.replace(
            b"<cn>1</cn></apply></math></trigger>", b"<cn>2</cn></apply></math></trigger>"
        ),
        "function": with_event.replace(b"<times/><ci>u</ci>", b"<plus/><ci>u</ci>"),
        "reaction": with_event.replace(made, made.replace(b"/>", b' stoichiometry="2"/>')),
    }
    assert len(set(texts.values())) == len(texts)
    read = [read_petab(written(tmp_path / name, model_xml=text)) for name, text in texts.items()]
    assert len({fingerprint(problem, (1,)) for problem in read}) == len(texts)
    assert fingerprint(read[0], (1,)) == fingerprint(read_petab(tmp_path / "event" / "problem.yaml"), (1,))


def test_a_scale_of_both_logarithms_is_at_its_optimum(tmp_path: Path) -> None:
    observables = OBSERVABLES.replace(b"of_a\tlin", b"of_a\tlog").replace(
        b"B + 0.1 * A^1.5\tsd_b", b"observableParameter1_of_b * B\t0.2"
    )
    measured = MEASUREMENTS.replace(b"\tscale\tsd", b"\tscale\t0.3").replace(b"\t\t\n", b"\tscale\t\n")
    problem = read_petab(written(tmp_path, observables_tsv=observables, measurements_tsv=measured))
    inner, x = inner_of(problem), problem.nominal()
    place = problem.free.index("scale")
    assert inner.places.tolist() == [place]

    def of(scale: float) -> float:
        there = x.copy()
        there[place] = scale
        return value(problem, there, Tolerances())

    after, found = solved(problem, inner, x, readouts(problem, x, slopes=False))
    lowest = scipy.optimize.minimize_scalar(of, bounds=(-3, 3), method="bounded", options={"xatol": 1e-9})
    assert after[place] == pytest.approx(lowest.x, abs=1e-6)
    assert negative_log_likelihood(problem, found)[0] == pytest.approx(lowest.fun, abs=1e-9)


REFUSED = {
    "version": ({"problem_yaml": YAML.replace(b"version: 1", b"version: 3")}, "format_version"),
    "outside": ({"problem_yaml": YAML.replace(b"model.xml", b"../model.xml")}, "beside it"),
    "absolute": ({"problem_yaml": YAML.replace(b"model.xml", b"/etc/hosts")}, "beside it"),
    "aliases": ({"problem_yaml": b"a: &a [1]\nb: [*a, *a]\n" + YAML}, "aliases"),
    "code": ({"observables_tsv": OBSERVABLES.replace(b"B + 0.1", b"__import__('os')")}, "observables.tsv:3"),
    "no observable": ({"measurements_tsv": MEASUREMENTS.replace(b"of_b", b"of_c")}, "did you mean"),
    "estimate": ({"parameters_tsv": PARAMETERS.replace(b"0.9\t1", b"0.9\t2")}, "neither 1 nor 0"),
    "bounds": ({"parameters_tsv": PARAMETERS.replace(b"1e-3\t1e3\t0.9", b"0\t1e3\t0.9")}, "no bounds"),
    "placeholder": (
        {"measurements_tsv": MEASUREMENTS.replace(b"\tscale\tsd", b"\t\tsd")},
        "observableParameter1_of_a",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_supported_is_refused(case: str, tmp_path: Path) -> None:
    changed, words = REFUSED[case]
    with pytest.raises(NotRead, match=words):
        read_petab(written(tmp_path, **changed))


@pytest.mark.skipif(not CASES, reason="PEtab's test suite is not installed (make test)")
def test_the_suite_is_whole() -> None:
    assert [p.name for p in CASES] == [f"{n:04d}" for n in range(1, 19)]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_the_suite_of_petab(folder: Path) -> None:
    solution = yaml.safe_load(next(folder.glob("*_solution.yaml")).read_text())
    problem = read_petab(next(p for p in folder.glob("_*.yaml") if "solution" not in p.name))
    found = readouts(problem, problem.nominal(), slopes=False)
    llh = -negative_log_likelihood(problem, found)[0]
    assert llh == pytest.approx(solution["llh"], abs=solution["tol_llh"])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_mutated_files_are_read_or_refused() -> None:
    assert sum(fuzz(200, seed=0).values()) == 200
