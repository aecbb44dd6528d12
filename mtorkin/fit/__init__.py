"""From Western blots to calibrated parameters.

`read_blots` imports and checks a blot table, `fit` fits a model to it, `FitResult` says what was
found; `profile` and `identify` say what the blots determine, `predict` what follows. Import from the
modules; this package re-exports only these.
"""

from mtorkin.fit.blots import Blots, read_blots
from mtorkin.fit.design import Candidate, Design, Readout, next_experiment
from mtorkin.fit.fitting import fit
from mtorkin.fit.information import Information, identify
from mtorkin.fit.making import make_problem
from mtorkin.fit.noise import LogNormal, Normal
from mtorkin.fit.optimise import Settings
from mtorkin.fit.posterior import Posterior
from mtorkin.fit.prediction import Prediction, predict
from mtorkin.fit.problem import FitProblem
from mtorkin.fit.profiles import Profiles
from mtorkin.fit.profiling import profile
from mtorkin.fit.result import FitResult
from mtorkin.fit.sampling import sample

__all__ = [
    "Blots",
    "Candidate",
    "Design",
    "FitProblem",
    "FitResult",
    "Information",
    "LogNormal",
    "Normal",
    "Posterior",
    "Prediction",
    "Profiles",
    "Readout",
    "Settings",
    "fit",
    "identify",
    "make_problem",
    "next_experiment",
    "predict",
    "profile",
    "read_blots",
    "sample",
]
