"""Reads the experiments of a claim: runs, series of doses, cohorts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mtorkin.claims.keys import check_keys, number, pairs, texts
from mtorkin.claims.statement import START, Cells, CohortPlan, Run, Treatment
from mtorkin.errors import DeclarationError, MtorkinError, TableError, nearest
from mtorkin.protocol import Period

__all__ = ["known_run", "read_cohorts", "read_runs", "runs_named"]

RUN_KEYS = (
    "context",
    "drugs",
    "scale",
    "mutate",
    "factor",
    "set",
    "medium",
    "periods",
    "repeat",
    "doses",
    "after",
    "after_at",
    "until",
    "every",
)
COHORT_KEYS = ("n", "seed", "run", "vary", "others")


def read_runs(data: Any, known: Mapping[str, Run], where: str) -> dict[str, Run]:
    """Return runs by name, those of a series of doses as `<series>_<dose>`.

    `known` are the runs that these may follow. Raises TableError or DeclarationError, with the place.
    """
    if not isinstance(data, Mapping):
        raise TableError(f"{where}: runs are {data!r}; they must be a table of names and runs")
    runs: dict[str, Run] = {}
    for name, item in data.items():
        place = f"{where}, run {name!r}"
        check_keys(item, RUN_KEYS, (), place)
        earlier = {**known, **runs}
        series = {run.series for run in earlier.values()}
        for run in _series(name, item, earlier, place):
            if run.name in earlier or name in series or run.name == START:
                raise TableError(f"{place}: that name is taken; choose another")
            runs[run.name] = run
    return runs


def runs_named(names: Any, runs: Mapping[str, Run], where: str) -> tuple[Run, ...]:
    """Return the runs of these names, in which a series stands for its runs."""
    found: list[Run] = []
    for name in texts(names, f"{where}: a run"):
        found += [run for run in runs.values() if run.series == name] or [known_run(name, runs, where)]
    return tuple(found)


def known_run(name: str, runs: Mapping[str, Run], where: str) -> Run:
    """Return the run of a name. Raises DeclarationError, with the nearest, where there is none."""
    if name not in runs:
        every = dict.fromkeys(run.series or run.name for run in runs.values())
        if name in every:
            raise DeclarationError(f"{where}: {name!r} is a series of doses; name one of its runs")
        raise DeclarationError(
            f"{where}: no run {name!r}{nearest(name, every)} (there are: {', '.join(every)}); "
            "a run is defined above where it is used"
        )
    return runs[name]


def read_cohorts(data: Any, runs: Mapping[str, Run], where: str) -> dict[str, CohortPlan]:
    """Return cohorts by name. Raises TableError or DeclarationError, with the place."""
    if not isinstance(data, Mapping):
        raise TableError(f"{where}: cohorts are {data!r}; they must be a table of names and cohorts")
    plans = {}
    for name, item in data.items():
        place = f"{where}, cohort {name!r}"
        check_keys(item, COHORT_KEYS, ("n", "seed", "run"), place)
        for key in ("n", "seed"):
            if not isinstance(item[key], int) or isinstance(item[key], bool) or item[key] < (key == "n"):
                raise TableError(f"{place}: {key} is {item[key]!r}; it must be a whole number")
        run = known_run(item["run"], runs, place)
        if run.treatment.origin is not None:
            raise TableError(f"{place}: its run begins with another one; patients begin at rest")
        others = number(item["others"], f"{place}, others") if "others" in item else None
        vary = pairs(item.get("vary", {}), f"{place}, vary")
        plans[name] = CohortPlan(item["n"], item["seed"], run, vary, others)
    return plans


def _series(name: str, item: Mapping[str, Any], known: Mapping[str, Run], where: str) -> list[Run]:
    if "doses" not in item:
        return [_run(name, item, known, where)]
    if not isinstance(item["doses"], Mapping) or len(item["doses"]) != 1:
        raise TableError(f"{where}: doses are {item['doses']!r}; write one drug, as {{ drug = [1, 10] }}")
    ((drug, given),) = item["doses"].items()
    if not isinstance(given, list) or len(given) < 2:
        raise TableError(f"{where}: doses of {drug} are {given!r}; give at least two in a list")
    runs = []
    for dose in (number(each, f"{where}: a dose of {drug}") for each in given):
        if not dose:
            raise TableError(f"{where}: a dose of {drug} is 0; the start of each run is the control")
        first, *later = item.get("periods", [{"at": 0}])
        periods = [{**first, drug: dose}, *later]
        each = {**item, "periods": periods}
        run = _run(f"{name}_{dose:g}", each, known, where)
        runs.append(replace(run, series=name, drug=drug, dose=dose))
    return runs


def _run(name: str, item: Mapping[str, Any], known: Mapping[str, Run], where: str) -> Run:
    cells = Cells(
        pairs(item.get("scale", {}), f"{where}, scale"),
        texts(item.get("mutate", []), f"{where}, mutate"),
        pairs(item.get("factor", {}), f"{where}, factor"),
        pairs(item.get("set", {}), f"{where}, set"),
        "".join(texts(item.get("context", []), f"{where}, context")),
        texts(item.get("drugs", []), f"{where}, drugs"),
    )
    medium = pairs(item.get("medium", {}), f"{where}, medium")
    treatment = Treatment(cells, medium, _periods(item, where))
    if "after" in item:
        before = known_run(item["after"], known, where)
        if before.treatment.cells.drugs != cells.drugs:
            raise TableError(f"{where}: it follows {before.name!r}, so it must have the same 'drugs'")
        at = number(item.get("after_at", before.until), f"{where}, after_at")
        treatment = replace(treatment, origin=before.treatment, origin_at=at)
    until = number(item.get("until", 0), f"{where}, until")
    if treatment.is_change != (until > 0):
        raise TableError(f"{where}: a run that changes something needs 'until', one at rest has none")
    return Run(name, treatment, until, number(item.get("every", 0), f"{where}, every"))


def _periods(item: Mapping[str, Any], where: str) -> tuple[Period, ...]:
    given = item.get("periods", [])
    every, times = 0.0, 1
    if "repeat" in item:
        check_keys(item["repeat"], ("every", "times"), ("every", "times"), f"{where}, repeat")
        every = number(item["repeat"]["every"], f"{where}, repeat every")
        times = item["repeat"]["times"]
        if not isinstance(times, int) or times < 1:
            raise TableError(f"{where}, repeat times is {times!r}; it must be a whole number from 1 up")
    found = []
    for i in range(times):
        for period in given:
            if not isinstance(period, Mapping) or "at" not in period:
                raise TableError(f"{where}: a period lacks 'at', the minute at which it starts")
            at = number(period["at"], f"{where}: the start of a period") + i * every
            try:
                found.append(Period(at, **{k: v for k, v in period.items() if k != "at"}))
            except MtorkinError as error:
                raise TableError(f"{where}: {error}") from error
    return tuple(found)
