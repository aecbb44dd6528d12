"""`predict`: what a fitted model says about an experiment, with bands for what the blots leave open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mtorkin.arrays import Array
from mtorkin.errors import DeclarationError, SimulationError, TableError
from mtorkin.fit.information import covariance
from mtorkin.fit.posterior import Posterior
from mtorkin.fit.profiles import Profiles
from mtorkin.fit.result import FitResult
from mtorkin.fit.runs import READOUT_FLOOR
from mtorkin.fit.walk import THRESHOLD
from mtorkin.many import simulate_many
from mtorkin.model import Model
from mtorkin.protocol import Protocol

__all__ = ["Prediction", "predict"]

FEWEST = 20  # sets below which 2.5 % quantiles mean nothing


@dataclass(frozen=True, eq=False)
class Prediction:
    """Readouts over time with 95 % bands.

    `table` has one row a time and observable: time (min), observable, best, lower, upper (in
    `unit`). `how` says where the parameter sets come from; `sets` were simulated, `failed` of them
    in vain. `without` says of how many sets a readout's band is without, for they begin with next to
    nothing of it (`relative` only). Noise of blots is not part of the bands.
    """

    table: pd.DataFrame
    how: str
    sets: int
    failed: int
    without: Mapping[str, int] = field(default_factory=dict)


def predict(
    result: FitResult,
    protocol: Protocol,
    times: Sequence[float] | Array,
    observables: Iterable[str] | None = None,
    *,
    profiles: Profiles | None = None,
    posterior: Posterior | None = None,
    model: Model | None = None,
    context: str | None = None,
    sets: int = 200,
    seed: int = 1,
    threads: int = 1,
    relative: bool = False,
) -> Prediction:
    """Simulate `protocol` at the best fit and at parameter sets that the blots allow; times in min.

    With `profiles` the sets are their points within the 95 % threshold (own priors included) and
    the band is the span of these, which may be too narrow where parameters act together. With `posterior`,
    `sets` of its sets are taken. Without either, `sets`
    sets are drawn with `seed` from the normal distribution around the best fit (Gauss and Newton, blots
    and priors), cut off at the bounds, and the band is from the 2.5 % to the 97.5 % quantile at each
    time; exact for a parabola only. `model` may be the fitted one with more drugs. `context` chooses the
    kind of cells, where the fit is of several. With `relative`, readouts are shares (unit 1) of what the
    same set has at the first time. Where that is nothing, the best fit is nan and a set is not in the band,
    which is nan where fewer than 20 are left.

    Raises DeclarationError for too few sets, a result without its model, an unknown context or none
    where values differ, and as `simulate_many`; TableError for profiles or a posterior of another fit;
    SimulationError where the best fit cannot be simulated.
    """
    fitted = result.model_in(context)
    base = fitted if model is None else model
    best = np.log(list(result.best.values()))
    if profiles is not None:
        drawn, how = _allowed(result, profiles)
    elif posterior is not None:
        drawn, how = _sampled(result, posterior, sets, seed)
    else:
        drawn, how = _drawn(result, best, sets, seed)
    ids, places = result.solvable().acting(next(iter(result.values)) if context is None else context)
    table = pd.DataFrame(np.exp(np.vstack([best, drawn]))[:, places], columns=ids)
    names = None if observables is None else list(observables)
    found = simulate_many(base, protocol, table, times, observables=names, threads=threads)
    values, failed = found["value"].to_numpy()[:, 0], found["failed"].to_numpy()[:, 0]
    if failed[0]:
        raise SimulationError(f"the best fit cannot be simulated under this protocol: {failed[0]}")
    axes = {name: found[name].to_numpy() for name in ("time", "observable", "unit")}
    if relative:
        values, axes["unit"] = _shares(values), np.full(len(axes["unit"]), "1")
    good = values[np.array([not why for why in failed])]
    lower, upper = _span(good, (2.5, 97.5), FEWEST) if profiles is None else _span(good, (0, 100), 1)
    lost = zip(axes["observable"], np.isnan(good[1:, 0]).sum(axis=0), strict=True)
    return Prediction(
        table=_bands(axes, values[0], lower, upper),
        how=how,
        sets=len(drawn),
        failed=sum(bool(why) for why in failed),
        without={str(name): int(count) for name, count in lost if count},
    )


def _shares(values: Array) -> Array:
    """Values (sets, times, observables) over those at the first time; nan where these are next to none."""
    first = values[:, :1]
    return values / np.where(first > READOUT_FLOOR, first, np.nan)


def _span(values: Array, levels: tuple[float, float], fewest: int) -> tuple[Array, Array]:
    """Two percentiles over sets, (times, observables) each; values are (sets, times, observables).

    A set that has no number of an observable is not in its band, which is nan where fewer than `fewest`
    are left of more.
    """
    low, high = np.full((2, *values.shape[1:]), np.nan)
    for i in range(values.shape[2]):
        known = values[~np.isnan(values[:, 0, i]), :, i]  # shares are numbers at all times or at none
        if len(known) >= min(fewest, len(values)):
            low[:, i], high[:, i] = np.percentile(known, levels, axis=0)
    return low, high


def _bands(axes: Mapping[str, Array], best: Array, lower: Array, upper: Array) -> pd.DataFrame:
    """One row a time and observable, from readouts (times, observables); `axes` name these."""
    parts = [
        pd.DataFrame(
            {
                "time": axes["time"],
                "observable": str(name),
                "best": best[:, i],
                "lower": np.minimum(lower[:, i], best[:, i]),
                "upper": np.maximum(upper[:, i], best[:, i]),
                "unit": str(axes["unit"][i]),
            }
        )
        for i, name in enumerate(axes["observable"])
    ]
    return pd.concat(parts, ignore_index=True)


def _sampled(result: FitResult, posterior: Posterior, sets: int, seed: int) -> tuple[Array, str]:
    if sets < FEWEST:
        raise DeclarationError(f"sets = {sets}: at least {FEWEST} are needed for a 95 % band")
    if posterior.fingerprint != result.settings["fingerprint"] or posterior.objective != result.objective:
        raise TableError(
            f"this sample is not of this fit (it is of {posterior.source}); sample the posterior anew"
        )
    drawn = posterior.sets(sets, seed)
    doubt = "" if posterior.converged else "; the walkers have NOT converged"
    return drawn, f"{len(drawn)} sets of the sampled posterior; 2.5 % to 97.5 %{doubt}"


def _drawn(result: FitResult, best: Array, sets: int, seed: int) -> tuple[Array, str]:
    if sets < FEWEST:
        raise DeclarationError(f"sets = {sets}: at least {FEWEST} are needed for a 95 % band")
    random = np.random.default_rng(seed)
    drawn = random.multivariate_normal(best, covariance(result), sets, method="eigh")
    low, high = np.log(result.table["lower"].to_numpy(float)), np.log(result.table["upper"].to_numpy(float))
    how = (
        f"{sets} sets from the Gauss-Newton covariance of blots and priors at the best fit, within the "
        "bounds; 2.5 % to 97.5 %"
    )
    return np.clip(drawn, low, high), how


def _allowed(result: FitResult, profiles: Profiles) -> tuple[Array, str]:
    same = (
        profiles.fingerprint == result.settings["fingerprint"] and profiles.fit_objective == result.objective
    )
    if not same or profiles.free != tuple(result.best):
        raise TableError(
            f"these profiles are not of this fit (they are of {profiles.source}); profile it anew"
        )
    curves = profiles.curves
    if curves.empty:
        raise SimulationError("these profiles have no points; see their notes")
    allowed = curves[curves["rise_with_prior"] <= THRESHOLD]
    how = (
        f"{len(allowed)} points of {len(profiles.walks)} profiles within the 95 % threshold (priors "
        "included); their span"
    )
    return np.log(allowed[list(profiles.free)].to_numpy(float)), how
