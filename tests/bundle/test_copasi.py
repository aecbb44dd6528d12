"""COPASI opens our file in silence, runs every protocol as we do, and fits our blots by our objective."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toy import mtor_like as toy_model

import mtorkin as mk
from mtorkin._resources import blots_dir
from mtorkin.bundle import copasi_files, write_copasi
from mtorkin.errors import DeclarationError
from mtorkin.export.copasi.canonical import canonical
from mtorkin.export.copasi.slots import NEVER, Slot, as_changes, slots, values_of
from mtorkin.fit.likelihood import residuals, solve_sigmas
from mtorkin.fit.making import make_problem
from mtorkin.protocol import NAMED, UNTIL_STEADY, Period, Protocol
from mtorkin.sbml import Change, Start
from mtorkin.simulate import simulate

needs_copasi = pytest.mark.skipif(
    importlib.util.find_spec("basico") is None,
    reason="COPASI is not installed: pip install -c constraints.txt '.[copasi]'",
)
READER = Path(__file__).with_name("copasi_reader.py")
TOY_DOSED = Protocol(Period(0, insulin=3), Period(30, drug=5, insulin=100), Period(50, insulin=0))


def opened(path: Path, **asked: Any) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(READER), str(path), json.dumps(asked)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def apart(model: mk.Model, protocol: Protocol, times: list[float], theirs: list[list[float]]) -> float:
    ours = simulate(model, protocol, times, engine="scipy", rtol=1e-9, atol=1e-12).observable_values
    return float((np.abs(ours - np.array(theirs)) / np.abs(ours).max(axis=0).clip(min=1e-3)).max())


def test_protocols_share_events() -> None:
    a = (Start({"x": 1.0}), (Change(5, {"x": 2.0}), Change(9, {"x": 3.0, "y": 4.0})))
    b = (Start({"x": 7.0}), (Change(6, {"y": 8.0}),))
    needed = slots([a, b])
    assert needed == (Slot("x", 0), Slot("x", 1), Slot("y", 0))
    assert [c.start for c in as_changes(needed, a)] == [5, 9, 9]
    assert [c.start for c in as_changes(needed, b)] == [NEVER, NEVER, 6]
    assert values_of(needed, b) | {"x": 0} == {
        **{"x": 0, "change_1_start": NEVER, "change_1_x": 7.0, "change_2_start": NEVER, "change_2_x": 7.0},
        **{"change_3_start": 6, "change_3_y": 8.0},
    }


def test_canonical_order_and_no_date() -> None:
    head = "<!-- generated with COPASI 4 at {} -->\n<rdf:RDF>\n  <rdf:Description rdf:about='#M'>\n"
    tail = "  </rdf:Description>\n</rdf:RDF>\n"
    one = "    <a>\n      <rdf:Bag>\n        <rdf:li {}/>\n        <rdf:li {}/>\n      </rdf:Bag>\n    </a>\n"
    other = "    <b/>\n"
    first = head.format("2026-11-25T11:18:42Z") + one.format(1, 2) + other + tail
    second = head.format("2027-01-01T00:00:00Z") + other + one.format(2, 1) + tail
    assert canonical(first) == canonical(second)
    assert "2026" not in canonical(first)


@needs_copasi
def test_a_small_model(tmp_path: Path) -> None:
    model, times = toy_model(), [0.5, 29.0, 31.0, 49.0, 51.0, 90.0]
    path = write_copasi(model, tmp_path / "toy.cps", TOY_DOSED, free=())
    text = path.read_text(encoding="utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["toy.cps"] and "tmp" not in text
    assert copasi_files(model, "toy.cps", TOY_DOSED, free=()) == {"toy.cps": text}
    ids = [o.id for o in model.network.observables]
    found = opened(path, courses={"generic: as exported": (times, ids)}, tasks=True)
    assert found["messages"] == []
    assert found["steady"] == 1 and found["course"] and len({row[0] for row in found["scan"]}) == 3
    assert found["sets"][0] == "generic: fed cells at rest"
    assert apart(model, TOY_DOSED, times, found["courses"]["generic: as exported"]) <= 1e-6


@needs_copasi
@pytest.mark.slow
def test_the_whole_model(tmp_path: Path) -> None:
    """Sets, tasks, plots and blots of one file, since to make and to open it takes seconds."""
    model = mk.build()
    blots = mk.read_blots(blots_dir() / "breast_cancer_blots.csv")
    blots = blots.select(cell_line="MCF-7", targets=["S6K_pT389"])
    free = ["K_amino_acids"]
    path = write_copasi(model, tmp_path / "mtorkin.cps", blots=blots, free=free)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mtorkin.cps", "mtorkin_blots.txt"]
    ids = [o.id for o in model.network.observables]
    cases = {
        "generic: insulin": (model, NAMED["insulin"].protocol, [1.0, 965.0]),
        "PC3: fed cells at rest": (mk.build(context="PC3"), Protocol(Period(UNTIL_STEADY)), [100.0]),
    }
    asked = {name: (times, ids) for name, (_, _, times) in cases.items()}
    found = opened(path, courses=asked, iterations=1)
    assert found["messages"] == []
    assert {f"generic: {n}" for n in NAMED} | {f"{c}: fed cells at rest" for c in mk.contexts()} == {
        *found["sets"]
    }
    for name, (cells, protocol, times) in cases.items():
        assert apart(cells, protocol, times, found["courses"][name]) <= 1e-6, name
    assert {"S6K", "Akt", "Dose-response", "Progress of the fit"} <= {*found["plots"]}
    assert "Fit of S6K pT389 (ln of lanes, min)" in found["plots"]
    rows = model.table.rows
    for id in free:
        lower, upper = map(float, found["free"][f"Values[{id}]"])
        assert (lower, upper) == (rows[id].lowerBound, rows[id].upperBound)
    problem = make_problem(model, blots, free)
    logs = problem.log_readouts(problem.runs(problem.start))
    sigmas = solve_sigmas(problem.data, logs)
    ours = residuals(problem.data, logs, sigmas, problem.priors, problem.start)
    assert found["before"] == pytest.approx(ours @ ours, rel=1e-4)
    assert found["method"] and found["objective"] < 0.99 * found["before"]


def test_what_cannot_be_free() -> None:
    with pytest.raises(DeclarationError, match="Akt_abundance cannot be free"):
        copasi_files(mk.build(), "m.cps", free=["Akt_abundance"])
