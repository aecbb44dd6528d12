"""mtorkin: an ODE model of the mTOR network, simulated, exported as SBML and fitted to Western blots."""

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
