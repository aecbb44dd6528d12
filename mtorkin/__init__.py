"""mtorkin: an ODE model of the mTOR network, simulated, exported as SBML and fitted to Western
blots.
"""

from mtorkin.build import build, contexts, mechanisms
from mtorkin.model import Model

__all__ = ["Model", "build", "contexts", "mechanisms"]
