"""The benchmarks' pieces are whole: they import, and the page is made from what a run stores."""

from __future__ import annotations

import importlib
import re
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from benchmarks import cases, environments, measure, page
from benchmarks.environments import Peer, Unavailable
from benchmarks.measure import _equal, _tightened, factor_for
from benchmarks.talk import Worker
from tests.engines.native_here import needs_native

HERE = Path(environments.__file__).parent
ROUND = {
    "ours_many": {"wall": 0.002, "cpu": 0.002, "sets": 1000, "error": 0.2, "worst": 0.3},
    "ours_one": {"wall": 0.005, "cpu": 0.005, "sets": 16, "error": 0.2, "worst": 0.3},
    "theirs": {"wall": 0.04, "cpu": 0.04, "sets": 50, "error": 0.9, "worst": 2.0},
}
GRADIENT = {"ours": ROUND["ours_one"], "theirs": ROUND["theirs"]}


def stored() -> dict[str, Any]:
    pair = {"mode": "forward", "ours_f": 1.0, "theirs_f": 1.0, "rounds": [GRADIENT]}
    return {
        **{"peer": "amici", "machine": "a machine", "when": "today", "load": "0.1"},
        "failed": {"gradient, adjoint, 75": "TimeoutError: too slow"},
        "set-up": {"rounds": [{"ours": ROUND["ours_one"], "theirs": {"wall": 60.0, "cpu": 50.0}}]},
        "simulation": {
            "pairs": [{"ours_f": 1.0, "theirs_f": 1.0, "rounds": [ROUND]}],
            "tight": {"error": 1e-4, "worst": 1e-3},
        },
        "gradient, forward, 75": {
            **{"pairs": [pair], "prepared": {"wall": 90.0, "cpu": 80.0}, "tight": {"failed": "no answer"}},
            "untightened": {"forward": "gradient: no answer in 60 s"},
        },
    }


def test_all_parts_import() -> None:
    for path in HERE.glob("*.py"):
        if path.stem != "__main__":
            importlib.import_module(f"benchmarks.{path.stem}")


@pytest.mark.parametrize("peer", environments.PEERS, ids=lambda p: p.name)
def test_each_peer_has_a_worker_and_pinned_requirements(peer: Peer) -> None:
    compile(peer.script.read_text(encoding="utf-8"), peer.script.name, "exec")
    if peer.own:
        lines = (HERE / "requirements" / f"{peer.name}.txt").read_text(encoding="utf-8").splitlines()
        assert lines and all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)


@needs_native
def test_a_case_is_a_file_with_the_numbers_of_its_first_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases.runs, "HOME", tmp_path)
    folder = cases.written("core", 4)
    made, text = cases.case("core", 4), (folder / "rates.xml").read_text(encoding="utf-8")
    names = cases.described(folder)["species"]
    assert names == list(made.model.equations.species)
    for id, number in zip(names, made.y0.tolist(), strict=True):
        assert f'<parameter id="{id}" value="{number!r}"' in text
    assert cases.written("core", 4) == folder


def test_the_page_has_ratios_and_reasons() -> None:
    failed = {**stored(), "failed": {"all": "could not be installed: no compiler in /some/folder/bin"}}
    for part in ("set-up", "simulation", "gradient, forward, 75"):
        del failed[part]
    text = page.rendered({"amici": stored(), "bngsim": failed, "copasi": None}, None, None)
    assert "| 1,000 sets, AMICI, KLU and AMD | 20 | 20 | – | 20 | met |" in text
    assert "| gradient by 75 parameters, AMICI, KLU and AMD, forward | 8 | 8 | – | 8 | met |" in text
    assert "TimeoutError: too slow" in text
    assert "AMICI, KLU and AMD, forward, 75 parameters: tightened, it does not reach" in text
    assert "ours, free (gradient: no answer in 60 s)" in text
    assert "could not be installed: no compiler in bin" in text
    assert "| 1,000 sets, COPASI, through basico | – | – | – | 60 | not measured |" in text


def test_the_peer_at_the_tolerances_asked_for_decides() -> None:
    def pair(ours: float, theirs: float, cpu: float) -> dict[str, Any]:
        took = {**ROUND, "theirs": {**ROUND["theirs"], "cpu": cpu}}
        return {"ours_f": ours, "theirs_f": theirs, "rounds": [took]}

    pairs = [pair(1.0, 1.0, 0.02), pair(1.0, 0.2, 0.03), pair(4.0, 1.0, 0.04)]
    assert page.three(pairs, "ours_many") == pytest.approx([10, 20, 15])
    record = {**stored(), "simulation": {"pairs": pairs, "tight": {"error": 1e-4}}}
    text = page.rendered({"amici": record}, None, None)
    assert "| 1,000 sets, AMICI, KLU and AMD | 10 | 20 | 15 | 20 | met |" in text
    assert page.three(pairs[:1], "ours_many") == [pytest.approx(10), pytest.approx(10), None]


def test_tolerances_are_tightened_until_errors_are_alike() -> None:
    f = factor_for(lambda f: 3.0 * f**0.7, 0.25, 3.0)
    assert f < 1
    assert 0.25 / 1.25 <= 3.0 * f**0.7 <= 0.25 * 1.25


class Answering:
    """A worker whose error is `at_one` times f to the power of 0.7."""

    def __init__(self, at_one: float, least: float = 0.0) -> None:
        self.at_one, self.least = at_one, least

    def ask(self, what: str, seconds: float | None = None, **order: Any) -> dict[str, float]:
        if what == "prepare":
            return {}
        return {"error": max(self.at_one * (order["rtol"] / 1e-6) ** 0.7, self.least)}


def test_who_is_less_accurate_is_tightened_and_ours_is_never_loosened_past_the_peer() -> None:
    def pairs(mine: float, their: float) -> list[tuple[float, float]]:
        ours, theirs = Answering(mine), Answering(their)
        return _equal(ours, theirs, mine, their, "one", {"sets": 16})  # type: ignore[arg-type]

    assert pairs(0.3, 0.4) == []
    ((ours, theirs),) = pairs(0.9, 0.1)
    assert ours < 1.0 == theirs and 0.1 / 1.5 <= 0.9 * ours**0.7 <= 0.1 * 1.5
    (ours, theirs), (looser, same) = pairs(0.26, 0.86)
    assert theirs < 1.0 == ours and 0.26 / 1.5 <= 0.86 * theirs**0.7 <= 0.26 * 1.5
    assert looser > 1.0 == same and 0.86 / 1.5 <= 0.26 * looser**0.7 <= 0.86


def test_a_peer_that_cannot_be_tightened_says_what_it_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    def f(least: float) -> float:
        monkeypatch.setattr(measure, "Worker", lambda *_: nullcontext(Answering(0.9, least)))
        return _tightened(environments.OURS, HERE, {"count": 30, "method": "forward"}, 0.3, 0.9)

    assert 0.3 / 1.25 <= 0.9 * f(0.0) ** 0.7 <= 0.3 * 1.25
    with pytest.raises(Unavailable, match=r"an error of 0\.6 at"):
        f(0.6)


def test_a_worker_that_hangs_or_dies_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "workers"
    folder.mkdir()
    begin = "import sys, time\nsys.stdin.readline()\n"
    (folder / "run_hangs.py").write_text(begin + "time.sleep(60)\n", encoding="utf-8")
    (folder / "run_dies.py").write_text(begin + "sys.exit('out of luck')\n", encoding="utf-8")
    monkeypatch.setattr(environments, "HERE", tmp_path)
    monkeypatch.setattr(environments.runs, "HOME", tmp_path)
    monkeypatch.setattr(environments, "ready", lambda _: Path(sys.executable))
    for name, seconds, why in (("hangs", 0.2, "no answer in 0.2 s"), ("dies", 20.0, "out of luck")):
        peer = Peer(name, "", own=False)
        with Worker(peer, tmp_path) as worker, pytest.raises(Unavailable, match=why):
            worker.ask("load", seconds)
