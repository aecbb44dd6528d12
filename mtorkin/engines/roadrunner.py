"""libRoadRunner's CVODE on our SBML: fast, and a test of the export each time it is used.

The model is compiled once for each network (seconds) and used by one call at a time. Each call sets
everything that could be left over: tolerances, time, every parameter and every concentration.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import roadrunner

from mtorkin.arrays import Array
from mtorkin.engines.stopped import Stopped
from mtorkin.equations import Equations
from mtorkin.network import Network
from mtorkin.sbml import Start, write_document

# what each step is asked to be better than the result: see docs/decisions/0005-steady-states.md
SAFETY_RTOL, SAFETY_ATOL = 0.01, 0.001
FINEST = 1e-12  # rounding decides what is below, and CVODE tries for minutes
MOST_STEPS = 20_000  # from one time to the next
# min. Left to itself CVODE may take a first step from empty pools that its error test does not
# see: an activity was 4e-3 off at a tolerance of 1e-8
FIRST_STEP = 1e-6
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, eq=False)
class _Compiled:
    """A compiled model; `taken` are the positions of its parameters among our constants."""

    runner: Any
    taken: Array
    parameters: list[int]
    species: list[int]
    selections: list[str]


def integrate(
    equations: Equations,
    constants: Sequence[float],
    y0: Array,
    times: Array,
    rtol: float,
    atol: float,
) -> Array:
    """Return concentrations [nM] at `times` [min, the first one 0], shape (times, species).

    Raises Stopped where the integration cannot go on.
    """
    with _ONE_AT_A_TIME:
        return _integrate(_compiled(equations.network), constants, y0, times, rtol, atol)


def _integrate(
    compiled: _Compiled,
    constants: Sequence[float],
    y0: Array,
    times: Array,
    rtol: float,
    atol: float,
) -> Array:
    if len(times) == 1:
        return y0[None].copy()
    runner, model = compiled.runner, compiled.runner.model
    runner.reset(roadrunner.SelectionRecord.ALL)
    integrator = runner.integrator
    integrator.relative_tolerance = max(rtol * SAFETY_RTOL, FINEST)
    integrator.absolute_tolerance = atol * SAFETY_ATOL
    integrator.initial_time_step = min(FIRST_STEP, 1e-3 * float(times[1]))
    model.setGlobalParameterValues(compiled.parameters, np.asarray(constants)[compiled.taken])
    model.setFloatingSpeciesConcentrations(compiled.species, y0)
    level = roadrunner.Logger.getLevel()
    roadrunner.Logger.setLevel(roadrunner.Logger.LOG_FATAL)  # the exception says it
    try:
        table = runner.simulate(times=times.tolist(), selections=compiled.selections)
    except RuntimeError as error:
        y = np.array(model.getFloatingSpeciesConcentrations(compiled.species))
        raise Stopped(str(error), float(model.getTime()), y) from error
    finally:
        roadrunner.Logger.setLevel(level)
    return np.array(table)


@lru_cache(maxsize=8)
def _compiled(network: Network) -> _Compiled:
    """Compile the network once; the numbers in the document are placeholders, each call sets all."""
    for level in ("ERROR", "WARNING"):  # CVODE prints what Stopped says, warnings even to stdout
        os.environ.setdefault(f"SUNLOGGER_{level}_FILENAME", os.devnull)
    zero = dict.fromkeys((s.id for s in network.species), 0.0)
    values = dict.fromkeys((p.id for p in network.parameters), 0.0)
    runner = _load(write_document(network, values, start=Start(species=zero)))
    runner.setIntegrator("cvode")
    runner.integrator.stiff = True
    runner.integrator.maximum_num_steps = MOST_STEPS
    known = {id: i for i, id in enumerate(runner.model.getGlobalParameterIds())}
    ours = [x.id for x in (*network.parameters, *network.inputs)]
    taken = [i for i, id in enumerate(ours) if id in known]  # an abundance may be in no formula
    order = {id: i for i, id in enumerate(runner.model.getFloatingSpeciesIds())}
    return _Compiled(
        runner,
        np.array(taken, dtype=int),
        [known[ours[i]] for i in taken],
        [order[s.id] for s in network.species],
        [f"[{s.id}]" for s in network.species],
    )


def _load(document: str) -> Any:
    """Compile with the back end that compiles fastest; optimised code runs no faster here.

    Conserved moieties are off by default; to say so once more would compile the model again.
    """
    config = roadrunner.Config
    before = config.getValue(config.LLVM_BACKEND)
    config.setValue(config.LLVM_BACKEND, config.LLJIT)
    try:
        return roadrunner.RoadRunner(document)
    finally:
        config.setValue(config.LLVM_BACKEND, before)
