"""Reads the claims that come with mtorkin: one TOML file a group, and runs that several share."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mtorkin.claims.keys import as_list, check_keys, number, pairs, text, texts
from mtorkin.claims.measures import (
    CLONES,
    COHORTS,
    GRIDS,
    GROWTH,
    MEASURES,
    NEEDS,
    POPULATIONS,
    SERIES,
    SEVERAL,
)
from mtorkin.claims.reading_runs import known_run, read_cohorts, read_runs, runs_named
from mtorkin.claims.statement import KINDS, START, Claim, CohortPlan, Criterion, Readout, Run
from mtorkin.errors import DeclarationError, TableError, nearest

__all__ = ["COMMON", "FED", "read_claims", "statements_dir"]

COMMON = "common.toml"
FED = "fed"  # the run whose cells are the control of untreated ones

CLAIM_KEYS = (
    "statement",
    "experiment",
    "essential",
    "kind",
    "record",
    "verified",
    "unverified",
    "pending",
    "runs",
    "cohorts",
    "criteria",
)
CRITERION_KEYS = (
    "measure",
    "readout",
    "readouts",
    "run",
    "cohort",
    "at",
    "of",
    "of_at",
    "against",
    "factor",
    "relative",
    "to",
    "dose",
    "rates",
    "expected",
    "share",
    "starts",
    "seed",
    "min",
    "max",
    "words",
    "fails",
    "literal",
)
WITHOUT_READOUT = frozenset({"distinct_states", *GROWTH, *CLONES})  # they know what to look at
READOUT_KEYS = ("id", "minus", "per")


def statements_dir() -> Path:
    """Return the folder of the claims that come with mtorkin."""
    return Path(__file__).resolve().parent / "statements"


def read_claims(folder: Path | None = None) -> tuple[Claim, ...]:
    """Return all claims of a folder (by default those that come with mtorkin), by file and then order.

    Raises TableError for a file that is not TOML or lacks something, DeclarationError for a name
    that is not known; both name file, claim and key.
    """
    place = folder or statements_dir()
    common = read_runs(_parsed(place / COMMON), {}, COMMON)
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
    check_keys(data, CLAIM_KEYS, ("statement", "experiment"), where)
    runs = {**common, **read_runs(data.get("runs", {}), common, where)}
    cohorts = read_cohorts(data.get("cohorts", {}), runs, where)
    kind = _kind(data, where)
    criteria = tuple(
        _criterion(item, runs, cohorts, kind, f"{where}, criterion {i}")
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
        text(data["statement"], f"{where}, statement"),
        text(data["experiment"], f"{where}, experiment"),
        bool(data.get("essential", False)),
        texts(data.get("verified", []), f"{where}, verified"),
        texts(data.get("unverified", []), f"{where}, unverified"),
        runs,
        criteria,
        pending,
        cohorts,
        kind,
    )


def _kind(data: Mapping[str, Any], where: str) -> str:
    """What `record` and `kind` say, and otherwise what the criteria need."""
    needs = [item for item in data.get("criteria", []) if isinstance(item, Mapping)]
    cohort = any("cohort" in item or item.get("measure") in POPULATIONS for item in needs)
    kind = data.get("kind", "N" if data.get("record") else "Co" if cohort else "M")
    if kind not in KINDS:
        raise TableError(f"{where}: kind is {kind!r}; it must be one of {', '.join(KINDS)}")
    if "record" in data and bool(data["record"]) != (kind == "N"):
        raise TableError(f"{where}: record is {data['record']!r} and kind {kind!r}; give one of them")
    return str(kind)


def _pending(item: Any, where: str) -> tuple[str, str]:
    check_keys(item, ("part", "why"), ("part", "why"), where)
    return item["part"], item["why"]


def _criterion(
    item: Mapping[str, Any],
    runs: Mapping[str, Run],
    cohorts: Mapping[str, CohortPlan],
    kind: str,
    where: str,
) -> Criterion:
    check_keys(item, CRITERION_KEYS, ("measure",), where)
    measure = item["measure"]
    if measure not in MEASURES:
        raise DeclarationError(
            f"{where}: no measure {measure!r}{nearest(measure, MEASURES)} (there are: {', '.join(MEASURES)})"
        )
    _check_bounds(item, kind, where)
    ran, cohort = _looked_at(item, runs, cohorts, where)
    of = texts(item.get("of", START if ran[0].treatment.is_change else FED), f"{where}, of")
    others = _others(item, of, runs, where)
    _check_needs(item, ran, cohort, where)
    _check_grids(item["measure"], (*ran, *others), where)
    shown = [_readout(each, where) for each in as_list(item.get("readouts", []))]
    if "readout" not in item and not shown and measure not in WITHOUT_READOUT:
        raise TableError(f"{where} lacks 'readout'")
    return Criterion(
        measure=measure,
        readout=_readout(item["readout"], where) if "readout" in item else (shown or [Readout("")])[0],
        runs=tuple(run.name for run in ran),
        at=tuple(number(at, f"{where}, at") for at in as_list(item.get("at", ran[0].until))),
        of=", ".join(of),
        of_at=number(item.get("of_at", others[0].until if others else 0), f"{where}, of_at"),
        others=tuple(run.name for run in others),
        series=item["run"] if ran[0].series and ran[0].series == item.get("run") else "",
        against=_readout(item["against"], where) if "against" in item else None,
        readouts=tuple(shown),
        to=number(item.get("to", 50), f"{where}, to"),
        dose=item.get("dose", ""),
        rates=texts(item.get("rates", []), f"{where}, rates"),
        expected=pairs(item.get("expected", {}), f"{where}, expected"),
        share=number(item.get("share", 0), f"{where}, share"),
        starts=int(number(item.get("starts", 0), f"{where}, starts")),
        seed=int(number(item.get("seed", 0), f"{where}, seed")),
        relative=bool(item.get("relative", False)),
        cohort=cohort,
        factor=item.get("factor", ""),
        low=float(item.get("min", -math.inf)),
        high=float(item.get("max", math.inf)),
        words=item.get("words", ""),
        fails=item.get("fails", ""),
        literal=item.get("literal", ""),
    )


def _check_bounds(item: Mapping[str, Any], kind: str, where: str) -> None:
    bounded = "min" in item or "max" in item
    if kind == "N" and bounded:
        raise TableError(f"{where}: a record is not judged, so it has neither 'min' nor 'max'")
    if kind != "N" and not bounded:
        raise TableError(f"{where} has neither 'min' nor 'max'")
    for key in ("min", "max"):
        if key in item and (isinstance(item[key], bool) or not isinstance(item[key], int | float)):
            raise TableError(f"{where}: {key} is {item[key]!r}; it must be a number")
    if item.get("fails") and item.get("literal"):
        raise TableError(f"{where}: a literal reading is not meant to be met, so it has no 'fails'")


def _looked_at(
    item: Mapping[str, Any], runs: Mapping[str, Run], cohorts: Mapping[str, CohortPlan], where: str
) -> tuple[tuple[Run, ...], str]:
    """The runs that a criterion is about, and the name of the cohort if it is about one."""
    if ("run" in item) == ("cohort" in item):
        raise TableError(f"{where} needs 'run' or 'cohort', and not both")
    if "run" in item:
        return runs_named(item["run"], runs, where), ""
    name = item["cohort"]
    if name not in cohorts:
        raise DeclarationError(
            f"{where}: no cohort {name!r}{nearest(str(name), cohorts)} (there are: {', '.join(cohorts)})"
        )
    return (cohorts[name].run,), name


def _others(
    item: Mapping[str, Any], of: tuple[str, ...], runs: Mapping[str, Run], where: str
) -> tuple[Run, ...]:
    """The runs that are compared with; none for the start."""
    if of == (START,):
        return ()
    if item["measure"] in SERIES:
        return runs_named(list(of), runs, where)
    if len(of) != 1:
        raise TableError(f"{where}: {item['measure']} compares with one run, not with {len(of)}")
    return (known_run(of[0], runs, where),)


def _check_needs(item: Mapping[str, Any], ran: tuple[Run, ...], cohort: str, where: str) -> None:
    measure = item["measure"]
    if measure in ("lethality_score", "bliss_excess") and len(ran) != 3:
        raise TableError(f"{where}: {measure} is of three runs: A, B, and A with B; it has {len(ran)}")
    if measure in CLONES and (len(ran) < 2 or not 0 < item["share"] * (len(ran) - 1) < 1):
        raise TableError(
            f"{where}: {measure} is of two or more clones, a run each; 'share' is that of every clone "
            "but the first, and leaves some for the first"
        )
    if "factor" in item and not cohort:
        raise TableError(f"{where}: a 'factor' is what varies in a cohort; name one in 'cohort'")
    if measure == "spearman" and ("factor" in item) == ("against" in item):
        raise TableError(f"{where}: spearman needs either 'against', another readout, or 'factor'")
    if cohort and measure not in COHORTS:
        raise TableError(
            f"{where}: {measure} is not taken of a cohort; these are: {', '.join(sorted(COHORTS))}"
        )
    if len(ran) > 1 and measure not in SEVERAL:
        raise TableError(f"{where}: {measure} is taken of one run, not of {len(ran)}")
    for key in NEEDS.get(measure, ()):
        if key not in item:
            why = "compares with another run; name it in" if key == "of" else "needs"
            raise TableError(f"{where}: {measure} {why} {key!r}")


def _check_grids(measure: str, runs: tuple[Run, ...], where: str) -> None:
    """A measure of courses needs them recorded, in the control as well."""
    for run in runs:
        if measure in GRIDS and run.treatment.is_change and not run.every:
            raise TableError(
                f"{where}: {measure} needs a run with 'every', the minutes between times, unlike {run.name!r}"
            )


def _readout(item: Any, where: str) -> Readout:
    if isinstance(item, str):
        return Readout(item)
    check_keys(item, READOUT_KEYS, ("id",), f"{where}, readout")
    return Readout(item["id"], item.get("minus", ""), tuple(as_list(item.get("per", []))))
