"""A report is one file that says what was found, and its data file holds the same numbers."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray

from mtorkin.errors import TableError
from mtorkin.fit import FitResult, Posterior, Profiles, fit, profile, read_blots
from mtorkin.report import Findings, write_dataset, write_report
from mtorkin.report.findings import changed_claims
from tests.fit.conftest import FakeModel, blot_file, fake_run, fake_sensitivities, fake_simulate

__all__ = ["blot_file"]  # a fixture

FREE = ["rate", "basal", "height"]
NEEDS = {"src": "data:", "href": "#"}


class Page(HTMLParser):
    """Collects text, and whatever would need another file."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words, self.open, self.outside, self.ids = [], [], [], set()  # type: ignore[var-annotated]
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in {"meta", "img"}:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.add(value)
            if name in NEEDS and not value.startswith(NEEDS[name]):
                self.outside.append(value)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "script"}:
            self.words.append(data)


def posterior_of(result: FitResult) -> Posterior:
    """Sets as a sampler would have found them."""
    problem, random = result.solvable(), np.random.default_rng(1)
    best = np.log(list(result.best.values()))
    return Posterior(
        points=best + 0.1 * random.normal(size=(2, 120, 8, 3)),
        density=np.full((2, 120, 8), -result.objective - 2),
        free=problem.free,
        units={str(name): str(unit) for name, unit in result.table["unit"].items()},
        bounds=np.stack([problem.lower, problem.upper]),
        accepted=0.3,
        simulations=2000,
        failed=1,
        objective=result.objective,
        seed=11,
        source="blots.csv",
        fingerprint=problem.fingerprint,
    )


@pytest.fixture
def result(blot_file: Path, monkeypatch: pytest.MonkeyPatch) -> FitResult:
    problem: Any = import_module("mtorkin.fit.problem")
    monkeypatch.setattr(problem, "run", fake_run)
    monkeypatch.setattr(problem, "run_near", fake_run)
    monkeypatch.setattr(import_module("mtorkin.fit.summing"), "simulate", fake_simulate)
    monkeypatch.setattr(import_module("mtorkin.fit.gradients"), "sensitivities", fake_sensitivities)
    model: Any = FakeModel({"rate": 0.3, "basal": 0.1, "height": 1.0})
    found = fit(model, read_blots(blot_file), FREE, starts=2, progress=False)
    return dataclasses.replace(found, notes=("a <doubt> & more",))


def claims(*status: str) -> pd.DataFrame:
    """A table of claims with these statuses."""
    return pd.DataFrame(
        {
            "id": "A1",
            "statement": "rapamycin lowers S6K pT389",
            "criterion": [f"criterion {i}" for i in range(len(status))],
            "value": np.arange(len(status)) + 0.5,
            "pass": [each == "passed" for each in status],
            "status": status,
        }
    )


def test_one_file_with_everything(result: FitResult, tmp_path: Path) -> None:
    profiles = profile(result, ["rate", "basal"], progress=False)
    pytest.importorskip("emcee")
    pytest.importorskip("arviz_stats")
    findings = Findings(
        result=result,
        profiles=profiles,
        posterior=posterior_of(result),
        before=claims("passed", "passed", "failed"),
        after=claims("passed", "failed", "passed"),
    )
    text = write_report(findings, tmp_path / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.outside == [] and page.open == []
    assert "<script" not in text and "@import" not in text and "url(" not in text
    assert set(re.findall(r'href="#(\w+)"', text)) == page.ids
    words = " ".join(" ".join(page.words).split())
    for said in (
        "36 lanes, 2 antibodies, 3 free parameters",
        "a <doubt> & more",
        "2 of 2 starts ended within 1",
        "rate is identifiable",
        "2 of 3 criteria are met with the fitted values, 2 before; 1 lost, 1 won",
        "criterion 1 1.5 1.5 lost",
        "criterion 2 2.5 2.5 won",
        "seed of the posterior",
        result.settings["fingerprint"],
        f"{result.best['rate']:.3g}",
    ):
        assert said in words, said
    assert text.count("data:image/svg+xml") == 9  # three of them blots
    assert "No prediction was made" in words


def test_what_was_not_done_is_said(result: FitResult, tmp_path: Path) -> None:
    findings = Findings(dataclasses.replace(result, fisher=pd.DataFrame()))
    words = write_report(findings, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "No profiles were made" in words and "claims were not run" in words
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".html"] == ["report.html"]


def test_the_data_file_holds_the_same(result: FitResult, tmp_path: Path) -> None:
    profiles = profile(result, ["rate"], progress=False)
    findings = Findings(result, profiles, posterior_of(result), claims("passed"), claims("failed"))
    path = write_dataset(findings, tmp_path / "fit.nc")
    with xarray.open_dataset(path, engine="scipy") as found:
        assert found["parameters.value"].to_numpy() == pytest.approx(list(result.best.values()))
        assert list(found["parameter"].to_numpy().astype(str)) == FREE
        assert found["data.value"].to_numpy() == pytest.approx(result.data["value"].to_numpy(float))
        assert list(found["data.target"].to_numpy().astype(str)) == list(result.data["target"])
        assert found["fisher"].to_numpy() == pytest.approx(result.fisher.to_numpy())
        assert found["posterior.points"].shape == (2, 120, 8, 3)
        assert found["profile.kind"].to_numpy().astype(str)[0] == "identifiable"
        assert found["data.time"].attrs["units"] == "min"
        assert found.attrs["objective"] == result.objective


def test_parts_of_another_fit_are_refused(result: FitResult) -> None:
    profiles: Profiles = profile(result, ["rate"], progress=False)
    with pytest.raises(TableError, match="profiles are of another fit"):
        Findings(result, dataclasses.replace(profiles, fingerprint="other"))
    with pytest.raises(TableError, match="posterior is of another fit"):
        Findings(result, None, dataclasses.replace(posterior_of(result), objective=0.0))


def test_claims_that_changed() -> None:
    found = changed_claims(claims("passed", "failed", "record"), claims("passed", "passed", "record"))
    assert found[["criterion", "before", "after"]].to_numpy().tolist() == [
        ["criterion 1", "failed", "passed"]
    ]
