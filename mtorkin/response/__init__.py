"""Dose-response curves and combinations of drugs, above `simulate`."""

from mtorkin.response.combination import Combination, combination
from mtorkin.response.dose_response import DoseResponse, dose_response
from mtorkin.response.hill import HillFit, fit_hill

__all__ = ["Combination", "DoseResponse", "HillFit", "combination", "dose_response", "fit_hill"]
