"""How often 95 % profile intervals hold the truth, by how noise levels are found.

Run: python benchmarks/coverage.py [DATA SETS]. The model is straight in the logarithms of its
parameters, so that nothing but the likelihood is looked at; noise, scales and values are made up. Each
data set has 30 parameters, 10 antibodies with noise of their own from 0.1 to 0.4, 3 blots of 8 lanes
each. An interval holds the truth where -2 log L there is within 3.84 of its minimum.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from mtorkin.fit import likelihood
from mtorkin.fit.lanes import BlotData, Floats, Ints, Priors, blot_data
from mtorkin.fit.noise import LogNormal

PARAMETERS, ANTIBODIES, BLOTS, LANES = 30, 10, 3, 8
NONE = Priors(np.full(PARAMETERS, np.nan), np.full(PARAMETERS, np.nan))
THRESHOLD = 3.841458820694124


def best(data: BlotData, slopes: Floats, free: Ints, x: Floats) -> tuple[Floats, float, Floats]:
    """The best parameters among `free` from `x`, their objective, and the derivatives there."""
    x, last, sigmas = x.copy(), np.inf, np.full(ANTIBODIES, 0.3)
    for _ in range(60):
        jacobian = likelihood.project_jacobian(data, slopes @ x, slopes, sigmas, NONE)[:, free]
        r = likelihood.residuals(data, slopes @ x, sigmas, NONE, x)
        x[free] -= np.linalg.lstsq(jacobian, r, rcond=None)[0]
        sigmas = likelihood.solve_sigmas(data, slopes @ x)
        now = likelihood.negative_log_likelihood(data, slopes @ x, sigmas)
        if abs(last - now) < 1e-9:
            break
        last = now
    return x, now, jacobian


def held(data: BlotData, slopes: Floats, spend: bool) -> list[bool]:
    """For some parameters whether the truth, 0, lies within their interval."""
    every = np.arange(PARAMETERS, dtype=np.int64)
    x, lowest, jacobian = best(data, slopes, every, np.zeros(PARAMETERS))
    for _ in range(2 if spend else 0):
        shares = (np.linalg.qr(jacobian)[0] ** 2).sum(axis=1)
        data = replace(data, spent=np.bincount(data.antibody, shares).astype(np.float64))
        x, lowest, jacobian = best(data, slopes, every, x)
    found = []
    for j in every[::5]:
        at = np.where(every == j, 0.0, x)
        found.append(2 * (best(data, slopes, every[every != j], at)[1] - lowest) < THRESHOLD)
    return found


def main(sets: int) -> None:
    """Print the share of intervals that hold the truth for three ways of finding noise levels."""
    for name, noise, spend in (
        ("maximum likelihood", LogNormal(corrected=False), False),
        ("less scales", LogNormal(), False),
        ("less scales and parameters", LogNormal(), True),
    ):
        random, inside = np.random.default_rng(1), []
        for _ in range(sets):
            acts = random.random((ANTIBODIES, 1, PARAMETERS)) < 0.4
            each = random.normal(size=(ANTIBODIES, LANES, PARAMETERS)) * acts
            slopes = np.repeat(each[:, None], BLOTS, axis=1).reshape(-1, PARAMETERS)
            group = np.repeat(np.arange(ANTIBODIES * BLOTS), LANES)
            sigma = np.exp(random.uniform(np.log(0.1), np.log(0.4), ANTIBODIES))[group // BLOTS]
            values = np.exp(sigma * random.normal(size=len(group)))
            data = blot_data(values, group, group // BLOTS, noise=noise)
            inside += held(data, slopes, spend)
        print(f"{name}: {np.mean(inside):.3f} of {len(inside)} intervals hold the truth", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
