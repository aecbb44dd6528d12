"""Claims on cohorts and on populations, in a folder of their own, and the measures they use."""

from __future__ import annotations

import math
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtorkin.build import build
from mtorkin.claims import evaluate, read_claims
from mtorkin.claims.measures import MEASURES
from mtorkin.claims.recording import Evidence, Patients, Recording
from mtorkin.claims.statement import Criterion, Readout, Run, Treatment
from mtorkin.errors import DeclarationError, SimulationError, TableError

from .test_reading import folder

TEXT = """
[F14]
statement = "ARD1 and TSC2 go together in tumours"
experiment = "20 patients who differ in ARD1, at rest"
cohorts.tumours = { n = 20, seed = 1, vary = { ARD1 = 0.6 }, others = 0.1, run = "fed" }
criteria = [
  { measure = "spearman", cohort = "tumours", readout = "TSC2_total", factor = "ARD1", min = 0.7 },
  { measure = "spearman", cohort = "tumours", readout = "TSC2_total", against = "S6K_pT389", max = 0 },
]

[B15]
statement = "Clones with mutated FRB take over"
experiment = "1 % S2035T among others, rapamycin 100 nM for 14 days"
[B15.runs]
wild = { periods = [{ at = 0, rapamycin = 100 }], until = 20160, every = 240 }
mutant = { mutate = ["S2035T"], periods = [{ at = 0, rapamycin = 100 }], until = 20160, every = 240 }
[B15.runs.wild_switched]
periods = [{ at = 0, rapamycin = 100 }, { at = 2880, Torin1 = 50 }, { at = 5760, Torin1 = 0 }]
repeat = { every = 8640, times = 2 }
until = 20160
every = 240
[B15.runs.mutant_switched]
mutate = ["S2035T"]
periods = [{ at = 0, rapamycin = 100 }, { at = 2880, Torin1 = 50 }, { at = 5760, Torin1 = 0 }]
repeat = { every = 8640, times = 2 }
until = 20160
every = 240
[[B15.criteria]]
measure = "takeover"
run = ["wild", "mutant"]
share = 0.01
min = 2
[[B15.criteria]]
measure = "progression_ratio"
run = ["wild_switched", "mutant_switched"]
of = ["wild", "mutant"]
share = 0.01
to = 2000
min = 1

[H9]
statement = "Cells without GADD34 die of stress"
experiment = "no GADD34, stress, both, for 72 h"
runs.KO = { scale = { GADD34 = 0 } }
runs.low = { periods = [{ at = 0, stress = 1 }], until = 4320, every = 120 }
runs.both = { scale = { GADD34 = 0 }, periods = [{ at = 0, stress = 1 }], until = 4320, every = 120 }
criteria = [
  { measure = "lethality_score", run = ["KO", "low", "both"], of = "fed", at = 4320, min = 0.1 },
  { measure = "bliss_excess", run = ["KO", "low", "both"], of = "fed", at = 4320, min = 0 },
  { measure = "viability", run = "low", max = 100 },
]
[F22]
statement = "One steady state"
experiment = "fed cells, from 3 random starts"
criteria = [{ measure = "distinct_states", run = "fed", starts = 3, seed = 2, min = 1, max = 1 }]
"""


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    told: list[tuple[int, int]] = []
    claims = read_claims(folder(tmp_path_factory.mktemp("claims"), TEXT))
    table = evaluate(build(), claims, progress=lambda done, all_: told.append((done, all_)))
    assert told[-1] == (28, 28)  # 8 runs and 20 patients
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    return table


def test_they_are_tested_like_others(rows: pd.DataFrame) -> None:
    assert rows["kind"].tolist() == ["Co"] * 7 + ["M"]
    assert rows[rows["status"] != "passed"][["criterion", "value", "reason"]].to_dict("records") == []


def test_and_told_in_words(rows: pd.DataFrame) -> None:
    said = rows["criterion"].tolist()
    assert said[0] == "TSC2_total and abundance of ARD1, cohort tumours, Spearman's ρ: ≥ 0.7"
    assert said[2] == "share of mutant [%] at 336 h, from 1 %: ≥ 2"
    assert said[4] == "cells, KO, low, both at 72 h, ln(S_A S_B / S_AB): ≥ 0.1"
    assert said[7] == "fed, steady states from 3 random starts: 1 to 1"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("n = 20", "n = 0", "n is 0; it must be a whole number"),
        ('run = "fed" }', 'run = "fde" }', "no run 'fde'; did you mean 'fed'"),
        ('cohort = "tumours"', 'cohort = "tumour"', "no cohort 'tumour'; did you mean 'tumours'"),
        ('factor = "ARD1"', "to = 1", "spearman needs either 'against', another readout, or 'factor'"),
        ('measure = "spearman"', 'measure = "percent"', "percent is not taken of a cohort"),
        ('cohort = "tumours"', 'cohort = "tumours", run = "fed"', "needs 'run' or 'cohort', and not both"),
        ("share = 0.01", "share = 1", "'share' is that of every clone but the first"),
        ('["KO", "low", "both"]', '["KO", "low"]', "it has 2"),
        (", starts = 3", "", "distinct_states needs 'starts'"),
        ("every = 120", "every = 0", "lethality_score needs a run with 'every'"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises((TableError, DeclarationError), match=said):
        read_claims(folder(tmp_path, TEXT.replace(old, new)))


def recording(**courses: list[float]) -> Recording:
    times = np.array([0.0, 1000.0, 2000.0])
    return Recording(times, {k: np.array(v) for k, v in courses.items()}, {})


def test_growth_is_counted_from_rates() -> None:
    times = np.array([0.0, 1000.0, 2000.0])
    wild = Recording(times, {"growth_rate": np.full(3, 1e-3), "death_rate": np.zeros(3)}, {})
    killed = Recording(times, {"growth_rate": np.full(3, 1e-3), "death_rate": np.full(3, 2e-3)}, {})
    rest = Recording(np.zeros(1), {"growth_rate": np.array([5e-4]), "death_rate": np.zeros(1)}, {})
    seen = Evidence({}, {"wild": wild, "killed": killed, "rest": rest})

    def taken(measure: str, runs: tuple[str, ...], **fields: object) -> float:
        c = Criterion(measure, Readout(""), runs, (2000.0,), of="wild", **fields)  # type: ignore[arg-type]
        return MEASURES[measure](c, seen)

    assert taken("viability", ("killed",)) == pytest.approx(100 * math.exp(-4))
    assert taken("viability", ("rest",)) == pytest.approx(100 * math.exp(-1))
    assert taken("viability_time", ("killed",), to=50.0) == pytest.approx(math.log(2) / 2e-3)
    assert taken("lethality_score", ("rest", "rest", "killed")) == pytest.approx(2)
    assert taken("bliss_excess", ("rest", "rest", "killed")) == pytest.approx(math.exp(-2) - math.exp(-4))
    assert taken("takeover", ("killed", "wild"), share=0.1) == pytest.approx(100 / (1 + 9 * math.exp(-4)))
    whole = 0.5 * (math.exp(1) + math.exp(2))
    assert taken("progression", ("rest", "wild"), share=0.5, to=100 * whole) == pytest.approx(2000)


def test_samples_are_of_patients_or_runs() -> None:
    falls = [recording(x=[4.0, v, v], y=[1.0, 10 - v, v], z=[v, 0.0, 0.0]) for v in (1.0, 2.0, 3.0, 3.5)]
    patients = Patients(pd.DataFrame({"A": [4.0, 3, 2, 1, 0]}), (*falls, "it drifts"))
    runs = {f"r{i}": Run(f"r{i}", Treatment()) for i in range(4)}
    seen = Evidence(runs, {f"r{i}": each for i, each in enumerate(falls)}, cohorts={"all": patients})

    def taken(measure: str, readout: str = "x", **fields: object) -> float:
        every = {"runs": ("r0",), "cohort": "all", **fields}
        c = Criterion(measure, Readout(readout), at=(1000.0,), **every)  # type: ignore[arg-type]
        return MEASURES[measure](c, seen)

    assert taken("spearman", factor="A") == pytest.approx(-1)
    assert taken("spearman", against=Readout("y")) == pytest.approx(-1)
    assert taken("spearman", against=Readout("y"), cohort="", runs=tuple(runs)) == pytest.approx(-1)
    assert taken("spearman_lead", readouts=(Readout("x"), Readout("y"))) == pytest.approx(2)
    assert taken("responders", to=75.0) == pytest.approx(60)  # of five, one of whom failed
    with pytest.raises(DeclarationError, match="'B' does not vary in the cohort"):
        taken("spearman", factor="B")


def test_a_cohort_that_cannot_be_drawn_fails_its_criteria(tmp_path: Path) -> None:
    claims = read_claims(folder(tmp_path, TEXT.replace("vary = { ARD1", "vary = { ADR1")))[:1]
    table = evaluate(build(), claims)
    assert table["status"].tolist() == ["failed", "failed"]
    assert table["reason"].str.contains("did you mean 'ARD1'").all()


def test_starts_keep_totals_and_differ() -> None:
    from mtorkin.claims.states import random_starts
    from mtorkin.protocol import UNTIL_STEADY, Period, Protocol, intervals
    from mtorkin.steady import declared_state

    model = build()
    interval = intervals(Protocol(Period(UNTIL_STEADY)), model.network)[0]
    one, other = random_starts(model, interval, 2, seed=1)
    ids = list(model.equations.species)
    assert np.max(np.abs(one - other)) > 1
    for total in model.network.conserved:
        weights = np.zeros(len(ids))
        for id, weight in total.weights:
            weights[ids.index(id)] = weight
        assert weights @ one == pytest.approx(weights @ declared_state(model), rel=1e-6, abs=1e-6)


def test_starts_that_cannot_be_reached_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    states = import_module("mtorkin.claims.states")
    from mtorkin.engines import Stopped
    from mtorkin.protocol import UNTIL_STEADY, Period, Protocol, intervals

    def stops(*_: object) -> None:
        raise Stopped("no", 0.0, np.zeros(1))

    monkeypatch.setattr(states, "integrate", stops)
    model = build()
    interval = intervals(Protocol(Period(UNTIL_STEADY)), model.network)[0]
    with pytest.raises(SimulationError, match="only 0 of 2 random starts"):
        states.random_starts(model, interval, 2, seed=1)
