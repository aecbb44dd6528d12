"""Reads the claims that come with mtorkin: one TOML file a group, and runs that several share."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mtorkin.claims.measures import MEASURES
from mtorkin.claims.statement import START, Cells, Claim, Criterion, Readout, Run, Treatment
from mtorkin.errors import DeclarationError, MtorkinError, TableError, nearest
from mtorkin.protocol import Period

__all__ = ["COMMON", "FED", "read_claims", "statements_dir"]

COMMON = "common.toml"
FED = "fed"  # the run whose cells are the control of untreated ones

CLAIM_KEYS = (
    "statement",
    "experiment",
    "essential",
    "verified",
    "unverified",
    "pending",
    "runs",
    "criteria",
)
RUN_KEYS = (
    "scale",
    "mutate",
    "factor",
    "set",
    "medium",
    "periods",
    "after",
    "after_at",
    "until",
    "every",
)
CRITERION_KEYS = (
    "measure",
    "readout",
    "run",
    "at",
    "of",
    "of_at",
    "against",
    "to",
    "dose",
    "rates",
    "min",
    "max",
    "words",
    "fails",
)
READOUT_KEYS = ("id", "minus", "per")
NEEDS_OTHER = ("points", "relative_fold", "half_time_ratio")


def statements_dir() -> Path:
    """Return the folder of the claims that come with mtorkin."""
    return Path(__file__).resolve().parent / "statements"


def read_claims(folder: Path | None = None) -> tuple[Claim, ...]:
    """Return all claims of a folder (by default those that come with mtorkin), by file and then order.

    Raises TableError for a file that is not TOML or lacks something, DeclarationError for a name
    that is not known; both name file, claim and key.
    """
    place = folder or statements_dir()
    common = _runs(_parsed(place / COMMON), {}, COMMON)
    claims: list[Claim] = []
    for path in sorted(place.glob("*.toml")):
        if path.name == COMMON:
            continue
        for id, data in _parsed(path).items():
            where = f"{path.name}, {id}"
            if any(claim.id == id for claim in claims):
                raise TableError(f"{where}: there is a claim {id} already; ids are unique")
            claims.append(_claim(id, path.stem, data, common, where))
    return tuple(claims)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise TableError(f"{path.name} is missing from the claims in {path.parent.name}/") from error
    except tomllib.TOMLDecodeError as error:
        raise TableError(f"{path.name} is not TOML: {error}") from error


def _claim(id: str, group: str, data: Any, common: Mapping[str, Run], where: str) -> Claim:
    _check_keys(data, CLAIM_KEYS, ("statement", "experiment"), where)
    runs = {**common, **_runs(data.get("runs", {}), common, where)}
    criteria = tuple(
        _criterion(item, runs, f"{where}, criterion {i}")
        for i, item in enumerate(data.get("criteria", []), start=1)
    )
    pending = tuple(
        _pending(item, f"{where}, pending {i}") for i, item in enumerate(data.get("pending", []), start=1)
    )
    if not criteria and not pending:
        raise TableError(f"{where} has neither criteria nor a reason why they are pending")
    return Claim(
        id,
        group,
        data["statement"],
        data["experiment"],
        bool(data.get("essential", False)),
        tuple(data.get("verified", [])),
        tuple(data.get("unverified", [])),
        runs,
        criteria,
        pending,
    )


def _pending(item: Any, where: str) -> tuple[str, str]:
    _check_keys(item, ("part", "why"), ("part", "why"), where)
    return item["part"], item["why"]


def _runs(data: Mapping[str, Any], known: Mapping[str, Run], where: str) -> dict[str, Run]:
    runs: dict[str, Run] = {}
    for name, item in data.items():
        place = f"{where}, run {name!r}"
        if name in known or name == START:
            raise TableError(f"{place}: that name is taken; choose another")
        _check_keys(item, RUN_KEYS, (), place)
        runs[name] = _run(name, item, {**known, **runs}, place)
    return runs


def _run(name: str, item: Mapping[str, Any], known: Mapping[str, Run], where: str) -> Run:
    cells = Cells(
        _pairs(item.get("scale", {}), f"{where}, scale"),
        tuple(item.get("mutate", [])),
        _pairs(item.get("factor", {}), f"{where}, factor"),
        _pairs(item.get("set", {}), f"{where}, set"),
    )
    try:
        periods = tuple(
            Period(period["at"], **{k: v for k, v in period.items() if k != "at"})
            for period in item.get("periods", [])
        )
    except KeyError as error:
        raise TableError(f"{where}: a period lacks 'at', the minute at which it starts") from error
    except MtorkinError as error:
        raise TableError(f"{where}: {error}") from error
    medium = _pairs(item.get("medium", {}), f"{where}, medium")
    treatment = Treatment(cells, medium, periods)
    if "after" in item:
        before = _known(item["after"], known, where)
        treatment = Treatment(
            cells, medium, periods, before.treatment, float(item.get("after_at", before.until))
        )
    until = float(item.get("until", 0.0))
    if treatment.is_change != (until > 0):
        raise TableError(f"{where}: a run that changes something needs 'until', one at rest has none")
    return Run(name, treatment, until, float(item.get("every", 0.0)))


def _criterion(item: Mapping[str, Any], runs: Mapping[str, Run], where: str) -> Criterion:
    _check_keys(item, CRITERION_KEYS, ("measure", "readout", "run"), where)
    measure = item["measure"]
    if measure not in MEASURES:
        raise DeclarationError(
            f"{where}: no measure {measure!r}{nearest(measure, MEASURES)} (there are: {', '.join(MEASURES)})"
        )
    if "min" not in item and "max" not in item:
        raise TableError(f"{where} has neither 'min' nor 'max'")
    names = _list(item["run"])
    ran = [_known(name, runs, where) for name in names]
    of = item.get("of", START if ran[0].treatment.is_change else FED)
    if measure in NEEDS_OTHER and "of" not in item:
        raise TableError(f"{where}: {measure} compares with another run; name it in 'of'")
    of_at = item.get("of_at", 0.0 if of == START else _known(of, runs, where).until)
    if measure == "correlation" and not ran[0].every:
        raise TableError(f"{where}: a correlation needs a run with 'every', the minutes between times")
    return Criterion(
        measure=measure,
        readout=_readout(item["readout"], where),
        runs=tuple(names),
        at=tuple(float(at) for at in _list(item.get("at", ran[0].until))),
        of=of,
        of_at=float(of_at),
        against=_readout(item["against"], where) if "against" in item else None,
        to=float(item.get("to", 50.0)),
        dose=item.get("dose", ""),
        rates=tuple(item.get("rates", [])),
        low=float(item.get("min", -math.inf)),
        high=float(item.get("max", math.inf)),
        words=item.get("words", ""),
        fails=item.get("fails", ""),
    )


def _readout(item: Any, where: str) -> Readout:
    if isinstance(item, str):
        return Readout(item)
    _check_keys(item, READOUT_KEYS, ("id",), f"{where}, readout")
    return Readout(item["id"], item.get("minus", ""), tuple(_list(item.get("per", []))))


def _pairs(item: Mapping[str, Any], where: str) -> tuple[tuple[str, float], ...]:
    for name, value in item.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
            raise TableError(f"{where}: {name} is {value!r}; it must be a finite number from 0 up")
    return tuple((name, float(value)) for name, value in item.items())


def _list(item: Any) -> list[Any]:
    return item if isinstance(item, list) else [item]


def _known(name: str, runs: Mapping[str, Run], where: str) -> Run:
    if name not in runs:
        raise DeclarationError(
            f"{where}: no run {name!r}{nearest(name, runs)} (there are: {', '.join(runs)}); "
            "a run is defined above where it is used"
        )
    return runs[name]


def _check_keys(item: Any, allowed: Iterable[str], needed: Iterable[str], where: str) -> None:
    if not isinstance(item, Mapping):
        raise TableError(f"{where} is {item!r}; it must be a table of keys and values")
    options = tuple(allowed)
    for key in item:
        if key not in options:
            raise TableError(
                f"{where}: unknown key {key!r}{nearest(key, options)} (there are: {', '.join(options)})"
            )
    for key in needed:
        if key not in item:
            raise TableError(f"{where} lacks {key!r}")
