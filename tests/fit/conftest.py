"""A stand-in for a model: two readouts that rise after a treatment, known in closed form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray

from mtorkin.errors import DeclarationError, SimulationError
from mtorkin.fit import Blots, read_blots
from mtorkin.fit.runs import Experiment, Run

TRUTH = {"rate": 0.08, "basal": 0.25, "height": 3.0}


@dataclass(frozen=True)
class FakeModel:
    """Readouts basal + (1 - exp(-rate t)) and the same times `height`; fails where rate > 5."""

    values: Mapping[str, float]
    context: str = "generic"

    @property
    def parameters(self) -> pd.DataFrame:
        table = pd.DataFrame(
            {
                "value": list(self.values.values()),
                "unit": ["1/min", "nM", "1"],
                "lower": 1e-3,
                "upper": [10.0, 10.0, 100.0],
                "estimate": True,
                "prior_mean": [np.log(0.1), np.nan, np.nan],
                "prior_sd": [1.5, np.nan, np.nan],
                "mechanism": "fake",
                "meaning": "",
            },
            index=pd.Index(list(self.values), name="id"),
        )
        return table

    @property
    def observables(self) -> pd.DataFrame:
        return pd.DataFrame(
            {"unit": "nM", "meaning": ""}, index=pd.Index(["S6K_pT389", "Akt_pS473"], name="id")
        )

    @property
    def inputs(self) -> pd.DataFrame:
        return pd.DataFrame(
            {"default": 1.0, "unit": ["nM", "1"]}, index=pd.Index(["insulin", "amino_acids"], name="id")
        )

    def with_values(self, **values: float) -> FakeModel:
        unknown = set(values) - set(self.values)
        if unknown:
            raise DeclarationError(f"no parameter {unknown}")
        return replace(self, values={**self.values, **values})


def fake_simulate(model: FakeModel, protocol: Any, times: Any, **_: object) -> dict[str, np.ndarray]:
    """A trajectory by observable id (nM); raises SimulationError where the rate is above 5/min."""
    rate, basal, height = (model.values[name] for name in TRUTH)
    if rate > 5:
        raise SimulationError("period 0: made to fail")
    rise = 1 - np.exp(-rate * np.asarray(times))
    return {"S6K_pT389": basal + rise, "Akt_pS473": basal + height * rise**2}


@pytest.fixture
def model() -> FakeModel:
    """The fake model away from the truth."""
    return FakeModel({"rate": 0.3, "basal": 0.1, "height": 1.0})


def fake_run(model: FakeModel, each: Experiment, *_: object) -> Run:
    """An experiment of the fake model."""
    found = fake_simulate(model, each.protocol, each.times)
    block = np.stack([found[target] for target in each.targets], axis=1)
    return Run(block[each.time, each.target], None)


def fake_sensitivities(
    model: FakeModel, protocol: Any, times: Any, parameters: Any, observables: Any, **_: object
) -> xarray.Dataset:
    """Values and derivatives (time, observable, parameter) of the fake model, in closed form."""
    rate, _basal, height = (model.values[name] for name in TRUTH)
    t = np.asarray(times, dtype=float)
    values = fake_simulate(model, protocol, t)
    rise, faster = 1 - np.exp(-rate * t), t * np.exp(-rate * t)
    one, none = np.ones_like(t), np.zeros_like(t)
    slopes = {
        "S6K_pT389": {"rate": faster, "basal": one, "height": none},
        "Akt_pS473": {"rate": 2 * height * rise * faster, "basal": one, "height": rise**2},
    }
    block = [[slopes[o][p] for p in parameters] for o in observables]
    return xarray.Dataset(
        {
            "value": (("time", "observable"), np.stack([values[o] for o in observables], axis=1)),
            "derivative": (("time", "observable", "parameter"), np.moveaxis(np.array(block), 2, 0)),
        }
    )


class Found(dict[str, np.ndarray]):
    """Stands for a Dataset, which takes longer to make than the toy to simulate."""

    def __getitem__(self, name: str) -> Any:
        return self

    def to_numpy(self) -> np.ndarray:
        return self.get("value")  # type: ignore[return-value]


def quick_many(_: Any, __: Any, parameters: pd.DataFrame, times: Any, observables: Any, **___: Any) -> Found:
    """Values (set, condition, time, observable) of the fake model, nan where it fails."""
    rate, basal, height = parameters[list(TRUTH)].to_numpy().T[:, :, None]
    rise = np.where(rate > 5, np.nan, 1 - np.exp(-rate * np.asarray(times)))
    seen = {"S6K_pT389": basal + rise, "Akt_pS473": basal + height * rise**2}
    return Found(value=np.stack([seen[name] for name in observables], axis=2)[:, None])


@pytest.fixture
def faked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the fitter simulate the fake model."""
    # by module object: the package's public function `fit` hides the folder of that name
    problem = import_module("mtorkin.fit.problem")
    monkeypatch.setattr(problem, "run", fake_run)
    monkeypatch.setattr(problem, "run_near", fake_run)
    monkeypatch.setattr(import_module("mtorkin.fit.summing"), "simulate", fake_simulate)
    monkeypatch.setattr(import_module("mtorkin.fit.gradients"), "sensitivities", fake_sensitivities)


@pytest.fixture
def blot_file(tmp_path: Path) -> Path:
    """Blots of the fake model at the truth: 3 blots, own scales, 12 % noise, raw columns."""
    random = np.random.default_rng(3)
    times = [0, 5, 15, 30, 60, 120]
    run = fake_simulate(FakeModel(TRUTH), None, times)
    lines = ["blot,lane,condition,time,target,signal,loading_control,background,replicate"]
    for blot in "ABC":
        for target, readout in run.items():
            scale = np.exp(random.normal(5, 1))
            for lane, (time, value) in enumerate(zip(times, readout, strict=True), start=1):
                loading = np.exp(random.normal(0, 0.3))
                noise = np.exp(random.normal(0, 0.12))
                signal = 7 + scale * value * noise * loading
                lines.append(f"{blot},{lane},insulin,{time},{target},{signal},{loading},7,{blot}")
    path = tmp_path / "blots.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def plain(blot_file: Path) -> Blots:
    return read_blots(blot_file)
