"""What profiles found, in a form that can be saved, read back and drawn."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mtorkin.errors import TableError
from mtorkin.files import write_text
from mtorkin.fit.limits import Limits, in_words, limits, rises
from mtorkin.fit.saved import PROFILES, not_saved
from mtorkin.fit.walk import Point, Walk

__all__ = ["Profiles", "load_walk", "profiles_of", "save_walk"]

FORMAT = 2
BETTER = 0.05  # of the objective: above what an optimiser leaves


@dataclass(frozen=True, eq=False)
class Profiles:
    """Profile likelihoods of some parameters of a fit.

    - `walks`: the points of each parameter, as they were computed.
    - `units`: unit by parameter; `free`: ids of all free parameters, the order of `Point.best`.
    - `objective`: negative log-posterior at the best fit, with the degrees of freedom that noise levels
      have once the parameters took theirs; `source`: the blots; `fingerprint`: checksum of the problem.
    - `fit_objective`: that of the fit itself, by which its profiles are known.
    """

    walks: tuple[Walk, ...]
    units: Mapping[str, str]
    free: tuple[str, ...]
    objective: float
    source: str
    fingerprint: str
    fit_objective: float = math.nan

    @property
    def table(self) -> pd.DataFrame:
        """One row a parameter (index parameterId).

        `value` (at the fit), `kind` (identifiable, one-sided, not identifiable), `by_blots` (where the
        profile is lowest without the parameter's own prior), `lower`, `upper`
        (95 % by the blots and the priors of the other parameters; 0 or inf where there is none),
        `lower_with_prior`, `upper_with_prior` (with its own prior too), all in `unit`; why each side
        ended, points, simulations, failed_simulations, seconds, and `words`.
        """
        return pd.DataFrame([self._row(walk) for walk in self.walks]).set_index("parameterId")

    @property
    def curves(self) -> pd.DataFrame:
        """One row a point: parameter, value (own unit), rise and rise_with_prior, then all parameters.

        `rise` is -2 log L (blots, and priors of the other parameters) above its minimum; 3.84 is the
        95 % threshold. The other columns are the free parameters by id, as fitted at that point.
        """
        parts = []
        for walk in self.walks:
            values, objective, own = _arrays(walk)
            best = np.exp(np.array([point.best for point in walk.points]).reshape(-1, len(self.free)))
            part = pd.DataFrame(best, columns=list(self.free))
            if len(values):
                part.insert(0, "rise_with_prior", rises(values, objective + own))
                part.insert(0, "rise", rises(values, objective))
                part.insert(0, "value", np.exp(values))
                part.insert(0, "parameter", walk.parameter)
                parts.append(part)
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    @property
    def notes(self) -> tuple[str, ...]:
        """What to be wary of: a better optimum than the fit's, failed simulations."""
        notes = []
        for walk in self.walks:
            if not walk.points:
                notes.append(f"{walk.parameter}: its profile could not be computed at all")
                continue
            _, objective, own = _arrays(walk)
            gain = self.objective - float((objective + own).min())
            if gain > BETTER:
                notes.append(
                    f"the profile of {walk.parameter} found an objective {gain:.2f} better than the fit: "
                    "fit again with more starts before trusting any interval"
                )
            if walk.failed_simulations:
                notes.append(
                    f"{walk.parameter}: {walk.failed_simulations} of {walk.simulations} simulations "
                    "failed; such points are left out"
                )
        return tuple(notes)

    def summary(self) -> str:
        """One sentence a parameter, those that the blots determine best first."""
        table = self.table
        width = np.log(table["upper"].to_numpy(float)) - _logs(table["lower"].to_numpy(float))
        rank = np.lexsort((width, [KINDS.index(kind) for kind in table["kind"]]))
        return "\n".join(table["words"].iloc[i] for i in rank)

    def to_json(self, path: str | os.PathLike[str]) -> Path:
        """Write everything to one JSON file, atomically; returns the path."""
        record = {"format": FORMAT} | asdict(self) | {"units": dict(self.units)}
        return write_text(path, json.dumps(record, indent=1, allow_nan=False))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Profiles:
        """Read profiles written by `to_json`. Raises TableError where they are none."""
        try:
            record = json.loads(Path(path).read_text(encoding="utf-8"))
            if record.pop("format") != FORMAT:
                raise ValueError("another format")
            walks = tuple(_walk(each) for each in record.pop("walks"))
            return cls(walks=walks, free=tuple(record.pop("free")), **record)
        except (OSError, KeyError, TypeError, ValueError):
            raise not_saved(path, PROFILES, FORMAT) from None

    def _row(self, walk: Walk) -> dict[str, object]:
        values, objective, own = _arrays(walk)
        unit = self.units[walk.parameter]
        if len(values):
            blots, all_ = limits(values, objective), limits(values, objective + own)
            value = math.exp(values[int(np.argmin(objective + own))])
            words = in_words(walk, blots, value, unit)
            kind = blots.kind
        else:
            blots = all_ = Limits(-math.inf, math.inf, math.nan)
            value, kind = math.nan, blots.kind
            words = f"{walk.parameter}: nothing could be simulated"
        return {
            "parameterId": walk.parameter,
            "value": value,
            "unit": unit,
            "kind": kind,
            "by_blots": math.exp(blots.best),
            "lower": math.exp(blots.lower),
            "upper": math.exp(blots.upper),
            "lower_with_prior": math.exp(all_.lower),
            "upper_with_prior": math.exp(all_.upper),
            "lower_end": walk.lower_end,
            "upper_end": walk.upper_end,
            "points": len(walk.points),
            "simulations": walk.simulations,
            "failed_simulations": walk.failed_simulations,
            "seconds": walk.seconds,
            "words": words,
        }


KINDS = ("identifiable", "one-sided", "not identifiable")


def profiles_of(
    walks: Sequence[Walk],
    units: Mapping[str, str],
    free: Sequence[str],
    objective: float,
    source: str,
    fingerprint: str,
    fit_objective: float,
) -> Profiles:
    """Profiles from their parts; `units` of the profiled parameters only (no unit)."""
    kept = {walk.parameter: units[walk.parameter] for walk in walks}
    return Profiles(tuple(walks), kept, tuple(free), objective, source, fingerprint, fit_objective)


def save_walk(folder: Path, walk: Walk, mark: str) -> None:
    """Write one profile to its own file in `folder`, atomically; `mark` says of which fit."""
    record = {"mark": mark} | asdict(walk)
    write_text(_path(folder, walk.parameter), json.dumps(record, indent=1, allow_nan=False))


def load_walk(folder: Path, parameter: str, mark: str) -> Walk | None:
    """A profile saved before, or None where there is none (no unit).

    Raises TableError where the file belongs to another fit or cannot be read.
    """
    path = _path(folder, parameter)
    if not path.is_file():
        return None
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        found = record.pop("mark")
        walk = _walk(record)
    except (KeyError, TypeError, ValueError):
        raise TableError(f"{path}: is damaged, and no profile can be read from it; remove it") from None
    if found != mark:
        raise TableError(f"{path}: belongs to another fit or settings; choose another folder or remove it")
    return walk


def _path(folder: Path, parameter: str) -> Path:
    # a context may have any name, a file may not
    return folder / f"profile_{re.sub(r'[^A-Za-z0-9_@.+-]', '_', parameter)}.json"


def _walk(record: dict[str, object]) -> Walk:
    points = record.pop("points")
    made = (Point(**point | {"best": tuple(point["best"])}) for point in points)  # type: ignore[attr-defined]
    return Walk(points=tuple(made), **record)  # type: ignore[arg-type]


def _arrays(walk: Walk) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    columns = [(point.log_value, point.objective, point.own) for point in walk.points]
    values, objective, own = np.array(columns, dtype=float).reshape(-1, 3).T
    return values, objective, own


def _logs(values: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.log(np.maximum(values, 1e-300))
    return found
