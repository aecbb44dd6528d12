"""Two drugs together at a matrix of doses, and whether they do more than they should."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mtorkin.errors import DeclarationError
from mtorkin.model import Model
from mtorkin.protocol import Protocol
from mtorkin.response.dose_response import Progress
from mtorkin.response.effects import Pair, compared, effects_of
from mtorkin.response.giving import Setting, resting_dose, setting
from mtorkin.response.points import checked_doses, dose_at
from mtorkin.response.synergy import EffectCurve, grid_between

__all__ = ["Combination", "Doses", "combination"]

STEP = 0.25  # decades between doses of a drug alone
AGAINST = 0.02  # effect below 0 from which it is said

Doses = Mapping[str, Sequence[float]] | Sequence[tuple[str, Sequence[float]]]


@dataclass(frozen=True, eq=False)
class Combination:
    """Two drugs, given together at time 0, and a readout at `time` [min].

    `table` is tidy, a row a pair of doses [`units_of_doses`]: value [`unit`], percent of the
    untreated, effect (from 0 to 1 at the readout `full_effect`) and what it would be by Bliss, HSA
    and Loewe; `bliss`, `hsa` and `loewe` are effect minus that (above 0 is synergy), `ci` the
    combination index, `undefined` why there is no Loewe or index (they are NaN then). `curves` are
    the drugs alone, also at doses between and above those of the table.
    """

    drugs: tuple[str, str]
    units_of_doses: tuple[str, str]
    readout: str
    unit: str
    time: float
    untreated: float
    full_effect: float
    background: Protocol
    table: pd.DataFrame
    curves: tuple[EffectCurve, EffectCurve]
    notes: tuple[str, ...]

    def matrix(self, column: str) -> pd.DataFrame:
        """Return a column of the table with doses of the first drug as rows, of the second as columns."""
        return self.table.pivot(index="dose_a", columns="dose_b", values=column)

    @property
    def common(self) -> float:
        """The largest effect [1] that both drugs reach alone."""
        return min(curve.most for curve in self.curves)

    def isobole(self, effect: float) -> pd.DataFrame:
        """Return the doses at which the drugs together have an effect [1], by interpolation.

        Columns dose_a and dose_b, and each over what has the effect alone (NaN where a drug does
        not reach it). The ends are the drugs alone. Raises DeclarationError for an effect that is
        not between 0 and 1.
        """
        if not 0 < effect < 1:
            raise DeclarationError(f"effect is {effect}; an isobole is of an effect between 0 and 1")
        matrix = self.matrix("effect")
        rows, columns = (np.array(axis, dtype=float) for axis in (matrix.index, matrix.columns))
        seen = matrix.to_numpy(float)
        alone = [curve.dose_for(effect) for curve in self.curves]
        pairs = {(alone[0], 0.0), (0.0, alone[1])}
        pairs |= {(a, dose_at(columns, row, effect)) for a, row in zip(rows[1:], seen[1:], strict=True)}
        pairs |= {(dose_at(rows, row, effect), b) for b, row in zip(columns[1:], seen.T[1:], strict=True)}
        kept = sorted(p for p in pairs if all(math.isfinite(d) for d in p))
        frame = pd.DataFrame(kept, columns=["dose_a", "dose_b"], dtype=float)
        return frame.assign(share_a=frame["dose_a"] / alone[0], share_b=frame["dose_b"] / alone[1])

    def summary(self) -> pd.DataFrame:
        """Return a row a measure over the pairs with both drugs: mean, extremes, where, how many.

        Excesses are shares of the full effect. Where Loewe and the index do not exist, Bliss and HSA
        are what is left, and `note` says so.
        """
        both = self.table[(self.table["dose_a"] > 0) & (self.table["dose_b"] > 0)]
        rows = [_summed(both, name) for name in ("bliss", "hsa", "loewe", "ci")]
        return pd.DataFrame.from_records(rows).set_index("measure")


def combination(
    model: Model,
    drugs: Doses,
    at: float,
    readout: str,
    full_effect: float | None = None,
    background: Protocol | None = None,
    engine: str | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-9,
    reach: float = 10.0,
    progress: Progress | None = None,
) -> Combination:
    """Return the effects of two drugs together on a readout, `at` [min] after both are given.

    `drugs` are two names with their doses [the drugs' units], ``{"rapamycin": [...], "Torin1":
    [...]}``, or two pairs; with pairs, both may be of one drug, whose doses then add up. Effects are
    relative to the untreated cells at the same time: 0 as in these, 1 at the readout `full_effect`
    [its unit], 0 by default. A readout that rises needs one, since it has no natural end. Each drug
    alone is also simulated at doses between and up to `reach` times the given ones, for Loewe.
    `progress` is called with how many simulations are done, of how many.

    Raises DeclarationError for unknown names, doses or times that are none, a drug of which
    untreated cells have some, a readout that rises without `full_effect`, or goes beyond it;
    SimulationError as `simulate`.
    """
    names, levels = _checked(drugs, reach)
    if np.ndim(at) != 0:
        raise DeclarationError(f"at is {at!r}; a combination is looked at at one time, in minutes")
    around = setting(model, names, at, [readout], background, engine, rtol, atol)
    for name in names:
        if (rest := resting_dose(model, around.background, name)) != 0.0:
            raise DeclarationError(
                f"untreated cells have {name} = {rest:g}, so it is no drug to combine; begin the "
                f"background with a steady period without it: Period(UNTIL_STEADY, {name}=0), or "
                f"--period 'steady {name}=0'"
            )
    pairs = [(a, b) for a in (0.0, *levels[0]) for b in (0.0, *levels[1])]
    alone = [grid_between(doses, reach, STEP) for doses in levels]
    wanted = dict.fromkeys([*pairs, *((a, 0.0) for a in alone[0]), *((0.0, b) for b in alone[1])])
    values = _simulated(around, names, list(wanted), progress)
    effects, full = effects_of(values, around.readouts[0], around.unit(around.readouts[0]), full_effect)
    curves = (
        EffectCurve(np.array(alone[0]), np.array([effects[a, 0.0] for a in alone[0]])),
        EffectCurve(np.array(alone[1]), np.array([effects[0.0, b] for b in alone[1]])),
    )
    table = _table(pairs, values, effects, curves, names)
    return Combination(
        drugs=names,
        units_of_doses=(around.unit_of_dose(names[0]), around.unit_of_dose(names[1])),
        readout=around.readouts[0],
        unit=around.unit(around.readouts[0]),
        time=around.times[0],
        untreated=values[0.0, 0.0],
        full_effect=full,
        background=around.background,
        table=table,
        curves=curves,
        notes=_notes(table, around.readouts[0], list(zip(names, curves, strict=True))),
    )


def _checked(drugs: Doses, reach: float) -> tuple[tuple[str, str], list[tuple[float, ...]]]:
    pairs = list(drugs.items()) if isinstance(drugs, Mapping) else list(drugs)
    if len(pairs) != 2 or any(isinstance(pair, str) or len(pair) != 2 for pair in pairs):
        raise DeclarationError(
            f"drugs are {drugs!r}; give two names with doses, such as "
            '{"rapamycin": [0.1, 1, 10], "Torin1": [1, 10, 100]}; for a drug with itself give two pairs, '
            '[("Torin1", [1, 10]), ("Torin1", [1, 10])]'
        )
    if not (math.isfinite(reach) and reach >= 1):
        raise DeclarationError(f"reach is {reach}; it multiplies the highest dose, by 1 or more")
    levels = [tuple(d for d in checked_doses(doses, name) if d > 0) for name, doses in pairs]
    return (str(pairs[0][0]), str(pairs[1][0])), levels


def _simulated(
    around: Setting, names: tuple[str, str], pairs: list[Pair], progress: Progress | None
) -> dict[Pair, float]:
    """The readout [its unit] at each pair of doses; doses of one drug add up."""
    known: dict[Pair, float] = {}  # what was simulated, by what was given
    found = {}
    for i, (a, b) in enumerate(pairs):
        key = (a + b, 0.0) if names[0] == names[1] else (a, b)
        if key not in known:
            given = {name: dose for name, dose in zip(names[::-1], key[::-1], strict=True) if dose}
            known[key] = float(around.under(given)[0, 0])
        found[a, b] = known[key]
        if progress is not None:
            progress(i + 1, len(pairs))
    return found


def _table(
    pairs: list[Pair],
    values: Mapping[Pair, float],
    effects: Mapping[Pair, float],
    curves: tuple[EffectCurve, EffectCurve],
    names: tuple[str, str],
) -> pd.DataFrame:
    untreated = values[0.0, 0.0]
    columns = {
        "dose_a": [a for a, _ in pairs],
        "dose_b": [b for _, b in pairs],
        "value": [values[p] for p in pairs],
        "percent": [100 * values[p] / untreated if untreated else math.nan for p in pairs],
        "effect": [effects[p] for p in pairs],
    }
    return pd.DataFrame({**columns, **compared(pairs, effects, curves, names)})


def _notes(table: pd.DataFrame, readout: str, drugs: list[tuple[str, EffectCurve]]) -> tuple[str, ...]:
    """What to be wary of."""
    notes = []
    if against := int((table["effect"] < -AGAINST).sum()):
        notes.append(
            f"at {against} of {len(table)} pairs {readout} goes the other way (effect below 0); "
            "independence and additivity mean little there"
        )
    for name, curve in dict(drugs).items():
        if math.isfinite(curve.turns) and curve.most > AGAINST:
            notes.append(
                f"{name} alone does less again above {curve.turns:.3g}; "
                "Loewe and the index do not exist there"
            )
    return tuple(notes)


def _summed(both: pd.DataFrame, name: str) -> dict[str, object]:
    """A row of the summary; the strongest synergy is the largest excess or the smallest index."""
    known = both[both[name].notna()]
    row: dict[str, object] = {"measure": name, "defined": len(known), "pairs": len(both)}
    missing = both[both[name].isna()]
    note = ""
    if len(missing):
        a, b, why = (missing[key].tolist()[0] for key in ("dose_a", "dose_b", "undefined"))
        note = f"undefined at {len(missing)} of {len(both)} pairs, such as {a:g} with {b:g}: {why}; "
        note += "bliss and hsa are defined there"
    if known.empty:
        empty = dict.fromkeys(("mean", "lowest", "highest", "best_dose_a", "best_dose_b"), math.nan)
        return row | empty | {"note": note}
    values = known[name]
    best = int(values.argmin() if name == "ci" else values.argmax())
    return row | {
        "mean": float(values.mean()),
        "lowest": float(values.min()),
        "highest": float(values.max()),
        "best_dose_a": float(known["dose_a"].iloc[best]),
        "best_dose_b": float(known["dose_b"].iloc[best]),
        "note": note,
    }
