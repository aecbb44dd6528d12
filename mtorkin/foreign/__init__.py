"""Models of others: SBML read safely, for our engines to simulate and our fitter to fit."""

from mtorkin.foreign.model import Foreign
from mtorkin.foreign.reading import read_sbml, sbml_of, simulate_foreign
from mtorkin.foreign.refusal import NotRead

__all__ = ["Foreign", "NotRead", "read_sbml", "sbml_of", "simulate_foreign"]
