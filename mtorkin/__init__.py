"""mtorkin: an ODE model of the mTOR network, simulated, exported as SBML and fitted to Western blots.

A public name is imported when it is first used, so that a program waits only for the parts it needs.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtorkin.build import build, contexts, in_context, mechanisms, with_drugs
    from mtorkin.bundle import write_copasi, write_omex
    from mtorkin.claims import run_claims
    from mtorkin.cohort import Cohort, cohort, simulate_cohort
    from mtorkin.drugs import dose_in_blood, drugs
    from mtorkin.errors import DeclarationError, MtorkinError, SimulationError, TableError
    from mtorkin.export import write_antimony, write_description, write_odes, write_sbml
    from mtorkin.fit import (
        FitResult,
        LogNormal,
        Normal,
        fit,
        identify,
        make_problem,
        next_experiment,
        predict,
        profile,
        read_blots,
        sample,
    )
    from mtorkin.foreign import read_sbml, simulate_foreign
    from mtorkin.many import simulate_many
    from mtorkin.model import Model
    from mtorkin.petab.export import write_petab
    from mtorkin.petab.reading import read_petab
    from mtorkin.protocol import UNTIL_STEADY, Period, Protocol, every
    from mtorkin.response import combination, dose_response, fit_hill
    from mtorkin.sensitivities import sensitivities
    from mtorkin.simulate import simulate
    from mtorkin.steady import SteadyState, steady_state
    from mtorkin.trajectory import Trajectory

__all__ = [
    "UNTIL_STEADY",
    "Cohort",
    "DeclarationError",
    "FitResult",
    "LogNormal",
    "Model",
    "MtorkinError",
    "Normal",
    "Period",
    "Protocol",
    "SimulationError",
    "SteadyState",
    "TableError",
    "Trajectory",
    "build",
    "cohort",
    "combination",
    "contexts",
    "dose_in_blood",
    "dose_response",
    "drugs",
    "every",
    "fit",
    "fit_hill",
    "identify",
    "in_context",
    "make_problem",
    "mechanisms",
    "next_experiment",
    "predict",
    "profile",
    "read_blots",
    "read_petab",
    "read_sbml",
    "run_claims",
    "sample",
    "sensitivities",
    "simulate",
    "simulate_cohort",
    "simulate_foreign",
    "simulate_many",
    "steady_state",
    "with_drugs",
    "write_antimony",
    "write_copasi",
    "write_description",
    "write_odes",
    "write_omex",
    "write_petab",
    "write_sbml",
]

# where each name is; what tools for types see is above
_HOMES = {
    name: home
    for home, names in {
        "build": "build contexts in_context mechanisms with_drugs",
        "bundle": "write_copasi write_omex",
        "claims": "run_claims",
        "cohort": "Cohort cohort simulate_cohort",
        "drugs": "dose_in_blood drugs",
        "errors": "DeclarationError MtorkinError SimulationError TableError",
        "export": "write_antimony write_description write_odes write_sbml",
        "fit": "FitResult LogNormal Normal fit identify "
        "make_problem next_experiment predict profile read_blots sample",
        "foreign": "read_sbml simulate_foreign",
        "many": "simulate_many",
        "model": "Model",
        "petab.export": "write_petab",
        "petab.reading": "read_petab",
        "protocol": "UNTIL_STEADY Period Protocol every",
        "response": "combination dose_response fit_hill",
        "sensitivities": "sensitivities",
        "simulate": "simulate",
        "steady": "SteadyState steady_state",
        "trajectory": "Trajectory",
    }.items()
    for name in names.split()
}


class _Package(ModuleType):
    """Some functions are named as the module they are in; the import system shall not put that instead."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package

if not TYPE_CHECKING:  # with it, every misspelt name would have a type

    def __getattr__(name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = found
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
