"""Which treatment a command line means, and when to look at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from mtorkin.cli import amounts, words
from mtorkin.cli.moments import SHOWN
from mtorkin.errors import DeclarationError
from mtorkin.protocol import NAMED, UNTIL_STEADY, Period, Protocol, every

DAY = 1440.0
MOST_POINTS = 1_000_000
OWN = "or make your own, instead of a name: --period '0 rapamycin=100'"
SOON = (1, 2, 3, 5, 7.5, 10, 15, 20, 30, 45)  # min after each change: things happen fast there

Conditions = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Take the protocol from a table of conditions (condition, start, input, value).",
    ),
]
Periods = Annotated[
    list[str] | None,
    typer.Option(
        "--period",
        metavar="'START NAME=VALUE ...'",
        help="A protocol of your own, one period each: start in minutes (or 24h, or 'steady': "
        "before 0, for as long as it takes to come to rest), then inputs; others stay. Drugs also in uM, "
        "those for subjects in mg; every=24h times=7 repeats.",
    ),
]


@dataclass(frozen=True)
class Treatment:
    """A protocol, what to call it, and until when [min] to follow it."""

    title: str
    protocol: Protocol
    until: float


def find(
    name: str | None, conditions: Path | None, periods: list[str] | None, or_else: str = OWN
) -> Treatment:
    """Return a treatment: by name, from a table of conditions, or ad hoc; `or_else` ends an error's hint.

    Raises DeclarationError where none or two are asked for, or the name is unknown.
    """
    if periods:
        if name is not None or conditions is not None:
            raise DeclarationError("give a protocol by name, or --period, not both")
        return _following("simulation", make_protocol(periods))
    if conditions is not None:
        from mtorkin.fit.conditions import read_conditions

        table = read_conditions(conditions)
        if name is None:
            raise DeclarationError(f"say which condition of {conditions}: {', '.join(table)}")
        words.known(name, list(table), "condition", f"see {conditions}")
        return _following(name, table[name].protocol)
    if name is None:
        raise DeclarationError(
            f"say what to simulate: a protocol ({', '.join(NAMED)}), or --period '0 rapamycin=100'"
        )
    words.known(name, list(NAMED), "protocol", or_else)
    return Treatment(name, NAMED[name].protocol, max(NAMED[name].times))


def make_protocol(texts: list[str]) -> Protocol:
    """Return the protocol of some --period words. Raises DeclarationError for bad ones."""
    periods = [period for text in texts for period in _periods(text)]
    if all(period.start is not UNTIL_STEADY for period in periods):
        periods.insert(0, Period(UNTIL_STEADY))  # cells begin at rest unless told otherwise
    return Protocol(*periods)


def _periods(text: str) -> tuple[Period, ...]:
    """The periods of one word: one, or with every= and times= several."""
    start, given = words.period(text, amounts.value_of)
    interval, count = given.pop(amounts.EVERY, None), given.pop(amounts.TIMES, None)
    if interval is None and count is None:
        return (Period(UNTIL_STEADY if start is None else start, **given),)
    if interval is None or count is None or start is None or not count.is_integer():
        raise DeclarationError(
            f"--period {text!r}: a dose that is repeated has a start, every=24h and times=7 (a whole number)"
        )
    return every(interval, times=int(count), start=start, **given)


def times(
    treatment: Treatment, begin: str | None, until: str | None, every: str | None, points: int
) -> list[float]:
    """Return the times [min] of a table.

    Without `every`, evenly spaced points, more of them after each change, and round times. Raises
    DeclarationError for an empty span or too many points.
    """
    import numpy as np

    first = 0.0 if begin is None else words.minutes(begin, "--from")
    end = treatment.until if until is None else words.minutes(until, "--until")
    if end <= first:
        raise DeclarationError(f"--until ({end:g} min) must be later than --from ({first:g} min)")
    if every is not None:
        step = words.minutes(every, "--every")
        if step <= 0 or (end - first) / step > MOST_POINTS:
            raise DeclarationError(f"--every {every}: must be above 0, and give at most {MOST_POINTS} points")
        count = int((end - first) / step * (1 + 1e-12))
        return [float(t) for t in np.unique([*(first + step * np.arange(count + 1)), end])]
    even = np.linspace(first, end, points)
    after = sorted({0, *SOON, *SHOWN})
    soon = np.array([start + t for start in {0.0, *changes(treatment.protocol)} for t in after])
    return [float(t) for t in np.unique([*even, *soon[(soon > first) & (soon < end)]])]


def changes(protocol: Protocol) -> list[float]:
    """Return when [min] periods start, from 0 on."""
    return [p.start for p in protocol.periods if isinstance(p.start, float)]


def named(protocol: Protocol | None) -> list[str]:
    """Return the inputs and doses that a protocol names; of none, none."""
    return [name for p in (protocol.periods if protocol else ()) for name, _ in p.inputs]


def as_records(protocol: Protocol) -> list[dict[str, Any]]:
    """Return the periods as plain records: start [min] or "until steady", and inputs."""
    return [
        {
            "start": p.start if isinstance(p.start, float) else p.start.value,
            "inputs": dict(p.inputs),
        }
        for p in protocol.periods
    ]


def _following(title: str, protocol: Protocol) -> Treatment:
    return Treatment(title, protocol, max([0.0, *changes(protocol)]) + DAY)
