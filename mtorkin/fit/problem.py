"""A fit as a function of its free parameters: data, bounds, priors, and the runs that give readouts.

`FitProblem` is what optimisers, profiles and samplers work on. All of it is in natural logs of the free
parameters, in the order of `names`:

    problem.objective(x)       negative log-posterior; inf where x cannot be simulated
    problem.gradient(x)        its exact derivatives (parameters,)
    problem.residuals(x)       half their squares + `problem.constant(sigmas)` is the objective
    problem.jacobian(x)        derivatives of these; jacobian' residuals is the gradient
    problem.names, .start, .lower, .upper, .priors

Scales, backgrounds and, where `sigmas` is not given, noise levels are at their best for each x. Each
call simulates; `Evaluator` counts simulations and remembers the last point. `making` makes problems.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from mtorkin.errors import SimulationError
from mtorkin.fit import likelihood
from mtorkin.fit.evaluator import Evaluator
from mtorkin.fit.free import parse
from mtorkin.fit.gradients import best_derivatives
from mtorkin.fit.lanes import BlotData, Floats, Priors
from mtorkin.fit.runs import READOUT_FLOOR, Experiment, Run, run, run_near
from mtorkin.model import Model

__all__ = ["FitProblem"]

# columns of a lane that decide the answer, and that a saved result keeps
DECIDING = (
    *("context", "blot", "lane", "condition", "time", "target", "value"),
    *("censored", "normalised"),
)


@dataclass(frozen=True, eq=False)
class FitProblem:
    """Free parameters, their bounds and priors, the data, and the experiments that explain them.

    `models` are by context (kind of cells in the blots; one of any name where there is one). `free`
    are names as in `free.Free`. `start`, `lower` and `upper` (parameters,) are natural logs of values
    in the parameters' own units. `lanes` is the part of the blot table that is fitted, one row a lane
    of `data`. `offset` are the antibodies with a background.
    """

    models: Mapping[str, Model]
    free: tuple[str, ...]
    start: Floats
    lower: Floats
    upper: Floats
    priors: Priors
    data: BlotData
    lanes: pd.DataFrame
    experiments: tuple[Experiment, ...]
    engine: str
    notes: tuple[str, ...]
    source: str
    offset: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the free parameters, the order of every vector here."""
        return self.free

    @property
    def model(self) -> Model:
        """The model of the first context; the only one in most fits."""
        return next(iter(self.models.values()))

    @cached_property
    def antibodies(self) -> tuple[str, ...]:
        """Observable ids in the order of the noise levels."""
        return tuple(dict.fromkeys(self.lanes["target"]))

    @property
    def fingerprint(self) -> str:
        """A checksum of everything that decides the answer: data, noise, parameters, bounds, models."""
        values = {context: sorted(model.values.items()) for context, model in self.models.items()}
        text = [self.lanes[list(DECIDING)].to_csv(), repr(self.free), repr(values), self.engine]
        arrays = (self.start, self.lower, self.upper, self.priors.mean, self.priors.sd)
        protocols = [(each.condition, each.protocol) for each in self.experiments]
        text += [array.tobytes().hex() for array in arrays]
        text += [repr(protocols), repr(self.data.noise), repr(self.offset)]
        return hashlib.sha256("\n".join(text).encode()).hexdigest()[:16]

    def acting(self, context: str) -> tuple[list[str], list[int]]:
        """Ids of the free parameters that act in a context, and their places among `free`."""
        return self._acting[context]

    @cached_property
    def _acting(self) -> dict[str, tuple[list[str], list[int]]]:
        free = [parse(name) for name in self.free]
        places = {c: [i for i, one in enumerate(free) if one.acts_in(c)] for c in self.models}
        return {c: ([free[i].id for i in those], those) for c, those in places.items()}

    def values_at(self, log_parameters: Floats, context: str) -> dict[str, float]:
        """Values of the free parameters that act in a context, by id, in their own units."""
        ids, places = self.acting(context)
        return {id: float(value) for id, value in zip(ids, np.exp(log_parameters[places]), strict=True)}

    def models_at(self, log_parameters: Floats) -> dict[str, Model]:
        """The models by context with the free parameters at exp(`log_parameters`)."""
        return {
            context: model.with_values(**self.values_at(log_parameters, context))
            for context, model in self.models.items()
        }

    def pinned(self, name: str, log_value: float) -> FitProblem:
        """The same problem with a parameter held at exp(`log_value`), and without its prior."""
        keep, one = np.array([free != name for free in self.free]), parse(name)
        held = {one.id: float(np.exp(log_value))}
        return replace(
            self,
            models={
                context: model.with_values(**held) if one.acts_in(context) else model
                for context, model in self.models.items()
            },
            free=tuple(free for free in self.free if free != name),
            start=self.start[keep],
            lower=self.lower[keep],
            upper=self.upper[keep],
            priors=Priors(self.priors.mean[keep], self.priors.sd[keep]),
        )

    def runs(self, log_parameters: Floats) -> tuple[Run, ...]:
        """Simulate every experiment.

        Raises SimulationError where an integration or a steady state fails.
        """
        models = self.models_at(log_parameters)
        return tuple(run(models[each.context], each, self.engine) for each in self.experiments)

    def runs_near(self, log_parameters: Floats, near: tuple[Run, ...]) -> tuple[Run, ...]:
        """The same, faster, for parameters next to those of the runs `near`."""
        models = self.models_at(log_parameters)
        return tuple(
            run_near(models[each.context], each, self.engine, before)
            for each, before in zip(self.experiments, near, strict=True)
        )

    def log_readouts(self, runs: tuple[Run, ...]) -> Floats:
        """Natural logs of the readouts of simulated experiments (lanes,).

        Raises SimulationError where one is not a finite number.
        """
        readouts = np.empty(len(self.lanes))
        for each, found in zip(self.experiments, runs, strict=True):
            readouts[each.lane] = found.readouts
        if not np.all(np.isfinite(readouts)):
            lane = self.lanes.iloc[int(np.flatnonzero(~np.isfinite(readouts))[0])]
            raise SimulationError(
                f"condition {lane['condition']}: {lane['target']} is not a finite number at "
                f"{lane['time']:g} min"
            )
        logs: Floats = np.log(np.maximum(readouts, READOUT_FLOOR))
        return logs

    def objective(self, x: Floats, sigmas: Floats | None = None) -> float:
        """Negative log-posterior at log-parameters `x` (no unit); inf where it cannot be simulated."""
        return Evaluator(self).objective(x, sigmas)

    def gradient(self, x: Floats, sigmas: Floats | None = None) -> Floats:
        """Derivatives of `objective` by log-parameters (parameters,), exact with the native engine.

        Raises SimulationError where they cannot be had.
        """
        evaluator = Evaluator(self)
        noise = evaluator.sigmas(x) if sigmas is None else sigmas
        jacobian = evaluator.jacobian(x, best_derivatives, noise)
        found: Floats = jacobian.T @ evaluator.residuals(x, noise)
        return found

    def residuals(self, x: Floats, sigmas: Floats | None = None) -> Floats:
        """Lanes over noise, then priors (lanes + priors,); all inf where `x` cannot be simulated."""
        return Evaluator(self).residuals(x, sigmas)

    def jacobian(self, x: Floats, sigmas: Floats | None = None) -> Floats:
        """Derivatives of `residuals` (lanes + priors, parameters), less what is solved takes up.

        Raises SimulationError where they cannot be had.
        """
        return Evaluator(self).jacobian(x, best_derivatives, sigmas)

    def sigmas(self, x: Floats) -> Floats:
        """Best noise levels at `x` (antibodies,). Raises SimulationError where it cannot be simulated."""
        evaluator = Evaluator(self)
        found = evaluator.sigmas(x)
        if found is None:
            raise SimulationError(evaluator.message)
        return found

    def constant(self, sigmas: Floats) -> float:
        """`objective` less half the squares of `residuals` at these noise levels (no unit)."""
        return likelihood.constants(self.data, sigmas)
