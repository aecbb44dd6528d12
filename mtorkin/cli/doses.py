"""Doses, times and readouts as the command line writes them, and what two commands share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mtorkin.cli import options, treatments, words
from mtorkin.errors import DeclarationError

if TYPE_CHECKING:
    from mtorkin.model import Model
    from mtorkin.protocol import Protocol

MOST_DOSES = 1000

Background = Annotated[
    list[str] | None,
    typer.Option(
        "--period",
        metavar="'START NAME=VALUE ...'",
        help="What is done to the cells apart from the drugs, which are given at 0: see "
        "`mtorkin simulate`. [default: fed cells at rest]",
    ),
]
Rtol = Annotated[float, typer.Option(help="Relative tolerance.")]
Atol = Annotated[float, typer.Option(help="Absolute tolerance (nM).")]


def read(text: str, option: str, per_decade: int) -> list[float]:
    """Return doses: "0.1,1,10", or "0.01..1000" (evenly in the logarithm, 0.01..1000:9 is nine).

    Raises DeclarationError for anything else.
    """
    if ".." not in text:
        found = [words.number(word, f"{option} {text}") for word in words.names(text) or ()]
        if not found:
            raise DeclarationError(f"{option}: names no dose; write 0.1,1,10 or 0.01..1000")
        return found
    span, sign, count = text.partition(":")
    first, _, last = span.partition("..")
    low, high = (words.number(word, f"{option} {text}") for word in (first, last))
    if not 0 < low < high:
        raise DeclarationError(
            f"{option} {text}: the first dose must be above 0 and below the last; 0 is always among them"
        )
    decades = math.log10(high) - math.log10(low)
    points = max(2, round(decades * per_decade) + 1)
    if sign:
        if not count.isdigit() or int(count) < 2:
            raise DeclarationError(f"{option} {text}: after the colon stands how many doses, 2 or more")
        points = int(count)
    if points > MOST_DOSES:
        raise DeclarationError(f"{option} {text}: {points} doses; at most {MOST_DOSES}")
    # three digits: doses as one would pipette them
    inner = [float(f"{low * 10 ** (decades * i / (points - 1)):.3g}") for i in range(1, points - 1)]
    return list(dict.fromkeys([low, *inner, high]))


def times(text: str) -> list[float]:
    """Return times [min] of --at, in order. Raises DeclarationError where there are none above 0."""
    found = sorted({words.minutes(word, "--at") for word in text.replace(",", " ").split()})
    if not found or found[0] == 0:
        raise DeclarationError(f"--at {text!r}: give times after the dose, such as 60,1440 or 1h,24h")
    return found


def drug_of(name: str, model: Model) -> str:
    """Return the name of a drug or input. Raises DeclarationError for an unknown one."""
    known = [str(id) for id in model.inputs.index]
    return words.known(name, known, "drug or input", "see `mtorkin show inputs`")


def readouts_of(text: str, model: Model) -> list[str]:
    """Return ids of observables, each once. Raises DeclarationError for none or an unknown one."""
    asked = words.names(text)
    if not asked:
        raise DeclarationError("--readout: names none; see `mtorkin show observables`")
    known, hint = list(model.observables.index), "see `mtorkin show observables`"
    return list(dict.fromkeys(words.known(id, known, "observable", hint) for id in asked))


def background(periods: list[str] | None) -> Protocol | None:
    """Return the protocol of --period words, None for none. Raises DeclarationError for bad ones."""
    return treatments.make_protocol(periods) if periods else None


def engine_of(name: str | None) -> str:
    """Return the engine asked for, or the fastest there is (no unit)."""
    from mtorkin.engines import default_engine  # here, so that --help does not wait for it

    return default_engine() if name is None else name


def as_record(protocol: Protocol, engine: str, rtol: float, atol: float, cells: Any) -> dict[str, Any]:
    """Return the settings as JSON has them; `cells` are the arguments of `options.as_record`."""
    return {
        "background": treatments.as_records(protocol),
        "engine": engine,
        "rtol": rtol,
        "atol": atol,
        **options.as_record(*cells),
        "time_unit": "min",
    }
