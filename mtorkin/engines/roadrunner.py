"""libRoadRunner's CVODE on the rates as SBML: several times as fast as the reference engine.

The model is compiled once for each network (a second) and used by one call at a time. Each call
sets everything that could be left over: tolerances, time, every constant and every concentration.
The file that it compiles says the same as the exported one, in a form that runs twice as fast
(`mtorkin.sbml.rates`).
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import roadrunner

from mtorkin.arrays import Array
from mtorkin.engines.native.ordering import order_of
from mtorkin.engines.stopped import Stopped
from mtorkin.engines.stretch import Stretch
from mtorkin.network import Network
from mtorkin.sbml import needed, write_rates

# what each step is asked to be better than the result: see docs/decisions/0005-steady-states.md
SAFETY_RTOL, SAFETY_ATOL = 0.02, 0.001
FINEST = 1e-12  # rounding decides what is below, and CVODE tries for minutes
MOST_STEPS = 20_000  # from one time to the next
# min. Left to itself CVODE may take a first step from empty pools that its error test does not
# see: an activity was 4e-3 off at a tolerance of 1e-8
FIRST_STEP = 1e-6
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, eq=False)
class _Compiled:
    """A compiled model: where its constants and concentrations lie among its parameters, and names."""

    runner: Any
    constants: list[int]
    species: list[int]
    selections: list[str]


def integrate(stretch: Stretch) -> Array:
    """Return concentrations [nM] at the stretch's times, shape (times, species).

    Raises Stopped where the integration cannot go on.
    """
    if len(stretch.times) == 1:
        return stretch.y0[None].copy()
    with _ONE_AT_A_TIME:
        return _integrate(_compiled(stretch.equations.network), stretch)


def _integrate(compiled: _Compiled, stretch: Stretch) -> Array:
    runner, model = compiled.runner, compiled.runner.model
    runner.reset(roadrunner.SelectionRecord.ALL)
    integrator = runner.integrator
    integrator.relative_tolerance = max(stretch.rtol * SAFETY_RTOL, FINEST)
    integrator.absolute_tolerance = stretch.atol * SAFETY_ATOL
    integrator.initial_time_step = min(FIRST_STEP, 1e-3 * float(stretch.times[1]))
    model.setGlobalParameterValues(compiled.constants, stretch.constants)
    model.setGlobalParameterValues(compiled.species, stretch.y0)
    level = roadrunner.Logger.getLevel()
    roadrunner.Logger.setLevel(roadrunner.Logger.LOG_FATAL)  # the exception says it
    try:
        table = runner.simulate(times=stretch.times.tolist(), selections=compiled.selections)
    except RuntimeError as error:
        y = np.array(model.getGlobalParameterValues(compiled.species))
        raise Stopped(str(error), float(model.getTime()), y) from error
    finally:
        roadrunner.Logger.setLevel(level)
    return np.array(table)


@lru_cache(maxsize=8)
def _compiled(network: Network) -> _Compiled:
    """Compile the network once; the numbers in the document are placeholders, each call sets all."""
    for level in ("ERROR", "WARNING"):  # CVODE prints what Stopped says, warnings even to stdout
        os.environ.setdefault(f"SUNLOGGER_{level}_FILENAME", os.devnull)
    # its dense elimination skips what is zero: in this order most of the matrix stays so
    text = write_rates(network, order_of(needed(network)))
    runner = roadrunner.RoadRunner(text, _options())
    runner.setIntegrator("cvode")
    runner.integrator.stiff = True
    runner.integrator.maximum_num_steps = MOST_STEPS
    place = {id: i for i, id in enumerate(runner.model.getGlobalParameterIds())}
    species = [s.id for s in network.species]
    constants = [place[x.id] for x in (*network.parameters, *network.inputs)]
    return _Compiled(runner, constants, [place[id] for id in species], species)


def _options() -> Any:
    """The back end that compiles fastest, and the first level of optimisation.

    Without any, code takes a quarter longer; more levels compile for longer and run no faster.
    """
    options = roadrunner.LoadSBMLOptions()
    options.setLLVMBackend(options.LLJIT)
    options.setLLJitOptimizationLevel(options.LESS)
    return options
