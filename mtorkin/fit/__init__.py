"""From Western blots to calibrated parameters.

`read_blots` imports and checks a blot table, `fit` fits a model to it, `FitResult` says what was
found. Import from the modules; this package re-exports only these.
"""

from mtorkin.fit.blots import Blots, read_blots
from mtorkin.fit.fitting import fit
from mtorkin.fit.optimise import Settings
from mtorkin.fit.result import FitResult

__all__ = ["Blots", "FitResult", "Settings", "fit", "read_blots"]
