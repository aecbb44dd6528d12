"""What is done to the cells and when: a protocol is a few periods, each of which sets some inputs.

Times are minutes from 0, concentrations nM, nutrients relative to full medium. Inputs that a period
does not name stay as they are; before the first period they are those of fed cells. A name is an
input of the network, held constant until a later period sets it, or the dose of a species (a drug
in the medium), whose concentration is set at the start of the period and then follows the
equations. The data are plain: a period is a PEtab experiment's period, its values that period's
condition.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from types import MappingProxyType
from typing import Final, Literal

from mtorkin.errors import DeclarationError, listed, nearest
from mtorkin.network import Network

__all__ = [
    "NAMED",
    "UNTIL_STEADY",
    "Interval",
    "NamedProtocol",
    "Period",
    "Protocol",
    "When",
    "check",
    "doses",
    "every",
    "intervals",
    "pulse",
    "starved_then",
    "treated",
]


class When(enum.Enum):
    """Starts of a period that are not a time."""

    UNTIL_STEADY = "until steady"

    def __repr__(self) -> str:
        return self.name


UNTIL_STEADY: Final = When.UNTIL_STEADY
DRUG = (
    ". If it is a drug, add it: mtorkin.with_drugs(model, {name!r}); mtorkin.drugs() lists all with their "
    "other names"
)
SLIP = 0.8  # how alike names are that differ by a slip
Start = float | Literal[When.UNTIL_STEADY]


@dataclass(frozen=True, init=False)
class Period:
    """From `start` [min] on, or until steady before time 0, some inputs have these values.

    ``Period(30, rapamycin=20)``; `inputs` holds the pairs of name and value [the input's unit],
    sorted. Raises DeclarationError for a start or value that is negative or not a finite number.
    """

    start: Start
    inputs: tuple[tuple[str, float], ...]

    def __init__(self, start: float | When, /, **inputs: float) -> None:
        checked = UNTIL_STEADY if start is UNTIL_STEADY else _number(start, "the start of a period")
        pairs = ((name, _number(value, name)) for name, value in sorted(inputs.items()))
        object.__setattr__(self, "start", checked)
        object.__setattr__(self, "inputs", tuple(pairs))

    def __repr__(self) -> str:
        start = repr(self.start) if isinstance(self.start, When) else f"{self.start:g}"
        return f"Period({', '.join([start, *(f'{n}={v:g}' for n, v in self.inputs)])})"


@dataclass(frozen=True, init=False)
class Protocol:
    """Periods in order of time: ``Protocol(Period(UNTIL_STEADY), Period(0, insulin=100))``.

    Without a first period that is `UNTIL_STEADY`, cells begin as the network declares them, with
    nothing bound or modified. Raises DeclarationError where starts do not increase, or
    `UNTIL_STEADY` is not first.
    """

    periods: tuple[Period, ...]

    def __init__(self, *periods: Period) -> None:
        before = -math.inf
        for i, period in enumerate(periods):
            if not isinstance(period, Period):
                raise DeclarationError(
                    f"period {i + 1} of a protocol is {period!r}; write Period(start, input=value)"
                )
            if isinstance(period.start, When):
                if i:
                    raise DeclarationError(
                        f"period {i + 1} is UNTIL_STEADY; only the first period may be, since time "
                        "runs from 0 after it"
                    )
                continue
            if period.start <= before:
                raise DeclarationError(
                    f"period {i + 1} starts at {period.start:g} min, not after the one before it "
                    f"({before:g} min); order the periods, and join those of one time"
                )
            before = period.start
        object.__setattr__(self, "periods", tuple(periods))

    def __repr__(self) -> str:
        return f"Protocol({', '.join(map(repr, self.periods))})"

    @property
    def begins_steady(self) -> bool:
        """Whether time 0 is a steady state (no unit)."""
        return bool(self.periods) and isinstance(self.periods[0].start, When)


@dataclass(frozen=True)
class Interval:
    """From `start` to `end` [min] the inputs are constant.

    `inputs` has all inputs of the network, `doses` the concentrations [nM] that are set at `start`
    and then follow the equations. A steady interval runs from -inf to 0.
    """

    start: float
    end: float
    inputs: tuple[tuple[str, float], ...]
    doses: tuple[tuple[str, float], ...]

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value:g}" for name, value in (*self.inputs, *self.doses))
        start = "until steady" if self.start < 0 else f"from {self.start:g} min"
        return f"{start} ({given})" if given else start


def check(protocol: Protocol, network: Network) -> None:
    """Raise DeclarationError where a protocol sets what is neither an input nor a dose, or sets too much."""
    most = {i.id: i.at_most for i in network.inputs}
    allowed = [*most, *doses(network)]
    for period in protocol.periods:
        for name, value in period.inputs:
            if name not in allowed:
                # a drug that is not there is not a slip in one that is: everolimus, temsirolimus
                like, drug = nearest(name, allowed, SLIP), DRUG.format(name=name)
                raise DeclarationError(
                    f"the period that starts {_shown(period.start)} sets {name!r}, which is no input of this "
                    f"model{like} (there are {listed(sorted(allowed))}: see model.inputs)"
                    + ("" if like else drug)
                )
            if value > most.get(name, math.inf):
                raise DeclarationError(
                    f"the period that starts {_shown(period.start)} sets {name} to {value:g}; "
                    f"it is a number from 0 to {most[name]:g}"
                )


def doses(network: Network) -> dict[str, str]:
    """Return the species that each dose sets, by the name of the dose (no unit)."""
    return {s.dose: s.id for s in network.species if s.dose}


def intervals(protocol: Protocol, network: Network) -> tuple[Interval, ...]:
    """Return the stretches of constant inputs, in order, the last one to infinity [min].

    Times before 0 are the steady interval; where there is none and the first period starts later
    than 0, a stretch with the inputs of fed cells comes first. Raises DeclarationError as `check`.
    """
    check(protocol, network)
    now = {i.id: i.default for i in network.inputs}
    found: list[Interval] = []
    changes = [(_time(p.start), dict(p.inputs)) for p in protocol.periods]
    if all(start != 0 for start, _ in changes):
        changes = sorted([*changes, (0.0, {})], key=lambda change: change[0])
    ends = [start for start, _ in changes[1:]] + [math.inf]
    for (start, values), end in zip(changes, ends, strict=True):
        now |= {name: value for name, value in values.items() if name in now}
        dosed = tuple((name, value) for name, value in values.items() if name not in now)
        found.append(Interval(start, end, tuple(now.items()), dosed))
    return tuple(found)


def _time(start: Start) -> float:
    return -math.inf if isinstance(start, When) else start


def _shown(start: Start) -> str:
    return "before 0 (until steady)" if isinstance(start, When) else f"at {start:g} min"


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise DeclarationError(f"{what} is {value!r}; it must be a number from 0 up")
    number = float(value)
    if not math.isfinite(number) or number < 0:
        raise DeclarationError(f"{what} is {number:g}; it must be a finite number from 0 up")
    return number


@dataclass(frozen=True)
class NamedProtocol:
    """A protocol with a name, what it shows, and `times` [min] at which to look."""

    name: str
    meaning: str
    protocol: Protocol
    times: tuple[float, ...]


HOUR = 60.0
DAY = 24 * HOUR
STARVATION = 16 * HOUR
STARVED = 0.02  # nM insulin left without serum
MINUTES = (0.0, 1.0, 2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0)
HOURS = (1.5 * HOUR, *(h * HOUR for h in (2, 3, 4, 6, 8, 12, 18, 24)))


def treated(**inputs: float) -> Protocol:
    """Return: fed cells at rest, then these inputs from 0 on [nM; nutrients relative]."""
    return Protocol(Period(UNTIL_STEADY), Period(0, **inputs))


def pulse(start: float, end: float, *, after: float = 0.0, **inputs: float) -> Protocol:
    """Return: fed cells at rest, these inputs [nM] from `start` to `end` [min], then `after` [nM]."""
    return Protocol(
        Period(UNTIL_STEADY), Period(start, **inputs), Period(end, **dict.fromkeys(inputs, after))
    )


def every(interval: float, /, *, times: int, start: float = 0.0, **inputs: float) -> tuple[Period, ...]:
    """Return periods that begin `interval` [min] apart, `times` of them, with these inputs each.

    ``Protocol(Period(UNTIL_STEADY), *every(24 * 60, times=7, everolimus_oral_human=70))``. A dose
    *sets* its species: what is left of the one before is replaced. Raises DeclarationError for an
    interval that is not positive, fewer than one time, and as `Period`.
    """
    if isinstance(times, bool) or not isinstance(times, int) or times < 1:
        raise DeclarationError(f"times is {times!r}; it must be a whole number from 1 up")
    if not (step := _number(interval, "the interval of doses")):
        raise DeclarationError("the interval of doses is 0; it must be positive")
    return tuple(Period(start + i * step, **inputs) for i in range(times))


def starved_then(**inputs: float) -> Protocol:
    """Return: fed cells at rest, without serum from 0 on, these inputs [nM] from 16 h on."""
    return Protocol(Period(UNTIL_STEADY), Period(0, insulin=STARVED), Period(STARVATION, **inputs))


_DAY = (*MINUTES, *HOURS)
_LATER = (*MINUTES, 1.5 * HOUR, 2 * HOUR)
_SHIPPED = (
    NamedProtocol(
        "rapamycin-short",
        "fed cells, 100 nM rapamycin for 1 h",
        treated(rapamycin=100),
        MINUTES,
    ),
    NamedProtocol(
        "rapamycin-prolonged",
        "fed cells, 100 nM rapamycin for 72 h",
        treated(rapamycin=100),
        (*_DAY, 1.5 * DAY, 2 * DAY, 3 * DAY),
    ),
    NamedProtocol(
        "rapamycin-washout",
        "fed cells, 20 nM rapamycin for 1 h, then none in the medium for 4 days",
        pulse(0, HOUR, rapamycin=20),
        (*MINUTES, *(HOUR + t for t in (*_DAY[1:], 2 * DAY, 3 * DAY, 4 * DAY))),
    ),
    NamedProtocol(
        "rapamycin-pulse",
        "fed cells at rest for 10 h, then 100 nM rapamycin for 20 min",
        pulse(10 * HOUR, 10 * HOUR + 20, rapamycin=100),
        (0.0, 5 * HOUR, *(10 * HOUR + t for t in _DAY)),
    ),
    NamedProtocol(
        "insulin",
        "fed cells, 16 h without serum from time 0, then 100 nM insulin from 960 min on",
        starved_then(insulin=100),
        (*(h * HOUR for h in (0, 1, 2, 4, 8, 12)), *(STARVATION + t for t in _LATER)),
    ),
    NamedProtocol(
        "amino-acid-withdrawal",
        "fed cells, no amino acids for 2 h",
        treated(amino_acids=0),
        _LATER,
    ),
    NamedProtocol("glucose-withdrawal", "fed cells, no glucose for 2 h", treated(glucose=0), _LATER),
    NamedProtocol("torin1", "fed cells, 250 nM Torin1 for 24 h", treated(Torin1=250), _DAY),
    NamedProtocol(
        "wortmannin",
        "fed cells, 100 nM wortmannin once, which decays in the medium",
        treated(wortmannin=100),
        _DAY,
    ),
)

NAMED: Final[Mapping[str, NamedProtocol]] = MappingProxyType({n.name: n for n in _SHIPPED})
