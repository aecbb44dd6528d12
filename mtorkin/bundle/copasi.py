"""A model as a COPASI file: protocols and contexts as parameter sets, tasks, plots, blots to fit.

COPASI has one time-course task a file. So every named protocol is a *parameter set*: what holds at
time 0, and when each of the file's events happens (see `mtorkin.export.copasi.slots`). Apply a set
and run, and that protocol is run. Every context is a set too: cells of that kind, fed and at rest.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mtorkin.build import GENERIC, contexts, in_context
from mtorkin.bundle.copasi_fit import NAME_OF_DATA, as_experiment, estimation_of
from mtorkin.errors import DeclarationError
from mtorkin.export.copasi import (
    NEVER,
    ParameterSet,
    Quantity,
    Scan,
    Workspace,
    as_changes,
    copasi_text,
    slots,
    values_of,
)
from mtorkin.export.copasi.slots import Situation, Slot
from mtorkin.export.header import header
from mtorkin.export.start import FED, situation
from mtorkin.files import write_text
from mtorkin.fit.blots import Blots
from mtorkin.fit.fitting import INSULIN_FREE
from mtorkin.fit.making import make_problem
from mtorkin.fit.problem import FitProblem
from mtorkin.language.expression import evaluate
from mtorkin.model import Model
from mtorkin.protocol import NAMED, NamedProtocol, Protocol
from mtorkin.sbml import Start, write_document
from mtorkin.sbml.document import used_ids, value_id

__all__ = ["copasi_files", "write_copasi"]

DEFAULT = "rapamycin-prolonged"
REST = NamedProtocol("fed cells at rest", "fed cells at rest: nothing moves", FED, (0.0, 1440.0))
OWN = "as exported"
DAY = 1440.0
STEPS = 400
SCANNED = "dose_of_the_scan"
COPASI_UNITS = {"1": "1", "nM": "nmol/l"}

# LSODA is at ease with these; with 1e-6 and 1e-9 it takes a hundred times as long from rest
TOLERANCES = {"Relative Tolerance": 1e-8, "Absolute Tolerance": 1e-9, "Max Internal Steps": 1_000_000}


@dataclass(frozen=True, eq=False)
class _Experiments:
    """What the file can simulate: named protocols, what each makes hold, the events they need."""

    named: Mapping[str, NamedProtocol]
    situations: Mapping[str, Situation]
    slots: tuple[Slot, ...]
    active: str


def write_copasi(
    model: Model,
    path: str | os.PathLike[str],
    protocol: Protocol | None = None,
    *,
    blots: Blots | None = None,
    free: Sequence[str] = INSULIN_FREE,
) -> Path:
    """Write a model as a COPASI file, and the blots to fit beside it; returns the path.

    The file is set to `protocol` (without one, to 100 nM rapamycin for 72 h); every named protocol
    is a parameter set, and so is every context where the model is of the generic one. `blots` are
    mapped to observables and `free` parameters are fit items, with the bounds of their tables;
    without `blots`, those of MCF-7 cells that come with mtorkin. ``free=()`` leaves fitting out.
    The data are in ``NAME_blots.txt``, which must stay beside ``NAME.cps``.

    COPASI runs in a process of its own. Raises SimulationError where it is not installed or fails,
    or there is no steady state; DeclarationError and TableError as `fit` and `write_sbml`; OSError.
    """
    texts = copasi_files(model, Path(path).name, protocol, blots=blots, free=free)
    for name, text in texts.items():
        write_text(Path(path).with_name(name), text)
    return Path(path)


def copasi_files(
    model: Model,
    name: str,
    protocol: Protocol | None = None,
    *,
    blots: Blots | None = None,
    free: Sequence[str] = INSULIN_FREE,
) -> dict[str, str]:
    """Return texts by file name: the data, if any, then the COPASI file `name`; see `write_copasi`."""
    # not above: it imports matplotlib for its colours, which nobody else should wait for
    from mtorkin.bundle.copasi_plots import dose_plots, fit_plots, time_plots

    problem = _problem(model, blots, free) if free else None
    _check_free(model, free)
    more = [as_experiment(model, e.condition, e.protocol) for e in problem.experiments] if problem else []
    found = _experiments(model, protocol, more)
    data = NAME_OF_DATA.format(Path(name).stem)
    fit, text = estimation_of(problem, found.slots, data) if problem else (None, "")
    scan = _scan(model, found)
    workspace = Workspace(
        sets=_sets(model, found),
        plots=(*time_plots(model), *dose_plots(model, SCANNED, scan.log), *(fit_plots(fit) if fit else ())),
        tasks=_tasks(found),
        scan=scan,
        estimation=fit,
        quantities=(_scanned(model, scan.id),),
    )
    cps = copasi_text(_sbml(model, found), workspace)
    return ({data: text} if text else {}) | {name: cps}


def _problem(model: Model, blots: Blots | None, free: Sequence[str]) -> FitProblem:
    from mtorkin._resources import blots_dir
    from mtorkin.fit import read_blots

    if blots is None:
        blots = read_blots(blots_dir() / "breast_cancer_blots.csv").select(cell_line="MCF-7")
    return make_problem(model, blots, free)


def _check_free(model: Model, free: Sequence[str]) -> None:
    used = used_ids(model.network, Start(species={s.id: 0.0 for s in model.network.species}))
    for id in free:
        if id in model.values and id not in used:
            raise DeclarationError(
                f"{id} cannot be free in a COPASI file: it says what cells start with, which stands there "
                "as numbers. Fit it with mtorkin, or leave it out"
            )


def _experiments(model: Model, protocol: Protocol | None, more: Sequence[Situation]) -> _Experiments:
    """Every protocol that the model knows, the file's own first; `more` only need their events."""
    allowed = set(map(str, model.inputs.index))
    named = {REST.name: REST}
    named |= {
        n: p for n, p in NAMED.items() if {i for q in p.protocol.periods for i, _ in q.inputs} <= allowed
    }
    active = DEFAULT if DEFAULT in named else REST.name
    if protocol is not None:
        active = next((n for n, p in named.items() if p.protocol == protocol), OWN)
        if active == OWN:
            last = max((p.start for p in protocol.periods if isinstance(p.start, float)), default=0.0)
            named[OWN] = NamedProtocol(OWN, "the protocol of this file", protocol, (0.0, last + DAY))
    situations = {n: _in_full(model, situation(model, p.protocol)) for n, p in named.items()}
    needed = slots([*situations.values(), *more])
    return _Experiments(named, situations, needed, active)


def _inputs(protocol: Protocol) -> set[str]:
    return {name for period in protocol.periods for name, _ in period.inputs}


def _in_full(model: Model, found: Situation) -> Situation:
    """A situation with a number for every species, at rest or as declared [nM]."""
    start, changes = found
    declared = {s.id: evaluate(s.initial, model.values) for s in model.network.species}
    return Start(start.inputs, declared | dict(start.species)), changes


def _sbml(model: Model, found: _Experiments) -> str:
    about = header(model, found.named[found.active].protocol)
    notes = (
        f"This file is set to the protocol '{found.active}'. Other protocols and other cells are "
        "parameter sets: apply one, then run the time course. Events whose start is 1e9 min do not "
        "happen in the protocol."
    )
    return write_document(
        model.network,
        model.values,
        start=found.situations[found.active][0],
        changes=as_changes(found.slots, found.situations[found.active]),
        header=replace(about, notes=f"{about.notes}\n{notes}"),
    )


def _tasks(found: _Experiments) -> dict[str, dict[str, object]]:
    duration = max(found.named[found.active].times)
    course = {"StepNumber": STEPS, "Duration": duration, "StepSize": duration / STEPS}
    return {"Time-Course": {**course, **TOLERANCES}, "Steady-State": {"Resolution": 1e-6}}


def _sets(model: Model, found: _Experiments) -> tuple[ParameterSet, ...]:
    """Every protocol in the model's cells, then fed cells of every other kind."""
    known = contexts() if model.context == GENERIC and model.table.rows else ()
    others = [in_context(model, context) for context in known if context != GENERIC]
    used = used_ids(model.network, found.situations[found.active][0])
    differing = [
        id for id, x in model.values.items() if id in used and any(c.values[id] != x for c in others)
    ]
    sets = [
        ParameterSet(
            f"{model.context}: {name}",
            f"{found.named[name].meaning}; look until {max(found.named[name].times):g} min",
            {id: model.values[id] for id in differing} | values_of(found.slots, found.situations[name]),
        )
        for name in found.named
    ]
    for cells in others:
        rest = values_of(found.slots, _in_full(cells, situation(cells, FED)))
        values = {id: cells.values[id] for id in differing} | rest
        note = f"{cells.context} cells, fed and at rest: give a dose and run"
        sets.append(ParameterSet(f"{cells.context}: {REST.name}", note, values))
    return tuple(sets)


def _scan(model: Model, found: _Experiments) -> Scan:
    """A dose-response: what the file's protocol sets last, from far below to above its value."""
    named = found.named[found.active]
    given = [(name, value) for p in named.protocol.periods for name, value in p.inputs]
    name = given[0][0] if given else _usual(model)
    target = next((s.id for s in model.network.species if s.dose == name), name)
    id = target
    for i, change in enumerate(as_changes(found.slots, found.situations[found.active]), start=1):
        if change.start < NEVER and change.values.get(target, 0.0) > 0:
            id = value_id(i, target)
    most = max((value for n, value in given if n == name), default=1.0)
    return Scan(id, most * 1e-4, most * 10) if most > 0 else Scan(id, 0.0, 1.0, log=False)


def _scanned(model: Model, id: str) -> Quantity:
    """What a scan sets, as a quantity to draw against; see `dose_plots`."""
    units = {i.id: i.unit for i in model.network.inputs}
    unit = units.get(re.sub(r"^change_\d+_", "", id), "nM")
    note = f"what the parameter scan sets: {id}"
    return Quantity(SCANNED, note=note, start_of=id, unit=COPASI_UNITS.get(unit, "?"))


def _usual(model: Model) -> str:
    """What to vary where the protocol sets nothing."""
    return next((i.id for i in model.network.inputs if i.id == "insulin"), model.network.inputs[0].id)
