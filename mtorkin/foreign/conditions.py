"""Conditions on the time: what a `piecewise` or a trigger asks, and when its answer changes.

A condition is a comparison of two formulas whose difference is linear in time and else constant, so
that the time at which it changes is known before the simulation. One that depends on the state
would have to be watched for while integrating, and is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from mtorkin.language.expression import Expr, Leaf, Number, Variable, evaluate, gradient, leaves, replace

__all__ = ["TIME", "Comparison", "Condition", "Logic", "Truth"]
__all__ += ["change_times", "holds", "with_leaves", "within"]

TIME = Variable("time of the simulation", "1")  # no SBML id has a blank in it


@dataclass(frozen=True)
class Truth:
    """True or false."""

    value: bool


@dataclass(frozen=True)
class Comparison:
    """`difference` compared with 0; `kind` is lt, leq, gt, geq, eq or neq."""

    kind: str
    difference: Expr


@dataclass(frozen=True)
class Logic:
    """`kind` is and, or, not or xor."""

    kind: str
    parts: tuple[Condition, ...]


Condition = Truth | Comparison | Logic


def within(condition: Condition) -> Iterator[Comparison]:
    """Yield the comparisons of a condition."""
    if isinstance(condition, Comparison):
        yield condition
    elif isinstance(condition, Logic):
        for part in condition.parts:
            yield from within(part)


def with_leaves(condition: Condition, new: Callable[[Leaf], Expr]) -> Condition:
    """The condition with every leaf replaced."""
    if isinstance(condition, Comparison):
        return Comparison(condition.kind, replace(condition.difference, new))
    if isinstance(condition, Logic):
        return Logic(condition.kind, tuple(with_leaves(part, new) for part in condition.parts))
    return condition


def change_times(condition: Condition, values: Mapping[str, float]) -> Iterator[float]:
    """Yield the times at which comparisons change, of which some may be before 0.

    `values` are numbers of every constant by id. Raises ArithmeticError where a formula has none.
    """
    for comparison in within(condition):
        slope = gradient(comparison.difference).get(TIME.id)
        if slope is None:
            continue
        numbers = {**values, TIME.id: 0.0}
        rate, offset = evaluate(slope, numbers), evaluate(comparison.difference, numbers)
        if rate and math.isfinite(offset / rate):
            yield -offset / rate


def linear(condition: Condition) -> bool:
    """Whether every comparison is linear in time."""
    return all(
        TIME.id not in {x.id for x in leaves(gradient(c.difference).get(TIME.id, Number(0.0)))}
        for c in within(condition)
    )


def holds(condition: Condition, values: Mapping[str, float], time: float) -> bool:
    """Whether a condition holds at a time that is none of its `change_times`."""
    match condition:
        case Truth(value):
            return value
        case Comparison(kind, difference):
            x = evaluate(difference, {**values, TIME.id: time})
            return {
                "lt": x < 0,
                "leq": x <= 0,
                "gt": x > 0,
                "geq": x >= 0,
                "eq": x == 0,
                "neq": x != 0,
            }[kind]
        case Logic(kind, parts):
            answers = [holds(part, values, time) for part in parts]
            if kind == "not":
                return not answers[0]
            if kind == "xor":
                return sum(answers) % 2 == 1
            return all(answers) if kind == "and" else any(answers)
