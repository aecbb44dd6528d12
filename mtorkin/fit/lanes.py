"""Lanes as arrays: what is to be explained, and what is known of the parameters beforehand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mtorkin.fit.noise import LogNormal, Noise

__all__ = ["ABOVE", "BELOW", "BlotData", "Floats", "Ints", "Priors", "blot_data"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

BELOW, SEEN, ABOVE = -1, 0, 1
LEAST = 0.5  # degrees of freedom: where parameters took all, noise is at its floor anyway


@dataclass(frozen=True, eq=False)
class BlotData:
    """Values to explain, no unit: `values`, `group`, `antibody` and `censored` are (lanes,).

    Group g is one blot seen with one antibody, and has a scale; `offset` (groups,) says which have a
    background as well. `antibody` numbers the noise levels; all lanes of a group have the same.
    `spent` (antibodies,) are degrees of freedom that the free parameters took, 0 while they are sought.
    `censored` is -1 where the band is at most `values` (below detection), 1 where it is at least that
    (saturated), else 0. `noise` is how the values scatter. Every group needs a lane that is not censored.
    """

    values: Floats
    group: Ints
    antibody: Ints
    censored: Ints
    offset: Flags
    noise: Noise
    spent: Floats

    @property
    def groups(self) -> int:
        """How many scales there are (no unit)."""
        return len(self.offset)

    @cached_property
    def antibodies(self) -> int:
        """How many noise levels there are (no unit)."""
        return int(self.antibody.max()) + 1

    @cached_property
    def seen(self) -> Flags:
        """Lanes that are not censored (lanes,)."""
        seen: Flags = self.censored == SEEN
        return seen

    @cached_property
    def any_censored(self) -> bool:
        """Whether a lane is censored."""
        return bool((self.censored != SEEN).any())

    @cached_property
    def width(self) -> Floats:
        """Mean value of each blot and antibody, over lanes that are not censored (groups,)."""
        means: Floats = self.sums(np.where(self.seen, self.values, 0.0)) / self.counts
        return means

    @cached_property
    def coordinate(self) -> Floats:
        """The values where noise is added (lanes,); see `noise`."""
        return self.noise.coordinate(self.values, self.width[self.group])

    @cached_property
    def counts(self) -> Ints:
        """Lanes that are not censored (groups,)."""
        return np.bincount(self.group[self.seen], minlength=self.groups).astype(np.int64)

    @cached_property
    def solved(self) -> Ints:
        """How many numbers are solved for each antibody (antibodies,): scales and offsets."""
        first = np.unique(self.group, return_index=True)[1]
        return np.bincount(self.antibody[first], weights=1 + self.offset, minlength=self.antibodies).astype(
            np.int64
        )

    @cached_property
    def freedom(self) -> Floats:
        """Degrees of freedom of each noise level (antibodies,): uncensored lanes less what they gave.

        They gave the scales and offsets and, where `spent` says so, the free parameters. Nothing is taken
        off where the noise is not corrected.
        """
        lanes = np.bincount(self.antibody[self.seen], minlength=self.antibodies).astype(np.float64)
        left: Floats = np.maximum(lanes - self.solved - self.spent, LEAST) if self.noise.corrected else lanes
        return left

    @cached_property
    def members(self) -> Floats:
        """One where a lane is of a group (groups, lanes)."""
        members: Floats = (self.group == np.arange(self.groups)[:, None]).astype(np.float64)
        return members

    def sums(self, per_lane: Floats) -> Floats:
        """Sums over the lanes of each group (groups,)."""
        return np.bincount(self.group, weights=per_lane, minlength=self.groups).astype(np.float64)

    def part(self, lanes: Flags) -> tuple[BlotData, Ints]:
        """Whole groups, given as their lanes (lanes,), and the numbers these groups have here."""
        kept, group = np.unique(self.group[lanes], return_inverse=True)
        data = BlotData(
            self.values[lanes],
            group.astype(np.int64),
            self.antibody[lanes],
            self.censored[lanes],
            self.offset[kept],
            self.noise,
            self.spent,
        )
        return data, kept.astype(np.int64)

    @cached_property
    def with_offset(self) -> tuple[Flags, BlotData, Ints]:
        """The lanes of groups that have an offset, these as data of their own, and their numbers."""
        lanes = self.offset[self.group]
        return (lanes, *self.part(lanes))

    def copies(self, count: int) -> BlotData:
        """The same lanes `count` times, one copy after another, each with groups of its own."""
        shift = np.repeat(np.arange(count) * self.groups, len(self.group))
        return BlotData(
            np.tile(self.values, count),
            np.tile(self.group, count) + shift,
            np.tile(self.antibody, count),
            np.tile(self.censored, count),
            np.tile(self.offset, count),
            self.noise,
            self.spent,
        )

    @cached_property
    def parts(self) -> tuple[tuple[Flags, BlotData], ...]:
        """For each antibody its lanes, and these as data of their own with one noise level."""
        found = []
        for number in range(self.antibodies):
            lanes = self.antibody == number
            data, _ = self.part(lanes)
            one, spent = np.zeros(int(lanes.sum()), dtype=np.int64), self.spent[[number]]
            found.append((lanes, replace(data, antibody=one, spent=spent)))
        return tuple(found)


def blot_data(
    values: Floats,
    group: Ints,
    antibody: Ints,
    censored: Ints | None = None,
    offset: Flags | None = None,
    noise: Noise | None = None,
) -> BlotData:
    """Data from arrays; nothing is censored, there are no offsets and noise is log-normal by default."""
    groups = int(group.max()) + 1
    return BlotData(
        values,
        group,
        antibody,
        np.zeros(len(values), dtype=np.int64) if censored is None else censored,
        np.zeros(groups, dtype=np.bool_) if offset is None else offset,
        LogNormal() if noise is None else noise,
        np.zeros(int(antibody.max()) + 1),
    )


@dataclass(frozen=True, eq=False)
class Priors:
    """Normal priors of natural-log parameters: `mean`, `sd` (parameters,); NaN where none."""

    mean: Floats
    sd: Floats

    def residuals(self, log_parameters: Floats) -> Floats:
        """(ln p - mean) / sd, one for each parameter with a prior (priors,)."""
        has = self.has
        deviations: Floats = (log_parameters[has] - self.mean[has]) / self.sd[has]
        return deviations

    def jacobian(self) -> Floats:
        """Derivatives of `residuals` by the log-parameters (priors, parameters)."""
        rows: Floats = np.diag(1 / self.sd)[self.has]
        return rows

    @property
    def has(self) -> Flags:
        """Which parameters have a prior (parameters,)."""
        given: Flags = np.isfinite(self.mean) & np.isfinite(self.sd)
        return given
