"""What the blots determine near the best fit: Fisher information and its directions.

With J the derivatives of residuals over noise by log-parameters, J'J is the expected information of
the lanes at the best fit (scales solved, noise levels as found). Its eigenvectors are products of
powers of parameters; an eigenvalue is one over the variance of the logarithm of that product. Most
models of this kind are "sloppy": a few combinations are known well and the others hardly at all.

References: sloppy directions, Gutenkunst et al., PLoS Comput Biol 2007
(doi:10.1371/journal.pcbi.0030189; abstract read).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mtorkin.errors import SimulationError
from mtorkin.fit.lanes import Floats
from mtorkin.fit.result import FitResult

__all__ = ["Information", "covariance", "identify"]

Z95 = 1.959963984540054
NAMED = 0.3  # of the largest weight: what is smaller is left out of the words
MOST_NAMED = 4
HOPELESS = 1e3  # a fold beyond which a combination counts as undetermined


@dataclass(frozen=True, eq=False)
class Information:
    """Combinations of parameters, best determined first.

    `directions` has one row each: `words` (the product of powers), `fold` (95 %: ×/÷, by the blots
    alone), `sd` (natural log, along the unit vector; inf where nothing is known), then the weights
    of all parameters. `known` is how many the blots determine within a factor of 10.
    """

    directions: pd.DataFrame

    @property
    def known(self) -> int:
        """How many combinations the blots determine within a factor of 10 (95 %; no unit)."""
        return int((self.directions["fold"] <= 10).sum())

    def summary(self, shown: int = 3) -> str:
        """A few lines for a person: the combinations known best and worst."""
        table, total = self.directions, len(self.directions)
        lines = [f"the blots determine {self.known} of {total} combinations of parameters within ×/÷ 10:"]
        best = range(min(shown, (total + 1) // 2))
        worst = range(total - min(shown, total // 2), total)
        lines += [f"  known {'best' if i == 0 else 'well'}: {_line(table.iloc[i])}" for i in best]
        lines += [f"  known {'worst' if i == total - 1 else 'badly'}: {_line(table.iloc[i])}" for i in worst]
        return "\n".join(lines)


def identify(result: FitResult) -> Information:
    """Which combinations of the free parameters the blots determine best and worst.

    Local: it says what small changes at the best fit would show, and nothing of far away, for which
    there is `profile`. Priors are left out. Raises SimulationError where the fit could not give
    derivatives at its best point.
    """
    fisher = _fisher(result)
    values, vectors = np.linalg.eigh(fisher)
    rows = []
    for value, vector in zip(values[::-1], vectors.T[::-1], strict=True):
        # rounding leaves small eigenvalues of either sign
        known = value > 1e-10 * max(float(values[-1]), 1e-300)
        sd = 1 / math.sqrt(value) if known else math.inf
        weights = vector / vector[int(np.argmax(np.abs(vector)))]
        power = Z95 * sd / float(np.abs(vector).max())
        fold = math.exp(power) if power < 700 else math.inf
        words = _product(list(result.best), weights)
        rows.append({"words": words, "fold": fold, "sd": sd, **dict(zip(result.best, weights, strict=True))})
    return Information(pd.DataFrame(rows))


def covariance(result: FitResult) -> Floats:
    """Covariance of the natural logs of the free parameters (parameters, parameters).

    By Gauss and Newton, at the best fit: the inverse of the information of the blots and the priors.
    A parameter without a prior counts as one that is spread evenly between its bounds. Raises
    SimulationError as `identify`.
    """
    table = result.table
    whole = np.log(table["upper"].to_numpy(float) / table["lower"].to_numpy(float))
    sd = table["prior_sd"].to_numpy(float)
    sd = np.where(np.isfinite(sd), sd, whole / math.sqrt(12))
    return np.linalg.inv(_fisher(result) + np.diag(1 / sd**2)).astype(np.float64)


def _fisher(result: FitResult) -> Floats:
    if result.fisher.empty:
        raise SimulationError("this fit has no derivatives at its best point (its notes say why)")
    return result.fisher.to_numpy(float)


def _product(names: list[str], weights: Floats) -> str:
    order = [i for i in np.argsort(-np.abs(weights)) if abs(weights[i]) >= NAMED][:MOST_NAMED]
    parts = []
    for i in order:
        power = f"{abs(weights[i]):.1f}".removesuffix(".0")
        name = names[i] + (f"^{power}" if power != "1" else "")
        parts.append((" / " if weights[i] < 0 else " × ") + name)
    return "".join(parts).removeprefix(" × ")


def _line(row: pd.Series) -> str:
    fold = float(row["fold"])
    return f"{row['words']}  " + (f"(×/÷ {fold:.2g})" if fold < HOPELESS else "(not at all)")
