"""Scales and noise levels that have a closed form, so that the search is over what is left.

A scale is an estimated parameter that is a factor of readouts and stands nowhere else; a noise
level one that is the whole noise of measurements and stands nowhere else. Given the rest,

    scale:  sum(m f / s^2) / sum(f^2 / s^2), or where the observable is logarithmic the mean of ln(m / f),
            weighted by 1 / s^2 with s in natural logarithms;
    noise:  the root mean square of what is left,

within their bounds. At that optimum the derivative by the others is the partial one, and the Fisher
information of the others loses what scales and noise could take up (its Schur complement).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mtorkin.arrays import Array
from mtorkin.errors import SimulationError
from mtorkin.language.expression import Expr, Leaf, Mul, leaves
from mtorkin.petab.likelihood import Readouts, linear_values
from mtorkin.petab.preparing import prepared
from mtorkin.petab.problem import Integers, PetabProblem

__all__ = ["Inner", "inner_of", "solved"]

ROUNDS = 30  # between scales and noise, where they depend on each other


@dataclass(frozen=True, eq=False)
class Inner:
    """By measurement, the place among free parameters of its `scale` and its `noise`, -1 where none.

    `places` are those of all scales and noise levels; `outer` the rest.
    """

    scale: Integers
    noise: Integers
    places: Integers
    outer: Integers


@lru_cache(maxsize=8)
def inner_of(problem: PetabProblem) -> Inner:
    """Return which parameters of a problem have a closed form (a pure function of it)."""
    free = {id: i for i, id in enumerate(problem.free)}
    elsewhere = {name for one in prepared(problem) for name in one.names()}
    elsewhere |= {p.id for p in problem.parameters.values() if p.prior is not None and not p.prior.flat}
    elsewhere |= {o.id for o in problem.parameters.values() if o.id in problem.document.quantities}
    n = len(problem.measurements.value)
    scale, noise = np.full(n, -1), np.full(n, -1)
    uses: Counter[str] = Counter()
    for i in range(n):
        observable = problem.observables[problem.measurements.observable[i]]
        given = problem.measurements.placeholders[i]
        in_formula, in_noise = (_referred(e, given) for e in (observable.formula, observable.noise))
        uses.update((in_formula + in_noise).keys())
        if observable.laplace:
            continue
        factor = _factor(observable.formula, given, free)
        if factor and in_formula[factor] == 1 and factor not in in_noise:
            scale[i] = free[factor]
        whole = observable.noise
        name = given.get(whole.id, whole.id) if isinstance(whole, Leaf) else ""
        if isinstance(name, str) and name in free and name not in in_formula:
            noise[i] = free[name]
    good = set()
    for id, place in free.items():
        here = int((scale == place).sum()), int((noise == place).sum())
        if id not in elsewhere and uses[id] and uses[id] in here and 0 in here:
            good.add(place)
    scale = np.where(np.isin(scale, list(good)), scale, -1)
    noise = np.where(np.isin(noise, list(good)), noise, -1)
    # a scale whose measurements are part linear, part logarithmic has no closed form
    logs = np.array([o.transformation != "lin" for o in problem.observables])[problem.measurements.observable]
    mixed = [k for k in np.unique(scale) if k >= 0 and len(set(logs[scale == k].tolist())) > 1]
    scale = np.where(np.isin(scale, mixed), -1, scale)
    places = np.unique([k for k in (*scale, *noise) if k >= 0]).astype(np.int64)
    return Inner(scale, noise, places, np.setdiff1d(np.arange(len(free)), places))


def _referred(expr: Expr, given: Mapping[str, object]) -> Counter[str]:
    found = (given.get(x.id, x.id) for x in leaves(expr))
    return Counter(name for name in found if isinstance(name, str))


def _factor(expr: Expr, given: Mapping[str, object], free: Mapping[str, int]) -> str:
    for part in expr.factors if isinstance(expr, Mul) else ():
        name = given.get(part.id, part.id) if isinstance(part, Leaf) else ""
        if isinstance(name, str) and name in free:
            return name
    return ""


def solved(problem: PetabProblem, inner: Inner, x: Array, found: Readouts) -> tuple[Array, Readouts]:
    """Return `x` with its scales and noise levels at their optimum, and readouts `found` at that.

    Raises SimulationError where a logarithm is needed and there is none.
    """
    values, _ = linear_values(problem, x)
    linear = np.array([values[id] for id in problem.free])
    before = linear.copy()
    kept = [problem.parameters[id] for id in problem.free]
    m = problem.measurements.value
    logs = np.array([o.transformation != "lin" for o in problem.observables])[problem.measurements.observable]
    base = np.array([np.log(10.0) if o.transformation == "log10" else 1.0 for o in problem.observables])
    base = base[problem.measurements.observable]
    if np.any(logs & ((found.value <= 0) | (m <= 0))):
        raise SimulationError(f"{problem.source}: a readout is not positive and has no logarithm")
    for _ in range(ROUNDS):
        y = found.value * _ratio(inner.scale, linear, before)
        s = np.where(inner.noise >= 0, linear[inner.noise], found.noise)
        last = linear.copy()
        for k in np.unique(inner.scale[inner.scale >= 0]):
            rows = inner.scale == k
            f = y[rows] / linear[k]
            w = 1.0 / (s[rows] * base[rows]) ** 2  # noise of log10 is in decades
            if logs[rows][0]:
                best = np.exp(np.sum(w * np.log(m[rows] / f)) / np.sum(w))
            else:
                best = np.sum(w * m[rows] * f) / max(float(np.sum(w * f**2)), 1e-300)
            linear[k] = np.clip(best, kept[k].lower, kept[k].upper)
        y = found.value * _ratio(inner.scale, linear, before)
        left = np.where(logs, np.log(np.where(logs, m, 1.0) / np.where(logs, y, 1.0)) / base, m - y)
        for k in np.unique(inner.noise[inner.noise >= 0]):
            best = float(np.sqrt(np.mean(left[inner.noise == k] ** 2)))
            linear[k] = np.clip(best, kept[k].lower, kept[k].upper)
        if np.all(np.abs(linear - last) <= 1e-12 * np.abs(linear)):
            break
    after = x.copy()
    for k in inner.places:
        after[k] = kept[k].scaled(float(linear[k]))
    return after, _moved(inner, found, x, after, linear, before, problem)


def _ratio(places: Integers, linear: Array, before: Array) -> Array:
    return np.where(places >= 0, linear[places] / before[places], 1.0)


def _moved(
    inner: Inner, found: Readouts, x: Array, after: Array, linear: Array, before: Array, problem: PetabProblem
) -> Readouts:
    ratio = _ratio(inner.scale, linear, before)
    s = np.where(inner.noise >= 0, linear[inner.noise], found.noise)
    slopes = found.slopes * ratio[:, None]
    noise_slopes = found.noise_slopes.copy()
    _, rates = linear_values(problem, after)
    y = found.value * ratio
    for k in inner.places:
        rows = inner.scale == k
        slopes[rows, k] = y[rows] / linear[k] * rates[k]
        noise_slopes[inner.noise == k, k] = rates[k]
    return Readouts(y, s, slopes, noise_slopes)
