"""Conditions and experiments of PEtab format 2, as periods.

A condition is what it sets, in long form; an experiment is conditions at times. What a condition sets
stays until another one sets it. Values of the first period are of parameters alone; later ones are of
what is there just before, too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from mtorkin.errors import nearest
from mtorkin.foreign.declared import Document
from mtorkin.foreign.refusal import NotRead
from mtorkin.foreign.text import formula_of
from mtorkin.foreign.xml import Node
from mtorkin.language.expression import Expr, Leaf, Variable, evaluate, leaves
from mtorkin.petab.naming import Known
from mtorkin.petab.problem import Period, Reference
from mtorkin.petab.tables import Row, as_number

__all__ = ["conditions_of", "experiments_of", "tells_time"]

Sets = dict[str, Reference]


def conditions_of(rows: Iterable[Row], known: Known) -> dict[str, Sets]:
    """Return what each condition sets, by id. Raises NotRead."""
    found: dict[str, Sets] = {}
    for row in rows:
        sets = found.setdefault(row.required("conditionId"), {})
        target = _target(row, known)
        if target in sets:
            raise row.error("targetId", f"{target[:80]!r} is set twice by this condition")
        sets[target] = _value(row, known)
    return found


def _target(row: Row, known: Known) -> str:
    id = known.own(row.required("targetId"))
    if id in known.parameters:
        raise row.error(
            "targetId", f"{id[:80]!r} is in the parameter table; only what is not there can be set"
        )
    if id not in known.model:
        raise row.error(
            "targetId",
            f"{id[:80]!r} is nothing in the model{nearest(id[:80], known.model)}; what stands in formulas "
            "of observables alone cannot be set: make it a parameter of the model",
        )
    if id in known.document.assigned:
        raise row.error("targetId", f"{id[:80]!r} follows a rule of the model and cannot be set")
    return id


def _value(row: Row, known: Known) -> Reference:
    text = row.required("targetValue")
    value = as_number(text)
    if value is None:

        def names(id: str) -> Expr | None:
            own = known.own(id)
            there = own in known.model or own in known.parameters or own == "time"
            return Variable(own, "1") if there else None

        expr = formula_of(text, names, f"{row.path}:{row.line}:targetValue")
        if isinstance(expr, Leaf) and expr.id in known.parameters:
            return expr.id
        if any(True for _ in leaves(expr)):
            return expr
        try:
            value = float(evaluate(expr, {}))
        except (ArithmeticError, ValueError) as error:
            raise row.error("targetValue", f"{text[:80]!r} has no value: {error}") from None
    if not math.isfinite(value):
        raise row.error("targetValue", f"{text[:80]!r} is not finite")
    return value


def experiments_of(
    rows: Iterable[Row], conditions: Mapping[str, Sets], known: Known
) -> dict[str, tuple[Period | None, tuple[Period, ...]]]:
    """Return the rest before each experiment, if any, and its periods, by id. Raises NotRead."""
    given: dict[str, dict[float, Sets]] = {}
    for row in rows:
        time, id = row.number("time"), row.text("conditionId")
        if time == math.inf:
            raise row.error("time", "inf is no time at which a condition begins; -inf is rest before")
        if id and id not in conditions:
            raise row.error("conditionId", f"{id[:80]!r} is no condition{nearest(id[:80], conditions)}")
        sets = given.setdefault(row.required("experimentId"), {}).setdefault(time, {})
        new = conditions[id] if id else {}
        if twice := sets.keys() & new.keys():
            raise row.error("conditionId", f"{min(twice)[:80]!r} is set by two conditions at once")
        sets |= new
    return {id: _periods(id, by_time, known) for id, by_time in given.items()}


def _periods(
    id: str, by_time: Mapping[float, Sets], known: Known
) -> tuple[Period | None, tuple[Period, ...]]:
    times = sorted(by_time)
    if times == [-math.inf]:
        times.append(0.0)
    if math.isfinite(times[0]) and times[0] != 0.0 and tells_time(known.document):
        raise NotRead(
            f"{known.document.source}: depends on the time, and experiment {id} begins at {times[0]:g}; "
            "such a model is read where its experiments begin at 0"
        )
    _check_first(id, by_time[times[0]], known)
    constant = [_is_constant(t, known.document) for time in times[1:] for t in by_time.get(time, {})]
    found: list[Period] = []
    earlier: dict[str, None] = {}
    for k, time in enumerate(times):
        sets = dict(by_time.get(time, {}))
        if k == 1 and any(constant):
            # initial assignments are not made again when a constant in them changes
            sets |= {d: Variable(d, "1") for d in _derived(known) if d not in sets and d not in earlier}
        found.append(Period(time, sets, tuple(t for t in earlier if t not in sets)))
        earlier |= dict.fromkeys(sets)
    return (found[0], tuple(found[1:])) if math.isinf(times[0]) else (None, tuple(found))


def _check_first(id: str, sets: Sets, known: Known) -> None:
    for target, value in sets.items():
        for leaf in leaves(value) if isinstance(value, Expr) else ():
            if leaf.id not in known.parameters:
                raise NotRead(
                    f"{known.document.source}: experiment {id} begins with {target[:80]} set from "
                    f"{leaf.id[:80]}, which has no value yet; first values come from numbers and parameters "
                    "of the table"
                )


def _is_state(id: str, document: Document) -> bool:
    quantity = document.quantities.get(id)
    return quantity is not None and (
        id in document.rates or bool(quantity.compartment and not quantity.fixed)
    )


def _is_constant(id: str, document: Document) -> bool:
    return not _is_state(id, document)


def _derived(known: Known) -> list[str]:
    """What the model computes once, at the start, and does not change."""
    document = known.document
    return [
        id
        for id in document.initial
        if id in document.quantities and not _is_state(id, document) and id not in known.parameters
    ]


def tells_time(document: Document) -> bool:
    """Whether any formula of a model depends on the time itself."""
    laws = [*document.functions.values(), *document.initial.values(), *document.assigned.values()]
    laws += [*document.rates.values(), *(r.law for r in document.reactions)]
    laws += [law for e in document.events for law in (e.trigger, *(a for _, a in e.assignments))]
    todo: list[Node] = [law.math for law in laws]
    while todo:
        node = todo.pop()
        if node.name == "csymbol" and "time" in node.attributes.get("definitionURL", ""):
            return True
        todo += node.children
    return False
