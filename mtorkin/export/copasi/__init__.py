"""COPASI files: the model with tasks, parameter sets, plots, and data to fit."""

from mtorkin.export.copasi.file import (
    Curve,
    Estimation,
    ParameterSet,
    Plot,
    Quantity,
    Scan,
    Workspace,
    copasi_text,
)
from mtorkin.export.copasi.slots import NEVER, as_changes, slots, values_of

__all__ = [
    "NEVER",
    "Curve",
    "Estimation",
    "ParameterSet",
    "Plot",
    "Quantity",
    "Scan",
    "Workspace",
    "as_changes",
    "copasi_text",
    "slots",
    "values_of",
]
