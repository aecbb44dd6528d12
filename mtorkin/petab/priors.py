"""Priors of the parameters of a PEtab problem: minus the logarithms of their densities.

Densities are of the parameter itself, those of kinds `parameterScale...` (format 1) of the parameter
on its scale. Format 2 cuts priors off at the bounds, which divides them by the probability within.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from mtorkin.arrays import Array
from mtorkin.petab.likelihood import LN10, linear_values
from mtorkin.petab.problem import PetabProblem, Prior

__all__ = ["prior_curvatures", "prior_terms"]

Pair = tuple[float, float]


def prior_terms(problem: PetabProblem, x: Array) -> tuple[Array, Array]:
    """Return minus the logarithm of each prior, and its derivative, by estimated parameter at `x`."""
    values, rates = linear_values(problem, x)
    terms, slopes = np.zeros(len(x)), np.zeros(len(x))
    for i, id in enumerate(problem.free):
        prior = problem.parameters[id].prior
        if prior is None:
            continue
        if prior.kind.startswith("parameterScale"):
            kind = prior.kind.removeprefix("parameterScale").lower()
            terms[i], slopes[i] = DENSITIES[kind](float(x[i]), *prior.numbers)
        else:
            terms[i], slope = _density(prior, values[id])
            slopes[i] = slope * rates[i]
        terms[i] += math.log(prior.within)
    return terms, slopes


def _density(prior: Prior, value: float) -> Pair:
    """Minus the logarithm of the density at a value, and its derivative by the value."""
    if not prior.kind.startswith("log"):
        return DENSITIES[prior.kind](value, *prior.numbers)
    if value <= 0:
        return math.inf, 0.0
    kind = prior.kind.removeprefix("log").lower()
    numbers = tuple(math.log(n) for n in prior.numbers) if kind == "uniform" else prior.numbers
    term, slope = DENSITIES[kind](math.log(value), *numbers)
    return term + math.log(value), (slope + 1.0) / value


def _uniform(x: float, a: float, b: float) -> Pair:
    return (math.log(b - a) if a <= x <= b else math.inf), 0.0


def _normal(x: float, a: float, b: float) -> Pair:
    return 0.5 * math.log(2 * math.pi * b**2) + 0.5 * ((x - a) / b) ** 2, (x - a) / b**2


def _laplace(x: float, a: float, b: float) -> Pair:
    return math.log(2 * b) + abs(x - a) / b, math.copysign(1.0, x - a) / b


def _cauchy(x: float, a: float, b: float) -> Pair:
    r = (x - a) / b
    return math.log(math.pi * b) + math.log1p(r**2), 2 * r / (b * (1 + r**2))


def _gamma(x: float, shape: float, scale: float) -> Pair:
    if x <= 0:
        return math.inf, 0.0
    term = math.lgamma(shape) + shape * math.log(scale) - (shape - 1) * math.log(x) + x / scale
    return term, 1 / scale - (shape - 1) / x


def _chisquare(x: float, freedom: float) -> Pair:
    return _gamma(x, freedom / 2, 2.0)


def _exponential(x: float, scale: float) -> Pair:
    return (math.log(scale) + x / scale, 1 / scale) if x >= 0 else (math.inf, 0.0)


def _rayleigh(x: float, scale: float) -> Pair:
    if x <= 0:
        return math.inf, 0.0
    return 2 * math.log(scale) - math.log(x) + 0.5 * (x / scale) ** 2, x / scale**2 - 1 / x


DENSITIES: dict[str, Callable[..., Pair]] = {
    "uniform": _uniform,
    "normal": _normal,
    "laplace": _laplace,
    "cauchy": _cauchy,
    "gamma": _gamma,
    "chisquare": _chisquare,
    "exponential": _exponential,
    "rayleigh": _rayleigh,
}


def prior_curvatures(problem: PetabProblem) -> Array:
    """Return second derivatives of the terms of normal priors on the parameters' scales, else 0."""
    found = np.zeros(len(problem.free))
    for i, id in enumerate(problem.free):
        parameter = problem.parameters[id]
        prior = parameter.prior
        if prior is None or len(prior.numbers) != 2:
            continue
        if prior.kind == "parameterScaleNormal" or (prior.kind, parameter.scale) == ("normal", "lin"):
            found[i] = 1 / prior.numbers[1] ** 2
        elif prior.kind == "logNormal" and parameter.scale != "lin":
            found[i] = ((LN10 if parameter.scale == "log10" else 1.0) / prior.numbers[1]) ** 2
    return found
