"""What sampling found: parameter sets, whether they can be trusted, and a table."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from mtorkin.errors import DeclarationError
from mtorkin.files import atomic_path
from mtorkin.fit.lanes import Floats
from mtorkin.fit.saved import SAMPLE, not_saved

__all__ = ["Posterior"]

FORMAT = 1
LEFT_OUT = 3  # one step in this many, at the beginning
RHAT, ESS, TIMES = 1.05, 400, 30  # what a sample must reach to be trusted
BETTER = (
    0.5  # of the objective: walkers wander above the optimum, and this far below it only by finding another
)


@dataclass(frozen=True, eq=False)
class Posterior:
    """Parameter sets drawn from the posterior of a fit.

    - `points`: natural logs (ensembles, steps, walkers, parameters), the beginning included.
    - `density`: log-posterior (ensembles, steps, walkers).
    - `free`, `units`, `bounds` (2, parameters; natural logs): of the parameters.
    - `accepted`: share of moves; `simulations`, and how many `failed`.
    - `objective`: that of the fit; `seed`, `source`, `fingerprint`: of the sampling and of the fit.
    """

    points: Floats
    density: Floats
    free: tuple[str, ...]
    units: Mapping[str, str]
    bounds: Floats
    accepted: float
    simulations: int
    failed: int
    objective: float
    seed: int
    source: str
    fingerprint: str

    @property
    def kept(self) -> Floats:
        """The sets after the first third of the steps (sets, parameters), natural logs."""
        return self._late.reshape(-1, len(self.free))

    @property
    def _late(self) -> Floats:
        late: Floats = self.points[:, self.points.shape[1] // LEFT_OUT :]
        return late

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a parameter (index parameterId).

        median, lower and upper (95 %) in `unit`, sd (natural log), `rhat` (between walkers; 1 at rest),
        `ess` (effective sets), `steps` (from one independent set to the next), and `at` ("lower",
        "upper" or ""): the bound at which the density does not fall off.
        """
        emcee_time, (rhat, ess) = _steps_apart(self._late), _diagnostics(self._late)
        low, median, high = np.percentile(self.kept, (2.5, 50, 97.5), axis=0)
        return pd.DataFrame(
            {
                "median": np.exp(median),
                "lower": np.exp(low),
                "upper": np.exp(high),
                "unit": [self.units[name] for name in self.free],
                "sd": self.kept.std(axis=0),
                "rhat": rhat,
                "ess": ess,
                "steps": emcee_time,
                "at": [self._at(i) for i in range(len(self.free))],
            },
            index=pd.Index(list(self.free), name="parameterId"),
        )

    def _at(self, place: int) -> str:
        """The bound next to which there are at least half as many sets as an even spread would put."""
        low, high = self.bounds[:, place]
        near, values = 0.05 * (high - low), self.kept[:, place]
        shares = {"lower": np.mean(values < low + near), "upper": np.mean(values > high - near)}
        most = max(shares, key=lambda side: shares[side])
        return most if shares[most] > 0.025 else ""

    @property
    def converged(self) -> bool:
        """Whether walkers agree, enough sets are independent, and the walk was long enough."""
        table, steps = self.table, self._late.shape[1]
        return bool(
            (table["rhat"] < RHAT).all()
            and (table["ess"] >= ESS).all()
            and (table["steps"] * TIMES <= steps).all()
        )

    def summary(self) -> str:
        """A few sentences for a person: whether to trust the sets, and why not."""
        ensembles, _, walkers, parameters = self._late.shape
        table = self.table
        worst, slow = float(table["rhat"].max()), float(table["steps"].max())
        lines = [
            f"{len(self.kept)} sets of {parameters} parameters from {ensembles} ensembles of {walkers} "
            f"walkers, {self.points.shape[1]} steps of which the first third is left out; "
            f"{self.accepted:.0%} of moves accepted",
            f"R-hat at most {worst:.3f}, at least {table['ess'].min():.0f} effective sets, "
            f"an independent set every {slow:.0f} steps at the slowest",
        ]
        if self.converged:
            lines.append("the walkers agree with each other: the sample can be used")
        else:
            need = max(TIMES * slow * 1.5, 2 * self.points.shape[1])
            lines.append(
                "NOT converged: the walkers do not agree yet, so intervals and bands are not to be trusted; "
                f"go on with --resume and about {_round_up(need)} steps"
            )
        if self.failed:
            lines.append(
                f"{self.failed} of {self.simulations} simulations failed; such sets count as impossible"
            )
        gain = self.objective + float(self.density.max())
        if gain > BETTER:
            lines.append(
                f"a walker found an objective {gain:.2f} better than the fit: fit again with more starts"
            )
        bound = [f"{name} ({at} bound)" for name, at in table["at"].items() if at]
        if bound:
            lines.append(f"cut off by the bounds of the table, not by the blots: {', '.join(bound)}")
        return "\n".join(lines)

    def sets(self, number: int, seed: int = 1) -> Floats:
        """Some of the kept sets at random, natural logs (number, parameters); all where there are fewer."""
        kept = self.kept
        if number >= len(kept):
            return kept
        return kept[np.random.default_rng(seed).choice(len(kept), number, replace=False)]

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write everything to one NPZ file, atomically; returns the path."""
        words = [str(FORMAT), self.source, self.fingerprint]
        with atomic_path(path) as temporary:
            np.savez_compressed(
                temporary,
                points=self.points,
                density=self.density,
                bounds=self.bounds,
                free=np.array(self.free),
                units=np.array([self.units[name] for name in self.free]),
                numbers=np.array([self.accepted, self.objective]),
                counts=np.array([self.simulations, self.failed, self.seed]),
                words=np.array(words),
            )
        return Path(path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Posterior:
        """Read what `save` wrote. Raises TableError where it is none."""
        try:
            with np.load(path, allow_pickle=False) as saved:
                form, source, fingerprint = (str(word) for word in saved["words"])
                if form != str(FORMAT):
                    raise ValueError("another format")
                free = tuple(str(name) for name in saved["free"])
                simulations, failed, seed = (int(each) for each in saved["counts"])
                return cls(
                    points=saved["points"],
                    density=saved["density"],
                    free=free,
                    units=dict(zip(free, map(str, saved["units"]), strict=True)),
                    bounds=saved["bounds"],
                    accepted=float(saved["numbers"][0]),
                    simulations=simulations,
                    failed=failed,
                    objective=float(saved["numbers"][1]),
                    seed=seed,
                    source=source,
                    fingerprint=fingerprint,
                )
        except (OSError, KeyError, TypeError, ValueError, EOFError, BadZipFile):
            raise not_saved(path, SAMPLE, FORMAT) from None


def _diagnostics(late: Floats) -> tuple[list[float], list[float]]:
    """R-hat and effective sets of each parameter; every walker counts as a chain."""
    try:
        import arviz_stats.base
    except ImportError:
        raise DeclarationError(
            "judging a sample needs arviz-stats: pip install 'mtorkin[sampling]'"
        ) from None
    package: Any = arviz_stats.base
    stats = package.array_stats  # arrays alone: without xarray and the rest of arviz
    ensembles, steps, walkers, parameters = late.shape
    chains = np.moveaxis(late, 2, 1).reshape(ensembles * walkers, steps, parameters)
    each = [chains[:, :, i] for i in range(parameters)]
    rhat = [float(stats.rhat(chain, chain_axis=0, draw_axis=1)) for chain in each]
    ess = [float(stats.ess(chain, chain_axis=0, draw_axis=1)) for chain in each]
    return rhat, ess


def _steps_apart(late: Floats) -> Floats:
    """The autocorrelation time of each parameter (parameters,), steps; the longer of the ensembles."""
    from mtorkin.fit.ensemble import imported

    times = [imported().autocorr.integrated_time(one, quiet=True, tol=0) for one in late]
    longest: Floats = np.max(times, axis=0)
    return longest


def _round_up(steps: float) -> int:
    return int(np.ceil(steps / 500) * 500)
